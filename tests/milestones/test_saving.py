"""What the freelancer saves becomes suggestions: R2, R5-R8, R10, R13-R17."""

import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from contracts.models import Event
from messaging.models import Message
from milestones import actions
from milestones.models import Amendment, Change, Milestone, Terms
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at, remove

NEW_YEAR = datetime.date(2030, 1, 1)


def told() -> list[tuple[str, str, str]]:
    """Who was told what, and where it leads, oldest first."""
    rows = Notification.objects.order_by("id").select_related("recipient")
    return [(row.recipient.get_short_name(), row.text, row.url) for row in rows]


def test_save_proposes_a_milestone(contract, mara):
    do.save(contract, add("Stress check", "650.00", datetime.date(2030, 1, 16), "With *FEA*."))

    milestone = Milestone.objects.get()
    asked = Terms("Stress check", Decimal("650.00"), datetime.date(2030, 1, 16), "With *FEA*.")
    assert (milestone.state, milestone.proposed_by, milestone.terms) == (State.PROPOSED, mara.party, asked)
    change = milestone.changes.get()
    assert (change.kind, change.state, change.base, change.asked) == ("add", "proposed", None, asked)


def test_save_needs_only_name_and_amount(contract):
    change = do.propose(contract, "Casting review", "450")

    assert change.asked == Terms("Casting review", Decimal(450), None, "")


def test_save_puts_a_proposal_at_the_end_of_the_plan(contract):
    milestone_at(State.REMOVED, contract)
    milestone_at(State.ACCEPTED, contract)
    do.propose(contract)

    assert list(Milestone.objects.order_by("id").values_list("position", flat=True)) == [1, 2, 3]


def test_save_leaves_agreed_terms_as_they_are(contract):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    agreed = fresh(milestone).terms

    change = do.suggest(
        milestone, title="Other", amount="150.00", description="More", due_date=datetime.date(2030, 1, 1)
    )

    assert (fresh(milestone).terms, fresh(milestone).state) == (agreed, State.FUNDED)
    assert (change.base, change.asked) == (agreed, Terms("Other", 150, datetime.date(2030, 1, 1), "More"))


def test_save_asks_to_remove_an_upcoming_milestone(contract):
    milestone = milestone_at(State.ACCEPTED, contract)

    change = do.suggest_removal(milestone)

    assert fresh(milestone).state == State.ACCEPTED
    assert (change.kind, change.state, change.base, change.asked) == ("remove", "proposed", milestone.terms, None)


def test_save_lowers_the_amount_of_an_upcoming_milestone(contract):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")

    assert do.suggest(milestone, amount="80.00").net == -20


def test_save_tells_the_client_once_for_many_lines(contract):
    upcoming, active = milestone_at(State.ACCEPTED, contract), milestone_at(State.FUNDED, contract)
    Notification.objects.all().delete()

    do.save(contract, add(amount="250.00"), remove(upcoming), edit(active, amount="130.00"))

    [waiting] = contract.amendments.open()
    assert told() == [("Ben", "Mara made 3 suggestions, +$180.00.", waiting.get_absolute_url())]


def test_save_records_one_event_with_the_facts(contract, mara):
    do.save(contract, add(amount="250.00"))

    event = Event.objects.get()
    assert (event.verb, event.by, event.plan_revision) == ("suggestions.saved", mara, 1)
    facts = {"letter": "A", "number": 1, "revision": 1, "count": 1, "net": "250.000"}
    assert event.facts == {**facts, "amendment_pk": contract.amendments.get().pk}


def test_save_moves_the_plan_on(contract):
    do.propose(contract)

    assert fresh(contract).plan_revision == 1


def test_save_moves_no_money(contract, ben):
    do.deposit(ben, "1000.00")
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")

    do.suggest(milestone, amount="400.00")

    assert fresh(milestone).escrow.balance == 100


# --- Revising what waits ----------------------------------------------------------------------------------------------
def test_save_again_revises_the_open_amendment(contract, ben):
    change = do.propose(contract, amount="100.00")
    actions.see(change.amendment, by=ben)
    Notification.objects.all().delete()

    amendment = do.save(contract, edit(change.milestone, amount="120.00"))

    assert Amendment.objects.get() == amendment
    assert (amendment.letter, amendment.revision, amendment.seen_at) == ("A", 2, None)
    assert (fresh(change).asked.amount, fresh(change).revised_in, fresh(change.milestone).amount) == (120, 2, 120)
    assert told() == [("Ben", "Mara changed the suggestions: now 1, +$120.00.", amendment.get_absolute_url())]


