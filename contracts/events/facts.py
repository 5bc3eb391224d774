"""The facts of an event: typed while the code holds them, JSON while the database does.

A class of facts is a frozen dataclass. What a fact *is* decides how it reads: `Written` was typed by a person and
stands isolated in a sentence, `Quoted` is a whole saying and stays out of subjects, `Money` and `Net` are written out
for the reader. A class may gain a fact with a default: rows that were written before are read with it.
"""

import dataclasses
import datetime
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from escrow.money import format_delta, format_money
from text.languages import isolated

Json = Any


@dataclass(frozen=True)
class Written:
    """A name that a person typed."""

    text: str

    def __str__(self) -> str:
        return isolated(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)


class Quoted(Written):
    """What a person said, in full."""


NOTHING_SAID = Quoted("")


@dataclass(frozen=True)
class Money:
    """A sum, in the currency of the event's contract."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return format_money(self.amount, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)


class Net(Money):
    """How a sum changes, said with its sign."""

    def __str__(self) -> str:
        return format_delta(self.amount, self.currency)


@dataclass(frozen=True, kw_only=True)
class Facts:
    def to_json(self) -> dict[str, Json]:
        return {field.name: _to_json(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Json], *, currency: str) -> Self:
        """Facts that the class does not know any more are left out."""
        hints = _hints(cls)  # type: ignore[arg-type]
        return cls(**{name: _from_json(hints[name], kept[name], currency) for name in hints.keys() & kept.keys()})

    def unquoted(self) -> Self:
        """The same without what people said."""
        return dataclasses.replace(
            self, **{field.name: _unquoted(getattr(self, field.name)) for field in dataclasses.fields(self)}
        )


@lru_cache
def _hints(cls: type[Facts]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _to_json(fact: object) -> Json:
    match fact:
        case Written():
            return fact.text
        case Money():
            return str(fact.amount)
        case datetime.date():
            return fact.isoformat()
        case Facts():
            return fact.to_json()
        case tuple():
            return [_to_json(each) for each in fact]
    return fact


def _from_json(kind: Any, kept: Json, currency: str) -> Any:
    if typing.get_origin(kind) is tuple:
        return tuple(_from_json(typing.get_args(kind)[0], each, currency) for each in kept)
    if isinstance(kind, types.UnionType):
        return None if kept is None else _from_json(typing.get_args(kind)[0], kept, currency)
    if issubclass(kind, Facts):
        return kind.from_json(kept, currency=currency)
    if issubclass(kind, Money):
        return kind(Decimal(kept), currency)
    if kind is datetime.date:
        return datetime.date.fromisoformat(kept)
    return kind(kept)


def _unquoted(fact: Any) -> Any:
    match fact:
        case Quoted():
            return NOTHING_SAID
        case Facts():
            return fact.unquoted()
        case tuple():
            return tuple(_unquoted(each) for each in fact)
    return fact
