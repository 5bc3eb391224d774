"""Every verb, by the second owner of an organisation: in their own name, for the organisation."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from contracts import events
from contracts.models import Contract, Event
from escrow import actions as escrow
from escrow import queries as money
from escrow.ledger import KeyReused
from escrow.models import Transfer
from messaging import actions as messaging
from messaging.queries import unread_count
from milestones import actions
from milestones.actions import Answer
from milestones.models import Change, KeptAnswers, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.browsing import Visitor
from tests.milestones.snapshots import refused
from web.refusals import NotYours, WrongMoment

pytestmark = pytest.mark.django_db


@dataclass
class Stand:
    """What a verb is played on."""

    contract: Contract
    ben: User
    mara: User
    milestone: Any = None
    change: Any = None
    message: Any = None
    deposit: Any = None


def form(stand: Stand) -> dict[str, Any]:
    return {"seen": fresh(stand.contract).plan_revision, "key": uuid.uuid4()}


def suggested(stand: Stand) -> None:
    stand.change = do.propose(stand.contract)


def suggested_two_days_ago(stand: Stand) -> None:
    suggested(stand)
    stand.change.amendment.saved_at = "2026-01-01T00:00:00Z"
    stand.change.amendment.save()


def at(state: str) -> Callable[[Stand], None]:
    def prepare(stand: Stand) -> None:
        stand.milestone = milestone_at(state, stand.contract)
        do.deposit(stand.contract.client, "100.00")

    return prepare


def written(stand: Stand) -> None:
    """By whoever plays the verb: only its author changes a message."""


def asked_for_money(stand: Stand) -> None:
    stand.deposit = escrow.request_deposit(
        stand.contract.client, amount=Decimal(50), currency="USD", gateway="manual", key="form", by=stand.ben
    )


def decide(stand: Stand, by: User, answer: Answer) -> None:
    actions.decide(stand.contract, {stand.change.pk: answer}, by=by, **form(stand))


def post(stand: Stand, by: User) -> Any:
    return messaging.post(stand.contract, by=by, text="Hello", client_id=uuid.uuid4())


PLAYED: dict[str, tuple[str, Callable[[Stand], None], Callable[[Stand, User], object]]] = {
    "save": ("freelancer", lambda s: None, lambda s, by: do.save(s.contract, do.add("Seal", "40.00"), by=by)),
    "save alone": ("client", lambda s: None, lambda s, by: do.save(s.contract, do.add("Seal", "40.00"), by=by)),
    "revise": ("freelancer", suggested, lambda s, by: do.save(s.contract, do.add("Seal", "40.00"), by=by)),
    "withdraw": ("freelancer", suggested, lambda s, by: do.save(s.contract, do.remove(s.change.milestone), by=by)),
    "remind": (
        "freelancer",
        suggested_two_days_ago,
        lambda s, by: actions.remind(s.contract, by=by, key=uuid.uuid4()),
    ),
    "approve": ("client", suggested, lambda s, by: decide(s, by, Answer(approve=True))),
    "decline": ("client", suggested, lambda s, by: decide(s, by, Answer(approve=False, reason="Too much"))),
    "counter": ("client", suggested, lambda s, by: do.counter(s.change, by=by, amount="60.00")),
    "fund": ("client", at(State.ACCEPTED), lambda s, by: actions.fund(s.milestone, by=by, **form(s))),
    "fund_several": (
        "client",
        at(State.ACCEPTED),
        lambda s, by: actions.fund_several(s.contract, [s.milestone.pk], by=by, **form(s)),
    ),
    "submit": ("freelancer", at(State.FUNDED), lambda s, by: actions.submit(s.milestone, by=by, **form(s))),
    "request_changes": (
        "client",
        at(State.SUBMITTED),
        lambda s, by: actions.request_changes(s.milestone, by=by, note="Thicker", **form(s)),
    ),
    "release": ("client", at(State.SUBMITTED), lambda s, by: actions.release(s.milestone, by=by, **form(s))),
}
ONLY_STAFF = {"refund", "end_contract"}
NO_EVENT = {"see", "problems", "keep", "forget"}


def play(verb: str, contract: Contract, by: User, ben: User, mara: User) -> Stand:
    _side, prepare, act = PLAYED[verb]
    stand = Stand(contract, ben, mara)
    prepare(stand)
    Notification.objects.all().delete()
    act(stand, by)
    return stand


def test_every_verb_of_the_plan_is_played():
    verbs = {name for name in actions.__all__ if name[0].islower()} - ONLY_STAFF - NO_EVENT
    also_saved_or_decided = {"save alone", "revise", "withdraw", "approve", "decline", "counter"}

    assert set(PLAYED) - also_saved_or_decided == verbs - {"decide"}


@pytest.mark.parametrize("verb", PLAYED)
def test_the_second_owner_acts_in_their_own_name_for_the_organisation(contract, ben, mara, nora, bill, verb):
    by = {"client": bill, "freelancer": nora}[PLAYED[verb][0]]

    play(verb, contract, by, ben, mara)

    event = Event.objects.latest("id")
    assert (event.by, event.party) == (by, contract.side_of(by))
    assert events.tell(event).startswith(f"{by} for {event.party} ")


@pytest.mark.parametrize("verb", PLAYED)
def test_all_others_are_told(contract, ben, mara, nora, bill, verb):
    by = {"client": bill, "freelancer": nora}[PLAYED[verb][0]]

    play(verb, contract, by, ben, mara)

    assert set(Notification.objects.values_list("recipient", flat=True)) == {
        person.pk for person in (ben, mara, nora, bill) if person != by
    }
    colleague = mara if by == nora else ben
    assert not Notification.objects.filter(recipient=colleague).exclude(turn="", waits=False).exists()


@pytest.mark.parametrize("verb", PLAYED)
def test_who_has_left_does_nothing_more(contract, studio, pumps, ben, mara, nora, bill, verb):
    """The person as the code knows them may still remember what they belonged to."""
    side, prepare, act = PLAYED[verb]
    former, party = (bill, pumps) if side == "client" else (nora, studio)
    stand = Stand(contract, ben, mara)
    prepare(stand)
    assert contract.is_party(former)
    party.memberships.filter(person=former).delete()

    with refused(NotYours):
        act(stand, former)


def test_the_first_look_of_a_second_owner_is_seen(contract, ben, nora, bill):
    amendment = do.save(contract, do.add(), by=nora)

    actions.see(amendment, by=nora)
    assert fresh(amendment).seen_at is None
    actions.see(amendment, by=bill)
    assert fresh(amendment).seen_at is not None


def test_one_owner_revises_and_takes_back_what_the_other_suggested(contract, mara, nora):
    first = do.save(contract, do.add("Seal"), by=mara)
    second = do.save(contract, do.add("Valve"), by=nora)

    assert (first.pk, second.revision, second.author) == (second.pk, 2, mara)
    do.save(contract, do.remove(Milestone.objects.get(title="Seal")), by=nora)
    assert [(c.title, c.state) for c in Change.objects.order_by("pk")] == [
        ("Seal", "withdrawn"),
        ("Valve", "proposed"),
    ]


def test_what_one_owner_begins_to_answer_is_theirs_alone_until_they_leave(contract, pumps, ben, bill):
    change = do.propose(contract)
    kept = {change.pk: {"revision": 1, "typed": {"choice": "approve"}}}

    actions.keep(contract, kept, by=bill)
    assert [one.by for one in KeptAnswers.objects.all()] == [bill]
    pumps.memberships.filter(person=bill).delete()
    for act in (lambda: actions.keep(contract, kept, by=bill), lambda: actions.forget(contract, by=bill)):
        with refused(NotYours):
            act()


def test_nobody_answers_what_their_own_organisation_suggested(contract, mara, nora):
    change = do.save(contract, do.add("Seal"), by=mara).changes.get()

    with refused(NotYours):
        do.approve(change, by=nora)


def test_money_moves_between_the_organisations(contract, pumps, studio, ben, bill, mara, nora):
    milestone = milestone_at(State.SUBMITTED, contract, amount="100.00")

    do.release(milestone, by=bill)

    transfer = Transfer.objects.latest("id")
    assert (transfer.by, transfer.debit.owner, transfer.credit.owner) == (bill, pumps, studio)
    assert money.ledger_problems() == []
    for person in (mara, nora):
        assert [(row.owner, row.earned) for row in money.balances(person)] == [("Lindqvist Studio", "$100.00")]
    assert money.balances(fresh(bill)) == money.balances(ben)


def test_a_second_owner_adds_funds_for_the_organisation(pumps, bill, as_):
    entries = {"amount": "50", "currency": "USD", "gateway": "sandbox", "key": uuid.uuid4()}

    page = as_(bill).get(reverse("escrow:balance"))
    assert [str(choice[1]) for choice in page.context["form"]["owner"].field.choices] == ["Bill Osei", str(pumps)]
    as_(bill).post(reverse("escrow:request_deposit"), {**entries, "owner": pumps.pk})

    assert (money.balance(pumps, "USD"), money.balance(bill.party, "USD")) == (50, 0)


def test_nobody_adds_funds_for_others(pumps, mara, as_):
    entries = {"amount": "50", "currency": "USD", "gateway": "sandbox", "key": uuid.uuid4(), "owner": pumps.pk}

    assert as_(mara).post(reverse("escrow:request_deposit"), entries).status_code == 422
    with pytest.raises(NotYours):
        escrow.request_deposit(pumps, amount=Decimal(50), currency="USD", gateway="sandbox", key="k", by=mara)
    assert money.balance(pumps, "USD") == 0


def test_a_deposit_is_confirmed_by_none_of_its_organisation(pumps, staff, ben, bill):
    deposit = escrow.request_deposit(pumps, amount=Decimal(50), currency="USD", gateway="manual", key="form", by=ben)
    pumps.memberships.create(person=staff)

    with pytest.raises(NotYours):
        escrow.confirm_deposit(deposit, by=staff, reason="Statement")


def test_what_is_missing_is_added_for_the_organisation(contract, pumps, ben, bill, as_):
    visitor = Visitor(as_(bill))
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    page = visitor.open(reverse("milestones:fund", args=[contract.pk, milestone.pk]))

    page = visitor.open(page.link("Add $100.00").get("href"))
    page.field("Play money").tick()
    visitor.press(page, "Add funds")

    assert (money.balance(pumps, "USD"), money.balance(bill.party, "USD")) == (100, 0)


def test_one_form_is_one_deposit_whoever_it_is_for(pumps, bill):
    form = {"amount": Decimal(50), "currency": "USD", "gateway": "sandbox", "key": "form", "by": bill}
    escrow.request_deposit(bill.party, **form)

    with pytest.raises(KeyReused):
        escrow.request_deposit(pumps, **form)

    assert (money.balance(pumps, "USD"), money.balance(bill.party, "USD")) == (0, 50)


def test_who_was_the_first_to_confirm_and_joined_since_is_not_the_first_any_more(pumps, staff, ben):
    colleague = do.UserFactory(is_staff=True)
    large = Decimal(1_000_000)
    deposit = escrow.request_deposit(pumps, amount=large, currency="USD", gateway="manual", key="form", by=ben)
    escrow.vouch_for_deposit(deposit, by=staff, reason="Statement")
    pumps.memberships.create(person=staff)

    with refused(WrongMoment):
        escrow.confirm_deposit(deposit, by=colleague, reason="Statement")


def test_one_owner_cancels_the_deposit_of_the_other(contract, ben, mara, bill):
    stand = Stand(contract, ben, mara)
    asked_for_money(stand)

    assert escrow.cancel_deposit(stand.deposit, by=bill).answered_by == bill


def test_the_chat_is_for_all_of_both_organisations(contract, ben, mara, nora, bill):
    message = messaging.post(contract, by=nora, text="Hello", client_id=uuid.uuid4())

    assert {notice.recipient for notice in message.notices.all()} == {ben, mara, bill}
    assert [unread_count(contract, person) for person in (ben, mara, nora, bill)] == [1, 1, 0, 1]
    messaging.edit(message, by=nora, text="Good morning")
    assert {notice.text for notice in message.notices.all()} == {"Nora Berg wrote: Good morning"}
    messaging.read(contract, by=bill)
    assert [unread_count(contract, person) for person in (ben, mara, nora, bill)] == [1, 1, 0, 0]
    assert Notification.objects.filter(read_at=None).count() == 2


PAGES = [
    ("contracts:list", False),
    ("contracts:detail", True),
    ("milestones:manage", True),
    ("milestones:review", True),
    ("milestones:paper", True),
    ("milestones:plan_csv", True),
    ("milestones:plan_text", True),
    ("messaging:chat", True),
    ("messaging:list", False),
    ("escrow:balance", False),
]


@pytest.mark.parametrize(("name", "of_contract"), PAGES)
def test_pages_open_for_each_owner_and_close_when_they_leave(
    contract, studio, pumps, nora, bill, as_, name, of_contract
):
    do.propose(contract)
    url = reverse(name, args=[contract.pk] if of_contract else [])

    for person, party in ((nora, studio), (bill, pumps)):
        browser = as_(person)
        assert browser.get(url).status_code == 200
        party.memberships.filter(person=person).delete()
        page = browser.get(url)
        assert page.status_code == (404 if of_contract else 200)
        assert "Pump housing" not in page.text


def test_the_list_says_whose_turn_it_is_to_each_owner(contract, ben, bill, mara, nora, as_):
    do.propose(contract)

    for person in (ben, bill):
        assert "1 waits for your answer" in as_(person).get(reverse("contracts:list")).text
    for person in (mara, nora):
        assert "Waiting for Okafor Pumps Ltd" in as_(person).get(reverse("contracts:list")).text
