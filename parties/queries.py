from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Func, QuerySet

from accounts.models import User
from parties.models import Membership, Party


def parties_of(person: User) -> Func:
    """The parties for which this person acts, to compare a column with: read once a statement.

    As an array, because Postgres then still finds the rows by the column's index.
    """
    own = Membership.objects.filter(person=person).order_by().values("party")
    return Func(ArraySubquery(own), function="ANY", output_field=BigIntegerField())


def people_of(*parties: Party | int) -> set[int]:
    """The keys of all people who act for one of these."""
    return set(Membership.objects.filter(party__in=parties).values_list("person", flat=True))


def on_both_sides(one: Party, other: Party) -> QuerySet[User]:
    """Who acts for the one and for the other."""
    return User.objects.filter(memberships__party=one).filter(memberships__party=other)
