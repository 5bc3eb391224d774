import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models import User

if TYPE_CHECKING:
    from messaging.models import Message


def is_author(message: "Message", user: User) -> bool:
    return message.author_id == user.pk


def is_changeable(message: "Message", *, now: datetime.datetime) -> bool:
    """Whether its author can still edit or delete it."""
    minutes = datetime.timedelta(minutes=settings.MESSAGE_CHANGEABLE_MINUTES)
    return message.deleted_at is None and now < message.sent_at + minutes
