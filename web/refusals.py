"""Why the site says no. Each carries one plain sentence for the person and the HTTP status that fits it.

`topic` is the place on the help page that says more (`help.questions`).
"""

from django.utils.translation import gettext as _


class Refused(Exception):
    """The act was refused and nothing has changed."""

    status = 409
    topic = "not-now"

    def __init__(self, sentence: str, *, topic: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.topic = topic or self.topic


class NotYours(Refused):
    """The other party, or nobody, may do this."""

    status = 403
    topic = "not-yours"


class WrongMoment(Refused):
    """The right person, but not in this state."""


class Stale(WrongMoment):
    """The person acted on something that has changed since they saw it."""

    topic = "changed-meanwhile"


class Invalid(Refused):
    """What was asked for breaks a rule."""

    status = 422
    topic = "not-accepted"


class NotRead(Refused):
    """What was sent was not read to its end: it was too large (413) or came too slowly (408)."""

    topic = "too-much"

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(
            _("That is more than can be sent at once. Nothing was changed. Send less, or in several parts.")
            if status == 413
            else _("That came too slowly to be waited for. Nothing was changed. Try again with a better connection.")
        )


class TooOften(Refused):
    """The right person at the right moment, but too often. `seconds` say when to try again."""

    status = 429
    topic = "too-much"

    def __init__(self, sentence: str, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Busy(Refused):
    """Somebody else is changing the same thing, and it takes too long to wait for."""

    topic = "changed-meanwhile"
    seconds = 5


def require_words(text: str, *, most: int, otherwise: str = "") -> None:
    """Errors: Invalid for more than `most` characters, and, with the sentence `otherwise`, when there are none."""
    if len(text) > most:
        raise Invalid(_("This can have at most %(most)d characters.") % {"most": most})
    if otherwise and not text.strip():
        raise Invalid(otherwise)
