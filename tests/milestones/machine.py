"""Both parties, an outsider, staff and the calendar, in any order: each verb of plan, money and chat, allowed or not.

What is refused has changed nothing, what is sent twice is done once, and after each step the books are proved.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch

from django.db import DatabaseError, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract, Event
from escrow import actions as escrow
from escrow.models import Account, Deposit, Transfer
from escrow.queries import ledger_problems
from messaging import actions as messaging
from messaging.models import Message
from milestones import actions, queries
from milestones.actions import Answer
from milestones.models import Amendment, Change, Milestone
from milestones.plan import Plan
from milestones.rules import Line
from notifications.models import Notification
from tests import factories as do
from tests.factories import fresh
from tests.milestones.snapshots import snapshot
from web.refusals import Refused

PEOPLE = ["client", "freelancer", "outsider", "staff", "colleague"]
SELDOM = 0.2
"""How probable it is that somebody else tries, that it is not the moment for it, or that a form is sent twice."""

ANY = set(Milestone.State.values)
VERBS: list[tuple[str, str, set[str]]] = [
    ("propose", "freelancer", ANY),
    ("change", "freelancer", {"accepted", "funded"}),
    ("change_alone", "client", {"accepted"}),
    ("take_out", "freelancer", {"accepted", "proposed"}),
    ("answer_one", "client", ANY),
    ("answer_all", "client", ANY),
    ("counter", "client", ANY),
    ("answer_counter", "freelancer", ANY),
    ("remind", "freelancer", ANY),
    ("fund", "client", {"accepted"}),
    ("submit", "freelancer", {"funded"}),
    ("request_changes", "client", {"submitted"}),
    ("release", "client", {"submitted"}),
    ("refund", "staff", {"funded", "submitted"}),
    ("end", "staff", ANY),
    ("pay", "client", ANY),
    ("vouch", "staff", ANY),
    ("confirm", "colleague", ANY),
    ("cancel", "client", ANY),
    ("write", "freelancer", ANY),
    ("correct", "freelancer", ANY),
    ("delete", "freelancer", ANY),
]
"""What is done, who usually does it, and on what it usually is the moment for it."""

ON_THE_WAY = [verb for verb in VERBS if verb[0] in {"propose", "answer_all", "fund", "submit", "release"}]
"""What is done more often than the rest: the way from nothing to paid."""

done: Counter[str] = Counter()
"""How often each verb was not refused, over all examples."""


Act = Callable[[], object]


@dataclass(frozen=True)
class Step:
    """One verb, as somebody's form would send it: calling it again sends the same form again. None: nothing to try."""

    everybody: "Everybody"
    by: User
    ready: set[str]
    which: int
    is_anywhere: bool
    amount: int
    yes: bool

    def __str__(self) -> str:
        return f"which={self.which} anywhere={self.is_anywhere} amount={self.amount} yes={self.yes}"

    # --- The plan -----------------------------------------------------------------------------------------------------
    def propose(self) -> Act:
        return self._save(do.add(f"Part {self.amount}", self.amount))

    def change(self) -> Act | None:
        if not (milestone := self._milestone()):
            return None
        until = self.contract.today() if self.which == 0 else None
        return self._save(do.valid(do.edit(milestone, amount=self.amount), until))

    change_alone = change

    def take_out(self) -> Act | None:
        """Ask to remove it, or take back what waits."""
        milestone = self._milestone()
        return self._save(do.remove(milestone)) if milestone else None

    def answer_one(self) -> Act | None:
        change = self._change()
        return self._decide([change], Answer(approve=self.yes, fund=self.amount % 2 == 0)) if change else None

    def answer_all(self) -> Act:
        return self._decide(Change.objects.pending(), Answer(approve=self.yes, fund=self.amount % 2 == 0))

    def counter(self) -> Act | None:
        if not (change := self._change()):
            return None
        terms = replace(change.asked or change.milestone.terms, amount=Decimal(self.amount))
        return self._decide([change], Answer(approve=False, counter=terms))

    answer_counter = answer_one

    def remind(self) -> Act:
        return partial(actions.remind, self.contract, by=self.by, key=uuid.uuid4())

    # --- The work and its money ---------------------------------------------------------------------------------------
    def fund(self) -> Act | None:
        return self._work(actions.fund)

    def submit(self) -> Act | None:
        return self._work(actions.submit)

    def request_changes(self) -> Act | None:
        return self._work(actions.request_changes, note="Make the wall thicker.")

    def release(self) -> Act | None:
        return self._work(actions.release)

    def refund(self) -> Act | None:
        return self._work(actions.refund, note="Both of you agreed.")

    def end(self) -> Act | None:
        """Seldom, or little else would happen."""
        if self.amount > 60:
            return None
        return partial(actions.end_contract, self.contract, reason="Both of you agreed.", by=self.by, **self._form())

    # --- Money from outside -------------------------------------------------------------------------------------------
    def pay(self) -> Act:
        return partial(
            escrow.request_deposit,
            self.by.party,
            amount=Decimal(self.amount),
            currency="USD",
            gateway=("manual", "sandbox")[self.amount % 2],
            key=str(uuid.uuid4()),
            by=self.by,
        )

    def vouch(self) -> Act | None:
        return self._settle(escrow.vouch_for_deposit)

    def confirm(self) -> Act | None:
        return self._settle(escrow.confirm_deposit)

    def cancel(self) -> Act | None:
        return self._settle(escrow.cancel_deposit)

    # --- The chat -----------------------------------------------------------------------------------------------------
    def write(self) -> Act:
        return partial(messaging.post, self.contract, by=self.by, text="As drawn.", client_id=uuid.uuid4())

    def correct(self) -> Act | None:
        message = Message.objects.order_by("-id").first()
        return partial(messaging.edit, message, by=self.by, text="As drawn, but longer.") if message else None

    def delete(self) -> Act | None:
        message = Message.objects.order_by("-id").first()
        return partial(messaging.delete, message, by=self.by) if message else None

    # --- What they need -----------------------------------------------------------------------------------------------
    @property
    def contract(self) -> Contract:
        return self.everybody.contract

    def _milestone(self) -> Milestone | None:
        milestones = list(self.contract.milestones.order_by("-id"))
        ready = [milestone for milestone in milestones if milestone.state in self.ready]
        among = ready if ready and not self.is_anywhere else milestones
        return among[self.which % len(among)] if among else None

    def _change(self) -> Change | None:
        pending = Change.objects.pending() if not self.is_anywhere else Change.objects.all()
        changes = list(pending.order_by("-id"))
        return changes[self.which % len(changes)] if changes else None

    def _form(self) -> dict[str, Any]:
        return {"seen": fresh(self.contract).plan_revision, "key": uuid.uuid4()}

    def _save(self, line: Line) -> Act:
        return partial(actions.save, self.contract, [line], by=self.by, **self._form())

    def _decide(self, changes: Iterable[Change], answer: Answer) -> Act:
        answers = {change.pk: answer for change in changes}
        return partial(actions.decide, self.contract, answers, by=self.by, **self._form())

    def _work(self, act: Callable[..., object], **words: str) -> Act | None:
        milestone = self._milestone()
        return partial(act, milestone, by=self.by, **self._form(), **words) if milestone else None

    def _settle(self, act: Callable[..., object]) -> Act | None:
        deposits = list(Deposit.objects.waiting().order_by("-id"))
        deposit = deposits[self.which % len(deposits)] if deposits else None
        return partial(act, deposit, by=self.by, reason="The statement of today.") if deposit else None


