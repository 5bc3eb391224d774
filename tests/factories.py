"""People and things for tests. A thing reaches its state by the real steps."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    display_name = factory.Faker("name")
    email = factory.Sequence(lambda number: f"person{number}@example.com")
    time_zone = "Europe/Berlin"

    @classmethod
    def _create(cls, model_class: type[User], *_arguments: Any, **fields: Any) -> User:
        return User.objects.create_user(**fields)
