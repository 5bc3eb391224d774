"""What comes back in a form that is refused: all that somebody typed, and of what is far too long its beginning.

What is cut here is longer than any field takes, so the rest of it can neither be kept nor be sent again unseen.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

MOST = 50_000
"""Characters. The longest text that any field takes has 20,000; a field may say otherwise as `most_returned`."""


class Field(forms.BoundField):
    def value(self) -> Any:
        value = super().value()
        return value[: getattr(self.field, "most_returned", MOST)] if isinstance(value, str) else value


class Renderer(TemplatesSetting):
    bound_field_class = Field
    """For each form of the site."""
