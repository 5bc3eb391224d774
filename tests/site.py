"""The site as a process of its own, in the mode and with the variables that a test gives it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "VIRTUAL_ENV")
PRODUCTION = {
    "MODE": "production",
    "SECRET_KEY": "7Yw!q2Zk8@vB4nX6mC1pL9sD3fG5hJ0tR_eUiOaQxWcVbNzM-KyHgTfRdEs",
    "ALLOWED_HOSTS": "tranche.example",
    "SITE_ORIGIN": "https://tranche.example",
    "DATABASE_URL": "postgresql://tranche@db.tranche.example/tranche",
    "EMAIL_URL": "submission://mail:secret@mail.tranche.example:587",
    "DEFAULT_FROM_EMAIL": "Tranche <post@tranche.example>",
}


def run(code: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments and only these variables of the site."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return subprocess.run(
        [sys.executable, *code],
        cwd=ROOT,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run(["manage.py", *arguments], variables)


def settings(**variables: str) -> subprocess.CompletedProcess[str]:
    """Read the settings and nothing more, which is the first thing that each server does."""
    return run(["-c", "import config.settings"], variables)
