import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from escrow import actions, queries
from escrow.models import Account, Deposit, Transfer
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

DEPOSITS = "/admin/escrow/deposit/"
LEDGER: dict[str, Any] = {"account": Account, "transfer": Transfer, "deposit": Deposit}


@pytest.fixture
def waiting(ben) -> Deposit:
    return actions.request_deposit(
        ben.party, amount=Decimal("180.00"), currency="USD", gateway="manual", key="form-1", by=ben
    )


@pytest.fixture
def reader(staff):
    """Staff who may look at money and no more."""
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(
        Permission.objects.filter(content_type__app_label="escrow", codename__startswith="view_")
    )
    return staff


def answer(client, verb: str, deposit: Deposit, **fields: str):
    form = {"reason": "Statement of 12 May", "key": str(uuid.uuid4()), **fields}
    return client.post(f"{DEPOSITS}{deposit.pk}/{verb}/", form, follow=True)


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


# --- Reading ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", LEDGER)
def test_admin_shows_every_list_and_every_row(funded, waiting, staff, as_, model):
    client = as_(staff)
    listed = client.get(f"/admin/escrow/{model}/")

    rows = LEDGER[model].objects.all()
    assert listed.context["cl"].result_count == len(rows) > 0
    for row in rows:
        assert client.get(f"/admin/escrow/{model}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("model", LEDGER)
def test_admin_is_read_only(funded, waiting, staff, as_, model):
    client = as_(staff)
    row = LEDGER[model].objects.earliest("pk")

    answers = [
        client.get(f"/admin/escrow/{model}/add/"),
        client.post(f"/admin/escrow/{model}/add/", {}),
        client.post(f"/admin/escrow/{model}/{row.pk}/change/", {"amount": "1", "balance": "1"}),
        client.post(f"/admin/escrow/{model}/{row.pk}/delete/", {"post": "yes"}),
    ]
    listed = client.get(f"/admin/escrow/{model}/")

    assert [reply.status_code for reply in answers] == [403] * 4
    assert "delete_selected" not in listed.text


@pytest.mark.parametrize("who", ["ben", "carol"])
@pytest.mark.parametrize("model", LEDGER)
def test_admin_is_for_staff(waiting, as_, request, who, model):
    reply = as_(request.getfixturevalue(who)).get(f"/admin/escrow/{model}/")

    assert reply.status_code in (302, 403)
    assert waiting.reference not in reply.text


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        ("account", "ben@example.com", 2),
        ("account", "Okafor", 2),
        ("transfer", "fund", 1),
        ("transfer", "ben@example.com", 2),
    ],
)
def test_admin_finds_by_person_and_key(funded, staff, as_, model, words, found):
    assert as_(staff).get(f"/admin/escrow/{model}/", {"q": words}).context["cl"].result_count == found


def test_admin_finds_a_deposit_and_its_transfer_by_reference(funded, waiting, staff, as_):
    arrived = Deposit.objects.exclude(pk=waiting.pk).get()
    client = as_(staff)

    assert [d.pk for d in client.get(DEPOSITS, {"q": waiting.reference}).context["cl"].result_list] == [waiting.pk]
    transfers = client.get("/admin/escrow/transfer/", {"q": arrived.reference}).context["cl"].result_list
    assert list(transfers) == [arrived.transfer]


def test_admin_shows_what_the_house_accounts_moved(funded, staff, as_):
    gateway = Account.objects.get(kind="gateway")

    assert "−$1,000.00" in as_(staff).get(f"/admin/escrow/account/{gateway.pk}/change/").text


@pytest.mark.parametrize("model", LEDGER)
@pytest.mark.parametrize("rows", [1, 3])
def test_admin_lists_cost_the_same_for_any_number_of_rows(
    ben, mara, carol, staff, as_, give, model, rows, django_assert_max_num_queries
):
    for person in (ben, mara, carol)[:rows]:
        give(person)
    client = as_(staff)

    with django_assert_max_num_queries(8):
        client.get(f"/admin/escrow/{model}/")


