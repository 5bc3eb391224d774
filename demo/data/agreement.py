"""One contract, acted on as its parties would: by the real actions, each on the plan as it is at that moment."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from contracts import events
from contracts.models import Contract
from demo import people
from escrow import actions as escrow
from escrow.models import Deposit
from escrow.money import decimals
from messaging import actions as messaging
from milestones import actions as milestones
from milestones.answers import Answer
from milestones.models import Amendment, Change, Milestone, Terms
from milestones.rules import Line, Verb


class Agreement:
    """Lines and acts name a milestone by its title, and amounts are written as people type them."""

    def __init__(self, title: str, *, client: people.Person, freelancer: people.Person, currency: str, zone: str):
        self.client, self.freelancer = people.settle(client), people.settle(freelancer)
        self._pk = _start(title, self.client, self.freelancer, currency, zone).pk

    @property
    def contract(self) -> Contract:
        """As it is now."""
        return Contract.objects.with_parties().get(pk=self._pk)

    # --- Lines of a Save ----------------------------------------------------------------------------------------------
    def new(self, title: str, amount: str, due: datetime.date | None = None, description: str = "") -> Line:
        return Line("", Verb.ADD, terms=Terms(title, Decimal(amount), due, description.strip()))

    def edit(self, title: str, /, **terms: Any) -> Line:
        """The terms as they are, or as they are suggested already, but for what is given."""
        milestone = self._milestone(title)
        change = Change.objects.pending().filter(milestone=milestone).first()
        before = (change and change.asked) or milestone.terms
        given = {("due_date" if name == "due" else name): value for name, value in terms.items()}
        amount = Decimal(given.pop("amount", before.amount))
        exact = amount.quantize(Decimal(1).scaleb(-decimals(self.contract.currency)))
        asked = replace(before, amount=exact, **given)
        return Line("", Verb.EDIT, milestone.pk, replace(asked, description=asked.description.strip()))

    def remove(self, title: str) -> Line:
        """To take an agreed milestone out of the plan, or a suggestion back."""
        return Line("", Verb.REMOVE, self._milestone(title).pk)

    def valid(self, line: Line, until: datetime.date) -> Line:
        """The line with the last day on which its price is valid."""
        return replace(line, valid_until=until)

    # --- The plan -----------------------------------------------------------------------------------------------------
    def plan(self, *lines: Line, message: str = "") -> None:
        """The client saves; it applies at once."""
        self._save(lines, by=self.client, message=message)

    def suggest(self, *lines: Line, message: str = "") -> None:
        """The freelancer saves; it waits for the client."""
        self._save(lines, by=self.freelancer, message=message)

    def _save(self, lines: Sequence[Line], *, by: User, message: str) -> None:
        milestones.save(self.contract, lines, by=by, message=message, **self._form())

    def see(self) -> None:
        """The client looks at what the freelancer suggests."""
        for amendment in Amendment.objects.open().filter(contract=self._pk).select_related("contract"):
            milestones.see(amendment, by=self.client)

    def decide(self, *approve: str, fund: bool = False, decline: Mapping[str, str] | None = None) -> None:
        """The client answers suggestions by title, declining with a reason; with no titles, approves all of them."""
        self.see()
        reasons = decline or {}
        changes = Change.objects.pending().filter(amendment__contract=self._pk).with_plan()
        answers = {
            change.pk: Answer(approve=True, fund=fund and change.leaves_to_fund)
            for change in changes
            if change.title in approve or not (approve or reasons)
        }
        answers |= {
            change.pk: Answer(approve=False, reason=reasons[change.title])
            for change in changes
            if change.title in reasons
        }
        milestones.decide(self.contract, answers, by=self.client, **self._form())

    # --- Round after round --------------------------------------------------------------------------------------------
    def counter(self, title: str, /, **terms: Any) -> None:
        """Whose turn it is answers the suggestion for this milestone with other terms."""
        self._answer(title, Answer(approve=False, counter=self.edit(title, **terms).terms))

    def approve(self, title: str) -> None:
        """Whose turn it is approves, after some rounds."""
        self._answer(title, Answer(approve=True))

    def decline(self, title: str, reason: str) -> None:
        self._answer(title, Answer(approve=False, reason=reason))

    def _answer(self, title: str, answer: Answer) -> None:
        contract = self.contract
        change = Change.objects.pending().select_related("amendment__contract").get(milestone=self._milestone(title))
        by = self.client if change.amendment.is_of(self.freelancer) else self.freelancer
        milestones.see(change.amendment, by=by)
        milestones.decide(contract, {change.pk: answer}, by=by, **self._form())

    def remind(self) -> None:
        """The freelancer asks for the answer once more."""
        milestones.remind(self.contract, by=self.freelancer, key=uuid.uuid4())

    # --- Money and work -----------------------------------------------------------------------------------------------
    def deposit(self, amount: str, gateway: str = "sandbox") -> Deposit:
        """The client adds funds."""
        return escrow.request_deposit(
            self.client.party,
            by=self.client,
            amount=Decimal(amount),
            currency=self.contract.currency,
            gateway=gateway,
            key=str(uuid.uuid4()),
        )

    def fund(self, title: str) -> None:
        milestones.fund(self._milestone(title), by=self.client, **self._form())

    def submit(self, title: str, note: str = "") -> None:
        milestones.submit(self._milestone(title), by=self.freelancer, note=note, **self._form())

    def request_changes(self, title: str, note: str) -> None:
        milestones.request_changes(self._milestone(title), by=self.client, note=note, **self._form())

    def release(self, title: str, note: str = "") -> None:
        milestones.release(self._milestone(title), by=self.client, note=note, **self._form())

    def refund(self, title: str, note: str) -> None:
        """Staff give the money back."""
        milestones.refund(self._milestone(title), by=people.settle(people.SAM), note=note, **self._form())

    def end(self, reason: str) -> None:
        """Staff end the contract."""
        milestones.end_contract(self.contract, by=people.settle(people.SAM), reason=reason, **self._form())

    def _form(self) -> dict[str, Any]:
        """What the form of a page that was opened just now carries."""
        return {"seen": self.contract.plan_revision, "key": uuid.uuid4()}

    # --- Chat ---------------------------------------------------------------------------------------------------------
    def client_says(self, text: str, about: str = "") -> None:
        self._say(text, by=self.client, about=about)

    def freelancer_says(self, text: str, about: str = "") -> None:
        self._say(text, by=self.freelancer, about=about)

    def _say(self, text: str, *, by: User, about: str) -> None:
        """`about` is the title of a milestone that the message points at."""
        contract = self.contract
        place = f"#milestone-{self._milestone(about).pk}" if about else ""
        url = contract.get_absolute_url() + place if about else ""
        messaging.post(contract, by=by, text=text, client_id=uuid.uuid4(), about=about, url=url)

    def _milestone(self, title: str) -> Milestone:
        """The one in the plan with this title."""
        return Milestone.objects.in_plan().select_related("contract").get(contract=self._pk, title=title)


@transaction.atomic
def _start(title: str, client: User, freelancer: User, currency: str, zone: str) -> Contract:
    contract = Contract.objects.create(
        title=title, client=client.party, freelancer=freelancer.party, currency=currency, time_zone=zone
    )
    events.record(contract, events.ContractStarted(), by=client)
    return contract
