"""Which act tells whom what: real acts, from the plan to the outbox."""

import uuid
from collections.abc import Callable

import pytest

from contracts import actions as contracts
from contracts.events import Happened
from contracts.models import Event
from messaging import actions as messaging
from milestones.models import Milestone
from notifications.kinds import Kind
from notifications.models import Notification
from tests import factories
from tests.factories import Answer, ContractFactory, milestone_at

State = Milestone.State
YOURS, NOBODYS = "Your turn: ", "Nobody’s turn: "


@pytest.fixture
def contract(ben, mara):
    return ContractFactory.create(title="Pump housing", client=ben, freelancer=mara)


def latest_told_by(act: Callable[[], object]) -> list[Notification]:
    """What the act told, and to whom; each with a mail of its own that is owed."""
    before = set(Notification.objects.values_list("pk", flat=True))
    act()
    told = list(Notification.objects.exclude(pk__in=before).select_related("recipient", "email").order_by("recipient"))
    assert all(each.email and each.email.state == "queued" and each.email.kind == each.kind for each in told)
    return told


def revise(contract):
    change = factories.propose(contract)
    return lambda: factories.save(contract, factories.edit(change.milestone, amount="150.00"))


def decide_some(contract):
    first, second = factories.propose(contract, "One"), factories.propose(contract, "Two")
    answers = {first: Answer(approve=True), second: Answer(approve=False, reason="Too late. Too much.")}
    return lambda: factories.decide(contract, answers)


def reminded(contract):
    amendment = factories.propose(contract).amendment
    amendment.saved_at = amendment.saved_at.replace(year=2020)
    amendment.save()
    return lambda: factories.remind(contract)


def at(state, act, **options):
    def prepare(contract):
        milestone = milestone_at(state, contract)
        return lambda: act(milestone, **options)

    return prepare


def proposed(act, **options):
    def prepare(contract):
        change = factories.propose(contract)
        return lambda: act(change, **options)

    return prepare


def removal_approved(contract):
    change = factories.suggest_removal(milestone_at(State.ACCEPTED, contract))
    return lambda: factories.approve(change)


def counter_approved(contract):
    offer = factories.counter(factories.propose(contract), amount="80.00")
    return lambda: factories.approve(offer, by=contract.freelancer.person)


CASES = {
    "suggestions.saved": [
        (lambda c: lambda: factories.propose(c), "ben", Kind.ANSWER, YOURS, "Mara made 1 suggestion, +$100.00")
    ],
    "suggestions.revised": [(revise, "ben", Kind.ANSWER, YOURS, "Mara changed the suggestions: now 1, +$150.00")],
    "suggestions.withdrawn": [
        (
            proposed(factories.withdraw),
            "ben",
            Kind.PLAN,
            NOBODYS,
            "Mara withdrew the suggestions",
        )
    ],
    "suggestions.reminded": [
        (reminded, "ben", Kind.ANSWER, YOURS, "Mara sent a reminder: suggestions wait for an answer")
    ],
    "suggestions.decided": [
        (
            proposed(factories.approve),
            "mara",
            Kind.DECISION,
            "You can start what is funded. ",
            "Ben approved “Stress check”",
        ),
        (
            decide_some,
            "mara",
            Kind.DECISION,
            "You can start what is funded. ",
            "Ben approved 1 suggestion and declined 1",
        ),
        (
            proposed(factories.decline, reason="Too late. Too much."),
            "mara",
            Kind.DECISION,
            "Your turn, if ",
            "Ben declined “Stress check”",
        ),
        (
            removal_approved,
            "mara",
            Kind.DECISION,
            NOBODYS,
            "Ben agreed to remove “Stress check”",
        ),
        (
            proposed(factories.counter, amount="80.00"),
            "mara",
            Kind.ANSWER,
            YOURS,
            "Ben suggests something else for “Stress check”",
        ),
        (counter_approved, "ben", Kind.DECISION, "Your turn: fund ", "Mara approved “Stress check”"),
    ],
    "plan.changed": [
        (
            lambda c: lambda: factories.save(c, factories.add(), by=c.client.person),
            "mara",
            Kind.PLAN,
            NOBODYS,
            "Ben added “Stress check”, $100.00",
        )
    ],
    "milestone.funded": [
        (
            lambda c: (
                factories.deposit(c.client.person),
                at(State.ACCEPTED, factories.fund)(c),
            )[1],
            "mara",
            Kind.MONEY,
            YOURS,
            "Ben put $100.00 into escrow for “Stress check”",
        )
    ],
    "milestone.submitted": [
        (
            at(State.FUNDED, factories.submit, note="Here it is. At last."),
            "ben",
            Kind.ANSWER,
            YOURS,
            "Mara submitted the work on “Stress check” for review",
        )
    ],
    "milestone.returned": [
        (
            at(State.SUBMITTED, factories.request_changes),
            "mara",
            Kind.WORK,
            YOURS,
            "Ben asked for changes to the work on “Stress check”",
        )
    ],
    "milestone.released": [
        (
            at(State.SUBMITTED, factories.release),
            "mara",
            Kind.MONEY,
            NOBODYS,
            "Ben approved the work on “Stress check”; $100.00 was paid",
        )
    ],
    "milestone.refunded": [
        (
            at(State.FUNDED, factories.refund),
            "ben mara",
            Kind.MONEY,
            NOBODYS,
            "Tranche staff (Sam) sent the $100.00 of “Stress check” back to the client",
        )
    ],
    "contract.ended": [
        (lambda c: lambda: factories.end(c), "ben mara", Kind.PLAN, NOBODYS, "Tranche staff (Sam) ended the contract")
    ],
}


