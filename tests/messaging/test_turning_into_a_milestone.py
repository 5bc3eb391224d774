"""Any message can become a milestone: its text is quoted in the form, and the suggestion keeps the way back."""

import pytest
from django.urls import reverse

from messaging import actions
from milestones.models import Change
from tests import factories as do
from tests.factories import ContractFactory, fresh
from tests.messaging.writing import post
from tests.milestones.browsing import Visitor, typed
from tests.milestones.snapshots import nothing_changes


@pytest.fixture
def chat(contract) -> str:
    return reverse("messaging:chat", args=[contract.pk])


def turned(visitor: Visitor, chat: str, name: str = "Stress check", amount: str = "100"):
    """The propose form as it opens from the chat, filled in."""
    page = visitor.open(visitor.open(chat).link("Turn into a milestone").get("href"))
    page.field("Name").typed = name
    page.field("Amount").typed = amount
    return page


def ways_back(page) -> list[str]:
    return [link.get("href") for link in page.links if page.name(link) == "From a message"]


def test_form_opens_with_the_message_quoted(contract, chat, ben, mara_at):
    message = post(contract, ben, "Can you check the stress?\n\n- at the inlet\n- <b>at</b> the flange")

    page = turned(mara_at, chat)

    assert page.field("Description").value == (
        "> Can you check the stress?\n>\n> - at the inlet\n> - <b>at</b> the flange"
    )
    assert ways_back(page) == [message.get_absolute_url()]


@pytest.mark.parametrize("author", ["ben", "mara"])
def test_suggestion_keeps_the_way_back(contract, chat, mara_at, ben_at, request, author):
    message = post(contract, request.getfixturevalue(author), "Can you check the stress?")

    mara_at.press(turned(mara_at, chat), "Save")

    change = Change.objects.get()
    assert (change.origin, change.asked_description) == (message.get_absolute_url(), "> Can you check the stress?")
    for url in (
        reverse("milestones:review", args=[contract.pk]),
        reverse("milestones:amendment", args=[contract.pk, 1]),
    ):
        assert ways_back(ben_at.open(url)) == [message.get_absolute_url()]


def test_way_back_leads_to_the_message_in_its_place(contract, chat, ben, mara_at, ben_at):
    post(contract, ben, "Can you check the stress?")
    mara_at.press(turned(mara_at, chat), "Save")

    review = ben_at.open(reverse("milestones:review", args=[contract.pk]))

    assert "Can you check the stress?" in ben_at.open(ways_back(review)[0]).root.source


def test_way_back_outlives_another_press_and_an_error(contract, chat, ben, mara_at):
    message = post(contract, ben, "Can you check the stress?")

    page = mara_at.press(turned(mara_at, chat), "Propose a milestone")
    assert ways_back(page) == [message.get_absolute_url()]
    page = mara_at.press(turned(mara_at, chat, amount="none"), "Save")
    assert mara_at.response.status_code == 422

    assert ways_back(page) == [message.get_absolute_url()]


def test_client_adds_it_at_once(contract, chat, mara, ben_at):
    message = post(contract, mara, "A stress check would help.")

    ben_at.press(turned(ben_at, chat), "Save")

    assert (Change.objects.get().state, Change.objects.get().origin) == ("accepted", message.get_absolute_url())


def test_ended_contract_offers_it_no_more(contract, chat, mara, mara_at):
    post(contract, mara)
    do.end(contract)

    page = mara_at.open(chat)

    assert "Turn into a milestone" not in page.root.source


# --- What is not a message of this chat -------------------------------------------------------------------------------
def of_another_chat(contract, mara) -> str:
    return str(post(ContractFactory(freelancer=mara), mara, "Secret").pk)


def deleted(contract, mara) -> str:
    return str(actions.delete(post(contract, mara, "Secret"), by=mara).pk)


STRANGE = [of_another_chat, deleted, *[lambda _contract, _mara, key=key: key for key in ("0", "x", "٣", "9" * 30, "")]]


@pytest.mark.parametrize("made", STRANGE)
def test_form_quotes_only_messages_of_this_chat(contract, mara, mara_at, made):
    key = made(contract, mara)

    with nothing_changes():
        page = mara_at.open(reverse("milestones:manage", args=[contract.pk]), do="add", message=key)

    assert page.field("Description").value == ""
    assert "Secret" not in page.root.source
    assert ways_back(page) == []


@pytest.mark.parametrize("made", STRANGE)
def test_suggestion_leads_only_to_messages_of_this_chat(contract, chat, mara, mara_at, made):
    key = made(contract, mara)
    post(contract, mara, "Can you check the stress?")
    form = typed(turned(mara_at, chat), "Save") | {"do": "save", "n1-origin": key}

    mara_at.post(reverse("milestones:manage", args=[contract.pk]), form)

    assert Change.objects.get().origin == ""


def test_way_back_stays_when_the_suggestion_is_edited(contract, chat, ben, mara_at):
    message = post(contract, ben, "Can you check the stress?")
    mara_at.press(turned(mara_at, chat), "Save")
    milestone = contract.milestones.get()

    do.save(contract, do.edit(milestone, amount="150.00"))

    assert fresh(Change.objects.get()).origin == message.get_absolute_url()


@pytest.mark.parametrize("count", [1, 3])
def test_manage_page_takes_one_query_for_all_messages(contract, ben, mara, as_, django_assert_max_num_queries, count):
    url, client = reverse("milestones:manage", args=[contract.pk]), as_(mara)
    page = client.get(url)
    form = {"seen": page.context["form"]["seen"].value(), "key": page.context["form"]["key"].value(), "do": "preview"}
    client.post(url, form)
    with django_assert_max_num_queries(30) as without:
        client.post(url, form)
    rows = [f"n{number}" for number in range(1, count + 1)]
    for row in rows:
        form |= {f"{row}-mode": "edit", f"{row}-title": "x", f"{row}-origin": post(contract, ben).pk}

    with django_assert_max_num_queries(30) as taken:
        client.post(url, form | {"row": rows})

    assert len(taken) == len(without) + 1
