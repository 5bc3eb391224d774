"""The proof that the money is where the plans say it is, of one moment, however long it takes."""

from django.db import connection, transaction

from escrow.queries import ledger_problems
from milestones.queries.sums import escrow_problems


def money_problems() -> list[str]:
    """One sentence for each thing that is wrong. To be called outside of any transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return ledger_problems() + escrow_problems()
