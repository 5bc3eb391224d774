"""The chat of a contract: messages of its two parties, never deleted by a later act. Knows nothing of milestones."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from contracts.models import Contract

TEXT_LENGTH = 5000


class MessageQuerySet(models.QuerySet["Message"]):
    def newest_first(self) -> "MessageQuerySet":
        return self.order_by("-sent_at", "-id")


class Message(models.Model):
    """`client_id` is made where the message was written, so that sending it again is the same message.

    `about` and `url` are the words and the address of what the message points at, if anything.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=TEXT_LENGTH)
    about = models.CharField(max_length=250, blank=True)
    url = models.CharField(max_length=300, blank=True)
    client_id = models.UUIDField()
    sent_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["contract", "-sent_at"], name="messaging_newest")]
        constraints = [models.UniqueConstraint(fields=["author", "client_id"], name="messaging_message_once")]

    def __str__(self) -> str:
        return self.text[:80]
