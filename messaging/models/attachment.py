import secrets

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contracts.models import Contract
from messaging.models.message import Message

NAME_LENGTH = 120


def random_place(_attachment: models.Model | None, _name: str) -> str:
    """Where a file is stored: a name that cannot be guessed and says nothing of the one it came with."""
    name = secrets.token_hex(16)
    return f"chat/{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """To the two parties while the message stands; to staff who may read messages, always."""
        if user.is_staff and user.has_perm("messaging.view_message"):
            return self
        return self.filter(message__contract__in=Contract.objects.visible_to(user), message__deleted_at=None)


class Attachment(models.Model):
    """A file that came with a message. Name and type are ours, found by `messaging.files`; the file never changes."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=random_place)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name
