from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _


@register(Tags.security)
def demo_only_in_the_demo(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo signs anybody in as staff, so it must never stand beside real people and money."""
    strangers = set(settings.ALLOWED_HOSTS) - set(settings.THIS_MACHINE) - {"testserver"}
    if settings.MODE == "demo" and not settings.SESSION_COOKIE_SECURE and not strangers:
        return []
    return [
        Error(
            _("The demo app is installed outside the demo: anybody could sign in as anybody."),
            hint=_("Remove it from INSTALLED_APPS; only MODE=demo, on this machine’s own names, installs it."),
            id="demo.E001",
        )
    ]
