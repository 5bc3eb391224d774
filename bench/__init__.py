"""Measurements: `make bench`. Their figures stand in docs/measured.md and docs/live.md.

Each runs on a database of its own, with Django set up as for the tests.
"""

import os

import django

os.environ.update(MODE="test", DJANGO_SETTINGS_MODULE="tests.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1")
django.setup()
