from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from escrow import money
from escrow.money import InvalidAmount, format_delta, format_money, parse, parse_price

NOT_A_NUMBER = "Amount must be a number, like 650 or 650.00."
NOT_POSITIVE = "Amount must be more than zero."


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("650", "USD", "650.00"),
        ("650.00", "USD", "650.00"),
        ("650.5", "USD", "650.50"),
        ("1,200.00", "USD", "1200.00"),
        ("1,200", "USD", "1200.00"),
        ("12,345,678.90", "USD", "12345678.90"),
        ("  650 \n", "USD", "650.00"),
        ("\N{NO-BREAK SPACE}650", "USD", "650.00"),
        ("0.01", "USD", "0.01"),
        ("007", "USD", "7.00"),
        ("0" * 39 + "7", "USD", "7.00"),
        ("999999999.99", "USD", "999999999.99"),
        ("120,000", "JPY", "120000"),
        ("999,999,999", "JPY", "999999999"),
        ("1.234", "KWD", "1.234"),
        ("999999999.99", "KWD", "999999999.990"),
    ],
)
def test_parse_reads_what_people_write(text, currency, amount):
    parsed = parse(text, currency)

    assert parsed == Decimal(amount)
    assert parsed.as_tuple().exponent == -money.decimals(currency)


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("", "USD", "Enter an amount."),
        (" \t", "USD", "Enter an amount."),
        ("0", "USD", NOT_POSITIVE),
        ("0.00", "USD", NOT_POSITIVE),
        ("-650", "USD", NOT_POSITIVE),
        ("\N{MINUS SIGN}650.00", "USD", NOT_POSITIVE),
        ("-0", "USD", NOT_POSITIVE),
        ("+650", "USD", NOT_A_NUMBER),
        ("0" * 41, "USD", NOT_A_NUMBER),  # longer ones are not read at all
        ("six hundred", "USD", NOT_A_NUMBER),
        ("NaN", "USD", NOT_A_NUMBER),
        ("sNaN", "USD", NOT_A_NUMBER),
        ("Infinity", "USD", NOT_A_NUMBER),
        ("-inf", "USD", NOT_A_NUMBER),
        ("1e3", "USD", NOT_A_NUMBER),
        ("1E+3", "USD", NOT_A_NUMBER),
        ("1_000", "USD", NOT_A_NUMBER),
        ("0x1F", "USD", NOT_A_NUMBER),
        ("٦٥٠", "USD", NOT_A_NUMBER),
        ("\N{FULLWIDTH DIGIT SIX}50", "USD", NOT_A_NUMBER),
        ("650²", "USD", NOT_A_NUMBER),
        ("$650", "USD", NOT_A_NUMBER),
        ("650 USD", "USD", NOT_A_NUMBER),
        ("6 50", "USD", NOT_A_NUMBER),
        ("650.", "USD", NOT_A_NUMBER),
        (".50", "USD", NOT_A_NUMBER),
        ("1.2.3", "USD", NOT_A_NUMBER),
        ("650,00", "USD", NOT_A_NUMBER),
        ("1,20.00", "USD", NOT_A_NUMBER),
        ("1,2000", "USD", NOT_A_NUMBER),
        ("12345,678", "USD", NOT_A_NUMBER),
        (",650", "USD", NOT_A_NUMBER),
        ("0,650", "USD", NOT_A_NUMBER),
        ("1.200,00", "USD", NOT_A_NUMBER),
        ("650\n700", "USD", NOT_A_NUMBER),
        ("6\x0050", "USD", NOT_A_NUMBER),
        ("650.005", "USD", "Amount in US dollars can have at most 2 decimals."),
        ("650.000", "USD", "Amount in US dollars can have at most 2 decimals."),
        ("1.2345", "KWD", "Amount in Kuwaiti dinars can have at most 3 decimals."),
        ("650.0", "JPY", "Amount in Japanese yen must be a whole number, like 650."),
        ("1000000000", "USD", "Amount must be $999,999,999.99 or less."),
        ("9" * 40, "USD", "Amount must be $999,999,999.99 or less."),
        ("9" * 41, "USD", NOT_A_NUMBER),
        ("1,000,000,000", "JPY", "Amount must be ¥999,999,999 or less."),
        ("999999999.991", "KWD", "Amount must be KWD\N{NO-BREAK SPACE}999,999,999.990 or less."),
    ],
)
def test_parse_refuses_what_is_no_amount(text, currency, sentence):
    with pytest.raises(InvalidAmount) as refused:
        parse(text, currency)

    assert refused.value.sentence == sentence
    assert str(refused.value) == sentence


