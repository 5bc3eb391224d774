import datetime
import uuid
from typing import Any

from django import forms
from django.core import validators
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.models import Contract
from contracts.terms import Date
from contracts.terms.form import DeclaredForm
from messaging.models import TEXT_LENGTH
from milestones.models import Terms
from milestones.models.terms import NOTE_LENGTH, REASON_LENGTH
from text.fields import LinesField

VALID_UNTIL = Date(
    label=_("Price valid until"),
    column="",
    help_text=_(
        "If it is approved later, you are asked whether the price still holds. A suggestion never closes by itself."
    ),
)


class TermsForm(DeclaredForm):
    """The terms of a milestone and, of a suggestion, until when its price is valid."""

    declared = Terms

    def __init__(self, *args: Any, currency: str, asks_validity: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, currency=currency, **kwargs)
        if asks_validity:
            self.fields["valid_until"] = VALID_UNTIL.field(currency)

    def terms(self) -> Terms:
        return Terms(**self.given())

    def valid_until_date(self) -> datetime.date | None:
        return self.cleaned_data.get("valid_until")


class _Words(LinesField):
    """What a person writes in their own words, if they want to. The server counts: a browser would cut the end off."""

    def __init__(self, *, most: int, rows: int, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        too_long = format_lazy(_("This can have at most {most} characters."), most=most)
        self.validators.append(validators.MaxLengthValidator(most, too_long))


_TORN = _("This page came back incomplete, so nothing was done. Load it again and repeat what you want to do.")


class _OneTimeKey(forms.UUIDField):
    """Without its key a form that is sent twice would act twice."""

    default_error_messages = {"required": _TORN, "invalid": _TORN}
    widget = forms.HiddenInput


class SeenForm(forms.Form):
    """What each form that acts on the plan carries: the revision it was rendered from and its one-time key."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages={"required": _TORN, "invalid": _TORN, "min_value": _TORN},
    )
    key = _OneTimeKey()


def seen_now(contract: Contract) -> dict[str, Any]:
    """What a `SeenForm` that is rendered now carries."""
    return {"seen": contract.plan_revision, "key": uuid.uuid4()}


class KeyForm(forms.Form):
    """The one-time key of a form that is nothing but a button."""

    key = _OneTimeKey()

    @classmethod
    def made_now(cls) -> "KeyForm":
        return cls(initial={"key": uuid.uuid4()})


class NoteForm(SeenForm):
    """The note that goes with a move of the work; `required` is the sentence for whom leaves out one that is needed."""

    note = _Words(most=NOTE_LENGTH, rows=4)

    def __init__(self, *args: Any, label: str, required: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["note"].label = label
        if required:
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = required


class SaveForm(SeenForm):
    message = _Words(most=TEXT_LENGTH, rows=2, label=_("Message"))


CHOICES = [
    ("approve", pgettext_lazy("choice", "Approve")),
    ("decline", pgettext_lazy("choice", "Decline")),
    ("counter", _("Suggest something else")),
]


class AnswerForm(forms.Form):
    """The answer to one suggestion; left empty, it stays open."""

    choice = forms.ChoiceField(required=False, choices=CHOICES, widget=forms.RadioSelect)
    fund = forms.BooleanField(required=False)
    reason = _Words(most=REASON_LENGTH, rows=2, label=_("Reason"))


class ReasonForm(forms.Form):
    """One reason for all that is declined at once."""

    reason = _Words(most=REASON_LENGTH, rows=2, label=_("Reason"))


def form_errors(form: forms.Form) -> list[tuple[str, str]]:
    """For the error summary: the id of the field, if a person can see it, and the sentence."""
    fields = [form[name] for name in form.errors if name in form.fields]
    found = [("" if field.is_hidden else field.id_for_label, str(error)) for field in fields for error in field.errors]
    return list(dict.fromkeys(found))
