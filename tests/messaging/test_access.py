"""Who may open which page of a chat, and who is told to sign in, that it is not there, or that it is not theirs."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from messaging import actions
from messaging import urls as messaging_urls
from messaging.models import Message
from tests.factories import ContractFactory, UserFactory
from tests.messaging.writing import HTMX, post_file
from tests.milestones.snapshots import nothing_changes

PAGES = {
    "list": ["get"],
    "chat": ["get"],
    "post": ["post"],
    "read": ["post"],
    "typing": ["post"],
    "subject": ["get"],
    "search": ["get"],
    "attachment": ["get"],
    "message": ["get"],
    "edit": ["get", "post"],
    "delete": ["get", "post"],
}
EACH = [(name, method) for name, methods in PAGES.items() for method in methods]
OF_A_CHAT = [(name, method) for name, method in EACH if name != "list"]
OTHERS = [(n, m) for n, methods in PAGES.items() for m in ("get", "post", "put", "delete") if m not in methods]
OF_A_MESSAGE = {"message", "edit", "delete"}


@pytest.fixture
def message(contract, mara) -> Message:
    return post_file(contract, mara, text="The wall is thicker.").message


def address(name: str, message: Message, contract_pk: int | None = None) -> str:
    chat = contract_pk or message.contract_id
    if name == "list":
        return reverse("messaging:list")
    if name == "attachment":
        return reverse("messaging:attachment", args=[chat, message.attachments.get().pk])
    return reverse(f"messaging:{name}", args=[chat, message.pk] if name in OF_A_MESSAGE else [chat])


def answers(
    client: Client, message: Message, asked: list[tuple[str, str]], **options: Any
) -> dict[tuple[str, str], object]:
    """The status of each page, or where it sends the person."""
    found = {}
    for name, method in asked:
        response = getattr(client, method)(address(name, message), **options)
        found[name, method] = response.get("HX-Redirect", response.get("Location", response.status_code))
    return found


def test_table_names_every_page():
    assert set(PAGES) == {page.name for page in messaging_urls.urlpatterns}


@pytest.mark.parametrize(("who", "status"), [("mara", 200), ("ben", 403)])
def test_pages_open_for_both_parties_but_changing_is_for_the_author(message, as_, request, who, status):
    asked = [(name, method) for name, method in EACH if method == "get" and name not in ("message", "subject")]

    found = answers(as_(request.getfixturevalue(who)), message, asked)

    changing = {("edit", "get"): status, ("delete", "get"): status}
    assert found == dict.fromkeys(asked, 200) | changing


def test_address_of_a_message_leads_to_its_place_in_the_chat(message, ben, as_):
    response = as_(ben).get(address("message", message))

    chat = reverse("messaging:chat", args=[message.contract_id])
    assert response["Location"] == f"{chat}?message={message.pk}#message-{message.pk}"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_pages_are_not_there_for_an_outsider(message, carol, as_, headers):
    with nothing_changes():
        found = answers(as_(carol), message, OF_A_CHAT, headers=headers)

    assert found == dict.fromkeys(OF_A_CHAT, 404)


def test_staff_read_files_and_else_use_the_admin(message, staff, as_):
    with nothing_changes():
        found = answers(as_(staff), message, OF_A_CHAT)

    assert found == dict.fromkeys(OF_A_CHAT, 404) | {("attachment", "get"): 200}


def test_staff_who_may_not_read_chats_read_no_files(message, as_):
    helper = UserFactory(is_staff=True)

    assert as_(helper).get(address("attachment", message)).status_code == 404


def test_staff_whom_the_admin_does_not_let_in_read_no_files(message, staff, as_, settings):
    settings.ADMIN_SECOND_FACTOR = True

    assert as_(staff).get(address("attachment", message)).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_pages_ask_a_stranger_to_sign_in(message, client, headers):
    sent_from = {"Referer": "http://testserver/money/"}
    with nothing_changes():
        found = answers(client, message, EACH, headers=headers | sent_from)

    sign_in, page_before = reverse("account_login"), quote(sent_from["Referer"])
    assert found == {
        (name, method): f"{sign_in}?next={address(name, message) if method == 'get' else page_before}"
        for name, method in EACH
    }


def test_pages_know_only_their_methods(message, mara, as_):
    with nothing_changes():
        assert answers(as_(mara), message, OTHERS) == dict.fromkeys(OTHERS, 405)


@pytest.mark.parametrize("name", ["message", "edit", "delete", "attachment"])
def test_message_under_another_contract_is_not_there(message, mara, as_, name):
    other = ContractFactory(freelancer=mara)

    assert as_(mara).get(address(name, message, other.pk)).status_code == 404


def test_file_of_a_deleted_message_is_for_staff(message, ben, mara, staff, as_):
    actions.delete(message, by=mara)

    found = [as_(person).get(address("attachment", message)).status_code for person in (ben, mara, staff)]

    assert found == [404, 404, 200]


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_changing_the_message_of_another_is_refused(message, ben, as_, verb):
    with nothing_changes():
        response = as_(ben).post(address(verb, message), {"text": "Mine"})

    assert response.status_code == 403
    assert "Only the author of a message can change it." in response.text
