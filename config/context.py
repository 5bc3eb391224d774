from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the unread count, the theme, whether this is the demo."""
    user = getattr(request, "user", None)
    unread = user.notifications.unread().count() if user and user.is_authenticated else 0
    return {"demo": settings.DEMO, "unread": unread, "theme": request.COOKIES.get("theme", "auto")}
