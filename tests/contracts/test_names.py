"""The parties of a contract can be told apart, and the history keeps the names of its moment."""

import re

import pytest
from django.urls import reverse

from accounts import actions as accounts
from contracts import events
from contracts.models import Event
from notifications.models import Notification
from tests import factories as do
from tests.factories import ContractFactory, UserFactory, fresh


def rename(person, name):
    accounts.describe(fresh(person), display_name=name, time_zone="UTC")


def history(contract) -> list[str]:
    return [entry.sentence for entry in events.timeline(fresh(contract)).entries]


@pytest.mark.parametrize(
    ("client", "freelancer", "called"),
    [
        ("Ben Okafor", "Mara Hart", ("Ben", "Mara")),
        ("Mara Okafor", "Mara Hart", ("Mara Okafor", "Mara Hart")),
        ("Mara Hart", "mara  hart", ("Mara Hart (client)", "mara  hart (freelancer)")),
        ("The Paper Mill Ltd", "Dr. Ben Hart", ("The Paper Mill Ltd", "Dr. Ben Hart")),
    ],
)
def test_two_parties_are_told_apart(db, client, freelancer, called):
    people = UserFactory(display_name=client), UserFactory(display_name=freelancer)
    contract = ContractFactory(client=people[0], freelancer=people[1])

    assert tuple(map(contract.name_of, people)) == called


@pytest.mark.parametrize("page", ["contracts:detail", "milestones:manage", "milestones:review", "messaging:chat"])
def test_pages_tell_two_parties_of_one_first_name_apart(db, as_, page):
    people = UserFactory(display_name="Mara Okafor"), UserFactory(display_name="Mara Hart")
    contract = ContractFactory(client=people[0], freelancer=people[1])
    do.propose(contract)

    assert "Mara Hart" in as_(people[0]).get(reverse(page, args=[contract.pk])).content.decode()
    assert "Mara Okafor" in as_(people[1]).get(reverse(page, args=[contract.pk])).content.decode()


def test_the_history_keeps_the_names_of_its_moment(contract):
    do.approve(do.propose(contract))
    before = history(contract)

    rename(contract.client.person, "Mara Lindqvist")

    renamed, *rest = history(contract)
    assert renamed == "Ben Okafor is called Mara Lindqvist from now on."
    assert rest == [line.replace("Mara ", "Mara Lindqvist (freelancer) ") for line in before]  # told apart since
    do.save(contract, do.add("Second"))
    assert history(contract)[0].startswith("Mara Lindqvist (freelancer) ")


def test_suggestions_and_answers_keep_the_names_of_their_moment(contract, ben, mara, as_):
    first = do.propose(contract, "Drawings")
    do.decline(do.counter(first, amount="90.00"), by=mara)
    do.decline(do.propose(contract, "Renderings"))
    pages = [amendment.get_absolute_url() for amendment in contract.amendments.order_by("number")]
    before = [said_by(as_(mara).get(page)) for page in pages]

    rename(ben, "Benjamin Lindqvist")
    rename(mara, "Maria Lindqvist")

    assert [said_by(as_(mara).get(page)) for page in pages] == before
    assert before == [{"Mara", "Ben"}] * 3


def said_by(response) -> set[str]:
    """The names on an amendment's page where it says who saved, who answered, and who suggested what in each round."""
    text = re.sub(r"[\u2066-\u2069]", "", response.content.decode())
    return set(re.findall(r"(?:\w+ by |<li>)([\w ]+)(?:, [0-9]|: \$)", text))


def test_a_new_name_tells_nobody_and_stands_once_on_each_open_contract(contract, ben):
    do.end(ContractFactory(client=ben))
    other, told = ContractFactory(freelancer=ben), Notification.objects.count()

    rename(ben, "Benjamin Okafor")
    rename(ben, "Benjamin Okafor")

    renamed = Event.objects.filter(verb="person.renamed")
    assert sorted(renamed.values_list("contract", flat=True)) == [contract.pk, other.pk]
    assert Notification.objects.count() == told


def test_staff_who_change_a_name_are_named_in_the_log(contract, ben, staff):
    type(ben).objects.filter(pk=ben.pk).update(display_name="Benjamin Okafor")
    accounts.tell_new_name(fresh(ben), before="Ben Okafor", by=staff)

    assert [event.by for event in Event.objects.filter(verb="person.renamed")] == [staff]


def test_amounts_of_a_title_that_turns_text_round_read_forwards(contract):
    """As rows from before such titles were refused."""
    do.deposit(contract.client.person, "500.00")
    milestone = do.milestone_at("accepted", contract, title="Logo draft", amount="500.00")
    type(milestone).objects.filter(pk=milestone.pk).update(title="Logo \u202e draft")

    do.fund(milestone)

    assert history(contract)[0].count("\u202e") == 0
    assert "$500.00" in history(contract)[0]
