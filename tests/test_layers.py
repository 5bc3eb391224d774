"""`make check` holds the layers: an import that goes up, or a module that nobody put in a layer, fails it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code, to plant something in."""
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    leave_out = shutil.ignore_patterns("__pycache__", "*.html", "*.css", "*.svg")
    for package in packages:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def test_layers_hold(house):
    assert lint(house).returncode == 0


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("milestones/stray.py", "", "milestones.stray"),
        ("milestones/pages/stray.py", "", "milestones.pages.stray"),
        ("milestones/forms.py", "import milestones.pages.manage.staging", "milestones.forms -> milestones.pages"),
        ("milestones/pages/rows.py", "import milestones.pages.manage.rows", "milestones.pages.rows -> milestones"),
        ("milestones/rules.py", "import milestones.actions", "milestones.rules -> milestones.actions"),
        ("escrow/money.py", "import escrow.ledger", "escrow.money -> escrow.ledger"),
        ("messaging/models/message.py", "import milestones.models", "messaging.models.message -> milestones.models"),
    ],
)
def test_layers_refuse(house, module, line, said):
    with (house / module).open("a") as file:
        file.write(f"\n{line}\n")

    found = lint(house)

    assert found.returncode == 1
    assert said in found.stdout
