from typing import TYPE_CHECKING

from parties.permissions import acts_as_staff, may_act

if TYPE_CHECKING:
    from accounts.models import User
    from escrow.models import Deposit


def may_vouch(deposit: "Deposit", user: "User") -> bool:
    """Staff see the bank statement. Nobody says of their own money that it has arrived."""
    return acts_as_staff(user, concerning=(deposit.owner,))


def may_confirm(deposit: "Deposit", user: "User") -> bool:
    """Where two are needed, the second is somebody else. Play money has no statement, so its owner confirms it."""
    if deposit.is_play_money:
        return user.is_staff or may_act(user, deposit.owner)
    return user.pk != deposit.vouched_by_id and acts_as_staff(user, concerning=(deposit.owner,))


def may_cancel(deposit: "Deposit", user: "User") -> bool:
    return user.is_staff or may_act(user, deposit.owner)
