from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


def describe(person: User, *, display_name: str, time_zone: str) -> None:
    """What others read of this person, and the zone in which this person reads times."""
    person.display_name = display_name
    person.time_zone = time_zone
    person.save(update_fields=["display_name", "time_zone"])


def remember_language(person: User, language: str) -> None:
    """In which this person reads, for what they are told while they are away."""
    person.language = language
    person.save(update_fields=["language"])


@transaction.atomic
def readdress(person: User) -> None:
    """Staff gave this person a new address: the old one and all sessions open nothing; a new password comes by mail."""
    EmailAddress.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
