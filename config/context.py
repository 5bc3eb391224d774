from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from live import cursors
from live.cursors import Cursor
from messaging import queries as messaging
from text import counted


def site(request: HttpRequest) -> dict[str, object]:
    """What every page shows: unread counts, theme, keys, whether this is the demo; `cursor` is for the live stream."""
    user = getattr(request, "user", None)
    somebody = user if user and user.is_authenticated else None
    cursor = cursors.read([somebody.pk])[somebody.pk] if somebody else Cursor(0, 0)
    return {
        "demo": settings.DEMO,
        "unread": counted.at_most(cursor.unread),
        "unread_messages": SimpleLazyObject(lambda: messaging.unread_badge(somebody) if somebody else ""),
        "cursor": cursor,
        "short_cuts": request.COOKIES.get("short_cuts") != "off",
        "theme": request.COOKIES.get("theme", "auto"),
    }
