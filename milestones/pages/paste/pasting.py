"""The form that reads a plan from a spreadsheet, and what it puts on the manage page. Nothing is saved here."""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.forms import form_errors, typed
from milestones.models import Terms
from milestones.pages.paste.sheet import MOST_BYTES, Sheet, Unreadable, amounts, dates, decode, read

FIND_OUT = ("", gettext_lazy("Find out from the plan"))
ORDERS = [
    FIND_OUT,
    (dates.DAY_FIRST, gettext_lazy("Day first: 31/12/2026")),
    (dates.MONTH_FIRST, gettext_lazy("Month first: 12/31/2026")),
]
MARKS = [
    FIND_OUT,
    (amounts.POINT, gettext_lazy("A point: 1,200.50")),
    (amounts.COMMA, gettext_lazy("A comma: 1.200,50")),
]
_OF_THE_MANAGE_PAGE = re.compile(
    r"row|seen|key|message|[mn][0-9]+-(?:mode|title|amount|due_date|description|valid_until)"
)


class PasteForm(forms.Form):
    """Text or a file; a file wins, and its text is then in the form to be corrected. `sheet` is what was read."""

    text = forms.CharField(
        label=gettext_lazy("Rows of a spreadsheet"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "The first row names the columns: Name and Amount, and if you like Due date and Description."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    order = forms.ChoiceField(label=gettext_lazy("Dates"), required=False, choices=ORDERS)
    decimals = forms.ChoiceField(label=gettext_lazy("Decimal mark"), required=False, choices=MARKS)

    sheet: Sheet | None = None

    def __init__(self, *args: Any, currency: str, today: datetime.date) -> None:
        super().__init__(*args)
        self.currency, self.today = currency, today

    def clean(self) -> None:
        """Errors of single lines are no errors of the form: they stand beside their lines."""
        try:
            text = self._text()
        except Unreadable as error:
            self.add_error("file" if self.cleaned_data.get("file") else "text", error.sentence)
        else:
            self._read(text)

    def _read(self, text: str) -> None:
        if self.errors:
            return
        said = {name: self.cleaned_data[name] for name in ("order", "decimals")}
        self.sheet = read(text, currency=self.currency, today=self.today, **said)
        if self.sheet.problems:
            self.add_error("text", self.sheet.problems[0])
        if self.sheet.asks_dates:
            self.add_error("order", _("Some dates can be read in two ways. Say what comes first."))
        if self.sheet.asks_decimals:
            self.add_error("decimals", _("Some amounts can be read in two ways. Say what stands before decimals."))

    def _text(self) -> str:
        """Errors: Unreadable."""
        file = self.cleaned_data.get("file")
        text: str = self.cleaned_data.get("text", "")
        if not file:
            return decode(text.encode(errors="replace"))
        text = decode(file.read(MOST_BYTES + 1))
        self.data = MultiValueDict(self.data)
        self.data["text"] = text
        return text

    def all_errors(self) -> list[tuple[str, str]]:
        """For the summary: the id of the place and the sentence."""
        rows = [] if self.errors or not self.sheet else self.sheet.rows  # reading begins with `errors`
        of_lines = [
            (f"line-{row.line}", _("Line %(line)d: %(problem)s") % {"line": row.line, "problem": problem})
            for row in rows
            for problem in row.problems
        ]
        return [*form_errors(self), *of_lines]


def carried(posted: "MultiValueDict[str, str]", *, otherwise: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was staged and typed on the manage page before, to come back to it unchanged."""
    fields = {name: [value] for name, value in otherwise.items()}
    fields |= {name: values for name, values in posted.lists() if _OF_THE_MANAGE_PAGE.fullmatch(name)}
    return [(name, value) for name, values in fields.items() for value in values]


def staged(terms: Iterable[Terms], already: Iterable[tuple[str, str]], *, currency: str) -> list[tuple[str, str]]:
    """New rows of the manage page with these terms, as its form sends them, numbered on from those that are there."""
    taken = [int(value[1:]) for name, value in already if name == "row" and re.fullmatch("n[0-9]{1,9}", value)]
    fields: list[tuple[str, str]] = []
    for number, each in enumerate(terms, max(taken, default=0) + 1):
        row = f"n{number}"
        fields += [("row", row), (f"{row}-mode", "edit")]
        fields += [(f"{row}-{name}", str(value or "")) for name, value in typed(each, currency).items()]
    return fields
