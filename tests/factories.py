"""People and things for tests. A thing reaches its state by the real steps; each helper gives freshly read rows."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import factory
from django.db.models import Model
from factory.django import DjangoModelFactory

from accounts.models import User
from contracts.models import Contract
from escrow import actions as escrow
from escrow.models import Deposit
from milestones import actions
from milestones.actions import Answer
from milestones.actions.moves import move
from milestones.models import Amendment, Change, Milestone, Terms
from milestones.rules import Line, Verb
from parties.models import Party

State = Milestone.State
Row = TypeVar("Row", bound=Model)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    display_name = factory.Faker("name")
    email = factory.Sequence(lambda number: f"person{number}@example.com")
    time_zone = "Europe/Berlin"

    @classmethod
    def _create(cls, model_class: type[User], *_arguments: Any, **fields: Any) -> User:
        return User.objects.create_user(**fields)


class ContractFactory(DjangoModelFactory[Contract]):
    class Meta:
        model = Contract

    title = factory.Sequence(lambda number: f"Pump housing {number}")
    client = factory.SubFactory(UserFactory)
    freelancer = factory.SubFactory(UserFactory)
    currency = "USD"
    time_zone = "Europe/Berlin"

    @classmethod
    def _adjust_kwargs(cls, **fields: Any) -> dict[str, Any]:
        """A person named as a side is there by themselves."""
        sides = {side: fields[side] for side in ("client", "freelancer")}
        return fields | {side: who.party if isinstance(who, User) else who for side, who in sides.items()}


def organisation(name: str, *owners: User) -> Party:
    party = Party.objects.create(kind=Party.Kind.ORGANISATION, name=name)
    for owner in owners:
        owner.memberships.create(party=party)
    return party


def person_of(party: Party) -> User:
    """The one who acts for the party, or the first of them."""
    return party.people()[0]


def fresh(row: Row) -> Row:
    """The row as it is in the database now."""
    found: Row = type(row)._default_manager.get(pk=row.pk)
    return found


def deposit(owner: User | Party, amount: str | Decimal = "1000.00", currency: str = "USD") -> Deposit:
    """Play money in the balance of the person or the party."""
    owner = owner.party if isinstance(owner, User) else owner
    return escrow.request_deposit(
        owner, by=owner.people()[0], amount=Decimal(amount), currency=currency, gateway="sandbox", key=str(uuid.uuid4())
    )


# --- Lines to save ----------------------------------------------------------------------------------------------------
def add(
    title: str = "Stress check",
    amount: str | Decimal = "100.00",
    due_date: date | None = None,
    description: str = "",
    *,
    row: str = "n1",
) -> Line:
    return Line(row, Verb.ADD, None, Terms(title, Decimal(amount), due_date, description))


def edit(milestone: Milestone, **terms: Any) -> Line:
    """The suggestion that waits for this milestone, or else its terms, with these fields changed."""
    pending = Change.objects.pending().filter(milestone=milestone).first()
    before = (pending.asked if pending else None) or fresh(milestone).terms
    if "amount" in terms:
        terms["amount"] = Decimal(terms["amount"])
    return Line(f"m{milestone.pk}", Verb.EDIT, milestone.pk, replace(before, **terms))


def valid(line: Line, until: date | None) -> Line:
    """The line with the last day on which its price is valid."""
    return replace(line, valid_until=until)


def remove(milestone: Milestone) -> Line:
    return Line(f"m{milestone.pk}", Verb.REMOVE, milestone.pk)


# --- Verbs, by whoever may, on the plan as it is now ------------------------------------------------------------------
def save(contract: Contract, *lines: Line, by: User | None = None, **options: Any) -> Amendment:
    """The amendment that the freelancer, or `by`, makes or revises by saving these lines."""
    by = by or person_of(contract.freelancer)
    given = {**_form(contract), **options}
    actions.save(contract, lines, by=by, **given)
    newest = contract.amendments.filter(party=contract.side_of(by)).order_by("-number").first()
    assert newest
    return newest


def propose(contract: Contract, title: str = "Stress check", amount: str = "100.00", **terms: Any) -> Change:
    save(contract, add(title, amount, **terms))
    return contract.milestones.latest("id").changes.get()


def suggest(milestone: Milestone, **terms: Any) -> Change:
    """The freelancer's suggestion to change these fields."""
    save(milestone.contract, edit(milestone, **terms))
    return milestone.changes.latest("id")


def suggest_removal(milestone: Milestone) -> Change:
    save(milestone.contract, remove(milestone))
    return milestone.changes.latest("id")


