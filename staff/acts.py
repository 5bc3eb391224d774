"""What staff may do to a row. An app says it by an `Act` and lists it on the row's page:

    class Refund(Act[Milestone]):
        verb, label, done = "refund", gettext_lazy("Refund"), gettext_lazy("Refunded. Both sides have been told.")
        ...

    @admin.register(Milestone)
    class MilestoneAdmin(Record):
        acts = (Refund(),)

The row's page then has a button "Refund". It leads to a page that says what will happen and asks why.
"""

import uuid
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model
from django.utils.translation import gettext_lazy

from text.fields import LinesField

if TYPE_CHECKING:
    from accounts.models import User


REASON_LENGTH = 1000

Row = TypeVar("Row", bound=Model)


class Act(Generic[Row]):
    """Done to a row at most once, and always with a reason.

    `done` is what the log and the page say afterwards; `hint` tells who will read the reason, of at most
    `reason_length` characters.
    """

    verb: ClassVar[str]
    label: ClassVar[Any]
    done: ClassVar[Any]
    hint: ClassVar[Any] = gettext_lazy("Kept in the log with your name and the time.")
    reason_length: ClassVar[int] = REASON_LENGTH

    def concerns(self, row: Row) -> Collection[int | None]:
        """The keys of the people whose matter it is: none of them acts on it as staff."""
        raise NotImplementedError

    def is_offered(self, row: Row, user: "User") -> bool:
        """Whether this person could do it now."""
        raise NotImplementedError

    def consequence(self, row: Row) -> str:
        """What will happen, in a sentence or two."""
        raise NotImplementedError

    def version(self, row: Row) -> int | None:
        """Of what the page shows, for an act that is refused once that has changed; None for one that never is."""
        return None

    def do(self, row: Row, *, by: "User", key: uuid.UUID, seen: int | None, reason: str) -> None:
        """Call the action; `seen` is the version that the page showed, if the act has one.

        Errors: Refused, which the page shows; nothing has changed then.
        """
        raise NotImplementedError


class ActForm(forms.Form):
    """The key was made with the page, so that sending it twice acts once; `seen` is the version that it showed."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, act: Act[Any], version: int | None) -> None:
        super().__init__(data, initial={"seen": version})
        self.fields["seen"].required = version is not None
        self.fields["reason"] = LinesField(
            label=gettext_lazy("Reason"),
            max_length=act.reason_length,
            help_text=act.hint,
            error_messages={"required": gettext_lazy("Say why, in a few words.")},
            widget=AdminTextareaWidget(attrs={"rows": 3}),
        )
