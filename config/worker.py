"""The worker: `python -m config.worker`. It sends the mail and does what is due later, in the demo as in production.

How it works is set in `PROCRASTINATE_WORKER_DEFAULTS`. Any number may run. SIGTERM lets it finish what it has begun.
"""

import os
import sys

import django
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.health import seen  # noqa: E402  (needs Django set up)


def main() -> None:
    if (found := seen("migrations")) != "ok":
        sys.exit(f"The worker does not start. Migrations: {found}")
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        app.run_worker()


if __name__ == "__main__":
    main()
