"""How often the same person, address or thing may do something: counted in windows, by all processes together.

The counters have a table of their own. A cache throws out what it has no room for; these go when their time is over.
"""

import hashlib
import re

from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest  # noqa: TID251 (an address is counted by its requests)

from web.addresses import network_of
from web.models import Counter

RATE = re.compile(r"(\d+)/(\d*)([smhd])/(ip|person|key)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

COUNT = """
    INSERT INTO web_counter AS counter (key, count, until)
    VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN counter.until <= clock_timestamp() THEN 1 ELSE counter.count + 1 END,
        until = CASE WHEN counter.until <= clock_timestamp() THEN excluded.until ELSE counter.until END
    RETURNING count, ceil(extract(epoch FROM until - clock_timestamp()))
"""


def is_within(request: HttpRequest, what: str, rates: str, *, key: str = "") -> bool:
    """Count this request, and say whether it may go on."""
    return not seconds_to_wait(request, what, rates, key=key)


def seconds_to_wait(request: HttpRequest, what: str, rates: str, *, key: str = "") -> int:
    """Count this request. Returns 0 if it may go on, else after how many seconds to try again.

    `rates` is like "5/10m/ip,60/h/key": five in ten minutes from one address, sixty an hour of one `key`; "person" is
    whoever is signed in. Errors: ValueError for any other rate.
    """
    return max(_wait(request, what, rate.strip(), key) for rate in rates.split(","))


def _wait(request: HttpRequest, what: str, rate: str, key: str) -> int:
    found = RATE.fullmatch(rate)
    if not found:
        raise ValueError(rate)
    most, times, unit, of = found.groups()
    digest = hashlib.sha256("\0".join((what, rate, _whose(request, of, key))).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": digest, "seconds": int(times or 1) * SECONDS[unit]})
        count, left = cursor.fetchone()
    if count == 1 and digest.startswith("00"):  # one of 256 sweeps for all
        Counter.objects.filter(until__lte=Now()).delete()
    return int(left) if count > int(most) else 0


def _whose(request: HttpRequest, of: str, key: str) -> str:
    if of == "ip":
        return network_of(request.META["REMOTE_ADDR"], request.headers.get("X-Forwarded-For"))
    return key if of == "key" else str(request.user.pk)
