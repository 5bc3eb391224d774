"""A site with contracts, money and history takes this release. Its database is the demo's of November 2026, with the
schema of that time; when a release changes what stands in the tables, it is here that it shows."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from contracts import events
from contracts.models import Contract, Event
from milestones.models import Amendment

BEFORE = Path(__file__).parent / "demo-of-november-2026.sql.gz"

NAME = "upgrade"

pytestmark = pytest.mark.slow


@contextmanager
def database_of(name: str) -> Iterator[None]:
    """Everything inside asks a database of this name, made from `BEFORE`, and not the tests' own."""
    own = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        ask(name)
        with connection.cursor() as cursor:
            cursor.execute(gzip.decompress(BEFORE.read_bytes()).decode())
        ask(name)
        yield
    finally:
        ask(own)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def ask(name: str) -> None:
    connection.close()
    if pool := getattr(connection, "_connection_pools", {}).pop(connection.alias, None):
        pool.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture(scope="module")
def upgraded(django_db_setup, django_db_blocker, worker_id) -> Iterator[None]:
    with django_db_blocker.unblock(), database_of(f"{NAME}_{worker_id}"):
        call_command("migrate", verbosity=0)
        yield


# As many as the demo had, counted when its database was kept.
HELD = {
    "accounts.User": 12,
    "contracts.Contract": 11,
    "contracts.Event": 122,
    "escrow.Transfer": 55,
    "messaging.Message": 51,
    "milestones.Amendment": 34,
    "milestones.Change": 80,
    "milestones.Milestone": 57,
    "notifications.Notification": 159,
}


def test_nothing_is_lost(upgraded):
    assert {label: apps.get_model(label).objects.count() for label in HELD} == HELD


def test_the_ledger_is_clean(upgraded, capsys):
    call_command("check_ledger")
    assert capsys.readouterr().out == "The ledger is clean.\n"


def test_whoever_could_read_a_page_still_can(upgraded):
    """Each page of each contract, as each side sees it."""
    read = 0
    for person in User.objects.filter(is_staff=False):
        client = Client()
        client.force_login(person)
        for address in pages_of(person):
            assert client.get(address, follow=True).status_code == 200, (person, address)
            read += 1
    assert read > 100


def pages_of(person: User) -> Iterator[str]:
    for name in ["contracts:list", "messaging:list", "notifications:list", "escrow:balance", "accounts:settings"]:
        yield reverse(name)
    for contract in Contract.objects.visible_to(person):
        for name in ["contracts:detail", "messaging:chat", "milestones:plan_csv"]:
            yield reverse(name, args=[contract.pk])
        for amendment in Amendment.objects.filter(contract=contract):
            yield amendment.get_absolute_url()


def test_each_event_is_still_told(upgraded):
    """With the name of whoever acted, which the log of that time did not keep."""
    for event in Event.objects.select_related("by"):
        assert event.by_name == event.by.display_name
        assert event.by_name.split()[0] in events.tell(event)
