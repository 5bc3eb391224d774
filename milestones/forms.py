import datetime
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escrow import money
from milestones.models import Terms
from milestones.models.terms import DESCRIPTION_LENGTH, TITLE_LENGTH


class TermsForm(forms.Form):
    """The four fields of a milestone. Only what can be read off the text is checked here; the rest is in `rules`."""

    title = forms.CharField(
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter a milestone name.")},
    )
    amount = forms.CharField(
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Enter an amount.")},
    )
    due_date = forms.DateField(
        label=_("Due date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter the due date as year-month-day, like 2026-12-31.")},
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown works: lists, tables, links."),
    )

    valid_until = forms.DateField(
        label=_("Price valid until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter the date as year-month-day, like 2026-12-31.")},
        help_text=_("After that day an approval asks you once more. It never closes by itself."),
    )

    def __init__(self, *args: Any, currency: str, asks_validity: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_validity:
            del self.fields["valid_until"]
        self.use_required_attribute = False
        self.currency = currency
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": money.currency_name(currency)}
        least = money.format_money(money.minimum(currency), currency)
        self.fields["amount"].help_text = _("At least %(least)s.") % {"least": least}

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if len(title) > TITLE_LENGTH:
            raise forms.ValidationError(_("Name must be %(most)d characters or fewer.") % {"most": TITLE_LENGTH})
        return title

    def clean_amount(self) -> Decimal:
        try:
            return money.parse_price(self.cleaned_data["amount"], self.currency)
        except money.InvalidAmount as error:
            raise forms.ValidationError(error.sentence) from error

    def clean_description(self) -> str:
        """Browsers send lines ended by CRLF; what is stored and compared has plain line ends."""
        description: str = self.cleaned_data["description"].replace("\r\n", "\n")
        if len(description) > DESCRIPTION_LENGTH:
            most = {"most": DESCRIPTION_LENGTH}
            raise forms.ValidationError(_("Description must be %(most)d characters or fewer.") % most)
        return description

    def terms(self) -> Terms:
        return Terms(**{name: value for name, value in self.cleaned_data.items() if name != "valid_until"})

    def valid_until_date(self) -> datetime.date | None:
        return self.cleaned_data.get("valid_until")


class SeenForm(forms.Form):
    """What each form that acts on the plan carries: the revision it was rendered from and its one-time key."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput)


class KeyForm(forms.Form):
    """The one-time key of a form that is nothing but a button."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def made_now(cls) -> "KeyForm":
        return cls(initial={"key": uuid.uuid4()})


class NoteForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class SaveForm(SeenForm):
    message = forms.CharField(
        label=_("Message"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )


CHOICES = [("approve", _("Approve")), ("decline", _("Decline")), ("counter", _("Suggest something else"))]


class AnswerForm(forms.Form):
    """The answer to one suggestion; left empty, it stays open."""

    choice = forms.ChoiceField(required=False, choices=CHOICES, widget=forms.RadioSelect)
    fund = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


def form_errors(form: forms.Form) -> list[tuple[str, str]]:
    """For the error summary: the id of the field and the sentence."""
    named = [name for name in form.errors if name in form.fields]
    return [(form[name].id_for_label, str(error)) for name in named for error in form.errors[name]]


def typed(terms: Terms, currency: str) -> dict[str, Any]:
    """The terms as a person types them: the amount without sign and thousands, with the currency's decimals."""
    return vars(terms) | {"amount": f"{terms.amount:.{money.decimals(currency)}f}"}
