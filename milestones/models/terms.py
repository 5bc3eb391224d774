import datetime
from dataclasses import dataclass, fields
from decimal import Decimal

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 20_000
NOTE_LENGTH, REASON_LENGTH = 2_000, 1_000
"""What goes with a move of the work, and why a suggestion is declined or staff step in."""


@dataclass(frozen=True)
class Terms:
    """What the two parties agree on for one milestone. Amount is in the contract's currency."""

    title: str
    amount: Decimal
    due_date: datetime.date | None = None
    description: str = ""

    def differing(self, other: "Terms") -> set[str]:
        """The names of the fields in which the two differ."""
        return {field.name for field in fields(self) if getattr(self, field.name) != getattr(other, field.name)}
