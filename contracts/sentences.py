from django.utils.translation import gettext as _

from contracts.events import sentence


@sentence("contract.started")
def started(by: str, **_facts: str) -> str:
    return _("%(by)s started the contract.") % {"by": by}


@sentence("contract.ended")
def ended(by: str, reason: str, **_facts: str) -> str:
    return _("%(by)s ended the contract: “%(reason)s”") % {"by": by, "reason": reason}
