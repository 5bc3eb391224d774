"""What the outbox and the queue do not keep for ever. Each is a nightly duty."""

import datetime

from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from notifications import jobs
from notifications.duties import BATCH, KEPT_FOR, Found, delete, nightly
from notifications.models import Email
from notifications.models.email import LETTER

LINKS_WORK_FOR = datetime.timedelta(days=3)
"""Longer than any link in a letter opens anything; whether it was sent or could not be."""


@nightly("sessions that have ended")
def sessions() -> Found:
    return delete(Session.objects.filter(expire_date__lt=Now()))


@nightly("texts of finished mails")
def texts() -> Found:
    """The rows say for good who was told what and when; with what words, for so long as somebody may ask."""
    settled = Email.objects.exclude(settled_at=None).exclude(text="")
    links = settled.filter(kind=LETTER, settled_at__lt=Now() - LINKS_WORK_FOR)
    old = settled.filter(settled_at__lt=Now() - KEPT_FOR)
    count = 0
    for emptied in (links, old):
        while pks := list(emptied.values_list("pk", flat=True)[:BATCH]):
            count += Email.objects.filter(pk__in=pks).update(text="")
    return Found(_("%(count)d emptied.") % {"count": count})


@nightly("letters to addresses")
def letters() -> Found:
    """They tell nothing that happened here, and some went to people who are not."""
    return delete(Email.objects.filter(kind=LETTER, settled_at__lt=Now() - KEPT_FOR))


@nightly("jobs that failed")
def failed_jobs() -> Found:
    count = jobs.forget_failed()
    return Found(_("%(count)d removed.") % {"count": count})
