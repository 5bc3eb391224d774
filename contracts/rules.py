from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from contracts.models import Contract
from parties.models import Party
from parties.queries import acts_for
from web.refusals import WrongMoment


def require_one_side(party: Party, person: User) -> None:
    """Before this person joins. Errors: WrongMoment when the party has a contract with somebody they act for.

    The database refuses it once more, also when the contract is made at the same moment.
    """
    as_client, as_freelancer = acts_for(person, "client"), acts_for(person, "freelancer")
    shared = Contract.objects.filter(Q(as_freelancer, client=party) | Q(as_client, freelancer=party)).first()
    if shared:
        words = _("%(name)s is on the other side of the contract “%(title)s”. Nobody acts for both sides.")
        raise WrongMoment(words % {"name": person.get_short_name(), "title": shared.title})
