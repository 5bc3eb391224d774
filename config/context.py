from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from messaging import queries as messaging


def site(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the unread counts, the theme, whether this is the demo."""
    user = getattr(request, "user", None)
    somebody = user if user and user.is_authenticated else None
    return {
        "demo": settings.DEMO,
        "unread": somebody.notifications.unread().count() if somebody else 0,
        "unread_messages": SimpleLazyObject(lambda: sum(messaging.unread(somebody).values()) if somebody else 0),
        "theme": request.COOKIES.get("theme", "auto"),
    }
