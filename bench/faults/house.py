"""Production on this machine: the files of docs/production, a Postgres of its own, and a mail server that is ours."""

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from bench.faults.load import Plan
from bench.house import session_of
from config import database, postgres
from milestones.models import Milestone
from tests import factories as do
from tests import production
from tests.mail_server import MailServer
from tests.production import Kept
from tests.serving import free_port

MILESTONES = 40
CONTRACTS = 3
PROCESSES = 2


@dataclass
class House:
    port: int
    """The proxy's, with TLS."""

    pages: int
    streams: int
    postgres: Kept
    pgbouncer: Kept | None
    web: Kept
    live: Kept
    worker: Kept
    mail: MailServer
    sockets: Path
    certificate: Path

    def is_well(self) -> bool:
        """Each process of pages, the streams, and what these need: database, worker, migrations."""
        return (
            len(self.web.children) == PROCESSES
            and production.status(self.pages, "/ready") == 200
            and production.status(self.streams, "/up") == 200
        )

    def plans(self) -> list[Plan]:
        """Contracts of new people with enough agreed for each to be funded."""
        return [_plan() for _ in range(CONTRACTS)]

    def backend(self) -> int:
        """One process of Postgres that serves the pages."""
        with psycopg.connect(f"postgresql://tranche@/tranche?host={self.sockets}") as asking:
            found = asking.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = 'tranche' AND pid <> pg_backend_pid() LIMIT 1"
            ).fetchone()
        assert found
        return int(found[0])


@contextmanager
def house() -> Iterator[House]:
    """Production, and Django here connected to its database."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server, sockets = _postgres(folder)
        with production.running(server):
            _make_database(sockets)
            site = _site(folder, server, sockets)
            around = [each for each in (site.pgbouncer, site.web, site.live, site.worker) if each]
            with production.running(*around, _proxy(folder, site)):
                production.until(site.is_well, 120)
                yield site


def _postgres(folder: Path) -> tuple[Kept, Path]:
    data = folder / "postgres"
    owner = postgres._owner(folder)
    for place in (data, folder / "sockets"):
        place.mkdir(0o700)
        os.chown(place, *owner)
    (folder / "sockets").chmod(0o755)
    locale = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
    postgres._run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", *locale, owner=owner)
    words = [str(postgres._programs() / "postgres"), "-D", str(data), "-c", "listen_addresses="]
    words += ["-c", f"unix_socket_directories={folder / 'sockets'}"]
    person: dict[str, Any] = {"user": owner.uid, "group": owner.gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return Kept(words, log=folder / "postgres.log", cwd="/", **person), folder / "sockets"


def _make_database(sockets: Path) -> None:
    """As docs/production.md says: a role, its limits, a database. Then Django here uses it."""
    production.until(lambda: (sockets / ".s.PGSQL.5432").exists())
    production.until(lambda: _answers(sockets))
    with psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}", autocommit=True) as asking:
        asking.execute("CREATE ROLE tranche LOGIN")
        asking.execute("CREATE DATABASE tranche OWNER tranche")
        for name, seconds in database.LIMITS.items():
            asking.execute(f"ALTER ROLE tranche SET {name} = '{seconds}s'")
    here = {"ENGINE": "django.db.backends.postgresql", "NAME": "tranche", "USER": "tranche", "HOST": str(sockets)}
    settings.DATABASES["default"].update({**here, "OPTIONS": {}})
    del connections["default"]


def _proxy(folder: Path, site: House) -> Kept:
    openssl, program = production.command("openssl"), production.command("nginx")
    if not openssl or not program:
        sys.exit("This needs nginx and openssl: the site is asked as in production, through its proxy.")
    production.certificate(folder, openssl)
    words = production.nginx(folder, program, port=free_port(), tls_port=site.port, pages=site.pages, live=site.streams)
    return Kept(words, log=folder / "nginx.log")


def _answers(sockets: Path) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}").close()
    except psycopg.OperationalError:
        return False
    return True


def _site(folder: Path, server: Kept, sockets: Path) -> House:
    mail, direct = MailServer(), f"postgresql://tranche@/tranche?host={sockets}"
    pages, live, pooled = free_port(), free_port(), free_port()
    place = {"DATABASE_URL": direct, "EMAIL_URL": f"smtp://localhost:{mail.port}"}
    pooler = None
    if program := production.command("pgbouncer"):
        words = production.pgbouncer(
            folder, program, port=pooled, database=f"host={sockets} dbname=tranche user=tranche"
        )
        pooler = Kept(words, log=folder / "pgbouncer.log")
        place |= {"DATABASE_URL": f"postgresql://tranche@localhost:{pooled}/tranche", "LIVE_DATABASE_URL": direct}
    variables = production.variables(folder, **place)
    production.manage("migrate", "--verbosity=0", **{**variables, "DATABASE_URL": direct})
    production.manage("collectstatic", "--noinput", "--verbosity=0", **variables)
    return House(
        port=free_port(),
        pages=pages,
        streams=live,
        postgres=server,
        pgbouncer=pooler,
        web=production.unit("web", folder, **variables, PORT=str(pages)),
        live=production.unit("live", folder, **variables, PORT=str(live)),
        worker=production.unit("worker", folder, **variables),
        mail=mail,
        sockets=sockets,
        certificate=folder / "cert.pem",
    )


def _plan() -> Plan:
    client, freelancer = (
        do.UserFactory(email=f"{uuid.uuid4()}@faults.example", display_name=name)
        for name in ("Ben Okafor", "Mara Lindqvist")
    )
    contract = do.ContractFactory(client=client, freelancer=freelancer)
    do.deposit(client, "100000.00")
    accepted = Milestone.objects.bulk_create(
        Milestone(
            contract=contract,
            position=number,
            title=f"Agreed {number} of contract {contract.pk}",
            amount=100 + number,
            state=Milestone.State.ACCEPTED,
            proposed_by=freelancer.party,
        )
        for number in range(1, MILESTONES + 1)
    )
    return Plan(contract, accepted, session_of(client), session_of(freelancer))
