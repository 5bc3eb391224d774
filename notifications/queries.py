from accounts.models import User
from notifications.kinds import Frequency, Kind
from notifications.models import Preference


def frequency(person: User, kind: Kind) -> Frequency:
    return frequencies(person)[kind]


def frequencies(person: User) -> dict[Kind, Frequency]:
    """How often this person wants mail of each kind; at once unless they chose."""
    chosen = dict(Preference.objects.filter(person=person).values_list("kind", "frequency"))
    return {kind: Frequency(chosen.get(kind, Frequency.AT_ONCE)) for kind in Kind}
