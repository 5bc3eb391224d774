"""A mail server that can be told to be slow, to refuse, and to drop its lines."""

import re
import socketserver
import threading
import time
from collections import Counter
from typing import cast

SLOW = 2.0
"""Seconds to each answer of a slow one. A mail takes six of them."""

KEY = re.compile(rb"^Message-ID: *<([^@>]+)@", re.IGNORECASE | re.MULTILINE)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("localhost", 0), _Talk)
        self.mood = "well"
        self.copies: Counter[str] = Counter()
        """How often each mail came, by the key in its Message-ID."""
        self.last_at = 0.0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was killed while it sent a mail has gone."""

    def take(self, mail: bytes) -> None:
        if found := KEY.search(mail):
            self.copies[found[1].decode()] += 1
            self.last_at = time.monotonic()


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = cast(MailServer, self.server)
        self.say("220 mail.tranche.example")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if server.mood == "slow":
                time.sleep(SLOW)
            if verb == b"DATA":
                self.say("354 Go on")
                server.take(self.read_mail())
                if server.mood == "dropping":  # it has the mail, and does not say so
                    return
            refused = verb == b"MAIL" and server.mood == "refusing"
            self.say("451 Not now" if refused else "221 Bye" if verb == b"QUIT" else "250 Well")

    def read_mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def say(self, sentence: str) -> None:
        self.wfile.write(f"{sentence}\r\n".encode())
