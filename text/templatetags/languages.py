from django import template

from text.languages import isolated

register = template.Library()


@register.filter
def isolate(written: object) -> str:
    """What a person wrote, for use in a sentence: see `text.languages`."""
    return isolated(str(written))
