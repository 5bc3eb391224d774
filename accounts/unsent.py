"""What somebody sent whose session had ended meanwhile is kept until they have signed in, and then offered again.

Only forms that name their person (`ui/person.html`) are kept, and only that person gets them back: on a shared machine
the next one to sign in may be another. It waits in the session that is made for it, and goes with it.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from web.http import key_of

KEY = "unsent"
PERSON = "person"
NOT_KEPT = {PERSON, "csrfmiddlewaretoken"}
MOST = 200_000
"""Characters. What is longer is not kept: anybody can make us keep it."""


@dataclass(frozen=True)
class Unsent:
    path: str
    fields: list[tuple[str, str]]


def keep(session: SessionBase, path: str, form: MultiValueDict[str, str]) -> bool:
    """Keep the form that was sent to this path, if it is one to be kept."""
    person = form.get(PERSON, "")
    if key_of(person) is None:
        return False
    fields = [(name, value) for name in form if name not in NOT_KEPT for value in form.getlist(name)]
    if sum(len(name) + len(value) for name, value in fields) > MOST:
        return False
    session[KEY] = {"person": person, "path": path, "fields": fields}
    return True


def of(session: SessionBase, person: User) -> Unsent | None:
    kept = session.get(KEY)
    if not kept or kept["person"] != str(person.pk):
        return None
    return Unsent(kept["path"], [(name, value) for name, value in kept["fields"]])


def forget(session: SessionBase) -> None:
    session.pop(KEY, None)
