"""A mail server of a test, over real sockets: as slow, as unfriendly and as careless as it is told to be."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

SECONDS = 60


class Sink(socketserver.ThreadingTCPServer):
    """`refuse` answers a command ("RCPT", "DATA") with a line instead of taking it; `drop` says nothing after the mail
    is taken; while `thinks` is not set, each mail waits at its end."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.taken: list[bytes] = []
        self.dialogues = 0
        self.refuse: dict[str, str] = {}
        self.drop = False
        self.reached, self.thinks = threading.Event(), threading.Event()
        self.thinks.set()

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=default) for each in self.taken]

    def handle_error(self, *_where: Any) -> None:
        """A client that has gone is nothing to speak of."""


class Dialogue(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.dialogues += 1
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].decode().upper().strip()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if refusal := self.server.refuse.get(verb):
                self.say(refusal)
            elif verb == "DATA":
                if not self.take():
                    return
            else:
                self.say("250 fine")

    def take(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.reached.set()
        self.server.thinks.wait(SECONDS)
        self.server.taken.append(b"".join(lines))
        if self.server.drop:
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running(settings: Any) -> Iterator[Sink]:
    """The site sends by it, and its requests queue as they do in production."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "notifications.backend.Outbox"
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.server_address
        settings.EMAIL_TIMEOUT = SECONDS
        try:
            yield sink
        finally:
            sink.thinks.set()
            sink.shutdown()
            thread.join(SECONDS)
