"""What people are told of, and how often by e-mail. Everything is in the inbox at once, whatever they choose here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    ANSWER = "answer", _("What waits for your answer")
    DECISION = "decision", _("Answers to your suggestions")
    PLAN = "plan", _("Changes that need no answer")
    MONEY = "money", _("Money that moves")
    WORK = "work", _("Work that comes back to you")
    MESSAGE = "message", _("Messages that you have not read")


class Frequency(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Daily")
    NEVER = "never", _("Never")


def frequencies(kind: Kind) -> list[Frequency]:
    """What may be chosen. A decision that waits for a person blocks the other party, so it is never kept from them."""
    return [choice for choice in Frequency if kind != Kind.ANSWER or choice != Frequency.NEVER]
