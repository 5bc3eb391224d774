"""What has changed between the act and its mail: words, what was read, and what waits for nobody any more."""

from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from contracts.models import Contract
from demo.data.clock import standing_at
from messaging import actions as messaging
from milestones.models import Milestone
from notifications import times
from notifications.models import Email, Notification
from tests import factories
from tests.factories import Answer, ContractFactory, milestone_at
from tests.messaging.writing import NOON, later, post, post_at, post_file

SUBMITTED = Milestone.State.SUBMITTED


@pytest.fixture
def contract(ben, mara) -> Contract:
    return ContractFactory.create(title="Pump housing", client=ben, freelancer=mara)


@pytest.fixture
def sent(work) -> Callable[[int], list[str]]:
    """`sent(11)`: the subjects of what has been mailed by eleven minutes after noon."""

    def sent(minutes: int) -> list[str]:
        with later(minutes):
            work()
        return [letter.subject for letter in mail.outbox]

    return sent


@pytest.fixture
def quiet(ben, mara, wants) -> Iterator[None]:
    """It is noon; both get mail in the evening."""
    for person in (ben, mara):
        wants(person, quiet=("06:00", "18:00"))
    with standing_at(NOON):
        yield


@pytest.fixture
def in_the_evening(work) -> Callable[[], list[tuple[str, str]]]:
    """To whom what was mailed when the quiet hours were over."""

    def in_the_evening() -> list[tuple[str, str]]:
        work(hours=12)
        return [(letter.to[0].split()[0], letter.subject) for letter in mail.outbox]

    return in_the_evening


# --- Messages ---------------------------------------------------------------------------------------------------------
def test_a_message_edited_before_its_mail_is_mailed_in_the_new_words(contract, mara, sent):
    message = post_at(0, contract, mara, "2 cm")
    with later(5):
        messaging.edit(message, by=mara, text="2 mm")

    assert sent(11) == ["Mara: 2 mm (Pump housing)"]
    assert "2 mm" in mail.outbox[0].body
    assert "2 cm" not in str(mail.outbox[0].message())


def test_a_message_edited_while_its_mail_is_retried_is_mailed_in_the_new_words(contract, mara, sent, monkeypatch):
    message = post_at(5, contract, mara, "2 cm")
    Email.objects.update(due_at=NOON)
    Notification.objects.update(created_at=NOON - times.UNREAD_FOR)
    with monkeypatch.context() as down:
        down.setattr(EmailBackend, "send_messages", lambda *_: 1 / 0)
        assert sent(6) == []
    assert Email.objects.get().attempts == 1
    with later(6):
        messaging.edit(message, by=mara, text="2 mm")

    assert sent(30) == ["Mara: 2 mm (Pump housing)"]


def test_a_message_edited_after_its_mail_is_not_mailed_again(contract, mara, sent):
    post_at(0, contract, mara, "First")
    message = post_at(9, contract, mara, "2 cm")
    assert sent(11) == ["Mara: 2 cm (Pump housing) and 1 more"]

    with later(12):
        messaging.edit(message, by=mara, text="2 mm")

    assert len(sent(60)) == 1


def test_a_message_deleted_before_its_mail_is_not_mailed(contract, ben, mara, sent):
    message = post_at(0, contract, mara, "2 cm")
    with later(5):
        messaging.delete(message, by=mara)

    assert sent(60) == []
    assert ben.emails.get().state == "skipped"


def test_a_deleted_message_leaves_the_others_to_be_mailed(contract, ben, mara, sent):
    post_at(0, contract, mara, "Keep this")
    message = post_at(1, contract, mara, "2 cm")
    with later(5):
        messaging.delete(message, by=mara)

    assert sent(11) == ["Mara: Keep this (Pump housing)"]
    assert "delete" not in mail.outbox[0].body
    assert [line.text for line in ben.notifications.unread()] == ["Mara wrote: Keep this"]


def test_a_message_that_was_read_in_the_chat_is_not_mailed(contract, ben, mara, sent):
    post_at(0, contract, mara)
    with later(5):
        messaging.read(contract, by=ben)

    assert sent(60) == []


def test_what_came_after_the_last_message_read_is_mailed(contract, ben, mara, sent):
    first = post_at(0, contract, mara, "Seen")
    post_at(1, contract, mara, "Not seen")
    with later(2):
        messaging.read(contract, by=ben, up_to=first.pk)

    assert sent(60) == ["Mara: Not seen (Pump housing)"]
    assert [line.text for line in ben.notifications.unread()] == ["Mara wrote: Not seen"]


