from django.utils import timezone

from accounts.models import User
from milestones.models import Amendment


def see(amendment: Amendment, *, by: User) -> None:
    """Note when the other party first looked at this revision: the author sees it. The author's own look is none."""
    if by != amendment.author and amendment.contract.is_party(by):
        Amendment.objects.open().filter(pk=amendment.pk, seen_at=None).update(seen_at=timezone.now())