def withdraw(change: Change) -> None:
    save(change.milestone.contract, remove(change.milestone), by=change.amendment.author)


def decide(contract: Contract, answers: dict[Change, Answer], *, by: User | None = None, **options: Any) -> None:
    given = {**_form(contract), **options}
    by_pk = {change.pk: answer for change, answer in answers.items()}
    actions.decide(contract, by_pk, by=by or person_of(contract.client), **given)


def approve(*changes: Change, fund: bool = False, **options: Any) -> None:
    contract = changes[0].amendment.contract
    decide(contract, {change: Answer(approve=True, fund=fund) for change in changes}, **options)


def decline(*changes: Change, reason: str = "", **options: Any) -> None:
    contract = changes[0].amendment.contract
    decide(contract, {change: Answer(approve=False, reason=reason) for change in changes}, **options)


def counter(change: Change, *, by: User | None = None, **terms: Any) -> Change:
    """What waits once the other party has answered with the terms asked for, or else the agreed ones, so changed."""
    before = change.asked or fresh(change.milestone).terms
    if "amount" in terms:
        terms["amount"] = Decimal(terms["amount"])
    answer = Answer(approve=False, counter=replace(before, **terms))
    decide(change.amendment.contract, {change: answer}, by=by or person_of(change.amendment.answerer))
    return Change.objects.get(counters=change)


def remind(contract: Contract, *, by: User | None = None, **options: Any) -> None:
    actions.remind(contract, **{"by": by or person_of(contract.freelancer), "key": uuid.uuid4(), **options})


def fund(milestone: Milestone, *, by: User | None = None, **options: Any) -> None:
    contract = milestone.contract
    actions.fund(fresh(milestone), by=by or person_of(contract.client), **{**_form(contract), **options})


def submit(milestone: Milestone, **options: Any) -> None:
    by = person_of(milestone.contract.freelancer)
    actions.submit(fresh(milestone), **{"by": by, **_form(milestone.contract), **options})


def hand_in_while_something_waits(milestone: Milestone) -> None:
    """As it was possible once: such rows are still there, and are answered or settled."""
    move(fresh(milestone), "submit", by=person_of(milestone.contract.freelancer))


def request_changes(milestone: Milestone, **options: Any) -> None:
    by = person_of(milestone.contract.client)
    given = {"by": by, "note": "Make the wall thicker.", **_form(milestone.contract), **options}
    actions.request_changes(fresh(milestone), **given)


def release(milestone: Milestone, **options: Any) -> None:
    by = person_of(milestone.contract.client)
    actions.release(fresh(milestone), **{"by": by, **_form(milestone.contract), **options})


def refund(milestone: Milestone, **options: Any) -> None:
    given = {"by": _staff(), "note": "Both of you agreed.", **_form(milestone.contract), **options}
    actions.refund(fresh(milestone), **given)


def end(contract: Contract, **options: Any) -> None:
    actions.end_contract(contract, **{"by": _staff(), "reason": "Both of you agreed.", **_form(contract), **options})


def _form(contract: Contract) -> dict[str, Any]:
    """What the form of a page that was opened just now carries."""
    return {"seen": fresh(contract).plan_revision, "key": uuid.uuid4()}


def _staff() -> User:
    return UserFactory(display_name="Sam Staff", is_staff=True)


# --- States, by the steps that lead there -----------------------------------------------------------------------------
def milestone_at(state: str, contract: Contract | None = None, **terms: Any) -> Milestone:
    """A milestone that the freelancer proposed. What it costs is put into the client's balance first."""
    contract = contract or ContractFactory()
    change = propose(contract, **terms)
    milestone = change.milestone
    match state:
        case State.PROPOSED:
            pass
        case State.DECLINED:
            decline(change)
        case State.WITHDRAWN:
            withdraw(change)
        case State.CLOSED:
            end(contract)
        case _:
            approve(change)
            go_on(milestone, state)
    milestone = fresh(milestone)
    assert milestone.state == state
    return milestone


def go_on(milestone: Milestone, state: str) -> None:
    """From accepted to there."""
    if state == State.REMOVED:
        return approve(suggest_removal(milestone))
    if state != State.ACCEPTED:
        deposit(milestone.contract.client, milestone.amount, milestone.contract.currency)
        fund(milestone)
    if state in (State.SUBMITTED, State.PAID):
        submit(milestone)
    if state == State.PAID:
        release(milestone)
    if state == State.REFUNDED:
        refund(milestone)
    return None
