from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.events import sentence


@sentence("suggestions.saved")
def saved(by: str, count: int, net: str, **_facts: object) -> str:
    text = ngettext("%(by)s suggests %(count)d change, %(net)s.", "%(by)s suggests %(count)d changes, %(net)s.", count)
    return text % {"by": by, "count": count, "net": net}


@sentence("suggestions.revised")
def revised(by: str, count: int, net: str, **_facts: object) -> str:
    text = ngettext(
        "%(by)s changed the suggestions: now %(count)d change, %(net)s.",
        "%(by)s changed the suggestions: now %(count)d changes, %(net)s.",
        count,
    )
    return text % {"by": by, "count": count, "net": net}


@sentence("suggestions.withdrawn")
def withdrawn(by: str, **_facts: object) -> str:
    return _("%(by)s withdrew the suggestions. Nothing was changed.") % {"by": by}


@sentence("suggestions.decided")
def decided(by: str, approved: int, declined: int, amount: str, lines: list[dict[str, str]], **_facts: object) -> str:
    facts = {"by": by, "approved": approved, "declined": declined, "amount": amount}
    if len(lines) == 1:
        facts["title"] = lines[0]["title"]
        said = _("%(by)s approved “%(title)s”.") if approved else _("%(by)s declined “%(title)s”.")
        if lines[0]["reason"]:
            facts["reason"] = lines[0]["reason"]
            said = _("%(by)s declined “%(title)s”: “%(reason)s”")
    elif not declined:
        said = _("%(by)s approved all %(approved)d suggestions.")
    elif not approved:
        said = _("%(by)s declined all %(declined)d suggestions. Nothing was changed.")
    else:
        said = _("%(by)s approved %(approved)d of your suggestions and declined %(declined)d.")
    if approved and any(digit in amount for digit in "123456789"):
        said += " " + _("%(amount)s went into escrow.")
    return said % facts


@sentence("plan.changed")
def changed(by: str, count: int, net: str, **_facts: object) -> str:
    text = ngettext(
        "%(by)s changed %(count)d upcoming milestone, %(net)s.",
        "%(by)s changed %(count)d upcoming milestones, %(net)s.",
        count,
    )
    return text % {"by": by, "count": count, "net": net}


@sentence("milestone.funded")
def funded(by: str, milestone: str, amount: str, **_facts: object) -> str:
    text = _("%(by)s put %(amount)s into escrow for “%(milestone)s”.")
    return text % {"by": by, "milestone": milestone, "amount": amount}


@sentence("milestone.submitted")
def submitted(by: str, milestone: str, note: str, **_facts: object) -> str:
    return _quoting(_("%(by)s submitted the work on “%(milestone)s” for review.") % _names(by, milestone), note)


@sentence("milestone.returned")
def returned(by: str, milestone: str, note: str, **_facts: object) -> str:
    return _quoting(_("%(by)s asked for changes to the work on “%(milestone)s”.") % _names(by, milestone), note)


@sentence("milestone.released")
def released(by: str, milestone: str, amount: str, note: str, **_facts: object) -> str:
    text = _("%(by)s approved the work on “%(milestone)s”; %(amount)s was paid.")
    return _quoting(text % {**_names(by, milestone), "amount": amount}, note)


@sentence("milestone.refunded")
def refunded(by: str, milestone: str, amount: str, note: str, **_facts: object) -> str:
    text = _("%(by)s sent the %(amount)s of “%(milestone)s” back to the client.")
    return _quoting(text % {**_names(by, milestone), "amount": amount}, note)


def _names(by: str, milestone: str) -> dict[str, str]:
    return {"by": by, "milestone": milestone}


def _quoting(sentence_: str, note: str) -> str:
    return f"{sentence_} “{note}”" if note else sentence_
