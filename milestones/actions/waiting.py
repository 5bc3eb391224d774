"""While suggestions wait: note that they were seen, and remind who must answer."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

import live
from accounts.models import User
from contracts import events
from contracts.acting import acting
from contracts.models import Contract
from milestones.events import SuggestionsReminded
from milestones.models import Amendment
from parties.permissions import may_act
from text.dates import moment
from web.refusals import WrongMoment


def see(amendment: Amendment, *, by: User) -> None:
    """Note when the other party first looked at this revision: its authors see it. Their own look is none."""
    if may_act(by, amendment.answerer):
        is_first = Amendment.objects.open().filter(pk=amendment.pk, seen_at=None).update(seen_at=timezone.now())
        if is_first:
            live.announce(amendment.contract, live.Kind.SEEN)


def remind(contract: Contract, *, by: User, key: uuid.UUID) -> None:
    """The author of open suggestions asks for the answer once more, at most once in 24 hours.

    Errors: WrongMoment when nothing of theirs waits, or the last reminder (or Save) is less than 24 hours old.
    """
    with acting(contract, "remind", by=by, seen=None, key=key) as locked:
        if locked is None:
            return
        amendment = locked.amendments.open().filter(party=locked.side_of(by)).first()
        if amendment is None:
            raise WrongMoment(_("Nothing of yours waits for an answer."))
        if timezone.now() < amendment.may_remind_from:
            raise WrongMoment(_("You can remind again on %(at)s.") % {"at": moment(amendment.may_remind_from)})
        amendment.reminded_at = timezone.now()
        amendment.save(update_fields=["reminded_at"])
        events.record(locked, SuggestionsReminded.of(amendment), by=by)
