from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.events import Notice, sentence
from notifications.kinds import Kind


@sentence(
    "contract.started", Notice(Kind.PLAN, gettext_lazy("Your turn or theirs: both of you can propose milestones."))
)
def started(by: str, **_facts: str) -> str:
    return _("%(by)s started the contract.") % {"by": by}


@sentence("contract.ended", Notice(Kind.PLAN, gettext_lazy("Nobody’s turn: nothing is left to do.")))
def ended(by: str, reason: str, **_facts: str) -> str:
    said = _("%(by)s ended the contract: “%(reason)s”") if reason else _("%(by)s ended the contract.")
    return said % {"by": by, "reason": reason}
