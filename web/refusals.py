"""Why the site says no. Each carries one plain sentence for the person and the HTTP status that fits it.

`topic` is the place on the help page that says more (`help.questions`).
"""


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
