"""Who opens a stream, and whether they still may. Ordinary Django, run in a thread: a stream knows ids."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person in one signed-in session. `seal` changes with the password."""

    person: int
    session: str
    seal: str


def admit(session_key: str) -> Visitor | None:
    """Whoever is signed in with this key, exactly as for a page; None for anybody else."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = auth.get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]  # it asks for nothing else
    if not isinstance(user, User):
        return None
    return Visitor(user.pk, session_key, user.get_session_auth_hash())


def still_admitted(visitors: Collection[Visitor]) -> set[Visitor]:
    """Those whose session has not ended and who may still sign in with the password they had. Two queries for all."""
    keys = {visitor.session for visitor in visitors}
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    sessions = set(alive.values_list("session_key", flat=True))
    people = User.objects.filter(pk__in={visitor.person for visitor in visitors}, is_active=True).only("password")
    seals = {person.pk: person.get_session_auth_hash() for person in people}
    return {each for each in visitors if each.session in sessions and seals.get(each.person) == each.seal}
