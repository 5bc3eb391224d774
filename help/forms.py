from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from help.models import MESSAGE_LENGTH, Enquiry
from text.fields import LineField, LinesField

LOAD_AGAIN = _("Load the page again and send the form once more.")
NAME_LENGTH = Enquiry._meta.get_field("name").max_length


class ContactForm(forms.Form):
    """The key was made with the page, so that a form sent twice asks once. People never see `again`; robots fill it."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Enquiry.Kind.choices,
        initial=Enquiry.Kind.QUESTION,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about."), "invalid_choice": _("Choose what it is about.")},
    )
    name = LineField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We answer at this address and use it for nothing else."),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an address like ben@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = LinesField(
        label=_("Message"),
        max_length=MESSAGE_LENGTH,
        help_text=_("For a quote: what you need, by when, and anything that decides the price."),
        error_messages={
            "required": _("Write a message."),
            "max_length": _("Message must be %(limit_value)d characters or fewer."),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    again = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": -1}),
    )
    key = forms.UUIDField(error_messages={"required": LOAD_AGAIN, "invalid": LOAD_AGAIN}, widget=forms.HiddenInput)

    use_required_attribute = False

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "name", "email", "message", "key")}


def about(person: User | None) -> dict[str, str]:
    """What the form knows of somebody who is signed in."""
    return {"name": person.display_name, "email": person.email} if person else {}
