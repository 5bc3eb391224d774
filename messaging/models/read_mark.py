from django.conf import settings
from django.db import models

from contracts.models import Contract
from messaging.models.message import Message


class ReadMark(models.Model):
    """How far a person has read a chat: up to somebody else's message `read_up_to`, seen at `read_at`.

    It only moves forward, and only over messages of others: so it says when they were seen.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="read_marks", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_up_to = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "person"], name="messaging_read_mark_one_each")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.read_up_to_id}"
