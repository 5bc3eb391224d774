"""The form that reads a plan, from text or from a file, and asks what it cannot know. Nothing is saved here.

Everything travels in the form itself. A file that can be read in several ways comes back as `raw` until it is said how.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from milestones.forms import form_errors
from milestones.models import Terms
from milestones.pages.paste import amounts, cells, columns, dates, files
from milestones.pages.paste.heads import ASKED, UNUSED, Column
from milestones.pages.paste.reading import Manner, Row, rows_of

DETECT = ("", gettext_lazy("Detect"))
ORDERS = {
    "dmy": gettext_lazy("Day, month, year: 31/12/2026"),
    "mdy": gettext_lazy("Month, day, year: 12/31/2026"),
    "ymd": gettext_lazy("Year, month, day: 26-12-31"),
}
MARKS = {amounts.POINT: gettext_lazy("A point: 1,200.50"), amounts.COMMA: gettext_lazy("A comma: 1.200,50")}
SCALES = {
    "1": gettext_lazy("As they are written"),
    "1000": gettext_lazy("In thousands"),
    "1000000": gettext_lazy("In millions"),
}
SAMPLES = 5
_OF_THE_MANAGE_PAGE = re.compile(
    rf"row|seen|key|message|[mn][0-9]+-(?:mode|{'|'.join(Terms.kinds())}|valid_until|origin)"
)


@dataclass(frozen=True)
class Sample:
    text: str
    read: str
    is_number: bool


class _Plan(forms.CharField):
    most_returned = 2 * files.MOST_BYTES  # a whole file, in letters


class PasteForm(forms.Form):
    """A file wins over text, and its text is then in the form to be corrected. What was read is in `rows`."""

    hides_optional = True

    text = _Plan(
        label=gettext_lazy("Rows of a spreadsheet"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Copy them with the line that names the columns. A Markdown table works, too."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("An Excel or OpenDocument workbook (.xlsx, .ods), or CSV. At most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.tsv,.txt,.md,text/csv,text/plain"}),
    )
    raw = _Plan(required=False, widget=forms.HiddenInput)
    which = forms.CharField(required=False, widget=forms.RadioSelect)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    head = forms.CharField(label=gettext_lazy("Line with the column names"), required=False, widget=forms.Select)
    order = forms.ChoiceField(
        label=gettext_lazy("Dates are written"), required=False, choices=[DETECT, *ORDERS.items()]
    )
    decimals = forms.ChoiceField(label=gettext_lazy("Decimal sign"), required=False, choices=[DETECT, *MARKS.items()])
    scale = forms.ChoiceField(
        label=gettext_lazy("Amounts are"), required=False, choices=[("", gettext_lazy("Choose")), *SCALES.items()]
    )

    def __init__(self, *args: Any, currency: str) -> None:
        super().__init__(*args)
        self.currency = currency
        self.lines: list[cells.Line] = []
        self.columns: list[Column] = []
        self.rows: list[Row] = []
        self.manner = Manner(currency)
        self.problems: list[tuple[str, str]] = []
        self.begins: int | None = None
        self.unsure: set[str] = set()

    def clean(self) -> None:
        """Errors of single lines are no errors of the form: they are what becomes of these lines."""
        try:
            if self.errors or (text := self._text()) is None:
                return
            self.lines = cells.lines(text, worth=columns.worth)
            if not self.lines:
                raise files.Unreadable(_("Paste a plan, or choose a file."))
            self._read()
        except files.Unreadable as error:
            self.add_error("file" if self.cleaned_data.get("file") else "text", error.sentence)

    def _text(self) -> str | None:
        """The text that the person pasted, or that the file holds; None while it is asked which. Errors: Unreadable."""
        file, raw = self.cleaned_data.get("file"), self.cleaned_data["raw"]
        if not file and (not raw or self.data.get("do") == "instead"):
            self._put(raw="", which="")
            return self._pasted()
        content = file.read(files.MOST_BYTES + 1) if file else _decoded(raw)
        texts = files.texts(content)
        which = "" if file else self.cleaned_data["which"]
        text = texts.get(which) if len(texts) > 1 else next(iter(texts.values()))
        if text is None:
            self._ask_which(content, texts)
        else:
            self._put(raw="", which="", text=text)
        return text

    def _pasted(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > files.MOST_BYTES:
            raise files.Unreadable(_("The text must be 1 MB or smaller."))
        return text

    def _ask_which(self, content: bytes, texts: Mapping[str, str]) -> None:
        self._put(raw=base64.b64encode(content).decode(), which="")
        field = self.fields["which"]
        field.label = self._question(content)
        field.widget.choices = [(name, f"{name}: {files.sample(each)}") for name, each in texts.items()]
        self.add_error("which", _("Choose which one is right."))

    def _question(self, content: bytes) -> str:
        if content.startswith(b"PK"):
            return _("Which sheet is the plan?")
        return _("The file does not say how its letters are written. Which of these is right?")

    def _put(self, **fields: str) -> None:
        """What the form shows from now on, and what it means."""
        data = MultiValueDict(self.data)
        for name, value in fields.items():
            data[name] = self.cleaned_data[name] = value
        self.data = data

    def _read(self) -> None:
        heads = dict(self._heads())
        self.fields["head"].widget.choices = heads.items()
        answers = self._answers(columns.head_of(self.lines))
        chosen = answers["head"] if answers["head"] in heads else ""
        self.begins = int(chosen) if chosen else None
        self._put(head=chosen, about=_about(self.lines, chosen))
        below = self.lines[self.begins + 1 :] if self.begins is not None else self.lines
        self.columns = columns.said(columns.columns_of(self.lines, self.begins, currency=self.currency), answers)
        if not below:
            self.add_error("text", _("There is nothing below the names of the columns."))
        elif len(below) > cells.MOST_ROWS:
            raise files.Unreadable(cells.too_many_rows())
        else:
            self._settle(below, answers)

    def _heads(self) -> list[tuple[str, str]]:
        first = enumerate(self.lines[: cells.HEAD_WITHIN])
        lines = [(str(at), " · ".join(cell for cell in line.cells if cell.strip())[:60]) for at, line in first]
        return [("", pgettext("line with the column names", "None")), *lines]

    def _answers(self, found: int | None) -> Mapping[str, str]:
        """What was said about these very columns. With another sheet, or other names, all is found out anew."""
        about, head = self.cleaned_data["about"], self.cleaned_data["head"]
        shown = about.partition("-")[0]
        if about and about == _about(self.lines, shown):
            return self.data if head == shown else {"head": head}
        self._put(order="", decimals="", scale="")
        return {"head": "" if found is None else str(found)}

    def _settle(self, below: Sequence[cells.Line], answers: Mapping[str, str]) -> None:
        where = columns.placed(self.columns)
        self.problems = columns.problems(self.columns, currency=self.currency)
        in_column = {role: [line.at(at) for line in below] for role, at in where.items()}
        mark = answers.get("decimals") or amounts.decimal_mark(in_column.get("amount", []), currency=self.currency)
        orders = [answers["order"]] if answers.get("order") else dates.orders(in_column.get("due_date", []))
        scale = answers.get("scale") or ("" if self.asks_scale else "1")
        if not mark:
            self.add_error("decimals", _("Some amounts can be read in two ways. Say which is the decimal sign."))
        if len(orders) > 1:
            self.add_error("order", _("Some dates can be read in several ways. Say what comes first."))
        if not scale:
            self.add_error("scale", _("The name of the column speaks of thousands. Say how its amounts are written."))
        self.manner = Manner(self.currency, mark or amounts.POINT, orders[0] if orders else "dmy", int(scale or 1))
        self.unsure = {
            role for role, is_so in (("amount", not mark or not scale), ("due_date", len(orders) > 1)) if is_so
        }
        if not (self.errors or self.problems):
            width = len(self.columns)
            self.rows = rows_of(below, where, width, self.manner)

    @property
    def asks_scale(self) -> bool:
        return any(column.role == "amount" and column.speaks_of_thousands for column in self.columns)

    def samples(self) -> list[list[Sample]]:
        """The first lines, with what each cell is read as."""
        first = self.lines[self.begins + 1 :] if self.begins is not None else self.lines
        return [[self._sample(line.at(column.number), column) for column in self.columns] for line in first[:SAMPLES]]

    def _sample(self, text: str, column: Column) -> Sample:
        is_sure = text.strip() and column.role not in self.unsure
        return Sample(text, self.manner.in_words(column.role, text) if is_sure else "", amounts.is_number(text))

    def not_used(self) -> list[str]:
        left = {UNUSED} if self.problems else {UNUSED, ASKED}
        return [column.name for column in self.columns if column.role in left and column.filled]

    def not_read(self) -> list[int]:
        """The lines above the names of the columns."""
        return [line.number for line in self.lines[: self.begins or 0]]

    def all_errors(self) -> list[tuple[str, str]]:
        """For the summary: the id of the place and the sentence."""
        return [*form_errors(self), *self.problems] if self.is_bound else []


def _about(lines: Sequence[cells.Line], head: str) -> str:
    """Which names of columns the answers of the form are about."""
    at = int(head) if re.fullmatch("[0-9]{1,2}", head) else None
    names = lines[at].cells if at is not None and at < len(lines) else [str(len(lines[0].cells))]
    return f"{head}-{zlib.crc32(repr(names).encode()):08x}"


def _decoded(raw: str) -> bytes:
    try:
        return base64.b64decode(raw, validate=True)
    except binascii.Error as error:
        raise files.Unreadable(_("This page came back incomplete. Choose the file again.")) from error


def carried(posted: "MultiValueDict[str, str]", *, otherwise: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was staged and typed on the manage page before, to come back to it unchanged."""
    fields = {name: [value] for name, value in otherwise.items()}
    fields |= {name: values for name, values in posted.lists() if _OF_THE_MANAGE_PAGE.fullmatch(name)}
    return [(name, value) for name, values in fields.items() for value in values]
