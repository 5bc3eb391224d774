"""What two parties agree on, declared once: a dataclass whose fields name their kind.

    @dataclass(frozen=True)
    class Terms(Declared):
        title: Annotated[str, Line(label=_("Name"), column="Name", most=200, is_name=True)]
        amount: Annotated[Decimal, Amount(label=_("Amount"), column="Amount")]

Whatever shows, asks, compares, keeps or reads terms walks the declaration, so that a term is one field of it (ADR 21).
"""

from contracts.terms.declared import Declared
from contracts.terms.kinds import Amount, Date, Kind, Line, Manner, Prose, Unreadable

__all__ = ["Amount", "Date", "Declared", "Kind", "Line", "Manner", "Prose", "Unreadable"]
