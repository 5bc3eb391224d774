from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from calendars.models import CalendarFeed, hash_of, new_seed, token_of
from web.refusals import NotYours, WrongMoment


@transaction.atomic
def make_feed(person: User) -> CalendarFeed:
    """A new address for this person; the one before opens nothing any more."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    CalendarFeed.objects.filter(person=person, stopped_at=None).update(stopped_at=timezone.now())
    seed = new_seed()
    token = token_of(seed, settings.SECRET_KEY)
    return CalendarFeed.objects.create(person=person, seed=seed, token_hash=hash_of(token))


@transaction.atomic
def stop_feed(feed: CalendarFeed, *, by: User) -> None:
    """Errors: NotYours for anybody but its person and staff; WrongMoment when it was stopped before."""
    if by != feed.person and not by.is_staff:
        raise NotYours(_("Only you and our staff can close this calendar address."))
    if not CalendarFeed.objects.filter(pk=feed.pk, stopped_at=None).update(stopped_at=timezone.now()):
        raise WrongMoment(_("This calendar address was closed already."))
