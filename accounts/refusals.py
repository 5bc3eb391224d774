"""Why the site says no. Each carries one plain sentence for the person and the HTTP status that fits it."""


class Refused(Exception):
    """The act was refused and nothing has changed."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotYours(Refused):
    """The other party, or nobody, may do this."""

    status = 403


class WrongMoment(Refused):
    """The right person, but not in this state."""


class Stale(WrongMoment):
    """The person acted on something that has changed since they saw it."""


class Invalid(Refused):
    """What was asked for breaks a rule."""

    status = 422
