"""What the page of each working move says: its heading, what it does, its note and its button."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from escrow.money import format_money
from milestones import queries
from milestones.models import Milestone
from milestones.pages.rows import returned_words
from milestones.plan import Plan
from text.languages import isolated


def work_words(move: str, milestone: Milestone, *, viewer: User) -> dict[str, Any]:
    contract = milestone.contract
    facts = {
        "title": isolated(milestone.title),
        "client": contract.name_of(contract.client),
        "freelancer": contract.name_of(contract.freelancer),
        "amount": format_money(milestone.amount, contract.currency),
    }
    words = {
        "submit": (
            _("Submit work: %(title)s"),
            _("%(client)s looks at it and either approves it, which pays you %(amount)s, or asks for changes."),
            _("What you deliver, and where to find it"),
            _("Submit work"),
        ),
        "request_changes": (
            _("Ask for changes: %(title)s"),
            _("The money stays in escrow. %(freelancer)s reads your note and submits the work again."),
            _("What should change"),
            _("Ask for changes"),
        ),
        "release": (
            _("Approve the work: %(title)s"),
            _("%(amount)s goes from escrow to %(freelancer)s. This cannot be undone here."),
            _("A word to %(freelancer)s"),
            _("Approve and release %(amount)s"),
        ),
    }
    names = ("heading", "explanation", "note_label", "button")
    plan = Plan.of(contract, only=milestone.pk)
    (now,) = plan.milestones
    why_not = plan.why_not(now, move, by=viewer)
    said: dict[str, Any] = {name: text % facts for name, text in zip(names, words[move], strict=True)}
    closes = plan.what_closes() if move == "release" else ""
    event = queries.returned([now]).get(now.pk)
    returned = returned_words(event, contract) if event else None
    return {**said, "returned": returned, "closes": closes, "why_not": why_not, "can_act": "" if why_not else move}
