"""What the measurements share: a database of the run's own, and people who are signed in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.models import User
from tests.site import PRODUCTION

settings.SECRET_KEY = PRODUCTION["SECRET_KEY"]


@contextmanager
def database() -> Iterator[None]:
    """One of this run's own, on the site's server."""
    name, connection.settings_dict["TEST"]["NAME"] = connection.settings_dict["NAME"], "tranche_bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        connection.creation.destroy_test_db(name, verbosity=0)


def session_of(person: User) -> str:
    """The key of a session in which this person is signed in."""
    session = SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def row(what: str, *values: str) -> None:
    sys.stdout.write(f"| {what} | {' | '.join(values)} |\n")
