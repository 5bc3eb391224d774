import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from contracts.models import Contract
from notifications.models import Notification

TEXT_LENGTH = 5000
EXCERPT = 140


def why_too_long(text: str) -> str:
    """Empty when it is not."""
    is_fine = len(text) <= TEXT_LENGTH
    return "" if is_fine else _("A message can have at most %(most)d characters.") % {"most": TEXT_LENGTH}


REPLY_IN_SAME_CHAT = """
    IF NOT EXISTS (SELECT FROM messaging_message WHERE id = NEW.reply_to_id AND contract_id = NEW.contract_id) THEN
        RAISE EXCEPTION 'Message % is not of contract %.', NEW.reply_to_id, NEW.contract_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class MessageQuerySet(models.QuerySet["Message"]):
    def newest_first(self) -> "MessageQuerySet":
        return self.order_by("-sent_at", "-id")

    def shown(self) -> "MessageQuerySet":
        """With all that a page says of them: two queries."""
        return self.select_related("author", "reply_to__author").prefetch_related("attachments")

    def standing(self) -> "MessageQuerySet":
        """Those that were not deleted."""
        return self.filter(deleted_at=None)

    def for_reader(self, reader: User) -> "MessageQuerySet":
        """What the other party wrote and did not delete: what can be unread."""
        return self.standing().exclude(author=reader)


@pghistory.track(
    model_name="MessageHistory", obj_field=pghistory.ObjForeignKey(related_name="history"), append_only=True
)
class Message(models.Model):
    """`client_id` is made where the message was written, so that sending it again is the same message.

    `about` and `url` are the words and the address of what the message points at, if anything. A deleted message is a
    row without text; what it said is in its history. `notices` are the lines that it put into the others' inboxes.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(gettext_lazy("text"), max_length=TEXT_LENGTH, blank=True)
    about = models.CharField(gettext_lazy("about"), max_length=250, blank=True)
    url = models.CharField(max_length=300, blank=True)
    reply_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=gettext_lazy("reply to"),
    )
    notices = models.ManyToManyField(Notification, editable=False, related_name="+")
    client_id = models.UUIDField()
    sent_at = models.DateTimeField(gettext_lazy("sent"), default=timezone.now)
    edited_at = models.DateTimeField(gettext_lazy("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(gettext_lazy("deleted"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["contract", "-sent_at", "-id"], name="messaging_newest"),
            models.Index(fields=["contract", "-id"], name="messaging_unread", condition=Q(deleted_at=None)),
            models.Index(fields=["author", "-sent_at"], name="messaging_rate"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="messaging_message_once"),
            models.CheckConstraint(
                name="messaging_message_deleted_is_empty", condition=Q(deleted_at=None) | Q(text="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="as_sent",
                fields=["contract", "author", "about", "url", "reply_to", "client_id", "sent_at"],
            ),
            pgtrigger.Protect(
                name="deleted_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__deleted_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="reply_in_same_chat",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reply_to__isnull=False),
                func=REPLY_IN_SAME_CHAT,
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Where the message stands in its chat."""
        return reverse("messaging:message", args=[self.contract_id, self.pk])

    def quoted(self) -> str:
        """The text as a quotation in Markdown."""
        return "\n".join(f"> {line}".rstrip() for line in self.text.split("\n"))

    @property
    def excerpt(self) -> str:
        """The text in one line, as other messages and lists quote it."""
        if self.deleted_at:
            return _("Message deleted")
        return Truncator(" ".join(self.text.split())).chars(EXCERPT) or _("A file")
