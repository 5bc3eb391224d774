from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.factories import UserFactory

# A busy machine is not a failure, and no run fails by chance.
hypothesis.settings.register_profile("tests", deadline=None, derandomize=True)
hypothesis.settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After a test that really commits, each table is emptied."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = bool(marker and marker.kwargs.get("transaction"))
        if commits or "transactional_db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A page may still be loading when its browser closes; its session would keep the test database from going."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def ben(db: None) -> User:
    """The client."""
    return UserFactory.create(display_name="Ben Okafor", email="ben@example.com", time_zone="America/New_York")


@pytest.fixture
def mara(db: None) -> User:
    """The freelancer."""
    return UserFactory.create(display_name="Mara Lindqvist", email="mara@example.com", time_zone="Europe/Stockholm")


@pytest.fixture
def carol(db: None) -> User:
    """An outsider: a member of the site, but of nobody's contract."""
    return UserFactory.create(display_name="Carol Reyes", email="carol@example.com")


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory.create(display_name="Sam Staff", email="staff@example.com", is_staff=True, is_superuser=True)


@pytest.fixture
def as_() -> Callable[[User], Client]:
    """`as_(ben).get(url)`: the site as this person sees it."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