@given(text=st.text(max_size=30) | st.text(alphabet="0123456789.,-+eE_ Naif", max_size=20))
def test_parse_gives_an_exact_amount_within_bounds_or_refuses(text):
    try:
        amount = parse(text, "USD")
    except InvalidAmount:
        return

    assert Decimal("0.01") <= amount <= money.MAXIMUM
    assert money.is_exact(amount, "USD")


@given(minor=st.integers(1, 99_999_999_999), currency=st.sampled_from(sorted(settings.MINIMUM_AMOUNTS)))
def test_parse_reads_back_every_amount_as_written_with_and_without_grouping(minor, currency):
    amount = min(Decimal(minor).scaleb(-money.decimals(currency)), money.maximum(currency))

    assert parse(f"{amount}", currency) == amount
    assert parse(f"{amount:,}", currency) == amount


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("4.99", "USD", "Amount must be $5.00 or more."),
        ("499", "JPY", "Amount must be ¥500 or more."),
        ("1.499", "KWD", "Amount must be KWD\N{NO-BREAK SPACE}1.500 or more."),
        ("0", "USD", NOT_POSITIVE),
    ],
)
def test_parse_price_refuses_less_than_the_minimum(text, currency, sentence):
    with pytest.raises(InvalidAmount) as refused:
        parse_price(text, currency)

    assert refused.value.sentence == sentence


@pytest.mark.parametrize(("text", "currency"), [("5", "USD"), ("500", "JPY"), ("1.5", "KWD")])
def test_parse_price_accepts_the_minimum_itself(text, currency):
    assert parse_price(text, currency) == money.minimum(currency)


def test_minimum_follows_the_settings(settings):
    settings.MINIMUM_AMOUNTS = {"USD": "12.50"}

    assert money.minimum("USD") == Decimal("12.50")
    assert money.currency_choices() == [("USD", "US dollars (USD)")]
    with pytest.raises(KeyError):
        money.minimum("EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "formatted"),
    [
        ("1200", "USD", "$1,200.00"),
        ("1200.000", "USD", "$1,200.00"),
        ("0", "USD", "$0.00"),
        ("-250", "USD", "−$250.00"),
        ("120000.000", "JPY", "¥120,000"),
        ("1.5", "KWD", "KWD\N{NO-BREAK SPACE}1.500"),
        ("1200", "CHF", "CHF\N{NO-BREAK SPACE}1,200.00"),
        ("999999999.99", "EUR", "€999,999,999.99"),
    ],
)
def test_format_money_shows_the_currency_and_its_decimals(amount, currency, formatted):
    assert format_money(Decimal(amount), currency) == formatted


@pytest.mark.parametrize(
    ("amount", "formatted"), [("300", "+$300.00"), ("-250", "−$250.00"), ("0", "$0.00"), ("-0", "$0.00")]
)
def test_format_delta_shows_the_sign(amount, formatted):
    assert format_delta(Decimal(amount), "USD") == formatted


@pytest.mark.parametrize(
    ("amount", "currency", "exact"),
    [("5.005", "USD", False), ("5.01", "USD", True), ("5.5", "JPY", False), ("5.005", "KWD", True)],
)
def test_is_exact_knows_the_minor_unit(amount, currency, exact):
    assert money.is_exact(Decimal(amount), currency) is exact
