"""Whoever waits for an answer may ask for it once more, at most once in 24 hours."""

import datetime
import uuid
from contextlib import AbstractContextManager

import pytest
from django.urls import reverse

from contracts.models import Contract, Event
from demo.data.clock import standing_at
from milestones.models import Change
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, counter, edit, fresh, milestone_at, remind
from tests.milestones.in_person import Person
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import NotYours, WrongMoment

NOTHING = "Nothing of yours waits for an answer."
SENT = datetime.datetime(2030, 6, 3, 9, 30, tzinfo=datetime.UTC)


def after(hours: float) -> AbstractContextManager[None]:
    return standing_at(SENT + datetime.timedelta(hours=hours))


@pytest.fixture
def change(contract: Contract) -> Change:
    """Sent at 9:30 UTC; nobody has been told of anything else."""
    with standing_at(SENT):
        change = do.propose(contract)
    Notification.objects.all().delete()
    return change


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


def review_of(contract) -> str:
    return reverse("milestones:review", args=[contract.pk])


def latest_of(contract) -> str:
    return contract.amendments.latest("number").get_absolute_url()


# --- The verb ---------------------------------------------------------------------------------------------------------
def test_remind_tells_the_other_party_once(contract, change, ben, mara):
    with after(24.1):
        remind(contract)

    text = "Mara sent a reminder: suggestions wait for an answer."
    assert told_to(ben) == [(text, latest_of(contract))]
    assert told_to(mara) == []


def test_remind_is_one_event(contract, change, mara):
    before = Event.objects.count()

    with after(24.1):
        remind(contract)

    event = Event.objects.latest("id")
    assert (Event.objects.count(), event.verb, event.by) == (before + 1, "suggestions.reminded", mara)
    assert event.facts == {"letter": "A", "number": 1, "amendment_pk": change.amendment_id}


def test_remind_leaves_the_plan_and_the_suggestion_as_they_are(contract, change):
    seen = fresh(contract).plan_revision

    with after(24.1):
        remind(contract)

    assert fresh(contract).plan_revision == seen
    assert (fresh(change).state, fresh(change.amendment).revision) == ("proposed", 1)


@pytest.mark.parametrize("hours", [0.1, 12, 23.9])
def test_remind_before_24_hours_is_refused(contract, change, hours):
    with after(hours), refused(WrongMoment, "You can remind again on 4 Jun 2030, 09:30."):
        remind(contract)


def test_remind_again_before_24_hours_is_refused(contract, change):
    with after(30):
        remind(contract)

    with after(53.9), refused(WrongMoment) as refusal:
        remind(contract)

    assert refusal.value.sentence == "You can remind again on 5 Jun 2030, 15:30."


def test_remind_again_a_day_later(contract, change, ben):
    for hours in (30, 54.1, 78.2):
        with after(hours):
            remind(contract)

    assert ben.notifications.count() == 3


def test_remind_by_the_other_party_is_refused(contract, change, ben):
    with after(30), refused(WrongMoment, NOTHING):
        remind(contract, by=ben)


def test_remind_by_an_outsider_is_refused(contract, change, carol):
    with after(30), refused(NotYours, "Only the two sides of this contract can do this."):
        remind(contract, by=carol)


def test_remind_by_staff_is_refused(contract, change, staff):
    with after(30), refused(NotYours, "Only the two sides of this contract can do this."):
        remind(contract, by=staff)


def test_remind_without_a_suggestion_is_refused(contract):
    with refused(WrongMoment, NOTHING):
        remind(contract)


@pytest.mark.parametrize("end", [do.approve, do.decline, do.withdraw])
def test_remind_of_what_is_settled_is_refused(contract, change, end):
    end(change)

    with after(30), refused(WrongMoment, NOTHING):
        remind(contract)


def test_remind_on_an_ended_contract_is_refused(contract, change):
    do.end(contract)

    with after(30), refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
        remind(contract)


def test_remind_with_the_same_key_does_nothing(contract, change):
    key = uuid.uuid4()
    with after(30):
        remind(contract, key=key)

    with after(60), nothing_changes():
        remind(contract, key=key)


# --- What starts the 24 hours anew ------------------------------------------------------------------------------------
def test_save_starts_the_24_hours_anew(contract, change):
    with after(20):
        do.save(contract, edit(change.milestone, amount="110.00"))

    with after(30), refused(WrongMoment, "You can remind again on 5 Jun 2030, 05:30."):
        remind(contract)
    with after(44.1):
        remind(contract)


