"""What Python forgets, the database refuses: moves, answered lines, deletions, and what may exist only once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from contracts.models import Contract
from escrow.actions import open_escrow
from messaging.models import Message
from milestones.models import Amendment, Change, Milestone
from tests import factories as do
from tests.factories import State, milestone_at
from tests.messaging.writing import post

MOVES = {
    ("proposed", "accepted"),
    ("proposed", "declined"),
    ("proposed", "withdrawn"),
    ("proposed", "closed"),
    ("accepted", "funded"),
    ("accepted", "removed"),
    ("funded", "submitted"),
    ("funded", "refunded"),
    ("submitted", "funded"),
    ("submitted", "paid"),
    ("submitted", "refunded"),
}

INSERT = """
    INSERT INTO milestones_milestone
    (contract_id, proposed_by_id, amount, state, position, title, description, created_at)
    VALUES (%s, %s, %s, %s, 1, 'Pump', '', now())
"""


@contextmanager
def the_database_refuses(kind: type[DatabaseError], words: str) -> Iterator[None]:
    with pytest.raises(kind, match=words), transaction.atomic():
        yield


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def moves_of_the_machine() -> set[tuple[str, str]]:
    steps = Milestone._meta.get_field("state").get_all_transitions(Milestone)
    return {(str(step.source), str(step.target)) for step in steps}


def moves_of_the_trigger() -> set[tuple[str, str]]:
    (trigger,) = [trigger for trigger in Milestone._meta.triggers if trigger.name == "legal_moves"]
    (moves,) = re.findall(r"'\{(.*)\}'::text\[\]", trigger.get_func(Milestone))
    return {tuple(move.split(":")) for move in moves.split(",")}


# --- Milestones -------------------------------------------------------------------------------------------------------
def test_trigger_and_machine_have_the_same_moves():
    assert moves_of_the_machine() == moves_of_the_trigger() == MOVES


@pytest.mark.parametrize("state", State)
def test_update_to_a_state_is_refused_unless_it_is_a_legal_move(contract, ben, state):
    milestone = milestone_at(state, contract)
    spare = open_escrow(ben.party, "USD")
    statement = "UPDATE milestones_milestone SET state = %s, escrow_id = COALESCE(escrow_id, %s) WHERE id = %s"

    reached = {target.value for target in State if is_done(statement, target.value, spare.pk, milestone.pk)}

    assert reached == {target for source, target in MOVES if source == state} | {state.value}


def is_done(statement: str, *values: object) -> bool:
    """Whether the database takes the statement. It is taken back either way."""
    try:
        with transaction.atomic():
            sql(statement, *values)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_milestone_in_an_unknown_state_is_refused(contract, ben):
    with the_database_refuses(IntegrityError, "milestones_milestone_state_known"):
        sql(INSERT, contract.pk, ben.pk, "100.00", "lost")


@pytest.mark.parametrize("amount", ["0", "-1.00", "NaN"])
def test_milestone_amount_is_positive(contract, ben, amount):
    with the_database_refuses(DatabaseError, "milestones_milestone_amount_positive|cannot|overflow"):
        sql(INSERT, contract.pk, ben.pk, amount, "proposed")


@pytest.mark.parametrize("state", [State.FUNDED, State.SUBMITTED, State.PAID, State.REFUNDED])
def test_milestone_without_escrow_is_refused_in_states_after_funding(contract, ben, state):
    with the_database_refuses(IntegrityError, "milestones_milestone_paid_from_escrow"):
        sql(INSERT, contract.pk, ben.pk, "100.00", state.value)


def test_two_milestones_with_one_escrow_are_refused(contract):
    escrow = milestone_at(State.FUNDED, contract).escrow
    other = milestone_at(State.ACCEPTED, contract)

    with the_database_refuses(IntegrityError, "escrow_id"):
        Milestone.objects.filter(pk=other.pk).update(escrow=escrow)


@pytest.mark.parametrize("model", [Milestone, Amendment, Change])
def test_nothing_of_the_plan_is_deleted(contract, model):
    do.propose(contract)

    with the_database_refuses(DatabaseError, "Cannot delete"):
        sql(f"DELETE FROM {model._meta.db_table}")  # noqa: S608  our own table


# --- Changes ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "end", [do.approve, do.decline, do.withdraw, lambda change: do.counter(change, amount="90.00")]
)
@pytest.mark.parametrize("column", ["reason = 'Other'", "asked_amount = 1", "state = 'proposed'", "state = 'accepted'"])
def test_answered_change_is_never_written_again(contract, end, column):
    change = do.propose(contract)
    end(change)

    with the_database_refuses(DatabaseError, "Cannot update"):
        sql(f"UPDATE milestones_change SET {column} WHERE id = %s", change.pk)  # noqa: S608


def test_second_pending_change_of_a_milestone_is_refused(contract):
    change = do.propose(contract)

    with the_database_refuses(IntegrityError, "milestones_change_one_pending_per_milestone"):
        a_change(change.amendment, change.milestone)


def test_pending_change_beside_answered_ones_is_fine(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    for _ in range(2):
        do.decline(do.suggest(milestone, amount="130.00"))

    do.suggest(milestone, amount="130.00")

    assert milestone.changes.count() == 4


@pytest.mark.parametrize(
    "columns",
    [
        "state = 'accepted'",
        "state = 'accepted', answered_at = now()",
        "state = 'accepted', answered_by_id = {ben}",
        "answered_at = now()",
        "answered_by_id = {ben}",
    ],
)
def test_answer_has_who_and_when(contract, ben, columns):
    do.propose(contract)

    with the_database_refuses(IntegrityError, "milestones_change_answer_has_who_and_when"):
        sql(f"UPDATE milestones_change SET {columns.format(ben=ben.pk)}")  # noqa: S608


def test_change_in_an_unknown_state_is_refused(contract, ben):
    do.propose(contract)

    with the_database_refuses(IntegrityError, "milestones_change_state_known"):
        sql("UPDATE milestones_change SET state = 'lost', answered_at = now(), answered_by_id = %s", ben.pk)


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("add", "base_title = 'Pump', base_amount = 1"),
        ("add", "asked_title = NULL"),
        ("add", "asked_amount = NULL"),
        ("add", "asked_amount = 0"),
        ("edit", "base_title = NULL"),
        ("edit", "base_amount = NULL"),
        ("edit", "asked_title = NULL"),
        ("edit", "asked_amount = NULL"),
        ("edit", "asked_amount = -1"),
        ("remove", "base_title = NULL"),
        ("remove", "base_amount = NULL"),
        ("remove", "asked_title = 'Pump', asked_amount = 1"),
        ("remove", "kind = 'other'"),
    ],
)
def test_terms_fit_the_kind_of_change(contract, kind, columns):
    a_pending(kind, contract)

    with the_database_refuses(IntegrityError, "milestones_change_terms_fit_kind"):
        sql(f"UPDATE milestones_change SET {columns} WHERE state = 'proposed'")  # noqa: S608


def a_pending(kind: str, contract: Contract) -> Change:
    if kind == "add":
        return do.propose(contract)
    milestone = milestone_at(State.ACCEPTED, contract)
    return do.suggest(milestone, amount="130.00") if kind == "edit" else do.suggest_removal(milestone)


def a_change(amendment: Amendment, milestone: Milestone) -> Change:
    return Change.objects.create(
        amendment=amendment, milestone=milestone, kind="remove", base_title=milestone.title, base_amount=1
    )


# --- Amendments -------------------------------------------------------------------------------------------------------
def test_second_open_amendment_of_one_party_is_refused(contract, mara):
    do.propose(contract)

    with the_database_refuses(IntegrityError, "milestones_amendment_one_open_per_party"):
        Amendment.objects.create(contract=contract, number=2, party=mara.party, author=mara, saved_at=timezone.now())


def test_open_amendment_of_each_party_is_fine(contract, ben):
    do.propose(contract)

    Amendment.objects.create(contract=contract, number=2, party=ben.party, author=ben, saved_at=timezone.now())

    assert Amendment.objects.open().count() == 2


def test_number_of_an_amendment_is_unique_in_its_contract(contract, ben):
    do.propose(contract)

    with the_database_refuses(IntegrityError, "milestones_amendment_number"):
        Amendment.objects.create(contract=contract, number=1, party=ben.party, author=ben, saved_at=timezone.now())


@pytest.mark.parametrize(
    ("number", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")]
)
def test_letters_go_on_as_drawings_count_their_revisions(number, letter):
    assert Amendment(number=number).letter == letter


# --- History ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", [Contract, Milestone, Change, Message])
def test_history_is_never_rewritten(contract, ben, model):
    milestone_at(State.ACCEPTED, contract)
    post(contract, ben)
    history = model._meta.get_field("history").related_model

    with the_database_refuses(DatabaseError, "Cannot update or delete rows"):
        history.objects.update(pgh_label="forged")
    with the_database_refuses(DatabaseError, "Cannot update or delete rows"):
        history.objects.all().delete()
