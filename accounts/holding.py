from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from text.dates import moment
from web.refusals import WrongMoment


def require_free(person: Actor) -> None:
    """Before money moves. Errors: WrongMoment for some days after staff gave this person another address."""
    if isinstance(person, User) and person.money_held_until and person.is_money_held:
        words = _(
            "Our staff changed your e-mail address. To protect you, you can move money again on %(until)s. "
            "If you did not ask for this, write to us."
        )
        raise WrongMoment(words % {"until": moment(person.money_held_until)})
