"""Where a person is signed in: shown in the settings, and ended from there."""

import datetime
import re
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest  # noqa: TID251 (a session is that of a request)
from django.utils.translation import gettext as _

from accounts import actions
from accounts.models import User
from web.http import Request

# A browser names itself last, and those that it is a variant of before.
_BROWSERS = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Mac", r"\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)

MOST = 20
"""How many sessions a person has at once: each is looked at when they sign in."""


@dataclass(frozen=True)
class Session:
    pk: int
    device: str
    address: str
    since: datetime.datetime
    is_this: bool


def of(request: Request) -> list[Session]:
    """The one that asks first, then the newest."""
    UserSession.objects.create_from_request(request)
    found = [
        Session(row.pk, device(row.user_agent), row.ip, row.created_at, is_this=row.is_current())
        for row in UserSession.objects.purge_and_list(request.user)
    ]
    return sorted(found, key=lambda session: (session.is_this, session.since), reverse=True)


def end(request: Request, pk: int) -> None:
    """One of the person's own; nothing when it has ended already."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session and session.is_current():
        logout(request)
    if session:
        session.end()


def end_oldest(person: User) -> None:
    """Those above the most that a person has."""
    for session in UserSession.objects.filter(user=person).order_by("-pk")[MOST:]:
        session.end()


def end_others(request: HttpRequest) -> None:
    """All but the one that asks, also those that the list does not know."""
    if not request.user.is_authenticated:
        return
    before = request.session.session_key
    UserSession.objects.filter(user=request.user).exclude(session_key=before).delete()
    actions.end_sessions(request.user)
    update_session_auth_hash(request, request.user)
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def device(user_agent: str) -> str:
    """Like "Firefox on Linux"."""
    browser, system = (_first(names, user_agent) for names in (_BROWSERS, _SYSTEMS))
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Another program")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")
