from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, Lookup, Q, QuerySet

from accounts.models import User
from parties.models import Membership, Party


@IntegerField.register_lookup
class Among(Lookup):
    """In an array: unlike with a subquery, Postgres reads it once a statement and finds the rows by their index."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, of_column = self.process_lhs(compiler, connection)
        array, of_array = self.process_rhs(compiler, connection)
        return f"{column} = ANY {array}", (*of_column, *of_array)


def acts_for(person: User, *columns: str) -> Q:
    """Where this person may act for the party that one of these columns names."""
    parties = ArraySubquery(Membership.objects.filter(person=person).order_by().values("party"))
    return Q(*[(f"{column}__id__among", parties) for column in columns], _connector=Q.OR)


def people_of(*parties: Party | int) -> set[int]:
    """The keys of all people who act for one of these."""
    return set(Membership.objects.filter(party__in=parties).values_list("person", flat=True))


def own_and_organisations(person: User) -> list[Party]:
    """All parties for which this person acts, first their own."""
    return list(
        Party.objects.filter(memberships__person=person).select_related("person").order_by("-kind", "name", "pk")
    )


def on_both_sides(one: Party, other: Party) -> QuerySet[User]:
    """Who acts for the one and for the other."""
    return User.objects.filter(memberships__party=one).filter(memberships__party=other)
