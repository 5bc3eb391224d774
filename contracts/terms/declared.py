import datetime
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from typing import Any, Self

from django.utils.translation import gettext as _

from contracts.terms.kinds import Kind, Manner, Prose, Unreadable


@dataclass(frozen=True)
class Declared:
    """Terms. Which there are and of what kind, its fields say; their order is that of each form, table and list."""

    @classmethod
    def kinds(cls) -> dict[str, Kind[Any]]:
        return _kinds(cls)  # type: ignore[arg-type]

    # --- Where they are kept ------------------------------------------------------------------------------------------
    @classmethod
    def of(cls, row: Any, prefix: str = "") -> Self:
        """As the columns of a row hold them, each named as its term, after the prefix."""
        return cls(**{name: getattr(row, f"{prefix}{name}") for name in cls.kinds()})

    @classmethod
    def of_any(cls, row: Any, prefix: str) -> Self | None:
        """As `of`; None where a term is missing that all terms have."""
        needed = [field.name for field in fields(cls) if field.default is MISSING]
        return cls.of(row, prefix) if all(getattr(row, f"{prefix}{name}") is not None for name in needed) else None

    def put(self, row: Any, prefix: str = "") -> None:
        for name in self.kinds():
            setattr(row, f"{prefix}{name}", getattr(self, name))

    def to_json(self) -> dict[str, Any]:
        return {name: kind.to_json(getattr(self, name)) for name, kind in self.kinds().items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept before a term was there is read with the term's default."""
        return cls(**{name: kind.from_json(kept[name]) for name, kind in cls.kinds().items() if name in kept})

    # --- What they say ------------------------------------------------------------------------------------------------
    def shown(self, name: str, currency: str) -> str:
        return self.kinds()[name].shown(getattr(self, name), currency)

    def typed(self, currency: str) -> dict[str, Any]:
        """As a person types them into a form."""
        return {name: kind.typed(getattr(self, name), currency) for name, kind in self.kinds().items()}

    def besides(self, *placed: str, currency: str) -> Iterator[tuple[str, str]]:
        """Label and words of each term that is given and that has no place of its own on a page."""
        for name, kind in self.kinds().items():
            if name not in placed and kind.is_given(getattr(self, name)):
                yield str(kind.label), self.shown(name, currency)

    # --- What may be agreed on ----------------------------------------------------------------------------------------
    def problems(self, *, before: Self | None, currency: str, today: datetime.date) -> Iterator[tuple[str, str]]:
        """Term by term, what is wrong with them."""
        for name, kind in self.kinds().items():
            old = getattr(before, name) if before else None
            for sentence in kind.problems(getattr(self, name), before=old, currency=currency, today=today):
                yield name, sentence

    # --- How they change ----------------------------------------------------------------------------------------------
    def differing(self, other: Self) -> set[str]:
        return {name for name in self.kinds() if getattr(self, name) != getattr(other, name)}

    def changes(self, after: Self, currency: str) -> Iterator[str]:
        """Each change as a part of a sentence."""
        for name, kind in self.kinds().items():
            old, new = getattr(self, name), getattr(after, name)
            if old != new:
                yield kind.change(old, new, currency)

    def differences(self, after: Self, currency: str, *, prose: bool | None = None) -> Iterator[str]:
        """Each change as an entry of a list; with `prose`, of the long texts alone, or of all but those."""
        arrow = _("%(field)s: %(before)s → %(after)s")
        for name, kind in self.kinds().items():
            old, new = getattr(self, name), getattr(after, name)
            if old == new or prose not in (None, kind.is_prose):
                continue
            if isinstance(kind, Prose):
                yield str(kind.differs)
            else:
                words = {"before": kind.shown(old, currency), "after": kind.shown(new, currency)}
                yield arrow % {"field": kind.label, **words}

    # --- Tables -------------------------------------------------------------------------------------------------------
    @classmethod
    def columns(cls) -> dict[str, str]:
        """Term by term, the name of its column."""
        return {name: kind.column for name, kind in cls.kinds().items()}

    def cells(self, currency: str) -> dict[str, str]:
        return {name: kind.exported(getattr(self, name), currency) for name, kind in self.kinds().items()}

    @classmethod
    def read(cls, cells: Mapping[str, str], manner: Manner) -> tuple[dict[str, Any], list[str]]:
        """The terms that the cells of a pasted line say, term by term, and what is wrong with the others."""
        given, problems = {}, []
        for name, kind in cls.kinds().items():
            if name in cells:
                try:
                    given[name] = kind.read(cells[name], manner)
                except Unreadable as error:
                    problems.append(error.sentence)
        return given, problems


@lru_cache
def _kinds(cls: type[Declared]) -> dict[str, Kind[Any]]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(cls)}
