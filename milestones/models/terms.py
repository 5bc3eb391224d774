import datetime
from dataclasses import dataclass, fields
from decimal import Decimal

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 20_000


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
