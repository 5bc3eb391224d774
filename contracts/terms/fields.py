"""Form fields of terms: what they give is what the terms hold."""

from decimal import Decimal
from typing import Any

from django import forms

from escrow import money


class AmountField(forms.CharField):
    """Compared as text with what it began with, so that a person's "650" is no change of "650.00" before it is read."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.currency = currency

    def clean(self, value: Any) -> Decimal:
        text: str = super().clean(value)
        try:
            return money.parse_price(text, self.currency)
        except money.InvalidAmount as error:
            raise forms.ValidationError(error.sentence) from error
