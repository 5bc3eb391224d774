"""The demo's contracts. People act on them through the real actions, so ledger, events and inboxes are true."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from contracts.models import Contract
from demo import people
from demo.data import inboxes
from demo.data.play import play
from demo.data.stories import STORIES


@transaction.atomic
def make() -> bool:
    """All of it or nothing; False when it is there already. Errors: ImproperlyConfigured outside the demo."""
    if not (settings.DEMO or settings.MODE == "test"):
        raise ImproperlyConfigured(
            "The demo's people and money are invented; set MODE=demo, which has its own database."
        )
    if Contract.objects.filter(freelancer__person__email=people.MARA.email).exists():
        return False
    now = timezone.now()
    play([*(story(now) for story in STORIES), *inboxes.reading(now)])
    inboxes.leave_unsent(now)
    return True
