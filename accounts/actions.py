import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.addressing import addressed
from accounts.models import User

HELD_FOR = datetime.timedelta(hours=72)
MAIL = ("subject", "message")


class Renamed(Protocol):
    def __call__(self, person: User, *, before: str, by: User) -> None: ...


RENAMED: list[Renamed] = []
"""Who must know of a new name; the apps above add themselves."""


@transaction.atomic
def describe(person: User, *, display_name: str, time_zone: str) -> None:
    """What others read of this person, and the zone in which this person reads times."""
    before = str(User.objects.select_for_update(no_key=True).get(pk=person.pk))
    person.display_name = display_name
    person.time_zone = time_zone
    person.save(update_fields=["display_name", "time_zone"])
    tell_new_name(person, before=before, by=person)


def tell_new_name(person: User, *, before: str, by: User) -> None:
    """After it was stored, in the same transaction."""
    if str(person) != before:
        for told in RENAMED:
            told(person, before=before, by=by)


def remember_language(person: User, language: str) -> None:
    """In which this person reads, for what they are told while they are away."""
    person.language = language
    person.save(update_fields=["language"])


@transaction.atomic
def readdress(person: User, *, former: str) -> None:
    """Staff gave this person a new address instead of `former`.

    The old one, all sessions and the calendar open nothing any more; a new password comes by mail. Both addresses are
    told, and for three days the person moves no money, so that whoever loses the account can object.
    """
    EmailAddress.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.money_held_until = timezone.now() + HELD_FOR
    person.session_epoch += 1
    person.save(update_fields=["password", "keys_changed_at", "money_held_until", "session_epoch"])
    facts = {"person": person, "former": former, "until": person.money_held_until, "origin": settings.SITE_ORIGIN}
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        subject, text = (render_to_string(f"account/email/readdressed_{part}.txt", facts) for part in MAIL)
    for address in (former, person.email):
        EmailMessage(subject.strip(), text.strip(), to=[addressed(str(person), address)]).send()


def end_sessions(person: User) -> None:
    """All of them, wherever they were begun."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
