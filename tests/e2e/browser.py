"""The Chromium that the browser tests drive. `python -m tests.e2e.browser` installs one if there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = (
    ("apt-get", "update", "--quiet"),
    ("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "chromium"),
)
PLAYWRIGHT = (sys.executable, "-m", "playwright", "install", "chromium")
MISSING = "Browser tests are skipped: no Chromium was found or could be installed. CHROMIUM=/its/path names yours."


def find() -> str | None:
    """The path of a Chromium that runs: $CHROMIUM, the system's, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = (path for name in SYSTEM if (path := shutil.which(name)) and _runs(path))
    return next(found, None) or _playwrights_own()


@contextmanager
def launched() -> Iterator[Browser]:
    """One for a command. Without any, the command ends and says so."""
    path = find()
    if path is None:
        sys.exit(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def install() -> None:
    """Install Debian's Chromium as root, or else Playwright's."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in APT:
            _try(*command)
    if not find():
        _try(*PLAYWRIGHT)


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if _runs(path) else None


def _runs(path: str) -> bool:
    """Whether it starts at all: a browser without its libraries does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _try(*command: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, capture_output=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{error}\n")


if __name__ == "__main__":
    if not find():
        sys.stdout.write("Installing a browser for the tests (about a minute, once)\n")
        install()
        if not find():
            sys.stdout.write(f"{MISSING}\n")
