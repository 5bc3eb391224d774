"""What people do while things fail: they read pages, write, propose and fund, each with the key of its form.

Whoever gets no answer, or an error, sends the same form with the same key again, until there is one.
"""

import http.client
import re
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from contracts.models import Contract
from milestones.models import Milestone
from tests.production import HOST, NAME

TOKEN = "a" * 32
THINK = 0.15
"""Seconds between what one person does and the next."""

AGAIN = 0.2
"""Seconds until somebody who got no answer asks again."""

PATIENCE = 60.0
"""Seconds that a browser waits for an answer, and after which nobody asks again."""

FAILURES = (OSError, http.client.HTTPException)


@dataclass
class Asked:
    """One try: when it began and ended, and the status of its answer, 0 if there was none."""

    began: float
    ended: float
    status: int

    @property
    def is_bad(self) -> bool:
        return self.status == 0 or self.status >= 500 or self.status == 429


@dataclass
class Act:
    kind: str
    key: str
    tries: list[Asked] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.tries) and self.tries[-1].status == 302


@dataclass
class Plan:
    """A contract with enough to do, and the sessions of its parties."""

    contract: Contract
    accepted: list[Milestone]
    client: str
    freelancer: str


class Visitor:
    """One browser, which keeps its connection to the proxy while it can."""

    def __init__(self, port: int, trust: ssl.SSLContext, session: str) -> None:
        self._port, self._trust = port, trust
        self._cookies = f"csrftoken={TOKEN}; {settings.SESSION_COOKIE_NAME}={session}"
        self._connection: http.client.HTTPSConnection | None = None

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[Asked, str]:
        began = time.monotonic()
        try:
            status, text = self._answer(path, fields)
        except FAILURES:
            self.leave()
            status, text = 0, ""
        return Asked(began, time.monotonic(), status), text

    def leave(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def stream(self) -> Iterator[bytes]:
        """The lines of a live stream, until it ends. Errors: FAILURES."""
        with self.open("GET", "/live/") as answer:
            while answer.status == 200 and (line := answer.readline()):
                yield line

    def open(self, method: str, path: str, body: str | None = None) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(HOST, self._port, timeout=PATIENCE, context=self._trust)
        headers = {"Host": NAME, "Cookie": self._cookies, "Origin": f"https://{NAME}"}
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        self._connection.request(method, path, body, {**headers, **kind})
        return self._connection.getresponse()

    def _answer(self, path: str, fields: dict[str, str] | None) -> tuple[int, str]:
        body = None if fields is None else urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
        answer = self.open("GET" if body is None else "POST", path, body)
        return answer.status, answer.read().decode(errors="replace")


class Load:
    """Everybody who is at the site, in threads, from `start` until `stop`."""

    def __init__(self, port: int, certificate: Path, plans: list[Plan]) -> None:
        self._port, self._trust = port, ssl.create_default_context(cafile=certificate)
        self.acts: list[Act] = []
        self.pages: list[Asked] = []
        self.streams: list[tuple[float, bool]] = []
        """When a stream began, or was lost."""
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=work, args=(plan,), daemon=True)
            for plan in plans
            for work in (self._act_on, self._read, self._listen)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Returns when each act that was begun has its answer."""
        self._over.set()
        for thread in self._threads:
            thread.join(3 * PATIENCE)

    def bad_since(self, moment: float) -> list[Asked]:
        tries = [each for act in [*self.acts] for each in [*act.tries]]
        return [each for each in [*tries, *self.pages] if each.is_bad and each.ended >= moment]

    def refused(self) -> list[Act]:
        """Acts that the site answered otherwise than as done: then the load is not what it says."""
        return [act for act in self.acts if act.tries and not act.is_acknowledged and not act.tries[-1].is_bad]

    def _visitor(self, session: str) -> Visitor:
        return Visitor(self._port, self._trust, session)

    # --- People -------------------------------------------------------------------------------------------------------
    def _act_on(self, plan: Plan) -> None:
        client, freelancer = self._visitor(plan.client), self._visitor(plan.freelancer)
        number, to_fund = count(1), iter(plan.accepted)
        acts: Iterator[Callable[[], None]] = cycle(
            [
                lambda: self._write(plan, client, next(number)),
                lambda: self._propose(plan, freelancer, next(number)),
                lambda: self._write(plan, freelancer, next(number)),
                lambda: self._fund(plan, client, next(to_fund)),
            ]
        )
        with suppress(StopIteration):
            while not self._over.is_set():
                next(acts)()
                self._over.wait(THINK)

    def _write(self, plan: Plan, who: Visitor, number: int) -> None:
        text = f"Message {number} of contract {plan.contract.pk}"
        path = f"{plan.contract.get_absolute_url()}messages/post/"
        self._do(who, Act("message", text), path, {"text": text, "client_id": str(uuid.uuid4())})

    def _propose(self, plan: Plan, who: Visitor, number: int) -> None:
        title = f"Part {number} of contract {plan.contract.pk}"
        path = f"{plan.contract.get_absolute_url()}milestones/"
        row = {"row": "n1", "n1-mode": "edit", "n1-title": title, "n1-amount": "250.00", "n1-description": "As drawn."}
        self._do_on_page(who, Act("save", title), path, {"do": "save", **row})

    def _fund(self, plan: Plan, who: Visitor, milestone: Milestone) -> None:
        path = f"{plan.contract.get_absolute_url()}fund/{milestone.pk}/"
        self._do_on_page(who, Act("fund", str(milestone.pk)), path, {})

    def _do_on_page(self, who: Visitor, act: Act, path: str, fields: dict[str, str]) -> None:
        """The form carries the revision of the plan that its page has shown."""
        if seen := re.search(r'name="seen"[^>]*value="(\d+)"', self._page(who, path)):
            self._do(who, act, path, {**fields, "seen": seen[1], "key": str(uuid.uuid4())})

    def _do(self, who: Visitor, act: Act, path: str, fields: dict[str, str]) -> None:
        self.acts.append(act)
        self._until_answered(lambda: who.ask(path, fields), act.tries)

    def _page(self, who: Visitor, path: str) -> str:
        return self._until_answered(lambda: who.ask(path), self.pages)

    def _until_answered(self, ask: Callable[[], tuple[Asked, str]], tries: list[Asked]) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            asked, text = ask()
            tries.append(asked)
            if not asked.is_bad or asked.ended > deadline:
                return text
            time.sleep(AGAIN)

    def _read(self, plan: Plan) -> None:
        who = self._visitor(plan.freelancer)
        for path in cycle([plan.contract.get_absolute_url(), "/contracts/", "/settings/"]):
            if self._over.wait(THINK):
                return
            self.pages.append(who.ask(path)[0])

    def _listen(self, plan: Plan) -> None:
        """As a browser's EventSource does, which asks anew after a while."""
        who = self._visitor(plan.client)
        while not self._over.is_set():
            with suppress(*FAILURES):
                for line in who.stream():
                    if line.startswith((b"event: ready", b"event: catch-up")):
                        self.streams.append((time.monotonic(), True))
                    if self._over.is_set():
                        return
            who.leave()
            self.streams.append((time.monotonic(), False))
            self._over.wait(AGAIN)
