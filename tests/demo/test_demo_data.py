"""The contracts as `make demo` makes them. They are made once for this module, and rolled back after it."""

import datetime
from itertools import pairwise, product

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contracts.events import Happened, tell
from contracts.models import Contract, Event
from demo import data, people
from escrow.models import Deposit, Transfer
from escrow.money import decimals
from escrow.queries import ledger_problems
from messaging.models import Message
from milestones.models import Amendment, Change, Milestone
from milestones.queries import escrow_problems
from notifications.models import Email, Notification


@pytest.fixture(scope="module", autouse=True)
def made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        assert data.make()
        yield
        transaction.set_rollback(True)


def values(model, field):
    return set(model.objects.values_list(field, flat=True))


def test_each_state_of_a_milestone_occurs():
    assert values(Milestone, "state") == set(Milestone.State.values)


def test_each_kind_of_change_occurs_in_each_state():
    found = set(Change.objects.values_list("kind", "state"))

    assert found == set(product(Change.Kind.values, Change.State.values))


def test_each_state_of_a_contract_occurs():
    assert values(Contract, "state") == set(Contract.State.values)


def test_each_state_of_a_deposit_occurs():
    assert values(Deposit, "state") == set(Deposit.State.values)


def test_money_moved_in_each_way_but_out():
    assert values(Transfer, "kind") == set(Transfer.Kind.values) - {"payout"}


def test_each_verb_was_recorded():
    assert values(Event, "verb") == set(Happened.verbs) - {"person.renamed"}


def test_no_mail_of_the_past_is_still_to_be_sent():
    assert Email.objects.exists()
    assert not Email.objects.overdue(datetime.timedelta(minutes=5)).exists()


def test_each_event_reads_as_a_sentence():
    events = Event.objects.select_related("by", "contract")

    assert [event for event in events if event.by.get_short_name() not in tell(event)] == []


def test_the_money_is_where_it_should_be():
    assert ledger_problems() == []
    assert escrow_problems() == []


def test_currencies_with_two_three_and_no_decimals():
    assert {decimals(currency) for currency in values(Contract, "currency")} == {0, 2, 3}


def test_texts_are_long_and_short():
    lengths = [len(title) for title in values(Milestone, "title") | values(Contract, "title")]
    plans = [contract.milestones.in_plan().count() for contract in Contract.objects.all()]

    assert (min(lengths), max(lengths) > 180) == (1, True)
    assert any(text.count("\n") > 30 and "|---|" in text for text in values(Milestone, "description"))
    assert (min(plans), max(plans)) == (0, 14)


def test_declined_suggestions_say_why():
    assert "" not in set(Change.objects.filter(state="declined").values_list("reason", flat=True))


def test_one_person_is_client_here_and_freelancer_there():
    mara = User.objects.get(email=people.MARA.email)

    assert Contract.objects.filter(client=mara.party).exists()
    assert Contract.objects.filter(freelancer=mara.party).exists()


def test_everybody_has_a_verified_address_and_no_password():
    everybody = User.objects.filter(email__in=[person.email for person in people.EVERYBODY])

    assert len(everybody) == len(people.EVERYBODY) == User.objects.count()
    assert not any(person.has_usable_password() for person in everybody)
    assert all(person.emailaddress_set.get(verified=True).email == person.email for person in everybody)


@pytest.mark.parametrize(
    ("model", "moment"),
    [(Event, "at"), (Transfer, "created_at"), (Notification, "created_at"), (Message, "sent_at")],
)
def test_rows_came_in_the_order_of_their_times(model, moment):
    moments = list(model.objects.order_by("id").values_list(moment, flat=True))

    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert timezone.now() > moments[-1] > timezone.now() - datetime.timedelta(days=7)
    assert len({at.date() for at in moments}) > 10


@pytest.mark.parametrize("person", [people.MARA, people.BEN])
def test_inbox_is_read_but_for_the_newest(person):
    inbox = list(Notification.objects.filter(recipient__email=person.email).newest_first())
    unread = [row for row in inbox if row.read_at is None]

    assert 0 < len(unread) < len(inbox)
    last_look = inbox.index(unread[-1]) + 1
    assert [row for row in inbox[:last_look] if row.read_at and not row.matter] == []  # the others are settled
    assert all(row.created_at < row.read_at for row in inbox if row.read_at)


def test_due_dates_lie_before_and_after_today():
    in_work = Milestone.objects.filter(state="funded", due_date__isnull=False)

    assert in_work.filter(due_date__lt=timezone.localdate()).exists()
    assert in_work.filter(due_date__gt=timezone.localdate()).exists()


def test_a_suggestion_was_seen_and_another_was_not():
    assert {seen_at is None for seen_at in Amendment.objects.open().values_list("seen_at", flat=True)} == {True, False}


@pytest.mark.parametrize("page", ["contracts:detail", "milestones:manage", "messaging:chat"])
def test_both_parties_open_each_page(page):
    for contract in Contract.objects.with_parties().filter(state="active"):
        for party in (contract.client.person, contract.freelancer.person):
            browser = Client()
            browser.force_login(party)
            assert browser.get(reverse(page, args=[contract.pk])).status_code == 200


def test_a_second_run_makes_nothing():
    before = {model: model.objects.count() for model in apps.get_models()}

    assert not data.make()
    assert {model: model.objects.count() for model in apps.get_models()} == before
