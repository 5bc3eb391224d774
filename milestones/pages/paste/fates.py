"""What becomes of each line: new, a change, in the plan already, left out, or refused and why. Nothing is dropped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from contracts.models import Contract
from escrow import money
from milestones import actions, rules
from milestones.models import Milestone, Terms
from milestones.pages.paste.reading import Row
from milestones.rules import Line, Verb


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT = "left"
    LATER = "later"
    REFUSED = "refused"


LABELS = {
    Kind.NEW: gettext_lazy("New"),
    Kind.CHANGED: gettext_lazy("Changes the plan"),
    Kind.SAME: gettext_lazy("Already in the plan"),
    Kind.LEFT: gettext_lazy("Left out"),
    Kind.LATER: gettext_lazy("Later"),
    Kind.REFUSED: gettext_lazy("Refused"),
}


@dataclass
class Fate:
    """`name` and `fields` are the row of the manage page that it can become, and does if it is ticked."""

    row: Row
    kind: Kind
    says: list[str] = field(default_factory=list)
    milestone: Milestone | None = None
    terms: Terms | None = None
    name: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_ticked(self) -> bool:
        return self.kind in (Kind.NEW, Kind.CHANGED)


def fates(
    rows: Sequence[Row], plan: Sequence[Milestone], carried: Sequence[tuple[str, str]], contract: Contract, *, by: User
) -> list[Fate]:
    """`carried` is what stands on the manage page already."""
    of_rows = _matched(rows, plan)
    found = [_fate(row, of_rows.get(row.line), dict(carried), contract.currency) for row in rows]
    _refuse(found, contract, by=by)
    _mark_sums(found, contract.currency)
    _stage(found, carried, contract.currency)
    return found


def _matched(rows: Sequence[Row], plan: Sequence[Milestone]) -> dict[int, Milestone]:
    """Line by line, the milestone that it is about: by our own reference, or else by its name."""
    left = {milestone.pk: milestone for milestone in plan}
    found = {row.line: left.pop(row.reference) for row in rows if row.reference in left}
    for row in rows:
        name = row.given["title"].casefold()
        same = [milestone for milestone in left.values() if name and milestone.title.casefold() == name]
        if row.line not in found and same:
            found[row.line] = left.pop(same[0].pk)
    return found


def _fate(row: Row, milestone: Milestone | None, carried: Mapping[str, str], currency: str) -> Fate:
    if row.is_empty:
        return Fate(row, Kind.LEFT, [_("All the columns that are used are empty here.")])
    if milestone is None:
        stand_in = Terms("", money.minimum(currency))
        return Fate(row, Kind.NEW, terms=replace(stand_in, **row.given))
    change = milestone.suggestion
    before = (change.asked if change else None) or milestone.terms
    differing = {name: value for name, value in row.given.items() if value != getattr(milestone.terms, name)}
    terms = replace(before, **differing)
    if not row.problems and (not differing or terms == before):
        return Fate(row, Kind.SAME, milestone=milestone, terms=terms)
    if f"m{milestone.pk}-mode" in carried:
        return Fate(row, Kind.REFUSED, [_("You are changing it on Manage milestones already.")], milestone, terms)
    return Fate(row, Kind.CHANGED, [*before.differences(terms, currency)], milestone, terms)


def _refuse(found: Iterable[Fate], contract: Contract, *, by: User) -> None:
    """What Save would refuse is refused here, with the same sentences."""
    judged = {str(fate.row.line): fate for fate in found if fate.is_ticked and fate.terms}
    lines = [
        Line(row, Verb.EDIT if fate.milestone else Verb.ADD, _key(fate.milestone), fate.terms, _valid_until(fate))
        for row, fate in judged.items()
    ]
    sentences: dict[str, list[str]] = {row: list(fate.row.problems) for row, fate in judged.items()}
    for problem in actions.problems(contract, lines, by=by) if lines else []:
        sentences[problem.row].append(problem.sentence)
    for row, said in sentences.items():
        if said:
            judged[row].kind, judged[row].says = Kind.REFUSED, said


def _mark_sums(found: Iterable[Fate], currency: str) -> None:
    """A line that is called a sum is left out; one that only equals the sum of those above is pointed out."""
    above: list[Decimal] = []
    for fate in found:
        amount = fate.row.given.get("amount")
        if fate.row.is_sum and not fate.milestone and fate.kind != Kind.LEFT:
            sentence = _("A sum or a tax, not a milestone.")
            if amount and amount != sum(above) and fate.row.label:
                facts = {"sum": money.format_money(sum(above, Decimal()), currency)}
                sentence += " " + _("The lines above it make %(sum)s.") % facts
            is_offered = fate.kind == Kind.NEW
            fate.kind, fate.says = Kind.LEFT, [sentence]
            fate.terms = fate.terms if is_offered else None
        elif amount:
            if fate.kind == Kind.NEW and len(above) > 1 and amount == sum(above):
                fate.says = [_("Its amount is the sum of the lines above. Untick it if it is not a milestone.")]
            above.append(amount)


def _stage(found: Iterable[Fate], carried: Sequence[tuple[str, str]], currency: str) -> None:
    """Name the rows of the manage page, on from those that are there; what one Save cannot hold comes later."""
    rows = [value for name, value in carried if name == "row"]
    number = max((int(row[1:]) for row in rows if re.fullmatch("n[0-9]{1,9}", row)), default=0)
    there = {
        (values.get(f"{row}-title", ""), values.get(f"{row}-amount", "")) for values in [dict(carried)] for row in rows
    }
    room = rules.MAXIMUM_LINES - len(set(rows))
    for fate in found:
        fields = _typed(fate, currency) if fate.terms else {}
        if fate.kind == Kind.NEW and (str(fields["title"]), str(fields["amount"])) in there:
            fate.kind, fate.says, fate.terms = Kind.SAME, [_("It is on Manage milestones already.")], None
        if fate.is_ticked and room <= 0:
            facts = {"most": rules.MAXIMUM_LINES}
            fate.kind, fate.says = (
                Kind.LATER,
                [_("One Save can hold %(most)d lines. Paste this one again after that Save.") % facts],
            )
        if fate.is_ticked or (fate.kind == Kind.LEFT and fate.terms and room > 0):
            number, room = number + (not fate.milestone), room - fate.is_ticked
            fate.name = f"m{fate.milestone.pk}" if fate.milestone else f"n{number}"
            fate.fields = [
                ("row", fate.name),
                *((f"{fate.name}-{name}", str(value or "")) for name, value in fields.items()),
            ]


def _typed(fate: Fate, currency: str) -> dict[str, Any]:
    assert fate.terms is not None
    valid_until = _valid_until(fate)
    return fate.terms.typed(currency) | ({"valid_until": valid_until} if valid_until else {})


def _valid_until(fate: Fate) -> Any:
    """How long one's own suggestion stands is not changed by a paste."""
    change = fate.milestone.suggestion if fate.milestone else None
    return change.valid_until if change else None


def _key(milestone: Milestone | None) -> int | None:
    return milestone.pk if milestone else None
