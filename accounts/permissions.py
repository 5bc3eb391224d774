from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def acts_as_staff(user: "User", *, concerning: Collection[int | None]) -> bool:
    """Whoever is a party to a matter never acts on it as staff, whatever rights they have.

    `concerning` holds the keys of the people whose matter it is.
    """
    return user.is_staff and user.pk not in concerning
