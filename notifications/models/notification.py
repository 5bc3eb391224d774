import sys

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications.kinds import Frequency, Kind
from notifications.models.email import SUBJECT_LENGTH, Email

TEXT_LENGTH = 500
TURN_LENGTH = 200
TITLE_LENGTH = 200


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def waiting(self) -> "NotificationQuerySet":
        """What asks its reader to do something, read or not, until it is settled."""
        return self.filter(waits=True, settled_at=None)

    def newest_first(self) -> "NotificationQuerySet":
        return self.order_by("-id")

    def of_conversation(self, url: str) -> "NotificationQuerySet":
        return self.filter(kind=Kind.MESSAGE, url=url)

    @transaction.atomic(savepoint=False)
    def update_in_order(self, **fields: object) -> None:
        """Two that update some of the same rows, the worker and a reader, must not wait for each other for ever."""
        rows = self.select_for_update(of=("self",), no_key=True).order_by("id").values("id")
        in_order = rows[: sys.maxsize]  # all of them: Django forgets the order of a subquery without a limit
        Notification.objects.filter(pk__in=in_order).update(**fields)

    def to_mail(self, frequency: Frequency) -> "NotificationQuerySet":
        """What a mail of this frequency still has to tell, oldest first. What was read by now, it leaves out."""
        return self.unread().filter(frequency=frequency, email=None).order_by("id")


class Notification(models.Model):
    """One row tells one person one thing and where to look.

    `turn` says who has to do something now, until what it is about, its `matter`, is settled; it `waits` if that is its
    reader. `about` is what it belongs to, like "contract-7", and `title` how that was called. `subject` is its mail's,
    `email` the mail that told it. `frequency` is what the person had chosen when it happened.
    """

    recipient: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="notifications",
        verbose_name=_("recipient"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=TEXT_LENGTH)
    turn = models.CharField(_("whose turn it is"), max_length=TURN_LENGTH, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    url = models.CharField(_("where to look"), max_length=300)
    matter = models.CharField(_("matter"), max_length=60, blank=True)
    waits = models.BooleanField(_("asks its reader to do something"), default=False)
    about = models.CharField(_("belongs to"), max_length=60, blank=True)
    title = models.CharField(_("title of that"), max_length=TITLE_LENGTH, blank=True)
    frequency = models.CharField(_("by e-mail"), max_length=10, choices=Frequency.choices)
    email = models.ForeignKey(
        Email,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("e-mail"),
    )
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.CheckConstraint(
                name="notifications_notification_url_of_this_site",
                condition=models.Q(url__startswith="/") & ~models.Q(url__startswith="//"),
            ),
            models.CheckConstraint(
                name="notifications_notification_answers_are_mailed",
                condition=~models.Q(kind=Kind.ANSWER, frequency=Frequency.NEVER),
            ),
            models.CheckConstraint(
                name="notifications_notification_waits_for_a_matter",
                condition=models.Q(waits=False) | ~models.Q(matter=""),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notifications_inbox"),
            models.Index(fields=["recipient"], name="notifications_unread", condition=models.Q(read_at=None)),
            models.Index(
                fields=["recipient"],
                name="notifications_waiting",
                condition=models.Q(waits=True, settled_at=None),
            ),
            models.Index(
                fields=["matter"],
                name="notifications_unsettled",
                condition=models.Q(settled_at=None) & ~models.Q(matter=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text
