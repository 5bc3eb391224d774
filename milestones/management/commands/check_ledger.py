from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from escrow.queries import ledger_problems
from milestones.queries import escrow_problems


class Command(BaseCommand):
    help = "Prove that every balance is the sum of its transfers and every funded milestone's escrow is its amount."

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        problems = ledger_problems() + escrow_problems()
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("The ledger is clean.")
