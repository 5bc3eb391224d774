"""What a server of ours answers: its health, live streams, pages. The demo and a laptop have all of it on one port.

In production a proxy sends `/live/` to `config.streams`, which serves nothing else, and the rest to `config.serve`.
"""

import logging
import os
from collections.abc import Awaitable

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import connections, database, values

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_application = get_wsgi_application()

from config.health import PATHS, Health  # noqa: E402  (needs Django set up)
from live.app import PATH, Streams  # noqa: E402
from web.pages import Pages  # noqa: E402

logger = logging.getLogger(__name__)


class Site:
    """One port. What it does not serve is not there."""

    def __init__(self, *, streams: Streams | None = None, pages: Pages | None = None) -> None:
        self.streams = streams
        self._pages = pages
        self._health = Health()

    def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> Awaitable[None]:
        if scope["type"] != "http":
            return self.streams(scope, receive, send) if self.streams else _no_life(receive, send)
        if scope["path"] in PATHS:
            return self._health(scope, send)
        if self.streams and (scope["path"].startswith(PATH) or not self._pages):
            return self.streams(scope, receive, send)
        assert self._pages
        return self._pages(scope, receive, send)


def _prepare() -> None:
    if why_not := values.why_not_writable(settings.MEDIA_ROOT):
        logger.error(why_not)
    connections.open_many_files()
    database.limit_waits(settings.DATABASES["default"], behind_a_pooler=bool(settings.LIVE_DATABASE_URL))


def pages() -> Site:
    """What each process of `config.workers` serves."""
    _prepare()
    return Site(pages=Pages(_application))


def streams(*, alone: bool) -> tuple[Site, Streams]:
    """What `config.streams` runs."""
    _prepare()
    live = Streams()
    return Site(streams=live, pages=None if alone else Pages(_application)), live


async def _no_life(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
