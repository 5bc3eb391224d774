from typing import Any

from django.core.management.base import BaseCommand

from demo import data


class Command(BaseCommand):
    help = "Make the people and the contracts of the demo, once, by the site's own actions."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        told = "The demo's contracts are made." if data.make() else "The demo's contracts are there already."
        self.stdout.write(told)
