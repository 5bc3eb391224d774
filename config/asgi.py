"""Live streams, and on any other path the pages: one port for the demo and a laptop.

In production a proxy sends `/live/` here and everything else to `config.serve` (docs/live.md).
"""

import os
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_pages = get_wsgi_application()

from live.app import PATH, Streams  # noqa: E402  (needs Django set up)
from web.pages import Pages  # noqa: E402


class OnePort:
    def __init__(self, pages: "WSGIApplication") -> None:
        self.streams = Streams()
        self._pages = Pages(pages)

    def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> Awaitable[None]:
        if scope["type"] == "http" and not scope["path"].startswith(PATH):
            return self._pages(scope, receive, send)
        return self.streams(scope, receive, send)


application = OnePort(_pages)
