from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from escrow.models import Deposit


def may_confirm(deposit: "Deposit", user: "User") -> bool:
    """Staff see the bank statement. Play money has none, so its owner confirms it."""
    return user.is_staff or (deposit.is_play_money and deposit.owner_id == user.pk)


def may_cancel(deposit: "Deposit", user: "User") -> bool:
    return user.is_staff or deposit.owner_id == user.pk
