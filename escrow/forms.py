from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escrow import gateways, money
from parties.models import Party

LOAD_AGAIN = _("Load the page again and send the form once more.")


class DepositForm(forms.Form):
    """Add funds. The key is made with the page, so that a form sent twice asks once."""

    owner = forms.TypedChoiceField(
        label=_("For"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose yourself or one of your organisations.")},
    )
    amount = forms.CharField(
        label=_("Amount"),
        error_messages={"required": _("Enter an amount.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=money.currency_choices,
        error_messages={"required": _("Choose a currency."), "invalid_choice": _("Choose a currency from the list.")},
    )
    gateway = forms.ChoiceField(
        label=_("How you pay"),
        choices=gateways.choices,
        error_messages={"required": _("Choose how you will pay."), "invalid_choice": _("Choose how you will pay.")},
        widget=forms.RadioSelect,
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(error_messages={"required": LOAD_AGAIN, "invalid": LOAD_AGAIN}, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *given: Any, owners: Sequence[Party], **options: Any) -> None:
        """`owners` are the parties for which the person may add funds, their own first."""
        super().__init__(*given, **options)
        self.owners = {owner.pk: owner for owner in owners}
        self.fields["owner"].choices = [(owner.pk, str(owner)) for owner in owners]  # type: ignore[attr-defined]

    def clean_owner(self) -> Party:
        chosen = self.cleaned_data["owner"]
        return self.owners[chosen] if chosen else next(iter(self.owners.values()))

    def clean(self) -> dict[str, Any]:
        text, currency = self.cleaned_data.get("amount"), self.cleaned_data.get("currency")
        if text and currency:
            try:
                self.cleaned_data["amount"] = money.parse(text, currency)
            except money.InvalidAmount as error:
                self.add_error("amount", error.sentence)
        return self.cleaned_data