class Everybody:
    """One contract and all who could touch it. What they did is undone in the end."""

    def __init__(self) -> None:
        self.later = datetime.timedelta()
        self.people: dict[str, User] = {
            name: do.UserFactory(display_name=name.title(), is_staff=name in {"staff", "colleague"}) for name in PEOPLE
        }
        self.contract = do.ContractFactory(client=self.people["client"], freelancer=self.people["freelancer"])
        do.deposit(self.people["client"], "300")
        escrow.request_deposit(
            self.contract.client,
            amount=Decimal(100),
            currency="USD",
            gateway="manual",
            key="on its way",
            by=self.people["client"],
        )
        do.approve(do.propose(self.contract, "Part one", "40"), do.propose(self.contract, "Part two", "60"))

    def act(self, seed: int) -> str:
        """One step, all of it drawn from this number, and what it was."""
        draw = Random(seed)  # noqa: S311 no secret
        name, usually, ready = draw.choice(VERBS + 2 * ON_THE_WAY)
        by = draw.choice(PEOPLE) if draw.random() < SELDOM else usually
        is_anywhere, twice = draw.random() < SELDOM, draw.random() < SELDOM
        which, amount, yes = draw.randrange(5), draw.randint(5, 120), draw.random() > SELDOM
        if draw.random() < SELDOM:
            self.later += datetime.timedelta(hours=draw.choice([1, 25, 24 * 8]))
        step = Step(self, self.people[by], ready, which, is_anywhere, amount, yes)
        tried = getattr(step, name)()
        if tried and self.attempt(tried, twice=twice):
            done[name] += 1
        return f"{name} by {by}, {amount=}, {yes=}, {which=}, {is_anywhere=}, {twice=}, {self.later} later"

    def attempt(self, act: Callable[[], object], *, twice: bool) -> bool:
        """Whether it was not refused."""
        before, told = snapshot(), told_by_person()
        try:
            with transaction.atomic():
                act()
        except Refused:
            assert snapshot() == before
            return False
        assert all(count - told.get(person, 0) <= 1 for person, count in told_by_person().items()), "told once"
        if twice:
            after = snapshot()
            with suppress(Refused), transaction.atomic():
                act()
            assert snapshot() == after
        self.check()
        return True

    # --- What holds always --------------------------------------------------------------------------------------------
    def check(self) -> None:
        self.books_are_right()
        self.suggestions_are_whole()
        self.terms_are_what_was_approved_last()
        self.nothing_is_recorded_for_outsiders()

    def books_are_right(self) -> None:
        assert ledger_problems() == []
        assert queries.escrow_problems() == []
        assert not Account.objects.filter(balance__lt=0).exists()
        held = Account.objects.filter(balance__isnull=False).aggregate(sum=Sum("balance"))["sum"] or 0
        came = Transfer.objects.filter(kind=Transfer.Kind.DEPOSIT).aggregate(sum=Sum("amount"))["sum"] or 0
        assert held == came

    def suggestions_are_whole(self) -> None:
        waits = Count("changes", filter=Q(changes__state="proposed"))
        assert not Milestone.objects.annotate(waits=waits).filter(waits__gt=1).exists()
        for amendment in Amendment.objects.annotate(waits=waits):
            assert (amendment.closed_at is None) == bool(amendment.waits)
        for change in Change.objects.pending().select_related("amendment", "milestone"):
            assert change.base == (None if change.kind == "add" else change.milestone.terms)
        if not fresh(self.contract).is_active:
            assert not Change.objects.pending().exists()

    def terms_are_what_was_approved_last(self) -> None:
        agreed = self.contract.milestones.agreed()
        for milestone in agreed:
            last = milestone.changes.filter(state="accepted").order_by("answered_at", "id").last()
            assert last
            assert milestone.terms == last.asked
        money = Plan.of(fresh(self.contract)).money
        assert money.total == sum((m.amount for m in agreed), Decimal())
        standings = [(now.agreed, now.in_escrow, now.paid) for now in queries.history(self.contract)]
        assert (standings[-1] if standings else (0, 0, 0)) == (money.total, money.in_escrow, money.paid)

    def nothing_is_recorded_for_outsiders(self) -> None:
        staff_alone = {"contract.ended", "milestone.refunded", "contract.started", "suggestions.closed"}
        strangers = [self.people[name] for name in ("outsider", "staff", "colleague")]
        assert not Event.objects.filter(by__in=strangers).exclude(verb__in=staff_alone).exists()
        assert not Event.objects.filter(by=self.people["outsider"]).exists()


def told_by_person() -> dict[int, int]:
    counted = Notification.objects.values("recipient").annotate(count=Count("pk"))
    return dict(counted.values_list("recipient", "count"))


def walk(seeds: Iterable[int]) -> None:
    """These steps from the beginning, and back to where nothing had happened. Errors: whatever does not hold."""
    real = timezone.now
    with transaction.atomic():
        everybody = Everybody()
        with patch.object(timezone, "now", lambda: real() + everybody.later):
            said = []
            try:
                for seed in seeds:
                    said.append(str(seed))
                    said[-1] = everybody.act(seed)
            except Exception as error:
                error.add_note("\n".join(said))
                raise
            finally:
                transaction.set_rollback(True)


def shortest(seeds: list[int]) -> list[int]:
    """Of steps that fail, those that are enough to fail."""
    for seed in list(seeds):
        fewer = [other for other in seeds if other != seed]
        with suppress(AssertionError, Refused, DatabaseError):
            walk(fewer)
            continue
        seeds = fewer
    return seeds
