"""Contracts as they were agreed over time, and what each next version asks to change in the one before."""

import datetime
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 20_000
UNSEEN = re.compile("[\xad\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
MAXIMUM = Decimal("999999999.99")
"""What the site says to take at most."""


@dataclass(frozen=True)
class Terms:
    """The four fields of a milestone as a person types them; `due_date` is year-month-day or nothing."""

    title: str
    amount: str
    due_date: str
    description: str

    def differing(self, other: "Terms") -> list[str]:
        """The names of the fields in which the two differ; 650 and 650.00 are the same amount."""
        names = [name.name for name in fields(self) if getattr(self, name.name) != getattr(other, name.name)]
        same_price = self.price is not None and self.price == other.price
        return [name for name in names if name != "amount" or not same_price]

    @property
    def price(self) -> Decimal | None:
        try:
            price = Decimal(self.amount.replace(",", ""))
        except InvalidOperation:
            return None
        return price if price.is_finite() else None


@dataclass(eq=False)
class Agreed:
    """A milestone of the plan. It is active once it is funded."""

    terms: Terms
    is_active: bool = False


@dataclass(frozen=True, eq=False)
class Line:
    """One difference: a new milestone has no `agreed`, one to remove has no `wanted`."""

    agreed: Agreed | None
    wanted: Terms | None

    @property
    def title(self) -> str:
        """By which the line is known on the site until it is approved."""
        return self.agreed.terms.title if self.agreed else self.wanted.title if self.wanted else ""

    @property
    def lowers_active(self) -> bool:
        """Whether it asks what R7 forbids."""
        if not (self.agreed and self.agreed.is_active and self.wanted):
            return False
        before, after = self.agreed.terms.price, self.wanted.price
        return before is not None and after is not None and after < before

    @property
    def removes_active(self) -> bool:
        """Whether it asks what R4 forbids."""
        return self.wanted is None and self.agreed is not None and self.agreed.is_active

    def may_be_refused(self, *, today: datetime.date, least: str) -> bool:
        """Whether a rule of the site speaks against it. `least` is the smallest price, as the site writes it."""
        if self.lowers_active or self.removes_active:
            return True
        return self.wanted is not None and _is_beyond_limits(self.wanted, today, least)


def _is_beyond_limits(terms: Terms, today: datetime.date, least: str) -> bool:
    decimals = len(least.partition(".")[2])
    number = rf"[0-9]+(\.[0-9]{{1,{decimals}}})?" if decimals else r"[0-9]+"
    is_price = bool(re.fullmatch(number, terms.amount.replace(",", "")))
    price = terms.price if is_price else None
    return (
        not 1 <= len(terms.title) <= TITLE_LENGTH
        or len(terms.description) > DESCRIPTION_LENGTH
        or price is None
        or not Decimal(least.replace(",", "") or 0) <= price <= MAXIMUM
        or bool(terms.due_date and terms.due_date < today.isoformat())
    )


def lines_between(plan: list[Agreed], version: list[Terms]) -> list[Line]:
    """What makes the plan this version: first by title, what is left by position, and the rest is removed or new."""
    pairs, left, new = [], list(plan), []
    for terms in version:
        agreed = next((agreed for agreed in left if agreed.terms.title == terms.title), None)
        if agreed:
            left.remove(agreed)
            pairs.append((agreed, terms))
        else:
            new.append(terms)
    renamed = list(zip(left, new, strict=False))
    edits = [Line(agreed, terms) for agreed, terms in [*pairs, *renamed] if terms.differing(agreed.terms)]
    removals = [Line(agreed, None) for agreed in left[len(renamed) :]]
    in_order = sorted([*edits, *removals], key=lambda line: plan.index(line.agreed) if line.agreed else 0)
    return [*in_order, *(Line(None, terms) for terms in new[len(renamed) :])]


def with_lines(plan: list[Agreed], lines: Iterable[Line]) -> list[Agreed]:
    """The plan once these lines are approved: what stays keeps its place, what is new goes to the end."""
    plan = list(plan)
    for line in lines:
        if line.agreed is None and line.wanted:
            plan.append(Agreed(line.wanted))
        elif line.agreed and line.wanted:
            line.agreed.terms = line.wanted
        elif line.agreed:
            plan.remove(line.agreed)
    return plan


def mismatches(expected: list[Terms], got: list[Terms]) -> Iterator[str]:
    """Field, expected, got; of milestones with the same title, the first is compared with the first."""
    left = list(got)
    for terms in expected:
        found = next((other for other in left if other.title == terms.title), None)
        if not found:
            yield f"title, expected “{terms.title}”, got nothing"
            continue
        left.remove(found)
        for name in terms.differing(found):
            wanted, there = _where_they_part(getattr(terms, name), getattr(found, name))
            yield f"{name} of “{terms.title}”, expected {wanted!r}, got {there!r}"
    yield from (f"title, expected nothing, got “{terms.title}”" for terms in left)


def _where_they_part(first: str, second: str, length: int = 60) -> tuple[str, str]:
    """Long texts are shown from a little before the first character in which they differ."""
    same = next((at for at, pair in enumerate(zip(first, second, strict=False)) if len({*pair}) > 1), None)
    start = max(0, (min(len(first), len(second)) if same is None else same) - 10)
    return first[start : start + length], second[start : start + length]


@dataclass(frozen=True)
class Contract:
    title: str
    currency: str
    versions: list[list[Terms]] = field(default_factory=list)

    @property
    def highest_price(self) -> Decimal:
        """What funds any one milestone of it; zero when there is none that could be funded."""
        prices = [terms.price for version in self.versions for terms in version]
        return max((price for price in prices if price and 0 < price <= MAXIMUM), default=Decimal())


def read(path: Path, *, today: datetime.date) -> list[Contract]:
    """A list of {contract, currency, versions: [{milestones: [{title, description, amount, due_in_days}]}]}."""
    return [
        Contract(
            title=_line(entry.get("contract"))[:TITLE_LENGTH].strip() or f"Contract {number}",
            currency=entry.get("currency") or "USD",
            versions=[
                [_terms(milestone, today) for milestone in version.get("milestones") or []]
                for version in entry.get("versions") or []
            ],
        )
        for number, entry in enumerate(json.loads(path.read_text(encoding="utf-8")), 1)
    ]


def _terms(milestone: dict[str, Any], today: datetime.date) -> Terms:
    days, amount = milestone.get("due_in_days"), milestone.get("amount")
    due = "" if days is None else (today + datetime.timedelta(days=int(days))).isoformat()
    description = _as_kept(re.sub(r"\r\n|\r", "\n", milestone.get("description") or ""))
    return Terms(_line(milestone.get("title")), "" if amount is None else str(amount).strip(), due, description)


def _line(text: str | None) -> str:
    return " ".join(_as_kept(text or "").split())


def _as_kept(text: str) -> str:
    """The site composes letters and keeps no sign that nobody can see."""
    return unicodedata.normalize("NFC", UNSEEN.sub("", text))
