"""Staff read what people ask, answer it, or note that they have answered."""

import uuid
from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from help import actions
from help.models import Enquiry
from staff.acts import Act
from staff.records import Record

EXCERPT = 120


class Answer(Act[Enquiry]):
    verb, label, done = "answer", gettext_lazy("Answer"), gettext_lazy("Answered by e-mail.")
    hint = gettext_lazy("Your answer. The person gets it by e-mail; it is kept with your name and the time.")

    def concerns(self, row: Enquiry) -> Collection[int | None]:
        return (row.person_id,)

    def is_offered(self, row: Enquiry, user: User) -> bool:
        return not row.answered_at

    def consequence(self, row: Enquiry) -> str:
        facts = {"name": row.name, "email": row.email}
        return _("%(name)s gets your answer at %(email)s, with their message below it.") % facts

    def do(self, row: Enquiry, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.answer(row, by=by, text=reason, by_mail=True)


class MarkAnswered(Answer):
    verb, label, done = "mark-answered", gettext_lazy("Mark as answered"), gettext_lazy("Marked as answered.")
    hint = gettext_lazy("What you answered, and where. Kept with your name and the time.")

    def consequence(self, row: Enquiry) -> str:
        return _("It leaves the list of what waits. Nothing is sent.")

    def do(self, row: Enquiry, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.answer(row, by=by, text=reason, by_mail=False)


class Waiting(admin.SimpleListFilter):
    title = gettext_lazy("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", _("Waiting")), ("answered", _("Answered"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() not in ("waiting", "answered"):
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == "waiting")


@admin.register(Enquiry)
class EnquiryAdmin(Record):
    list_display = ("sent_at", "kind", "name", "email", "excerpt", "answered_at")
    list_display_links = ("sent_at",)
    list_filter = (Waiting, "kind")
    list_select_related = ("person", "answered_by")
    search_fields = ("name", "email", "message", "answer", "person__display_name", "person__email")
    date_hierarchy = "sent_at"
    fields = ("sent_at", "kind", "name", "email", "person", "message", "answer", "answered_by", "answered_at")
    acts = (Answer(), MarkAnswered())

    @admin.display(description=gettext_lazy("message"))
    def excerpt(self, enquiry: Enquiry) -> str:
        return Truncator(enquiry.message).chars(EXCERPT)
