"""The pages, which are WSGI, as a part of an ASGI application: for the demo, which has one port for all."""

import asyncio
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 2

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Pages:
    """Each request in a thread, read and answered as a whole."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(THREADS, "pages")

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        environ = _environ(scope, await _body(receive))
        answer = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, environ)
        status, headers, body = await answer
        await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _answer(self, environ: "WSGIEnvironment") -> Answer:
        begun: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            begun.update(status=int(status.split()[0]), headers=headers)

        response: Any = self._application(environ, start_response)
        try:
            body = b"".join(response)
        finally:
            response.close()
        return (
            begun["status"],
            [(_bytes(name.lower()), _bytes(value.strip())) for name, value in begun["headers"]],
            body,
        )


async def _body(receive: ASGIReceiveCallable) -> bytes:
    parts = []
    while (message := await receive())["type"] == "http.request":
        parts.append(message["body"])
        if not message["more_body"]:
            break
    return b"".join(parts)


def _environ(scope: HTTPScope, body: bytes) -> "WSGIEnvironment":
    host, port = scope["server"] or ("localhost", 80)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),  # as PEP 3333 wants it
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **_headers(scope["headers"]),
        "CONTENT_LENGTH": str(len(body)),
    }


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
