"""The database's time, by which mails are due and jobs begin: the clocks of two machines need not agree."""

import datetime

from django.db import connection

shift = datetime.timedelta(0)
"""How far the site's clock is moved; only the demo's past and tests move it (demo.data.clock)."""


def now() -> datetime.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        [moment] = cursor.fetchone()
    return shown(moment)


def shown(moment: datetime.datetime) -> datetime.datetime:
    """What the site's clock shows when the database's shows this."""
    return moment + shift
