from django import template

from accounts.languages import isolated

register = template.Library()


@register.filter
def isolate(written: object) -> str:
    """What a person wrote, for use in a sentence: see `accounts.languages`."""
    return isolated(str(written))
