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

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        return Terms(**self.cleaned_data)


class SeenForm(forms.Form):
    """What each form that acts on the plan carries: the revision it was rendered from and its one-time key."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def made_now(cls, seen: int) -> "SeenForm":
        return cls(initial={"seen": seen, "key": uuid.uuid4()})


class NoteForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class SaveForm(SeenForm):
    message = forms.CharField(
        label=_("Message"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    """The answer to one suggestion; left empty, it stays open."""

    choice = forms.ChoiceField(
        required=False, choices=[("approve", _("Approve")), ("decline", _("Decline"))], widget=forms.RadioSelect
    )
    fund = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


def form_errors(form: forms.Form) -> list[tuple[str, str]]:
    """For the error summary: the id of the field and the sentence."""
    named = [name for name in form.errors if name in form.fields]
    return [(form[name].id_for_label, str(error)) for name in named for error in form.errors[name]]
