from django.db import transaction

from accounts.models import User


def describe(person: User, *, display_name: str, time_zone: str) -> None:
    """What others read of this person, and the zone in which this person reads times."""
    person.display_name = display_name
    person.time_zone = time_zone
    person.save(update_fields=["display_name", "time_zone"])


@transaction.atomic
def forget_addresses(person: User) -> None:
    """After staff changed the address: the old one opens nothing any more, the new one is verified at sign-in."""
    person.emailaddress_set.all().delete()
