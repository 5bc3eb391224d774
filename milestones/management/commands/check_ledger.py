from django.core.management.base import BaseCommand, CommandError

from milestones import queries


class Command(BaseCommand):
    help = "Prove that every balance is the sum of its transfers and every funded milestone's escrow is its amount."

    def handle(self, *args: object, **options: object) -> None:
        if problems := queries.money_problems():
            raise CommandError("\n".join(problems))
        self.stdout.write("The ledger is clean.")
