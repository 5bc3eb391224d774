"""Keep what somebody has begun to answer. It decides nothing, tells nobody, and is the same whatever the plan is."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.acting import holding
from contracts.models import Contract
from milestones.models import Change, KeptAnswers, KeptLine
from web.refusals import Invalid

MOST = 2_500_000
"""Characters of what one person keeps for one amendment: a hundred counter-offers of the greatest length."""


def keep(contract: Contract, lines: Mapping[int, KeptLine], *, by: User) -> None:
    """Keep what this person has typed for these lines (by change) as far as they wait for them; the rest stays kept.

    A line without anything typed is kept no longer. Errors: NotYours; Invalid for more text than a review can hold.
    """
    with holding(contract, "keep", by=by) as locked:
        waiting = Change.objects.waiting_for(by).filter(amendment__contract=locked, pk__in=lines)
        by_amendment: dict[int, dict[str, KeptLine]] = {}
        for pk, amendment in waiting.values_list("pk", "amendment"):
            by_amendment.setdefault(amendment, {})[str(pk)] = lines[pk]
        for amendment, found in by_amendment.items():
            _keep(amendment, found, by=by)


def _keep(amendment: int, found: Mapping[str, KeptLine], *, by: User) -> None:
    kept = KeptAnswers.objects.filter(amendment=amendment, by=by).first() or KeptAnswers(amendment_id=amendment, by=by)
    kept.lines = {key: line for key, line in {**kept.lines, **found}.items() if line["typed"]}
    if sum(len(text) for line in kept.lines.values() for text in line["typed"].values()) > MOST:
        raise Invalid(_("So much text cannot be kept at once. Send some of your answers first."))
    kept.kept_at = timezone.now()
    if kept.lines:
        kept.save()
    elif kept.pk:
        kept.delete()


def forget(contract: Contract, *, by: User) -> None:
    """They begin again. Errors: NotYours."""
    with holding(contract, "forget", by=by) as locked:
        drop_kept(locked, by=by)


def drop_kept(contract: Contract, *, by: User) -> None:
    """The caller holds the contract's lock."""
    KeptAnswers.objects.filter(amendment__contract=contract, by=by).delete()
