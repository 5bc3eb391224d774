"""The site acts by its own rules: as itself, never in a person's name, and only as far as its rule goes."""

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actors import Rule, Site, actor_of, kept
from contracts import events
from contracts.models import Event, Receipt
from escrow.models import Transfer
from milestones import actions
from milestones.actions.suggestions import close_waiting
from milestones.models import Change, Milestone
from milestones.plan import Plan
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.snapshots import refused
from web.refusals import NotYours, Stale, WrongMoment

RULE = Rule.make("tests.review-over", "14 days without an answer", moves={"release", "drop"})
NAMED = "Tranche (by the rule “14 days without an answer”, without anybody acting)"
SITE = Site(RULE)


@pytest.fixture
def submitted(contract) -> Milestone:
    return milestone_at(State.SUBMITTED, contract, title="Pump", amount="120.00")


def release(milestone: Milestone, *, by: Site = SITE, key: uuid.UUID | None = None, seen: int | None = None) -> None:
    now = fresh(milestone.contract).plan_revision
    actions.release(milestone, by=by, seen=now if seen is None else seen, key=key or uuid.uuid4())


# --- What it does -----------------------------------------------------------------------------------------------------
def test_release_by_the_site_pays_and_nobody_acted(submitted, mara):
    release(submitted)

    paid = Transfer.objects.get(kind=Transfer.Kind.RELEASE)
    assert fresh(submitted).state == State.PAID
    assert (paid.by, paid.by_rule, paid.amount) == (None, RULE.name, Decimal("120.00"))
    assert actor_of(paid) == actor_of(submitted.contract.events.last()) == SITE


def test_release_by_the_site_is_told_to_both(submitted, ben, mara):
    release(submitted)

    said = f"{NAMED} approved the work on “Pump”; $120.00 was paid."
    assert events.tell(submitted.contract.events.last()) == said
    assert [person.notifications.latest("pk").text for person in (ben, mara)] == [said, said]


def test_release_by_the_site_happens_once_a_key(submitted):
    key, seen = uuid.uuid4(), submitted.contract.plan_revision
    release(submitted, key=key, seen=seen)
    release(submitted, key=key, seen=seen)

    assert Transfer.objects.filter(kind=Transfer.Kind.RELEASE).count() == 1
    assert Receipt.objects.filter(by=None).get().by_rule == RULE.name


def test_release_by_the_site_compares_what_it_saw(submitted):
    seen = fresh(submitted.contract).plan_revision
    do.propose(submitted.contract)

    with refused(Stale):
        release(submitted, seen=seen)


def test_what_waits_is_closed_by_the_site(submitted):
    change = do.propose(submitted.contract, title="Valve")
    _close(change)

    change = fresh(change)
    assert (change.state, change.answered_by, change.answered_by_rule) == ("closed", None, RULE.name)


def _close(change: Change) -> None:
    with transaction.atomic():
        close_waiting(Plan.of(change.milestone.contract), by=SITE)


# --- What it may not --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.ACCEPTED, lambda row, form: actions.fund(row, by=SITE, **form)),
        (State.FUNDED, lambda row, form: actions.submit(row, by=SITE, **form)),
        (State.SUBMITTED, lambda row, form: actions.refund(row, by=SITE, note="Late", **form)),
        (State.SUBMITTED, lambda row, form: actions.request_changes(row, by=SITE, note="More", **form)),
        (State.ACCEPTED, lambda row, form: actions.end_contract(row.contract, by=SITE, reason="Over", **form)),
    ],
)
def test_site_does_only_what_its_rule_names(contract, state, act: Callable[..., None]):
    milestone = milestone_at(state, contract)
    form = {"seen": fresh(contract).plan_revision, "key": uuid.uuid4()}

    with refused(NotYours):
        act(milestone, form)


def test_site_needs_the_moment_too(contract):
    milestone = milestone_at(State.FUNDED, contract)

    with refused(WrongMoment):
        release(milestone)


@pytest.mark.parametrize("who", [{"by": None, "by_rule": ""}, {"by_rule": "both"}])
def test_database_keeps_exactly_one_who_acted(contract, ben, who):
    facts = {"contract": contract, "verb": "contract.started", "url": "/", "plan_revision": 1, "by": ben, **who}

    with pytest.raises(IntegrityError, match="one_acted"), transaction.atomic():
        Event.objects.create(**facts)


def test_rule_that_is_gone_is_known_by_its_name(contract):
    row = Event(contract=contract, verb="contract.started", by_rule="once.was")

    assert events.tell(row) == "Tranche (by the rule “once.was”, without anybody acting) started the contract."


def test_person_is_kept_without_a_rule(ben):
    assert kept(ben) == {"by": ben, "by_rule": ""}


# --- Where it is read -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["ben", "mara"])
@pytest.mark.parametrize("name", ["contracts:detail", "messaging:chat"])
def test_pages_say_that_it_was_the_site(submitted, as_, request, who, name):
    release(submitted)

    page = as_(request.getfixturevalue(who)).get(reverse(name, args=[submitted.contract_id])).text

    assert f"{NAMED} approved the work on “Pump”" in page


def test_amendment_says_that_the_site_closed_a_line(submitted, mara, as_):
    change = do.propose(submitted.contract, title="Valve")
    _close(change)

    page = as_(mara).get(change.amendment.get_absolute_url()).text

    assert f"Closed by {NAMED}" in page


@pytest.mark.parametrize("model", ["contracts_event", "escrow_transfer", "milestones_change"])
def test_staff_read_that_it_was_the_site(submitted, staff, as_, model):
    _close(do.propose(submitted.contract, title="Valve"))
    release(submitted)
    rows = {
        "contracts_event": Event.objects.filter(by=None).first(),
        "escrow_transfer": Transfer.objects.filter(by=None).first(),
        "milestones_change": Change.objects.filter(state="closed").first(),
    }

    listed = as_(staff).get(reverse(f"admin:{model}_changelist")).text
    shown = as_(staff).get(reverse(f"admin:{model}_change", args=[rows[model].pk])).text

    assert NAMED in listed
    assert "14 days without an answer" in shown