def test_a_message_of_an_act_marks_what_was_told_before_it_as_read(contract, ben, mara, sent):
    """It has no line in the inbox of its own."""
    post_at(0, contract, mara, "Told")
    post_at(1, contract, mara, "Part of an act", quietly=True)
    with later(2):
        messaging.read(contract, by=ben)

    assert sent(60) == []


def test_files_without_words_are_mailed_too(contract, mara, sent):
    with later(0):
        post_file(contract, mara)

    assert sent(11) == ["Mara sent files (Pump housing)"]


# --- What waits for an answer, in the quiet hours ---------------------------------------------------------------------
@pytest.mark.usefixtures("quiet")
def test_suggestions_changed_twice_are_one_mail_that_tells_the_last(contract, in_the_evening):
    change = factories.propose(contract)
    factories.save(contract, factories.edit(change.milestone, amount="150.00"))
    factories.save(contract, factories.edit(change.milestone, amount="170.00"))

    assert in_the_evening() == [("Ben", "Mara changed the suggestions: now 1, +$170.00 (Pump housing)")]


@pytest.mark.usefixtures("quiet")
def test_suggestions_withdrawn_wait_for_nobody(contract, in_the_evening):
    factories.withdraw(factories.propose(contract))

    assert in_the_evening() == [("Ben", "Mara withdrew the suggestions (Pump housing)")]


@pytest.mark.usefixtures("quiet")
def test_suggestions_answered_wait_for_nobody(contract, in_the_evening):
    factories.approve(factories.propose(contract))

    assert in_the_evening() == [("Mara", "Ben approved “Stress check” (Pump housing)")]


@pytest.mark.usefixtures("quiet")
def test_suggestions_of_which_some_are_answered_still_wait(contract, in_the_evening):
    first, _second = factories.propose(contract, "One"), factories.propose(contract, "Two")
    factories.approve(first)

    assert in_the_evening() == [
        ("Ben", "Mara changed the suggestions: now 2, +$200.00 (Pump housing)"),
        ("Mara", "Ben approved “One” (Pump housing)"),
    ]


@pytest.mark.usefixtures("quiet")
def test_a_counter_offer_waits_for_the_other_until_it_is_answered(contract, mara, in_the_evening):
    offer = factories.counter(factories.propose(contract), amount="80.00")
    assert [line.kind for line in mara.notifications.unread()] == ["answer"]
    factories.decide(contract, {offer: Answer(approve=True)}, by=mara)

    assert in_the_evening() == [("Ben", "Mara approved “Stress check” (Pump housing)")]


@pytest.mark.usefixtures("quiet")
def test_suggestions_that_end_with_the_contract_wait_for_nobody(contract, in_the_evening):
    factories.propose(contract)
    factories.end(contract)

    assert sorted(in_the_evening()) == [
        ("Ben", "Tranche staff (Sam) ended the contract (Pump housing)"),
        ("Mara", "Tranche staff (Sam) ended the contract (Pump housing)"),
    ]


def test_work_returned_and_submitted_again_is_told_as_it_stands(contract, wants, ben, mara, in_the_evening):
    milestone = milestone_at(Milestone.State.FUNDED, contract)
    Notification.objects.update(read_at=NOON)
    for person in (ben, mara):
        wants(person, quiet=("06:00", "18:00"))
    with standing_at(NOON):
        factories.submit(milestone)
        factories.request_changes(milestone)
        factories.submit(milestone)
        told = [subject for subject in in_the_evening() if "submitted" in subject[1] or "asked" in subject[1]]

    assert told == [("Ben", "Mara submitted the work on “Stress check” for review (Pump housing)")]


def test_the_daily_mail_does_not_ask_for_what_is_answered(contract, ben, wants, in_the_evening):
    wants(ben, answer="daily")
    answered = factories.propose(contract)
    factories.approve(answered)
    mail.outbox.clear()

    assert [told for told in in_the_evening() if told[0] == "Ben"] == []


def test_what_waits_elsewhere_is_not_settled(contract, ben, mara):
    other = ContractFactory.create(client=ben, freelancer=mara)
    factories.propose(other)
    factories.approve(factories.propose(contract))

    assert [line.matter for line in ben.notifications.unread()] == [other.amendments.get().matter]


def test_a_message_is_no_matter(contract, ben, mara):
    post(contract, mara)
    factories.approve(factories.propose(contract))

    assert [line.kind for line in ben.notifications.unread()] == ["message"]
