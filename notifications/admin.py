"""Staff read what people are told, see what became of each mail and job, and try again what has failed."""

import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from accounts.models import User
from notifications import actions
from notifications.models import Duty, Email, Job, Notification
from notifications.models.email import LETTER
from staff.acts import Act
from staff.reasons import ReadOnly
from staff.records import Record, Rows

EXCERPT = 140

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

    def concerns(self, row: Email) -> Collection[int | None]:
        return (row.recipient_id,)

    def is_offered(self, row: Email, user: User) -> bool:
        return row.is_stuck

    def consequence(self, row: Email) -> str:
        if row.recipient is None:
            return _("It is tried again now.")
        return _("It is tried again now, outside the quiet hours of %(name)s.") % {"name": row.reader}

    def do(self, row: Email, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.send_again(row, by=by)


@admin.register(Email)
class EmailAdmin(Record):
    list_display = ("due_at", "summary", "reader", "state", "kind")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    search_fields = ("subject", "=key", "to", "recipient__display_name", "recipient__email")
    date_hierarchy = "due_at"
    fieldsets = (
        (None, {"fields": ("reader", "reply_to", "kind", "conversation", "message_id")}),
        (gettext_lazy("Sending"), {"fields": ("state", "queued_at", "due_at", "settled_at", "attempts", "reason")}),
        (gettext_lazy("As it was sent"), {"fields": ("subject", "words")}),
    )
    readonly_fields = ("reader", "message_id", "words")
    inlines = (Told,)
    acts: ClassVar[tuple[Act[Any], ...]] = (SendAgain(),)

    @admin.display(description=gettext_lazy("subject, or why it was not sent"))
    def summary(self, email: Email) -> str:
        return email.subject or email.reason

    @admin.display(description=gettext_lazy("recipient"))
    def reader(self, email: Email) -> str:
        return email.reader

    @admin.display(description=gettext_lazy("text"))
    def words(self, email: Email) -> str:
        """A link that sets a new password is for whom it was sent to, and for nobody else."""
        if email.kind == LETTER:
            return _("Not shown: it may hold a link that is only for its reader.")
        return email.text

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

    def concerns(self, row: Job) -> Collection[int | None]:
        return ()

    def is_offered(self, row: Job, user: User) -> bool:
        return bool(row.status == "failed")

    def consequence(self, row: Job) -> str:
        return _("The worker does it once more, now.")

    def do(self, row: Job, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
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


class DoNow(Act[Duty]):
    verb, label, done = "do-now", gettext_lazy("Do it now"), gettext_lazy("The worker does it now.")

    def concerns(self, row: Duty) -> Collection[int | None]:
        return ()

    def is_offered(self, row: Duty, user: User) -> bool:
        return True

    def consequence(self, row: Duty) -> str:
        return _("The worker does it once more, now. Its result stands here in a while.")

    def do(self, row: Duty, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.do_duty_now(row, by=by)


@admin.register(Duty)
class DutyAdmin(Record):
    list_display = ("name", "began_at", "took", "is_wrong", "summary")
    list_filter = ("is_wrong",)
    search_fields = ("name", "found")
    ordering = ("name",)
    fields = ("name", "began_at", "ended_at", "is_wrong", "found")
    acts: ClassVar[tuple[Act[Any], ...]] = (DoNow(),)

    @admin.display(description=gettext_lazy("took"))
    def took(self, duty: Duty) -> str:
        if not (duty.began_at and duty.ended_at):
            return _("not done yet")
        return _("%(seconds).1f seconds") % {"seconds": (duty.ended_at - duty.began_at).total_seconds()}

    @admin.display(description=gettext_lazy("what was found"))
    def summary(self, duty: Duty) -> str:
        return Truncator(duty.found).chars(EXCERPT)
