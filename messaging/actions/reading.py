from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

import live
from accounts.models import User
from contracts.models import Contract
from messaging.actions.posting import chat_of
from messaging.models import ReadMark
from notifications import actions as notifications
from web.refusals import NotYours


@transaction.atomic
def read(contract: Contract, *, by: User, up_to: int | None = None) -> bool:
    """Note that the person has seen the others' messages, up to the one with this id or the newest.

    Whether that was news: the mark never moves back, and keeps the moment at which it was set. Errors: NotYours.
    """
    if not contract.is_party(by):
        raise NotYours(_("Only the two sides of this contract can read here."))
    messages = contract.messages.exclude(author=by)
    if up_to is not None:
        messages = messages.filter(pk__lte=up_to)
    told = messages.filter(notices__recipient=by).newest_first().values("notices")[:1]
    found = messages.newest_first().values_list("pk", Subquery(told)).first()
    if found is None:
        return False
    newest, notice = found
    marks = ReadMark.objects.filter(contract=contract, person=by)
    if marks.filter(read_up_to__gte=newest).exists():
        return False
    if notice:
        notifications.mark_conversation_read(by, url=chat_of(contract), up_to=notice)
    seen = {"read_up_to_id": newest, "read_at": timezone.now()}
    _mark, is_new = ReadMark.objects.get_or_create(contract=contract, person=by, defaults=seen)
    is_news = is_new or marks.filter(read_up_to__lt=newest).update(**seen) > 0
    if is_news:
        live.announce(contract, live.Kind.CHAT)
    return is_news
