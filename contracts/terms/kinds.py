"""The kinds of terms. All that the site knows of a kind stands here: how it is asked for, limited, shown, compared,
exported, read from a pasted sheet, and kept in an event."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.terms.fields import AmountField
from escrow import money
from text import typed
from text.dates import day, day_in_words, days_between
from text.fields import HIDING, LineField, LinesField
from text.languages import isolated

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words

_CHANGED = gettext_lazy("%(label)s %(before)s → %(after)s")
_CAME, _GONE = gettext_lazy("%(label)s %(after)s"), gettext_lazy("%(label)s: none any more")
_NO_NAME = gettext_lazy("Enter a name.")
_NO_DATE = gettext_lazy("Enter the date as year-month-day, like 2026-12-31.")

Value = TypeVar("Value")


class Unreadable(ValueError):
    """What a cell says is no value of its kind; `sentence` says what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Manner(Protocol):
    """How a sheet writes what one sheet writes otherwise than the next. Errors: Unreadable."""

    def amount(self, cell: str) -> Decimal: ...

    def date(self, cell: str) -> datetime.date | None: ...


@dataclass(frozen=True, kw_only=True)
class Kind(ABC, Generic[Value]):
    """`column` is its name in an exported table: not translated, for other programs find it by that."""

    label: "Words"
    column: str
    help_text: "Words" = ""
    changed: "Words" = _CHANGED
    """How a sentence says the change of this term."""

    is_name = False
    """Whether it is what all the terms are known by, and so stands above them."""
    is_prose = False
    """Whether it needs a place of its own, below what fits into one row, and is too long for a sentence."""
    is_text = False
    """Whether before and after are compared word by word."""

    @abstractmethod
    def field(self, currency: str) -> forms.Field: ...

    def problems(self, value: Value, *, before: Value | None, currency: str, today: datetime.date) -> Iterator[str]:
        """What is wrong with it; `before` is what it was, where there was any."""
        yield from ()

    def is_given(self, value: Value) -> bool:
        return bool(value)

    def shown(self, value: Value, currency: str) -> str:
        return str(value)

    def said(self, value: Value, currency: str) -> str:
        """As it stands in a sentence."""
        return self.shown(value, currency)

    def difference(self, before: Value | None, after: Value | None, currency: str) -> str:
        return ""

    def change(self, before: Value, after: Value, currency: str) -> str:
        """The change, as a part of a sentence."""
        facts = {"before": self.said(before, currency), "after": self.said(after, currency)}
        return str(self.changed) % {"label": self.label, **facts}

    def typed(self, value: Value, currency: str) -> Any:
        """As a person types it."""
        return value

    def exported(self, value: Value, currency: str) -> str:
        return str(self.typed(value, currency) or "")

    @abstractmethod
    def read(self, cell: str, manner: Manner) -> Value:
        """What a cell of a pasted sheet says. Errors: Unreadable."""

    def read_as(self, value: Value, currency: str) -> str:
        """What a cell was read as, in words; empty where it is taken as it stands."""
        return ""

    def to_json(self, value: Value) -> Any:
        return value

    def from_json(self, kept: Any) -> Value:
        value: Value = kept
        return value


@dataclass(frozen=True, kw_only=True)
class _Text(Kind[str]):
    most: int
    is_text = True

    @property
    def too_long(self) -> "Words":
        return format_lazy(
            gettext_lazy("{label} must be {most} characters or fewer."), label=self.label, most=self.most
        )

    def problems(self, value: str, *, before: str | None, currency: str, today: datetime.date) -> Iterator[str]:
        if len(value) > self.most:
            yield str(self.too_long)

    def said(self, value: str, currency: str) -> str:
        return isolated(value)

    def limits(self) -> list[MaxLengthValidator]:
        return [MaxLengthValidator(self.most, self.too_long)]


@dataclass(frozen=True, kw_only=True)
class Line(_Text):
    """One line that must say something."""

    missing: "Words" = _NO_NAME
    is_name: bool = False

    def field(self, currency: str) -> forms.Field:
        return LineField(
            label=self.label,
            help_text=self.help_text,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            validators=self.limits(),
            error_messages={"required": self.missing},
        )

    def problems(self, value: str, *, before: str | None, currency: str, today: datetime.date) -> Iterator[str]:
        if typed.is_blank(value):
            yield str(self.missing)
        if typed.is_hiding(value):
            yield str(HIDING)
        yield from super().problems(value, before=before, currency=currency, today=today)

    def read(self, cell: str, manner: Manner) -> str:
        return typed.line(cell)


