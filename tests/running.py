"""The project in a folder of its own, and `make demo` there as a terminal runs it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from config import postgres
from tests.site import ROOT

NOT_OF_A_CLONE = shutil.ignore_patterns(
    ".venv", ".data", ".git", ".*cache", ".hypothesis", "__pycache__", "staticfiles", "media", "screenshots"
)


PATIENCE = 900
"""Seconds until a command is given up. A busy machine is not a failure."""


@contextmanager
def room(name: str) -> Iterator[Path]:
    """A folder that everybody may look into. pytest's own are for its user alone, and root's server is another's."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name} "))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clone_into(folder: Path) -> None:
    """The project as it is now, without what it made here."""
    shutil.copytree(ROOT, folder, ignore=NOT_OF_A_CLONE)


class Demo:
    """In a process group of its own. Started when it is made; `said` is all of its output up to now."""

    def __init__(self, clone: Path, port: int, *arguments: str, **process: Any) -> None:
        self.clone = clone
        self.port = port
        self.said = ""
        options = {"env": {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}, **process}
        self.make = subprocess.Popen(
            ["make", "demo", f"PORT={port}", *arguments],
            cwd=clone,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **options,
        )
        assert self.make.stdout
        impatience = Timer(PATIENCE, os.killpg, [self.make.pid, signal.SIGKILL])
        impatience.start()
        for line in self.make.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        impatience.cancel()

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def end(self, number: int) -> None:
        """Send the signal. Returns when nothing is left that could write to the terminal."""
        if self.make.poll() is None:
            os.killpg(self.make.pid, number)
        if self.make.stdout and not self.make.stdout.closed:
            self.said += self.make.communicate(timeout=PATIENCE)[0]

    @property
    def serves(self) -> bool:
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def has_a_database(self) -> bool:
        return postgres._answering(self.clone / ".data" / "postgres") is not None
