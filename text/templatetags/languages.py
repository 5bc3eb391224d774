from typing import Any, Protocol

from django import template

from text.languages import isolated
from text.shown import Shown

register = template.Library()


@register.filter
def isolate(written: object) -> str:
    """What a person wrote, for use in a sentence: see `text.languages`."""
    return isolated(str(written))


class Named(Protocol):
    """A contract, which knows its two parties."""

    def name_of(self, person: Any) -> str: ...


@register.filter
def called(person: object, contract: Named) -> str:
    """How a sentence speaks of the person on this contract."""
    return contract.name_of(person)


@register.filter
def rendered(shown: Shown, text: str) -> str:
    """A text of the page as its readers see it."""
    return shown[text]