# --- Confirm, cancel --------------------------------------------------------------------------------------------------
def test_admin_says_what_will_happen_before_it_confirms(waiting, staff, as_):
    client = as_(staff)

    offered = client.get(f"{DEPOSITS}{waiting.pk}/change/").context["acts"]
    page = client.get(f"{DEPOSITS}{waiting.pk}/confirm/")

    assert [str(act["label"]) for act in offered] == [
        "Confirm: the money has arrived",
        "Cancel: the money will not come",
    ]
    assert "$180.00 goes into the balance of Ben Okafor. This cannot be undone." in page.text
    assert Deposit.objects.get().state == "requested"


@pytest.mark.parametrize(("verb", "state", "balance"), [("confirm", "confirmed", 180), ("cancel", "cancelled", 0)])
def test_admin_answers_with_a_reason_and_logs_it(waiting, ben, staff, as_, verb, state, balance):
    page = answer(as_(staff), verb, waiting)

    deposit = Deposit.objects.get()
    assert (deposit.state, deposit.answered_by, deposit.reason) == (state, staff, "Statement of 12 May")
    assert queries.balance(ben.party, "USD") == balance
    log = LogEntry.objects.get()
    assert (log.user, log.object_id) == (staff, str(deposit.pk))
    assert log.change_message == f"{said(page)[0]} Reason: Statement of 12 May"


@pytest.mark.parametrize("verb", ["confirm", "cancel"])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_admin_refuses_an_answer_without_a_fitting_reason(waiting, staff, as_, verb, reason):
    page = answer(as_(staff), verb, waiting, reason=reason)

    assert page.status_code == 422
    assert Deposit.objects.get().state == "requested"
    assert not LogEntry.objects.exists()


def test_admin_confirms_once(waiting, ben, staff, as_):
    client = as_(staff)
    key = str(uuid.uuid4())
    answer(client, "confirm", waiting, key=key)

    again = answer(client, "confirm", waiting, key=key)
    later = answer(client, "confirm", waiting, reason="Another statement")

    assert (again.status_code, later.status_code) == (200, 409)
    assert f"{waiting.reference} was already answered: Confirmed." in later.text
    assert queries.balance(ben.party, "USD") == 180
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("verb", ["confirm", "cancel"])
def test_admin_lets_readers_only_read(waiting, reader, as_, verb):
    client = as_(reader)

    listed = client.get(DEPOSITS)
    page = client.get(f"{DEPOSITS}{waiting.pk}/change/")

    assert waiting.reference in listed.text
    assert page.context["acts"] == []
    assert answer(client, verb, waiting).status_code == 403
    assert Deposit.objects.get().state == "requested"


def test_admin_shows_what_was_said_of_a_deposit(waiting, staff, as_):
    client = as_(staff)
    answer(client, "cancel", waiting, reason="Never came")

    [newest, _first] = client.get(f"{DEPOSITS}{waiting.pk}/change/").context["history"].versions
    assert [cell.text for cell in newest.cells] == ["Cancelled", "Never came"]
    assert "Reason: Never came" in client.get(reverse("admin:escrow_deposit_history", args=[waiting.pk])).text


def test_admin_has_two_people_confirm_very_much(ben, staff, as_):
    much = actions.request_deposit(
        ben.party, amount=Decimal("10000.01"), currency="USD", gateway="manual", key="much", by=ben
    )
    colleague = UserFactory(display_name="Uma Staff", is_staff=True, is_superuser=True)

    first = answer(as_(staff), "vouch", much, reason="Statement of 12 May")
    alone = answer(as_(staff), "confirm", much, reason="Once more")
    assert (first.status_code, alone.status_code) == (200, 403)
    assert queries.balance(ben.party, "USD") == 0

    answer(as_(colleague), "confirm", much, reason="I see it, too")

    much = Deposit.objects.get()
    assert (much.state, much.vouched_by, much.answered_by) == ("confirmed", staff, colleague)
    assert queries.balance(ben.party, "USD") == Decimal("10000.01")
    page = as_(staff).get(f"{DEPOSITS}{much.pk}/change/")
    reasons = [[cell.text for cell in version.cells] for version in page.context["history"].versions]
    assert reasons == [
        ["Confirmed", "I see it, too"],
        ["Waiting for a second confirmation", "Statement of 12 May"],
        ["Waiting for the money", "-"],
    ]
