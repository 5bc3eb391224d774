"""The people of the demo. Nobody has a password here: one sign-in button each is the only way in."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


@dataclass(frozen=True)
class Person:
    """`role` names the sign-in button and its URL; who has none is only met on the contracts of the others."""

    role: str
    email: str
    display_name: str
    time_zone: str
    is_staff: bool = False


MARA = Person("freelancer", "mara@demo.example", "Mara Okafor", "Africa/Lagos")
BEN = Person("client", "ben@demo.example", "Ben Hart", "America/Chicago")
SAM = Person("staff", "sam@demo.example", "Sam Staff", "UTC", is_staff=True)

ADELE = Person("", "adele@demo.example", "Adèle Bouchard", "America/Toronto")
CLARA = Person("", "clara@demo.example", "Clara Brandt", "Europe/Berlin")
HARUKA = Person("", "haruka@demo.example", "Haruka Mori", "Asia/Tokyo")
IWAN = Person("", "iwan@demo.example", "Iwan Pryce", "Europe/London")
JO = Person("", "jo@demo.example", "Jo Li", "America/Vancouver")
MARIA = Person("", "maria@demo.example", "María del Carmen Ibarra Santillán de los Ríos", "America/Mexico_City")
PRIYA = Person("", "priya@demo.example", "Priya Nair", "Australia/Melbourne")
RETO = Person("", "reto@demo.example", "Reto Amsler", "Europe/Zurich")
YOUSEF = Person("", "yousef@demo.example", "Yousef Al-Mutairi", "Asia/Kuwait")

BY_ROLE = {person.role: person for person in (MARA, BEN, SAM)}
EVERYBODY = (MARA, BEN, SAM, ADELE, CLARA, HARUKA, IWAN, JO, MARIA, PRIYA, RETO, YOUSEF)


@transaction.atomic
def settle(person: Person) -> User:
    """The row of this person, made at the first call, with a verified address and no password."""
    user, new = User.objects.get_or_create(
        email=person.email,
        defaults={
            "display_name": person.display_name,
            "time_zone": person.time_zone,
            "is_staff": person.is_staff,
            "is_superuser": person.is_staff,
        },
    )
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
