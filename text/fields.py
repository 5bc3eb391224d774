"""Form fields for what people write: each text comes in through one of these two (see `text.typed`)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from text import typed

HIDING = _("This holds hidden characters that turn text round. Type it by hand, or paste it without formatting.")


def require_no_hidden(text: str) -> None:
    """Errors: ValidationError."""
    if typed.is_hiding(text):
        raise ValidationError(HIDING, code="hiding")


class LineField(forms.CharField):
    """A name or a title: one line, of which something can be seen."""

    default_validators = [require_no_hidden]

    def to_python(self, value: Any) -> str:
        text = typed.line(super().to_python(value) or "")
        return "" if typed.is_blank(text) else text


class LinesField(forms.CharField):
    """A text of any number of lines. Spaces around it go, unless `strip` says otherwise."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = typed.lines(super().to_python(value) or "")
        return "" if typed.is_blank(text) else text
