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
    """A person in one signed-in session. `seal` stands for what ends it: the password and the epoch."""

    person: int
    session: str
    seal: int


def admit(session_key: str) -> Visitor | None:
    """Whoever is signed in with this key, exactly as for a page; None for anybody else."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = auth.get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]  # it asks for nothing else
    if not isinstance(user, User):
        return None
    return Visitor(user.pk, session_key, hash((user.password, user.session_epoch)))


def still_admitted(visitors: Collection[Visitor]) -> set[Visitor]:
    """Those whose session has not ended and who may still sign in with the password they had. Two queries for all.

    Django sealed the session with both; while they are the same, so is the seal, which takes long to make.
    """
    keys = {visitor.session for visitor in visitors}
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    sessions = set(alive.values_list("session_key", flat=True))
    people = User.objects.filter(pk__in={visitor.person for visitor in visitors}, is_active=True)
    sealed_by = people.values_list("pk", "password", "session_epoch")
    seals = {pk: hash((password, epoch)) for pk, password, epoch in sealed_by}
    return {each for each in visitors if each.session in sessions and seals.get(each.person) == each.seal}
