from django.utils import timezone

from accounts.models import User
from notifications.models import Notification


def notify(recipient: User, *, text: str, url: str) -> Notification:
    """Put one line into a person's inbox. Call it inside the transaction of the act it tells of."""
    return Notification.objects.create(recipient=recipient, text=text[:500], url=url)


def mark_read(notification: Notification) -> None:
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=timezone.now())


def mark_all_read(*, by: User) -> None:
    by.notifications.unread().update(read_at=timezone.now())