def test_save_after_a_reminder_starts_the_24_hours_anew(contract, change):
    with after(30):
        remind(contract)
    with after(60):
        do.save(contract, add("Two"))

    with after(70), refused(WrongMoment, "You can remind again on 6 Jun 2030, 21:30."):
        remind(contract)


def test_save_of_the_client_alone_does_not_start_them_anew(contract, ben):
    upcoming = milestone_at(State.ACCEPTED, contract)
    other = milestone_at(State.ACCEPTED, contract)
    with standing_at(SENT):
        counter(do.suggest(upcoming, amount="300.00"), amount="270.00")
    with after(20):
        do.save(contract, edit(other, amount="90.00"), by=ben)

    with after(24.1):
        remind(contract, by=ben)


def test_answer_to_some_lines_does_not_start_them_anew(contract, change):
    with after(1):
        do.save(contract, add("Two"))
    with after(20):
        do.decline(change)

    with after(25.1):
        remind(contract)


# --- Both ways --------------------------------------------------------------------------------------------------------
def test_client_reminds_of_a_counter(contract, change, ben, mara):
    with after(1):
        counter(change, amount="80.00")
    Notification.objects.all().delete()

    with after(25.1):
        remind(contract, by=ben)

    assert told_to(mara) == [("Ben sent a reminder: suggestions wait for an answer.", latest_of(contract))]
    assert told_to(ben) == []


def test_freelancer_who_must_answer_cannot_remind(contract, change, mara):
    counter(change, amount="80.00")

    with after(60), refused(WrongMoment, NOTHING):
        remind(contract, by=mara)


def test_each_party_reminds_of_its_own(contract, change, ben, mara):
    with after(1):
        counter(change, amount="80.00")
        do.propose(contract, "Two")
    Notification.objects.all().delete()

    with after(30):
        remind(contract, by=ben)
        remind(contract, by=mara)

    assert (ben.notifications.count(), mara.notifications.count()) == (1, 1)


# --- The button -------------------------------------------------------------------------------------------------------
PAGES = ["contracts:detail", "milestones:manage", "milestones:review"]


def buttons(user, page, contract) -> list[str]:
    person = Person(user)
    person.open(reverse(page, args=[contract.pk]))
    return [name for name in map(person.page.name, person.page.buttons) if name.startswith("Remind")]


@pytest.mark.parametrize("page", PAGES)
def test_button_is_there_for_the_author_after_24_hours(contract, change, ben, mara, page):
    with after(23.9):
        assert buttons(mara, page, contract) == []
    with after(24.1):
        assert buttons(mara, page, contract) == ["Remind Ben"]
        assert buttons(ben, page, contract) == []


@pytest.mark.parametrize("page", PAGES)
def test_button_reminds_and_is_gone(contract, change, ben, mara, page):
    with after(30):
        person = Person(mara)
        person.open(reverse(page, args=[contract.pk]))

        after_it = person.press("Remind Ben")

        assert (after_it.status, after_it.url) == (200, f"http://testserver{contract.get_absolute_url()}")
        assert "Ben has been reminded." in after_it.root.text
        assert buttons(mara, page, contract) == []
    assert ben.notifications.count() == 1


def test_button_pressed_twice_reminds_once(contract, change, ben, mara):
    with after(30):
        person = Person(mara)
        before = person.open(review_of(contract))
        person.press("Remind Ben")

        person.page = before
        again = person.press("Remind Ben")

    assert again.status == 200
    assert ben.notifications.count() == 1


def test_button_of_an_old_page_is_refused(contract, change, mara):
    with after(30):
        person = Person(mara)
        before = person.open(review_of(contract))
        remind(contract)
        person.page = before

        with nothing_changes():
            page = person.press("Remind Ben")

    assert page.status == 409
    assert "You can remind again on 5 Jun 2030, 17:30." in page.root.text  # Stockholm


def test_remind_needs_a_post(contract, change, mara, as_):
    with nothing_changes():
        assert as_(mara).get(reverse("milestones:remind", args=[contract.pk])).status_code == 405


def test_remind_by_an_outsider_is_not_found(contract, change, carol, as_):
    with nothing_changes():
        reply = as_(carol).post(reverse("milestones:remind", args=[contract.pk]), {"key": uuid.uuid4()})

    assert reply.status_code == 404


def test_remind_without_a_key_is_refused(contract, change, mara, as_):
    with nothing_changes():
        reply = as_(mara).post(reverse("milestones:remind", args=[contract.pk]))

    assert reply.status_code == 422
