"""The promises of the commands: what is locked, and that `make demo` starts, stops and survives being killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import postgres

ROOT = Path(settings.BASE_DIR)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SITE, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
NOT_OF_A_CLONE = shutil.ignore_patterns(
    ".venv", ".data", ".git", ".*cache", ".hypothesis", "__pycache__", "staticfiles"
)


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (SITE, PROJECT["project"]["dependencies"]),
        (DEV, PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_lock_has_what_the_project_asks_for(lock, wanted):
    versions = pinned(lock)
    requirements = [Requirement(line) for line in wanted]

    unmet = [str(each) for each in requirements if versions.get(canonicalize_name(each.name), "") not in each.specifier]

    assert unmet == []


def test_what_is_developed_with_is_what_is_deployed():
    assert pinned(SITE).items() <= pinned(DEV).items()


@pytest.mark.parametrize("lock", [SITE, DEV])
def test_lock_names_no_address(lock):
    assert re.findall(r"https?://|file:|--(?:extra-)?index|--find-links", lock.read_text().split("\n", 2)[2]) == []


def test_each_dependency_has_its_reason():
    reasons = (ROOT / "docs/adr/0001-dependencies.md").read_text()
    names = [Requirement(line).name for line in PROJECT["project"]["dependencies"]]

    assert [name for name in names if name not in reasons] == []


def test_help_names_each_command():
    commands = set(re.findall(r"^\.PHONY: ([a-z]+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))

    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"^  make ([a-z]+) ", told, re.MULTILINE)) == commands


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is now, in a folder of its own, with this environment."""
    folder = tmp_path_factory.mktemp("demo") / "a clone"
    shutil.copytree(ROOT, folder, ignore=NOT_OF_A_CLONE)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


class Demo:
    """`make demo` with its children in a process group of their own, as a terminal has it."""

    def __init__(self, clone: Path, port: int) -> None:
        self.clone = clone
        self.port = port
        self.said = ""
        command = ["make", "--assume-old=.venv/.ready", "demo", f"PORT={port}"]
        self.make = subprocess.Popen(
            command,
            cwd=clone,
            env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.make.stdout
        impatience = Timer(300, self.make.kill)
        impatience.start()
        for line in self.make.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        impatience.cancel()

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=60) as answer:
            return answer.read().decode()

    def end(self, number: int) -> None:
        """Send the signal. Returns when nothing is left that could write to the terminal."""
        if self.make.poll() is None:
            os.killpg(self.make.pid, number)
        if self.make.stdout and not self.make.stdout.closed:
            self.said += self.make.communicate(timeout=120)[0]

    @property
    def serves(self) -> bool:
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def has_a_database(self) -> bool:
        return postgres._answering(self.clone / ".data" / "postgres") is not None


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def demo(clone: Path, port: int) -> Iterator[Callable[[], Demo]]:
    started: list[Demo] = []

    def start() -> Demo:
        started.append(Demo(clone, port))
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