@dataclass(frozen=True, kw_only=True)
class Prose(_Text):
    """Text of any number of lines, or none. Events do not keep it.

    That there is another one, `other` says in a sentence and `differs` as one.
    """

    other: "Words"
    differs: "Words"
    is_prose = True

    def field(self, currency: str) -> forms.Field:
        return LinesField(
            label=self.label,
            help_text=self.help_text,
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            validators=self.limits(),
        )

    def change(self, before: str, after: str, currency: str) -> str:
        return str(self.other)

    def read(self, cell: str, manner: Manner) -> str:
        return typed.lines(cell)

    def to_json(self, value: str) -> str:
        return ""


@dataclass(frozen=True, kw_only=True)
class Amount(Kind[Decimal]):
    """A price in the contract's currency."""

    def field(self, currency: str) -> forms.Field:
        least = money.format_money(money.minimum(currency), currency)
        return AmountField(
            currency=currency,
            label=_("%(label)s in %(currency)s") % {"label": self.label, "currency": money.currency_name(currency)},
            help_text=self.help_text or _("At least %(least)s.") % {"least": least},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"required": _("Enter an amount.")},
        )

    def problems(self, value: Decimal, *, before: Decimal | None, currency: str, today: datetime.date) -> Iterator[str]:
        try:
            money.parse_price(f"{value.normalize():f}", currency)  # as stored, an amount has three decimals
        except money.InvalidAmount as error:
            yield error.sentence

    def is_given(self, value: Decimal) -> bool:
        return True

    def shown(self, value: Decimal, currency: str) -> str:
        return money.format_money(value, currency)

    def difference(self, before: Decimal | None, after: Decimal | None, currency: str) -> str:
        return money.format_delta((after or Decimal()) - (before or Decimal()), currency)

    def typed(self, value: Decimal, currency: str) -> str:
        """Without sign and thousands, with the currency's decimals."""
        return f"{value:.{money.decimals(currency)}f}"

    def read(self, cell: str, manner: Manner) -> Decimal:
        return manner.amount(cell)

    def read_as(self, value: Decimal, currency: str) -> str:
        return self.shown(value, currency)

    def to_json(self, value: Decimal) -> str:
        return str(value)

    def from_json(self, kept: Any) -> Decimal:
        return Decimal(kept)


@dataclass(frozen=True, kw_only=True)
class Date(Kind[datetime.date | None]):
    """A day, or none. With `is_ahead`, a new one is today in the contract's zone, or later.

    `came` and `gone` say the change of a term that had no day before, or has none any more.
    """

    came: "Words" = _CAME
    gone: "Words" = _GONE
    invalid: "Words" = _NO_DATE
    is_ahead: bool = True

    def field(self, currency: str) -> forms.Field:
        return forms.DateField(
            label=self.label,
            help_text=self.help_text,
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": self.invalid},
        )

    def problems(
        self, value: datetime.date | None, *, before: datetime.date | None, currency: str, today: datetime.date
    ) -> Iterator[str]:
        if self.is_ahead and value and value != before and value < today:
            yield _("%(label)s must be today or later.") % {"label": self.label}

    def shown(self, value: datetime.date | None, currency: str) -> str:
        return day(value)

    def difference(self, before: datetime.date | None, after: datetime.date | None, currency: str) -> str:
        return days_between(before, after) if before and after else ""

    def change(self, before: datetime.date | None, after: datetime.date | None, currency: str) -> str:
        if before and after:
            return super().change(before, after, currency)
        said = self.came if after else self.gone
        return str(said) % {"label": self.label, "after": self.said(after, currency)}

    def exported(self, value: datetime.date | None, currency: str) -> str:
        return value.isoformat() if value else ""

    def read(self, cell: str, manner: Manner) -> datetime.date | None:
        return manner.date(cell)

    def read_as(self, value: datetime.date | None, currency: str) -> str:
        return day_in_words(value) if value else ""

    def to_json(self, value: datetime.date | None) -> str | None:
        return value.isoformat() if value else None

    def from_json(self, kept: Any) -> datetime.date | None:
        return datetime.date.fromisoformat(kept) if kept else None
