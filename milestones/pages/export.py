"""The plan to take along: as a table for spreadsheets, and as text that reads well in a mail.

Both show the agreed terms and what is proposed; `milestones.pages.paste` reads the table again.
"""

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import Contract
from contracts.terms import Amount
from escrow.money import format_money
from milestones.models import Change, Milestone, Terms
from milestones.pages.paste.cells import as_csv
from milestones.pages.rows import PLACED, safety
from milestones.plan import Plan
from text.dates import day, moment

WIDTH = 72
INDENT = "   "
MOST_WRAPPED = 200_000
"""Characters of all descriptions. Breaking the lines of more would take seconds; they stay as they were typed."""


AT_ONCE = 20
"""Milestones that are in memory at a time: the whole plan may have six million characters."""


def plan_as_csv(contract: Contract) -> bytes:
    plan = _in_turn(contract, list(_lengths(contract)))
    lines = (_cells(number, milestone) for number, milestone in enumerate(plan, 1))
    return b"".join(as_csv([line]).encode() for line in chain([_HEADS], lines))


def _lengths(contract: Contract) -> dict[int, int]:
    """Characters of each milestone's description, by its key, in the order of the plan."""
    return dict(contract.milestones.in_plan().values_list("pk", Length("description")))


def _in_turn(contract: Contract, keys: list[int]) -> Iterator[Milestone]:
    for first in range(0, len(keys), AT_ONCE):
        yield from Plan.of(contract, only=keys[first : first + AT_ONCE]).milestones


def _line(number: str, terms: Mapping[str, str], currency: str, state: str, reference: str) -> list[str]:
    """Long texts stand at the end, where a spreadsheet has room for them."""
    prose = {name for name, kind in Terms.kinds().items() if kind.is_prose}
    in_row = [cell for name, text in terms.items() if name not in prose for cell in _with(currency, name, text)]
    return [number, *in_row, state, *(terms[name] for name in terms if name in prose), reference]


def _with(currency: str, name: str, text: str) -> list[str]:
    return [text, currency] if isinstance(Terms.kinds()[name], Amount) else [text]


_HEADS = _line("Number", Terms.columns(), "Currency", "State", "Reference")
"""Not translated: another program, or our own reader, finds the columns by these names."""


def _cells(number: int, milestone: Milestone) -> list[str]:
    currency = milestone.contract.currency
    terms = milestone.terms.cells(currency)
    return _line(str(number), terms, currency, str(milestone.State(milestone.state).label), f"tranche-{milestone.pk}")


def plan_as_text(contract: Contract, *, address: str) -> bytes:
    """`address` is where the contract's page is."""
    lengths = _lengths(contract)
    breaks = sum(lengths.values()) <= MOST_WRAPPED
    total, milestones = Decimal(), []
    for number, milestone in enumerate(_in_turn(contract, list(lengths)), 1):
        total += Plan(contract, [milestone]).money.total
        milestones.append(_as_text(number, milestone, breaks=breaks).encode())
    facts = {
        "freelancer": contract.freelancer,
        "client": contract.client,
        "total": format_money(total, contract.currency),
        "at": moment(timezone.now()),
    }
    said = _("%(freelancer)s for %(client)s. %(total)s agreed. As of %(at)s.") % facts
    head = "\n".join([*_wrapped(contract.title), *_wrapped(said), address])
    return b"\n\n".join([head.encode(), *(milestones or [_("No milestones yet.").encode()])]) + b"\n"


def _as_text(number: int, milestone: Milestone, *, breaks: bool) -> str:
    due = _("due %(date)s") % {"date": day(milestone.due_date)} if milestone.due_date else _("no due date")
    amount, safe = format_money(milestone.amount, milestone.contract.currency), safety(milestone)
    lines = [f"{amount}, {due}. {milestone.State(milestone.state).label}."]
    besides = milestone.terms.besides(*PLACED, currency=milestone.contract.currency)
    lines += [f"{label}: {words}" for label, words in besides]
    lines += [f"{safe.words}."] if safe else []
    lines += [_suggested(milestone.suggestion)] if milestone.suggestion else []
    below = [part for line in lines for part in _wrapped(line, indent=INDENT)]
    described = ["", *milestone.description.splitlines()] if milestone.description else []
    if breaks:
        below += [part for line in described for part in _wrapped(line, indent=INDENT)]
    else:
        below += [f"{INDENT}{line}".rstrip() for line in described]
    return "\n".join([*_wrapped(f"{number}. {milestone.title}"), *below])


def _suggested(change: Change) -> str:
    """What waits for an answer. The terms of a proposed milestone stand above it already."""
    base, asked = change.base, change.asked
    if asked is None:
        return _("Suggested, not agreed: remove it.")
    if base is None:
        return _("Suggested, not agreed.")
    changes = base.changes(asked, change.milestone.contract.currency)
    return _("Suggested, not agreed: %(changes)s.") % {"changes": "; ".join(changes)}


def _wrapped(line: str, indent: str = "") -> list[str]:
    """A long line broken between words; an empty one stays."""
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    ) or [""]
