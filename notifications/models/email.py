"""The outbox: one row is one mail, from the moment it is owed until it is sent.

The row decides, a job only wakes it: whatever dies in between, an owed row is sent, and a sent one is not sent again.
How this holds is in docs/adr/0007-mail-is-sent-from-an-outbox.md.
"""

import datetime
import uuid
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import clock
from notifications.kinds import Kind

DAILY = "daily"
LETTER = "letter"
OWED = ("queued", "sending")
REASON_LENGTH = 500
SUBJECT_LENGTH = 200


def cut(text: str, length: int) -> str:
    """At most so many characters, as the database counts them: a Truncator leaves accents out of its count."""
    return Truncator(text).chars(length)[:length]


class EmailQuerySet(models.QuerySet["Email"]):
    def queued(self) -> Self:
        return self.filter(state=Email.State.QUEUED)

    def owed(self) -> Self:
        """Also those that are being sent, or were when the worker was killed."""
        return self.filter(state__in=OWED)

    def overdue(self, since: datetime.timedelta) -> Self:
        return self.owed().filter(due_at__lt=clock.now() - since)

    def gathering_with(self, email: "Email") -> Self:
        """This mail and those that would tell the same: the same conversation, or another daily one."""
        same = Q(recipient=email.recipient_id, kind=email.kind, conversation=email.conversation)
        return self.filter(same if email.is_gathered else Q(pk=email.pk))

    def locked(self) -> Self:
        """In order, so that two workers with the same rows wait for each other."""
        return self.select_for_update(of=("self",), no_key=True).order_by("id")

    def free(self) -> Self:
        """Those that nobody is sending just now. They stay queued until this transaction ends."""
        return self.select_for_update(of=("self",), no_key=True, skip_locked=True)


class Email(models.Model):
    """A mail tells one notification, or gathers: a conversation's unread messages, or what waits for the daily mail.
    Its subject and text are written just before it is sent.

    A letter is one whose words were written elsewhere, for an address that may be nobody's here: a link that confirms
    an address, an answer of the staff. What such a link opens must not lie about: its text goes once it is sent.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Not needed")
        FAILED = "failed", _("Failed")

    recipient: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="emails",
        verbose_name=_("recipient"),
    )
    to = models.TextField(_("address"), blank=True)
    reply_to = models.TextField(_("answers go to"), blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[
            *Kind.choices,
            (DAILY, _("What is new, once a day")),
            (LETTER, _("Account and help")),
        ],
    )
    conversation = models.CharField(_("conversation"), max_length=300, blank=True)
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField(_("due"))
    job = models.BigIntegerField(_("sent by job"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    reason = models.CharField(_("why it was not sent"), max_length=REASON_LENGTH, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    text = models.TextField(_("text"), blank=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("outbox")
        constraints = [
            models.CheckConstraint(
                name="notifications_email_state_and_time_agree",
                condition=Q(state__in=OWED, settled_at=None)
                | Q(state__in=["sent", "skipped", "failed"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_email_letter_or_for_a_person",
                condition=Q(kind=LETTER, recipient=None, to__gt="")
                | ~Q(kind=LETTER) & Q(recipient__isnull=False, to="", reply_to=""),
            ),
            models.CheckConstraint(
                name="notifications_email_conversation_of_messages",
                condition=Q(kind=Kind.MESSAGE, conversation__gt="") | ~Q(kind=Kind.MESSAGE) & Q(conversation=""),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="notifications_email_owed", condition=Q(state__in=OWED)),
            models.Index(
                fields=["settled_at"],
                name="notifications_email_kept",
                condition=Q(settled_at__isnull=False) & ~Q(text=""),
            ),
            models.Index(fields=["recipient", "kind"], name="notifications_email_gather", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.reader}"

    @property
    def reader(self) -> str:
        return str(self.recipient) if self.recipient else self.to

    @property
    def is_gathered(self) -> bool:
        return self.kind in (DAILY, Kind.MESSAGE)

    @property
    def is_stuck(self) -> bool:
        """It could not be sent, whether or not it will be tried again, and it can be sent still."""
        has_words = self.kind != LETTER or bool(self.text)
        has_failed = self.state == self.State.FAILED or (self.state == self.State.QUEUED and self.attempts > 0)
        return has_failed and has_words

    @property
    def message_id(self) -> str:
        """The same at each attempt: who gets the mail twice can tell, and many servers then show it once."""
        return f"<{self.key}@{self.message_host}>"

    @property
    def message_host(self) -> str:
        """Where the ids of our mails are ours."""
        return urlsplit(settings.SITE_ORIGIN).hostname or "localhost"

    def settle(self, state: State, **facts: str) -> None:
        """Nothing more is to be done for this mail. `facts` are fields that are known now."""
        for name, fact in facts.items():
            setattr(self, name, fact)
        self.state, self.settled_at = state, clock.now()
        self.save()
