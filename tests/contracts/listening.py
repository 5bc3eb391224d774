"""A browser's end of a live stream."""

import http.client
import json
import queue
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.serving import HOST, Site

SECONDS = 60


@dataclass(frozen=True)
class Heard:
    event: str
    data: dict[str, Any]
    id: str = ""


class Listener:
    """Reads in a thread of its own, so that a test can say how long it waits. Signs of life are counted, not heard."""

    def __init__(self, site: Site, person: User | Client | None, *, since: str = "", last_id: str = "") -> None:
        headers = {"Cookie": _cookie(person)} if person else {}
        if last_id:
            headers["Last-Event-ID"] = last_id
        self._connection = http.client.HTTPConnection(HOST, site.port, timeout=60)
        self._connection.connect()
        self._socket = self._connection.sock
        self._connection.request("GET", f"/live/?since={since}", headers=headers)
        self.response = self._connection.getresponse()
        self.beats = 0
        self._heard: queue.Queue[Heard | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def next(self) -> Heard | None:
        """The next event, or None when the stream has ended. Errors: queue.Empty when neither comes."""
        return self._heard.get(timeout=SECONDS)

    def until_end(self) -> list[str]:
        return [heard.event for heard in iter(self.next, None)]

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self.response.close()
        self._connection.close()

    def _read(self) -> None:
        with suppress(OSError, http.client.HTTPException):
            fields: dict[str, str] = {}
            for line in self.response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                else:
                    self._hear(**fields)
                    fields = {}
        self._heard.put(None)

    def _hear(self, event: str, data: str, id: str = "") -> None:
        if event == "beat":
            self.beats += 1
        else:
            self._heard.put(Heard(event, json.loads(data), id))


def _cookie(person: User | Client) -> str:
    if isinstance(person, User):
        client = Client()
        client.force_login(person)
    else:
        client = person
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
