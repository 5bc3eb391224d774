from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from contracts.events import Notice, sentence
from contracts.models import Event
from notifications.kinds import Kind

ANSWER_SUGGESTIONS = Notice(Kind.ANSWER, gettext_lazy("Your turn: approve or decline each suggestion."))
FINISHED = Notice(Kind.MONEY, gettext_lazy("Nobody’s turn: this milestone is finished."))


def _notice_of_answers(event: Event) -> Notice:
    if event.facts.get("countered"):
        return Notice(Kind.ANSWER, _("Your turn: answer what is suggested instead."))
    agreed = [line["kind"] for line in event.facts["lines"] if line["state"] == "accepted"]
    if not agreed:
        turn = _("Your turn, if you want to suggest something else.")
    elif set(agreed) == {"remove"}:
        turn = _("Nobody’s turn: the plan is changed.")
    elif event.by == event.contract.client:
        turn = _("Your turn with what is funded. What is not funded yet waits for %(by)s.") % {
            "by": event.by.get_short_name()
        }
    else:
        turn = _("Your turn: fund what is agreed and not funded yet.")
    return Notice(Kind.DECISION, turn)


@sentence("suggestions.saved", ANSWER_SUGGESTIONS)
def saved(by: str, count: int, net: str, **_facts: object) -> str:
    text = ngettext("%(by)s suggests %(count)d change", "%(by)s suggests %(count)d changes", count)
    return _with_net(text % {"by": by, "count": count}, net)


@sentence("suggestions.revised", ANSWER_SUGGESTIONS)
def revised(by: str, count: int, net: str, **_facts: object) -> str:
    text = ngettext(
        "%(by)s changed the suggestions: now %(count)d change",
        "%(by)s changed the suggestions: now %(count)d changes",
        count,
    )
    return _with_net(text % {"by": by, "count": count}, net)


@sentence("suggestions.withdrawn", Notice(Kind.PLAN, gettext_lazy("Nobody’s turn: this needs no answer any more.")))
def withdrawn(by: str, **_facts: object) -> str:
    return _("%(by)s withdrew the suggestions. Nothing was changed.") % {"by": by}


@sentence("suggestions.reminded", ANSWER_SUGGESTIONS)
def reminded(by: str, **_facts: object) -> str:
    return _("%(by)s reminds you that suggestions wait for your answer.") % {"by": by}


@sentence("suggestions.decided", _notice_of_answers)
def decided(
    by: str,
    approved: int,
    declined: int,
    amount: str,
    lines: list[dict[str, str]],
    countered: int = 0,
    late: int = 0,
    **_facts: object,
) -> str:
    facts = {"by": by, "amount": amount, "all": len(lines)}
    if len(lines) == 1:
        said = _one_decided(lines[0], is_late=bool(late)) % (facts | lines[0])
    elif approved == len(lines):
        said = _("%(by)s approved all %(all)d suggestions.") % facts
    elif declined == len(lines):
        said = _("%(by)s declined all %(all)d suggestions. Nothing was changed.") % facts
    else:
        said = _several_decided(by, approved, declined, countered - late, late)
    paid = " " + _("%(amount)s went into escrow.") % facts if _is_money(amount) else ""
    return said + paid


def _one_decided(line: dict[str, str], *, is_late: bool) -> str:
    if is_late:
        return _("%(by)s approves “%(title)s” if its old price still holds.")
    if line["reason"]:
        return _("%(by)s declined “%(title)s”: “%(reason)s”")
    return {
        "accepted": _("%(by)s approved “%(title)s”."),
        "declined": _("%(by)s declined “%(title)s”."),
        "countered": _("%(by)s suggests something else for “%(title)s”."),
    }[line["state"]]


def _several_decided(by: str, approved: int, declined: int, countered: int, late: int) -> str:
    answers = [
        (approved, ngettext("approved %(count)d suggestion", "approved %(count)d suggestions", approved)),
        (declined, ngettext("declined %(count)d", "declined %(count)d", declined)),
        (
            countered,
            ngettext("suggests something else for %(count)d", "suggests something else for %(count)d", countered),
        ),
        (
            late,
            ngettext(
                "approves %(count)d if its old price still holds",
                "approves %(count)d if their old prices still hold",
                late,
            ),
        ),
    ]
    said = [text % {"count": count} for count, text in answers if count]
    return _("%(by)s %(answers)s.") % {"by": by, "answers": get_text_list(said, _("and"))}


@sentence(
    "plan.changed",
    Notice(Kind.PLAN, gettext_lazy("Nobody’s turn: this needs no answer. If you disagree, suggest something else.")),
)
def changed(by: str, count: int, net: str, **_facts: object) -> str:
    text = ngettext(
        "%(by)s changed %(count)d upcoming milestone", "%(by)s changed %(count)d upcoming milestones", count
    )
    return _with_net(text % {"by": by, "count": count}, net)


@sentence("milestone.funded", Notice(Kind.MONEY, gettext_lazy("Your turn: it is safe to start this work.")))
def funded(by: str, milestone: str, amount: str, **_facts: object) -> str:
    text = _("%(by)s put %(amount)s into escrow for “%(milestone)s”.")
    return text % {"by": by, "milestone": milestone, "amount": amount}


@sentence(
    "milestone.submitted", Notice(Kind.ANSWER, gettext_lazy("Your turn: approve the work, or say what should change."))
)
def submitted(by: str, milestone: str, note: str, **_facts: object) -> str:
    return _quoting(_("%(by)s submitted the work on “%(milestone)s” for review.") % _names(by, milestone), note)


@sentence("milestone.returned", Notice(Kind.WORK, gettext_lazy("Your turn: change the work and submit it again.")))
def returned(by: str, milestone: str, note: str, **_facts: object) -> str:
    return _quoting(_("%(by)s asked for changes to the work on “%(milestone)s”.") % _names(by, milestone), note)


@sentence("milestone.released", FINISHED)
def released(by: str, milestone: str, amount: str, note: str, **_facts: object) -> str:
    text = _("%(by)s approved the work on “%(milestone)s”; %(amount)s was paid.")
    return _quoting(text % {**_names(by, milestone), "amount": amount}, note)


@sentence("milestone.refunded", FINISHED)
def refunded(by: str, milestone: str, amount: str, note: str, **_facts: object) -> str:
    text = _("%(by)s sent the %(amount)s of “%(milestone)s” back to the client.")
    return _quoting(text % {**_names(by, milestone), "amount": amount}, note)


def _names(by: str, milestone: str) -> dict[str, str]:
    return {"by": by, "milestone": milestone}


def _quoting(sentence_: str, note: str) -> str:
    return _("%(said)s “%(note)s”") % {"said": sentence_, "note": note} if note else sentence_


def _with_net(said: str, net: str) -> str:
    """With the change in price, where there is one."""
    facts = {"said": said, "net": net}
    return _("%(said)s, %(net)s.") % facts if _is_money(net) else pgettext("whole sentence", "%(said)s.") % facts


def _is_money(amount: str) -> bool:
    return any(character.isdigit() and character != "0" for character in amount)
