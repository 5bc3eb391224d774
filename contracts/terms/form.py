from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from contracts.terms.declared import Declared


class DeclaredForm(forms.Form):
    """A field a term. Only what can be read off what was typed is checked here; the rest is for rules and plans."""

    declared: ClassVar[type[Declared]]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.currency = currency
        for name, kind in self.declared.kinds().items():
            self.fields[name] = kind.field(currency)

    @property
    def in_row(self) -> list[BoundField]:
        return [self[name] for name, kind in self.declared.kinds().items() if not kind.is_prose]

    @property
    def below(self) -> list[BoundField]:
        return [self[name] for name, kind in self.declared.kinds().items() if kind.is_prose]

    def given(self) -> dict[str, Any]:
        """The terms that could be read."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.declared.kinds()}
