from django.utils import timezone

from accounts.models import User
from notifications.models import Notification


def notify(recipient: User, *, text: str, url: str) -> Notification:
    """Put one line into a person's inbox. Call it inside the transaction of the act it tells of."""
    return Notification.objects.create(recipient=recipient, text=text[:500], url=url)


def mark_read(notification: Notification) -> None:
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=timezone.now())


def mark_conversation_read(person: User, *, url: str) -> None:
    """The person has seen the chat at this address."""
    person.notifications.unread().filter(url=url).update(read_at=timezone.now())


def reword(notification: Notification, *, text: str) -> None:
    """What it told of has been worded anew."""
    Notification.objects.filter(pk=notification.pk).update(text=text[:500])


def take_back(notification: Notification, *, text: str) -> None:
    """What it told of is no more: the line says so instead, and waits for nobody."""
    reword(notification, text=text)
    mark_read(notification)


def mark_all_read(*, by: User) -> None:
    by.notifications.unread().update(read_at=timezone.now())
