"""The names of columns: what they call a column, and what else they say of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.models import Terms
from milestones.pages.paste import amounts

UNUSED, ASKED = "-", ""
ROLES = {
    **{name: kind.label for name, kind in Terms.kinds().items()},
    "currency": gettext_lazy("Currency"),
    "reference": gettext_lazy("Reference"),
    UNUSED: gettext_lazy("Not used"),
}
REFERENCE = re.compile(r"tranche-([0-9]{1,18})")
"""By which a line of our own table finds its milestone again."""

# The first name that a sheet has wins: of "Milestone" and "Name", the name is the title.
TITLES = (
    *("name", "title", "milestone name", "milestone title", "task name", "milestone", "milestones", "task"),
    *("deliverable", "deliverables", "card name", "item", "summary", "work package", "activity", "phase", "stage"),
    *("position", "bezeichnung", "meilenstein", "aufgabe", "leistung", "poste", "jalon", "livrable", "tarea", "hito"),
)
DUE_DATES = (
    *("due date", "due", "due by", "deadline", "deadline date", "delivery date", "delivery", "finish", "finish date"),
    *("end date", "end", "ends", "target date", "completion date", "expected completion", "planned date"),
    *("milestone date", "scheduled date", "payment date", "date", "termin", "fällig", "datum", "échéance", "fecha"),
)
DESCRIPTIONS = (
    *("description", "notes", "note", "details", "scope", "comment", "comments", "card description"),
    *("beschreibung", "descripción"),
)
TOTALS = (
    *("total", "total cost", "total price", "total amount", "line total", "subtotal", "sum", "net", "net amount"),
    *("gesamt", "gesamtpreis", "montant total"),
)
AMOUNTS = (
    *("amount", "price", "cost", "fee", "budget", "payment", "payment amount", "milestone amount", "value"),
    *("contract value", "rate", "unit price", "unit cost", *TOTALS),
    *("betrag", "preis", "kosten", "honorar", "montant", "prix", "coût", "importe", "precio", "金額"),
)
QUANTITIES = (
    *("qty", "quantity", "hours", "units", "pieces", "pcs"),
    *("menge", "anzahl", "stunden", "quantité", "cantidad"),
)
SYNONYMS = {name: (kind.column.casefold(),) for name, kind in Terms.kinds().items()} | {
    "title": TITLES,
    "amount": AMOUNTS,
    "due_date": DUE_DATES,
    "description": DESCRIPTIONS,
}
"""The names by which each term is found: a column of our own table, and what others call it."""
OF_ONE = re.compile(r"\b(?:per|each|unit|rate|hourly|daily|pro)\b|/", re.I)
_THOUSANDS = re.compile(
    r"thousand|million|milliers|tausend|\btsd\b|\bmio\b|'000|\b0{3}s?\b"
    r"|\b[kmt](?:€|\$|£|¥|eur|usd|gbp|chf|\b)|[€$£¥]\s?[km]\b",
    re.I,
)
_ASIDE = re.compile(r"\((.*?)\)|\[(.*?)\]|\bin\b(.*)|\b(?:excl|incl|exkl|inkl)\b.*|\b(?:net of|before|without|with) .*")


@dataclass(frozen=True)
class Column:
    """`role` is one of ROLES, or ASKED; `may_be` are the roles for which it is one of several."""

    number: int
    head: str
    role: str = UNUSED
    may_be: frozenset[str] = frozenset()
    cells: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.head.strip() or _("Column %(number)d") % {"number": self.number + 1}

    @property
    def base(self) -> str:
        return base(self.head)

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell.strip()]

    def are(self, kind: Callable[[str], bool]) -> bool:
        return bool(self.filled) and all(map(kind, self.filled))

    @property
    def signs(self) -> set[str]:
        """The currencies that its name can speak of."""
        words = [part for found in _ASIDE.findall(self.head.casefold().replace("_", " ")) for part in found if part]
        words += [word for part in words for word in part.split()[-1:]]
        words += [word for word in self.head.split()[-1:] if len(word) > 3 or not word.islower()]
        words += re.findall(r"[^\w\s()\[\].,:;#*/-]", self.head)
        return {
            code
            for word in words
            for code in amounts.currencies(re.sub(r"^[kt](?=[^\w]|eur|usd)", "", word.strip("()[]:")))
        }

    @property
    def speaks_of_thousands(self) -> bool:
        return bool(_THOUSANDS.search(self.head.casefold()))

    def is_foreign(self, currency: str) -> bool:
        return bool(self.signs) and currency not in self.signs


def base(head: str) -> str:
    """ "Amount in US dollars", "amount (USD)", "MilestoneAmount" and "AMOUNT_$:" all speak of an amount."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head[:60]).casefold().replace("_", " ")
    words = re.sub(r"^[\W_]+|[^\w$€£¥]+$", "", _ASIDE.sub("", name)).split()
    return " ".join(words[:-1] if len(words) > 1 and amounts.currencies(words[-1]) else words)
