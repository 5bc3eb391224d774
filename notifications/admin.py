"""Staff read what people are told, see what became of each mail and job, and try again what has failed."""

import uuid
from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from accounts.models import User
from notifications import actions
from notifications.models import Email, Job, Notification
from staff.acts import Act
from staff.reasons import ReadOnly
from staff.records import Record, Rows

# Its own page has styles that our policy forbids, and acts that ask for no reason.
admin.site.unregister(ProcrastinateJob)


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    list_display = ("text", "recipient", "kind", "frequency", "created_at", "read_at")
    list_filter = ("kind", "frequency")
    list_select_related = ("recipient", "email__recipient")
    search_fields = ("text", "recipient__display_name", "recipient__email")


class Told(Rows):
    model = Notification
    fields = readonly_fields = ("text", "kind", "created_at", "read_at")
    verbose_name_plural = gettext_lazy("What it tells")


class SendAgain(Act[Email]):
    verb, label, done = "send-again", gettext_lazy("Send again"), gettext_lazy("Queued again.")

    def is_offered(self, row: Email, user: User) -> bool:
        return row.is_stuck

    def consequence(self, row: Email) -> str:
        return _("It is tried again now, outside the quiet hours of %(name)s.") % {"name": row.recipient}

    def do(self, row: Email, *, by: User, key: uuid.UUID, reason: str) -> None:
        actions.send_again(row, by=by)


@admin.register(Email)
class EmailAdmin(Record):
    list_display = ("due_at", "summary", "recipient", "state", "kind")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    search_fields = ("subject", "=key", "recipient__display_name", "recipient__email")
    date_hierarchy = "due_at"
    fieldsets = (
        (None, {"fields": ("recipient", "kind", "conversation", "message_id")}),
        (gettext_lazy("Sending"), {"fields": ("state", "queued_at", "due_at", "settled_at", "attempts", "reason")}),
        (gettext_lazy("As it was sent"), {"fields": ("subject", "text")}),
    )
    readonly_fields = ("message_id",)
    inlines = (Told,)
    acts: ClassVar[tuple[Act[Any], ...]] = (SendAgain(),)

    @admin.display(description=gettext_lazy("subject, or why it was not sent"))
    def summary(self, email: Email) -> str:
        return email.subject or email.reason

    @admin.display(description="Message-ID")
    def message_id(self, email: Email) -> str:
        return email.message_id


class Happened(Rows):
    model = ProcrastinateEvent
    fields = readonly_fields = ("at", "type")
    ordering = ("id",)
    verbose_name_plural = gettext_lazy("What happened to it")
    show_change_link = False


class RunAgain(Act[Job]):
    verb, label, done = "run-again", gettext_lazy("Run again"), gettext_lazy("It runs again.")

    def is_offered(self, row: Job, user: User) -> bool:
        return bool(row.status == "failed")

    def consequence(self, row: Job) -> str:
        return _("The worker does it once more, now.")

    def do(self, row: Job, *, by: User, key: uuid.UUID, reason: str) -> None:
        actions.run_again(row, by=by)


@admin.register(Job)
class JobAdmin(Record):
    """What the worker has to do, does, or could not do; what it has done leaves."""

    list_display = ("id", "task_name", "args", "status", "scheduled_at", "attempts")
    list_filter = ("status", "task_name")
    search_fields = ("=id", "task_name")
    fields = ("task_name", "args", "queue_name", "status", "scheduled_at", "attempts", "worker")
    inlines = (Happened,)
    acts: ClassVar[tuple[Act[Any], ...]] = (RunAgain(),)
