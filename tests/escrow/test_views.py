import re
import uuid
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from escrow import actions, queries
from escrow.models import Deposit
from escrow.queries import PAGE

PAGE_URL = "/money/"
DEPOSITS = "/money/deposits/"
REVIEW = "/contracts/7/review/"


def typed(**fields) -> dict[str, str]:
    return {"amount": "180.00", "currency": "USD", "gateway": "sandbox", "key": str(uuid.uuid4()), **fields}


def amounts(response) -> list[str]:
    return [line.amount for line in response.context["statement"].lines]


@pytest.fixture
def waiting(ben) -> Deposit:
    return actions.request_deposit(
        ben.party, amount=Decimal("180.00"), currency="USD", gateway="manual", key="form-1", by=ben
    )


# --- The page ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("url", [PAGE_URL, DEPOSITS, "/money/deposits/1/cancel/"])
def test_money_needs_a_sign_in(client, url):
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"


def test_balance_shows_each_person_their_own(funded, waiting, ben, mara, carol, as_, give):
    actions.release(funded, to=mara.party, by=ben, key="release")
    give(carol, "77.00", "EUR")

    pages = {person: as_(person).get(PAGE_URL) for person in (ben, mara, carol)}

    assert amounts(pages[ben]) == ["−$300.00", "+$1,000.00"]
    assert amounts(pages[mara]) == ["+$300.00"]
    assert amounts(pages[carol]) == ["+€77.00"]
    for person, texts in {
        ben: {"$700.00", waiting.reference},
        mara: {"$300.00"},
        carol: {"€77.00"},
    }.items():
        assert all(text in pages[person].text for text in texts)
    assert waiting.reference not in pages[mara].text + pages[carol].text
    assert "$700.00" not in pages[mara].text + pages[carol].text


def test_balance_of_a_new_person_says_what_to_do(carol, as_):
    page = as_(carol).get(PAGE_URL)

    assert "No money yet." in page.text
    assert "Nothing has moved yet." in page.text


def test_balance_shows_sums_by_currency(funded, ben, as_, give):
    give(ben, "120000", "JPY")

    page = as_(ben).get(PAGE_URL)

    assert re.findall(r"<h2 id=\"balance-(\w+)\">(.*?)</h2>", page.text) == [
        ("JPY", "Japanese yen"),
        ("USD", "US dollars"),
    ]
    assert re.findall(r"<dd>(\S+) ", page.text) == ["¥120,000", "¥0", "¥0", "$700.00", "$300.00", "$0.00"]


def test_balance_pages_through_the_statement(ben, as_, give):
    for number in range(1, PAGE + 3):
        give(ben, f"{number}.00")
    client = as_(ben)

    first = client.get(PAGE_URL)
    older = re.search(r'href="(\?before=\d+)#statement"', first.text)
    assert older
    second = client.get(PAGE_URL + older[1])

    assert amounts(first) + amounts(second) == [f"+${number}.00" for number in range(PAGE + 2, 0, -1)]
    assert "Show older" not in second.text


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "²", "9" * 40, "0"])
def test_balance_takes_any_before(funded, ben, as_, before):
    assert as_(ben).get(PAGE_URL, {"before": before}).status_code == 200


def test_balance_shows_times_in_the_readers_zone(waiting, ben, as_):
    zone = "America/New_York"
    assert ben.time_zone == zone

    shown = as_(ben).get(PAGE_URL).text

    assert f"{waiting.requested_at.astimezone(ZoneInfo(zone)):%H:%M}" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_balance_costs_the_same_for_any_number_of_rows(ben, as_, give, rows, django_assert_num_queries):
    for number, currency in zip(range(rows), ("USD", "EUR", "GBP"), strict=False):
        give(ben, "100.00", currency)
        actions.fund(actions.open_escrow(ben.party, currency), Decimal("40.00"), by=ben, key=f"{number}")
        actions.request_deposit(
            ben.party, amount=Decimal("5.00"), currency=currency, gateway="manual", key=f"waiting-{number}", by=ben
        )
    client = as_(ben)

    with django_assert_num_queries(10):  # session, person, parties, balances, deposits, statement (3), unread (2)
        page = client.get(PAGE_URL)

    assert len(amounts(page)) == 2 * rows
    assert len(page.context["deposits"]) == rows


# --- Add funds --------------------------------------------------------------------------------------------------------
def test_balance_fills_the_form_from_the_address(ben, as_):
    page = as_(ben).get(PAGE_URL, {"amount": "180.00", "currency": "EUR", "next": REVIEW})

    form = page.context["form"]
    assert (form["amount"].value(), form["currency"].value(), form["next"].value()) == ("180.00", "EUR", REVIEW)
    assert f'href="{REVIEW}"' in page.text
    assert '<option value="EUR" selected>' in page.text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_balance_links_back_to_this_site_only(ben, as_, address):
    page = as_(ben).get(PAGE_URL, {"next": address})

    assert page.context["back"] == ""
    assert "Back to where you were" not in page.text


def test_request_deposit_of_play_money_goes_back_to_where_the_person_was(ben, as_):
    answer = as_(ben).post(DEPOSITS, typed(next=REVIEW))

    assert (answer.status_code, answer.url) == (302, REVIEW)
    assert queries.balance(ben.party, "USD") == Decimal("180.00")


@pytest.mark.parametrize("address", ["", "https://evil.example/", "//evil.example/"])
def test_request_deposit_leads_to_this_site_only(ben, as_, address):
    assert as_(ben).post(DEPOSITS, typed(next=address)).url == PAGE_URL
    assert as_(ben).post(DEPOSITS, typed(next=address, gateway="manual")).url == f"{PAGE_URL}#deposits"


