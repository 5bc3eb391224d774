"""What is so: counted in the database and in the mailboxes, whatever anybody was told."""

import time
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection

from bench.faults.load import Act
from escrow.models import Transfer
from messaging.models import Message
from milestones.models import Milestone
from notifications.actions import send_again
from notifications.kinds import Kind
from notifications.models import Email
from tests.factories import UserFactory
from tests.mail_server import MailServer
from web.refusals import WrongMoment

UNTIL_SENT = 240.0
"""Seconds for mails to be tried again: a refused one after one minute, one whose worker died when it is found out."""


@dataclass
class Count:
    lost: int
    doubled: int


def acts(done: list[Act]) -> Count:
    """Lost is what was acknowledged and is not there; doubled what is there more than once."""
    there = Counter(Message.objects.values_list("text", flat=True))
    there.update(Milestone.objects.values_list("title", flat=True))
    funded = Milestone.objects.filter(escrow__isnull=False).values_list("pk", "escrow")
    paid = Counter(Transfer.objects.filter(kind=Transfer.Kind.FUNDING).values_list("credit", flat=True))
    there.update({str(milestone): paid[escrow] for milestone, escrow in funded})
    return Count(
        lost=sum(act.is_acknowledged and not there[act.key] for act in done),
        doubled=sum(there[act.key] > 1 for act in done),
    )


def check_ledger() -> None:
    """Errors: CommandError when a balance is not the sum of its transfers."""
    connection.close()  # the server may have been killed since
    call_command("check_ledger", verbosity=0, stdout=_Nowhere())


class _Nowhere:
    def write(self, text: str) -> None: ...


def mails(server: MailServer, since: int) -> tuple[int, Count]:
    """How many mails were owed since this one, and what became of them once the worker had time for all."""
    _send_again()
    deadline = time.monotonic() + UNTIL_SENT
    owed = Email.objects.filter(pk__gt=since).exclude(kind=Kind.MESSAGE)  # which wait for ten minutes
    while owed.owed().exists() and time.monotonic() < deadline:
        time.sleep(0.5)
    sent = [str(key) for key in owed.filter(state=Email.State.SENT).values_list("key", flat=True)]
    missing = sum(not server.copies[key] for key in sent)
    unsent = owed.exclude(state__in=[Email.State.SENT, Email.State.SKIPPED]).count()
    return len(sent) + unsent, Count(missing + unsent, sum(server.copies[key] > 1 for key in sent))


def _send_again() -> None:
    """As the staff do in the admin: what was refused twice would else be tried after five minutes, then 25, …"""
    staff = UserFactory(email=f"{uuid.uuid4()}@faults.example", is_staff=True)
    for email in Email.objects.owed().filter(attempts__gt=0):
        with suppress(WrongMoment):
            send_again(email, by=staff)


def newest_mail() -> int:
    connection.close()
    newest = Email.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