def test_save_again_adds_lines_to_the_open_amendment(contract):
    first = do.propose(contract, "One")

    do.save(contract, add("Two"))

    assert [c.title for c in first.amendment.changes.order_by("id")] == ["One", "Two"]
    assert [c.revised_in for c in first.amendment.changes.order_by("id")] == [1, 2]


def test_save_again_keeps_the_base_of_an_edit(contract):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    change = do.suggest(milestone, amount="120.00")

    do.save(contract, edit(milestone, amount="130.00"))

    assert (fresh(change).base, fresh(change).asked.amount) == (milestone.terms, 130)
    assert Change.objects.pending().get() == change


def test_save_withdraws_a_suggestion(contract, mara):
    change = do.propose(contract)
    Notification.objects.all().delete()

    do.save(contract, remove(change.milestone))

    change = fresh(change)
    assert (change.state, change.answered_by, change.milestone.state) == ("withdrawn", mara, State.WITHDRAWN)
    assert fresh(change.amendment).closed_at is not None
    page = reverse("milestones:amendment", args=[contract.pk, 1])
    assert told() == [("Ben", "Mara withdrew the suggestions.", page)]


def test_save_withdraws_one_of_two_and_the_other_still_waits(contract):
    do.save(contract, add("One", row="n1"), add("Two", "50.00", row="n2"))
    one = Milestone.objects.get(title="One")
    Notification.objects.all().delete()

    amendment = do.save(contract, remove(one))

    assert amendment.closed_at is None
    assert [c.title for c in Change.objects.pending()] == ["Two"]
    assert [text for _name, text, _url in told()] == ["Mara changed the suggestions: now 1, +$50.00."]


def test_save_withdraws_the_suggestion_of_an_active_milestone_and_not_the_milestone(contract):
    milestone = milestone_at(State.FUNDED, contract)
    change = do.suggest(milestone, amount="150.00")

    do.save(contract, remove(milestone))

    assert (fresh(change).state, fresh(milestone).state) == ("withdrawn", State.FUNDED)


def test_save_withdraws_and_proposes_in_one_amendment(contract):
    change = do.propose(contract, "One")

    amendment = do.save(contract, remove(change.milestone), add("Two"))

    assert (amendment, amendment.revision, amendment.closed_at) == (change.amendment, 2, None)


def test_save_after_the_answer_opens_the_next_letter(contract):
    for _ in range(3):
        do.approve(do.propose(contract))

    rows = Amendment.objects.order_by("number")
    assert [(row.number, row.letter, row.revision) for row in rows] == [(1, "A", 1), (2, "B", 1), (3, "C", 1)]


def test_save_after_a_part_was_answered_revises_the_rest(contract):
    do.save(contract, add("One", row="n1"), add("Two", row="n2"))
    one, two = Change.objects.order_by("id")
    do.approve(one)

    amendment = do.save(contract, edit(two.milestone, amount="70.00"))

    assert (amendment, amendment.revision) == (one.amendment, 2)
    assert (fresh(one).asked.amount, fresh(two).asked.amount) == (100, 70)


def test_save_suggests_again_after_a_decline(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    declined = do.suggest(milestone, amount="120.00")
    do.decline(declined)

    again = do.suggest(milestone, amount="110.00")

    assert again != declined
    assert (fresh(declined).state, fresh(declined).asked.amount) == ("declined", 120)


# --- The message beside it --------------------------------------------------------------------------------------------
def test_save_posts_the_message_with_a_link_to_the_suggestions(contract, mara):
    do.save(contract, add(), message="The second inlet needs it.")

    message = Message.objects.get()
    address = contract.amendments.get().get_absolute_url()
    assert (message.author, message.text, message.url) == (mara, "The second inlet needs it.", address)
    assert message.about == "Revision A"
    assert len(told()) == 1


def test_save_without_a_message_posts_none(contract):
    do.save(contract, add(), message="  \n")

    assert not Message.objects.exists()


def test_save_notes_when_it_was_saved(contract):
    before = timezone.now()

    amendment = do.propose(contract).amendment

    assert before <= amendment.saved_at <= timezone.now()
