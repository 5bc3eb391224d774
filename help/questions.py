"""What the help page answers, in its order. An anchor is also the name of its answer in `templates/help/answers/`.

Refusals and hints lead to these anchors (`web.refusals.Refused.topic`, "Why?" beside what cannot be done).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Question:
    anchor: str
    title: Any

    @property
    def template(self) -> str:
        return f"help/answers/{self.anchor}.html"


@dataclass(frozen=True)
class Section:
    anchor: str
    title: Any
    questions: tuple[Question, ...]


SECTIONS = (
    Section(
        "plan",
        _("Changing the plan"),
        (
            Question("propose", _("How do I propose a milestone?")),
            Question("edit", _("How do I edit a milestone that I proposed?")),
            Question("delete", _("How do I delete a milestone that I proposed?")),
            Question("change-or-cancel", _("How can I change or cancel what I suggested?")),
            Question("in-progress", _("Can I ask for changes to a milestone in progress?")),
            Question("remove", _("Can I ask to remove a milestone?")),
            Question("client-changes", _("I am the client: how do I add or change milestones?")),
        ),
    ),
    Section(
        "answers",
        _("Answering suggestions"),
        (
            Question("how-long", _("How long does my client have to answer?")),
            Question("answer", _("How do I answer suggestions?")),
            Question("something-else", _("What does “Suggest something else” do?")),
            Question("valid-until", _("What does “Price valid until” mean?")),
            Question("disagree", _("What if I disagree with my client’s change?")),
            Question("take-back", _("Can an approval be taken back?")),
        ),
    ),
    Section(
        "work",
        _("Work and money"),
        (
            Question("safe-to-start", _("When is it safe to start?")),
            Question("funding", _("How does a milestone get funded?")),
            Question("higher-amount", _("What happens when a higher amount is approved?")),
            Question("hand-in", _("How do I submit work, and when am I paid?")),
            Question("where-is-my-money", _("Where is my money?")),
            Question("too-little", _("What if my balance is too small?")),
        ),
    ),
    Section(
        "why",
        _("Why can’t I do this?"),
        (
            Question("why-edit", _("Why can’t I edit this milestone?")),
            Question("why-remove", _("Why can’t I remove this milestone?")),
            Question("why-fund", _("Why can’t I fund this milestone?")),
            Question("why-submit", _("Why can’t I submit this work?")),
            Question("why-wait", _("Why must I answer suggestions first?")),
            Question("not-yours", _("Why is this for somebody else to do?")),
            Question("changed-meanwhile", _("Why does it say that something changed?")),
            Question("not-now", _("Why is this not possible now?")),
            Question("not-accepted", _("Which names, amounts and dates can I enter?")),
            Question("too-much", _("Why was it too much, too slow or too often?")),
            Question("ended", _("Why can nothing be changed on an ended contract?")),
        ),
    ),
    Section(
        "meaning",
        _("What the words mean"),
        (
            Question("states", _("What does each state mean?")),
            Question("glossary", _("What do the other words mean?")),
            Question("keyboard", _("Which keys can I use?")),
        ),
    ),
)
