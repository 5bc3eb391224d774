import datetime

import pgtrigger
from django.db import models
from django.db.models import Sum

from accounts.models import User
from contracts.models import Contract
from files.models import KeptFile
from messaging.models.message import Message


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User, *, in_the_admin: bool) -> "AttachmentQuerySet":
        """To the two parties while the message stands; always to staff who may read messages.

        `in_the_admin` says that this session may open the admin: else its person reads as anybody.
        """
        if in_the_admin and user.has_perm("messaging.view_message"):
            return self
        return self.filter(message__contract__in=Contract.objects.visible_to(user), message__deleted_at=None)

    def of_contract(self, contract: Contract) -> "AttachmentQuerySet":
        """Those of deleted messages, too: staff still read them."""
        return self.filter(message__contract=contract)

    def sent_by(self, user: User, *, since: datetime.datetime) -> "AttachmentQuerySet":
        return self.filter(message__author=user, message__sent_at__gt=since)

    def bytes(self) -> int:
        """How much they weigh together."""
        return self.aggregate(sum=Sum("size"))["sum"] or 0


class Attachment(KeptFile):
    """A file that came with a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