def test_request_deposit_says_what_happened(ben, as_):
    page = as_(ben).post(DEPOSITS, typed(amount="1,180.00"), follow=True)

    assert [str(message) for message in page.context["messages"]] == ["Added $1,180.00."]


def test_request_deposit_by_bank_transfer_shows_its_reference(ben, as_):
    client = as_(ben)

    answer = client.post(DEPOSITS, typed(gateway="manual", next=REVIEW))
    page = client.get(answer.url.partition("#")[0])

    deposit = Deposit.objects.get()
    assert answer.url == f"{PAGE_URL}?{urlencode({'next': REVIEW})}#deposits"
    assert f"$180.00, reference {deposit.reference}" in page.text
    assert "Transfer the amount with this reference; we confirm it when it arrives." in page.text
    assert f'href="{REVIEW}"' in page.text
    assert queries.balance(ben.party, "USD") == 0


@pytest.mark.parametrize("gateway", ["manual", "sandbox"])
def test_request_deposit_sent_twice_asks_once(ben, as_, gateway):
    form = typed(gateway=gateway)
    client = as_(ben)

    answers = [client.post(DEPOSITS, form) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert Deposit.objects.count() == 1


def test_request_deposit_with_the_key_of_another_is_refused_with_a_fresh_one(ben, as_):
    client = as_(ben)
    form = typed()
    client.post(DEPOSITS, form)

    page = client.post(DEPOSITS, {**form, "amount": "999.00"})

    assert page.status_code == 409
    assert "This form was already sent with another amount." in page.text
    assert 'value="999.00"' in page.text
    assert str(page.context["key"]) != form["key"]
    assert queries.balance(ben.party, "USD") == Decimal("180.00")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"amount": ""}, "amount", "Enter an amount."),
        ({"amount": "  "}, "amount", "Enter an amount."),
        ({"amount": "abc"}, "amount", "Amount must be a number, like 650 or 650.00."),
        ({"amount": "0"}, "amount", "Amount must be more than zero."),
        ({"amount": "1.005"}, "amount", "Amount in US dollars can have at most 2 decimals."),
        ({"amount": "1.50", "currency": "JPY"}, "amount", "Amount in Japanese yen must be a whole number, like 650."),
        ({"currency": "XAU"}, "currency", "Choose a currency from the list."),
        ({"gateway": "cash"}, "gateway", "Choose how you will pay."),
        ({"gateway": ""}, "gateway", "Choose how you will pay."),
        ({"key": ""}, "key", "Load the page again and send the form once more."),
        ({"key": "1"}, "key", "Load the page again and send the form once more."),
    ],
)
def test_request_deposit_refuses_bad_input_and_keeps_what_was_typed(ben, as_, wrong, field, sentence):
    form = typed(next=REVIEW, **wrong)

    page = as_(ben).post(DEPOSITS, form)

    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert page.text.count(sentence) >= 1
    assert "<title>Error: Money" in page.text
    assert f'name="amount" value="{form["amount"]}"' in page.text or not form["amount"].strip()
    assert f'name="next" value="{REVIEW}"' in page.text
    assert not Deposit.objects.exists()


def test_request_deposit_offers_play_money_only_where_it_is_open(ben, as_, settings):
    settings.MODE = "production"

    page = as_(ben).get(PAGE_URL)
    answer = as_(ben).post(DEPOSITS, typed())

    assert "Play money" not in page.text
    assert answer.status_code == 422
    assert not Deposit.objects.exists()


def test_request_deposit_too_many_at_once_is_refused(ben, as_):
    client = as_(ben)
    for _time in range(actions.MOST_WAITING):
        client.post(DEPOSITS, typed(gateway="manual"))

    page = client.post(DEPOSITS, typed(gateway="manual"))

    assert page.status_code == 409
    assert "20 of your deposits are still open. Cancel one first." in page.text
    assert Deposit.objects.count() == actions.MOST_WAITING


def test_request_deposit_after_a_sign_in_shows_the_page(ben, as_):
    assert as_(ben).get(DEPOSITS).url == PAGE_URL


# --- Cancel -----------------------------------------------------------------------------------------------------------
def test_cancel_deposit_takes_it_off_the_page(waiting, ben, as_):
    page = as_(ben).post(f"{DEPOSITS}{waiting.pk}/cancel/", follow=True)

    assert page.redirect_chain == [(PAGE_URL, 302)]
    assert page.context["deposits"] == []
    assert Deposit.objects.get().state == "cancelled"


@pytest.mark.parametrize("who", ["mara", "carol", "staff"])
def test_cancel_deposit_of_another_is_not_found(waiting, as_, who, request):
    answer = as_(request.getfixturevalue(who)).post(f"{DEPOSITS}{waiting.pk}/cancel/")

    assert answer.status_code == 404
    assert Deposit.objects.get().state == "requested"


def test_cancel_deposit_after_the_answer_is_refused(waiting, ben, staff, as_):
    actions.confirm_deposit(waiting, by=staff, reason="Statement")

    page = as_(ben).post(f"{DEPOSITS}{waiting.pk}/cancel/")

    assert page.status_code == 409
    assert f"{waiting.reference} was already answered: Confirmed." in page.text
    assert queries.balance(ben.party, "USD") == Decimal("180.00")


def test_cancel_deposit_needs_a_post(waiting, ben, as_):
    assert as_(ben).get(f"{DEPOSITS}{waiting.pk}/cancel/").url == PAGE_URL
    assert Deposit.objects.get().state == "requested"
