import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from help import mail
from help.models import Enquiry
from web.refusals import NotYours, WrongMoment


@transaction.atomic
def ask(*, kind: str, name: str, email: str, message: str, key: uuid.UUID, by: User | None) -> Enquiry:
    """Keep what somebody asks and tell the staff. A second call with the same key gives the first enquiry."""
    asked = {"kind": kind, "name": name, "email": email, "message": message, "person": by}
    enquiry, is_new = Enquiry.objects.get_or_create(key=key, defaults=asked)
    if is_new:
        mail.tell_staff(enquiry)
    return enquiry


@transaction.atomic
def answer(enquiry: Enquiry, *, by: User, text: str, by_mail: bool) -> None:
    """Keep what staff answered; with `by_mail`, send it to the person too, or else they have answered elsewhere.

    Errors: NotYours; WrongMoment when it was answered before.
    """
    if not by.is_staff:
        raise NotYours(_("Only staff can answer this."))
    enquiry = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    if enquiry.answered_at:
        raise WrongMoment(_("This was answered already."))
    enquiry.answer, enquiry.answered_by, enquiry.answered_at = text, by, timezone.now()
    enquiry.save(update_fields=["answer", "answered_by", "answered_at"])
    if by_mail:
        mail.send_answer(enquiry)
