"""The promises of the commands: what is locked, and that `make demo` starts, stops and survives being killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.running import Demo, clone_into, room
from tests.serving import free_port

pytestmark = pytest.mark.slow
ROOT = Path(settings.BASE_DIR)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SITE, DEMO, DEV = (ROOT / f"requirements{of}.lock" for of in ("", "-demo", "-dev"))
NEEDS, GROUPS = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [(SITE, NEEDS), (DEMO, NEEDS + GROUPS["embedded"]), (DEV, NEEDS + GROUPS["embedded"] + GROUPS["dev"])],
)
def test_lock_has_what_the_project_asks_for(lock, wanted):
    versions = pinned(lock)
    requirements = [Requirement(line) for line in wanted]

    unmet = [str(each) for each in requirements if versions.get(canonicalize_name(each.name), "") not in each.specifier]

    assert unmet == []


def test_what_is_developed_with_is_what_is_deployed():
    assert pinned(SITE).items() < pinned(DEMO).items() < pinned(DEV).items()


def test_production_has_no_postgres_of_its_own():
    (private,) = GROUPS["embedded"]

    assert (private in pinned(SITE), private in pinned(DEMO)) == (False, True)


@pytest.mark.parametrize("lock", [SITE, DEMO, DEV])
def test_lock_names_no_address(lock):
    assert re.findall(r"https?://|file:|--(?:extra-)?index|--find-links", lock.read_text().split("\n", 2)[2]) == []


def test_each_dependency_has_its_reason():
    reasons = (ROOT / "docs/adr/0001-dependencies.md").read_text()
    names = [Requirement(line).name for line in NEEDS + GROUPS["embedded"]]

    assert [name for name in names if name not in reasons] == []


def test_help_names_each_command():
    commands = set(re.findall(r"^\.PHONY: ([a-z]+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))

    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"^  make ([a-z]+) ", told, re.MULTILINE)) == commands


@pytest.fixture(scope="module")
def clone() -> Iterator[Path]:
    """The project as it is now, in a folder of its own, with this environment."""
    with room("a demo") as folder:
        clone_into(folder / "a clone")
        (folder / "a clone" / ".venv").symlink_to(sys.prefix)
        yield folder / "a clone"


@pytest.mark.parametrize("code", [["manage.py", "statediagram", "--check"], ["-c", "import config.wsgi"]])
def test_who_reads_the_settings_starts_no_server(clone, code):
    """Types, lints and diagrams need settings only; nor does a server that has not yet been asked for a page."""
    environment = {**os.environ, "MODE": "test", "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"}

    subprocess.run([sys.executable, *code], cwd=clone, env=environment, check=True, capture_output=True)

    assert not (clone / ".data").exists()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def demo(clone: Path, port: int) -> Iterator[Callable[[], Demo]]:
    started: list[Demo] = []

    def start() -> Demo:
        started.append(Demo(clone, port, "--assume-old=.venv/.ready"))
        return started[-1]

    yield start
    for each in started:
        each.end(signal.SIGKILL)


def test_demo_tells_how_to_sign_in_and_stops_with_ctrl_c(demo, port):
    running = demo()

    assert f"http://localhost:{port}/" in running.said
    assert re.findall(r"Mara .*freelancer|Ben .*client", running.said) != []
    assert "Mara" in running.page("/accounts/login/")

    running.end(signal.SIGINT)

    assert "Traceback" not in running.said
    assert not running.serves
    assert not running.has_a_database


def test_demo_starts_again_after_it_was_killed(demo):
    killed = demo()
    killed.end(signal.SIGKILL)
    assert not killed.serves

    again = demo()

    assert "Mara" in again.page("/accounts/login/")
    again.end(signal.SIGTERM)
    assert not again.has_a_database


def test_demo_says_when_its_port_is_taken(demo, port):
    with socket.create_server(("127.0.0.1", port)):
        refused = demo()

    assert refused.make.wait(timeout=120) != 0
    assert f"Port {port} cannot be used" in refused.said
    assert "Traceback" not in refused.said
