"""Amounts: a Decimal beside a currency code, never a float. Names, signs and decimals come from CLDR by Babel."""

import re
from decimal import ROUND_DOWN, Decimal

from babel.numbers import (
    format_currency,
    get_currency_name,
    get_currency_precision,
    get_minus_sign_symbol,
    get_plus_sign_symbol,
)
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from text.languages import in_one_piece, locale

MAXIMUM = Decimal("999999999.99")
"""The largest amount of one price or one deposit, in any currency."""

MAX_DIGITS, DECIMAL_PLACES = 12, 3
"""How amounts are stored: nine digits before the point and the finest minor unit that a currency has."""

LONGEST = 40
"""How many characters of an amount are read at all."""

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=[0-9])")  # "CHF5.00": CLDR wants a space there, Babel omits it
_NUMBER = re.compile(
    r"(?P<sign>[-\N{MINUS SIGN}]?)(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?"
)


class InvalidAmount(ValueError):
    """What a person typed is no amount of that currency; `sentence` says what to type instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def currency_choices() -> list[tuple[str, str]]:
    """The currencies a contract can be made in, as (code, name): those that have a minimum in the settings."""
    return [(code, f"{capfirst(currency_name(code))} ({code})") for code in settings.MINIMUM_AMOUNTS]


def currency_name(currency: str) -> str:
    """The name as it stands after a number, like "US dollars"."""
    return get_currency_name(currency, count=2, locale=locale())


def decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def minimum(currency: str) -> Decimal:
    """The smallest price of a milestone. Errors: KeyError when the settings do not name the currency."""
    return Decimal(settings.MINIMUM_AMOUNTS[currency])


def maximum(currency: str) -> Decimal:
    """`MAXIMUM`, cut to the decimals of the currency."""
    return MAXIMUM.quantize(_minor_unit(currency), rounding=ROUND_DOWN)


def is_exact(amount: Decimal, currency: str) -> bool:
    """Whether the amount is a whole number of the currency's minor unit."""
    return amount % _minor_unit(currency) == 0


def parse(text: str, currency: str) -> Decimal:
    """The amount that a person typed, like "650", "650.00" or "1,200.00": more than zero, at most `maximum(currency)`.

    Errors: InvalidAmount for anything else, including exponents, NaN, misplaced commas and digits of other scripts.
    Source: seed, "name and amount of the milestone".
    """
    number = _NUMBER.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not text.strip():
        raise InvalidAmount(_("Enter an amount."))
    if not number:
        raise InvalidAmount(_("Amount must be a number, like 650 or 650.00."))
    part = number["part"] or ""
    amount = Decimal(f"{number['whole'].replace(',', '')}.{part or 0}")
    if number["sign"] or not amount:
        raise InvalidAmount(_("Amount must be more than zero."))
    if len(part) > decimals(currency):
        raise InvalidAmount(_too_fine(currency))
    if amount > maximum(currency):
        raise InvalidAmount(_("Amount must be %(most)s or less.") % {"most": format_money(maximum(currency), currency)})
    return amount.quantize(_minor_unit(currency))


def parse_price(text: str, currency: str) -> Decimal:
    """As `parse`, and not below the smallest price of a milestone. Errors: InvalidAmount."""
    amount = parse(text, currency)
    if amount < minimum(currency):
        least = format_money(minimum(currency), currency)
        raise InvalidAmount(_("Amount must be %(least)s or more.") % {"least": least})
    return amount


def format_money(amount: Decimal, currency: str) -> str:
    """The amount in the reader's language, like "$1,200.00" or "¥120,000"; below zero with a real minus."""
    if amount < 0:
        return _signed(amount, currency, get_minus_sign_symbol(locale()).replace("-", MINUS))
    return in_one_piece(
        _LETTER_BEFORE_DIGIT.sub(NO_BREAK_SPACE, format_currency(abs(amount), currency, locale=locale()))
    )


def format_delta(amount: Decimal, currency: str) -> str:
    """A difference with its sign, like "+$300.00", or with a real minus; none for zero."""
    return _signed(amount, currency, get_plus_sign_symbol(locale())) if amount > 0 else format_money(amount, currency)


def _signed(amount: Decimal, currency: str, sign: str) -> str:
    """The sign stands where the language puts its own minus."""
    negative = format_currency(-abs(amount), currency, locale=locale())
    spaced = _LETTER_BEFORE_DIGIT.sub(NO_BREAK_SPACE, negative)
    minus = get_minus_sign_symbol(locale())
    # Babel writes CLDR's minus, or else a hyphen.
    return in_one_piece(spaced.replace(minus if minus in spaced else "-", sign, 1))


def _too_fine(currency: str) -> str:
    if not decimals(currency):
        return _("Amount in %(currency)s must be a whole number, like 650.") % {"currency": currency_name(currency)}
    return _("Amount in %(currency)s can have at most %(most)s decimals.") % {
        "currency": currency_name(currency),
        "most": decimals(currency),
    }


def _minor_unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-decimals(currency))