@pytest.mark.parametrize(
    ("verb", "prepare", "who", "kind", "turn", "subject"),
    [(verb, *case) for verb, cases in CASES.items() for case in cases],
)
def test_each_act_tells_the_others_and_says_whose_turn_it_is(contract, verb, prepare, who, kind, turn, subject):
    act = prepare(contract)

    told = latest_told_by(act)

    assert Event.objects.latest("id").verb == verb
    assert [each.recipient.get_short_name().lower() for each in told] == who.split()
    for each in told:
        assert (each.kind, each.subject) == (kind, f"{subject} (Pump housing)")
        assert each.turn.startswith(turn)


def test_a_contract_that_starts_is_told_to_both(ben, mara, staff):
    def start():
        contracts.start(title="New", client=ben.party, freelancer=mara.party, currency="USD", time_zone="UTC", by=staff)

    assert [(each.recipient, each.subject) for each in latest_told_by(start)] == [
        (ben, "Tranche staff (Sam) started the contract (New)"),
        (mara, "Tranche staff (Sam) started the contract (New)"),
    ]


def test_each_verb_has_its_notice_and_its_case():
    told_with_another = {"suggestions.closed", "person.renamed"}  # with the act that closed them, or with none
    assert Happened.verbs.keys() == CASES.keys() | {"contract.started"} | told_with_another


def test_a_message_tells_the_other_party(contract, ben):
    text = "Can we move the date to the end of the month, please? The foundry is late."
    messaging.post(contract, by=contract.freelancer.person, text=text, client_id=uuid.uuid4())

    [told] = Notification.objects.all()
    assert (told.recipient, told.kind, told.url) == (ben, Kind.MESSAGE, f"/contracts/{contract.pk}/messages/")
    assert told.subject == "Mara: Can we move the date to the end of the month, please? The f… (Pump housing)"
    assert told.text == f"Mara wrote: {text}"
    assert ben.emails.get().conversation == told.url


def test_what_is_quoted_stays_out_of_the_subject(contract):
    factories.end(contract, reason="A long story. " * 30)

    assert {told.subject for told in Notification.objects.all()} == {
        "Tranche staff (Sam) ended the contract (Pump housing)"
    }


def test_a_long_title_leaves_room_for_the_fact(contract):
    contract.title = "Pump housing " * 15
    contract.save()
    factories.propose(contract)

    subject = Notification.objects.get().subject
    assert subject.startswith("Mara made 1 suggestion, +$100.00 (Pump housing")
    assert len(subject) < 110
