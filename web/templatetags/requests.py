from django import template

from web import tracing

register = template.Library()


@register.simple_tag
def request_number() -> str:
    """By which the staff find in the logs what happened."""
    return tracing.number()
