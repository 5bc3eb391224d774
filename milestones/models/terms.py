import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from contracts.terms import Amount, Date, Declared, Line, Prose

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 20_000
NOTE_LENGTH, REASON_LENGTH = 2_000, 1_000
"""What goes with a move of the work, and why a suggestion is declined or staff step in."""

_NAME = Line(
    label=_("Name"),
    column="Name",
    most=TITLE_LENGTH,
    is_name=True,
    missing=_("Enter a milestone name."),
    changed=_("now “%(after)s”"),
)
_AMOUNT = Amount(label=_("Amount"), column="Amount", changed=_("%(before)s → %(after)s"))
_DUE_DATE = Date(
    label=_("Due date"),
    column="Due date",
    invalid=_("Enter the due date as year-month-day, like 2026-12-31."),
    came=_("due %(after)s"),
    changed=_("due %(before)s → %(after)s"),
    gone=_("no due date any more"),
)
_DESCRIPTION = Prose(
    label=_("Description"),
    column="Description",
    most=DESCRIPTION_LENGTH,
    help_text=_("Markdown works: lists, tables, links."),
    other=_("another description"),
    differs=_("The description changes."),
)


@dataclass(frozen=True)
class Terms(Declared):
    """What the two parties agree on for one milestone. Amount is in the contract's currency."""

    title: Annotated[str, _NAME]
    amount: Annotated[Decimal, _AMOUNT]
    due_date: Annotated[datetime.date | None, _DUE_DATE] = None
    description: Annotated[str, _DESCRIPTION] = ""
