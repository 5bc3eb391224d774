"""`make check` holds the layers: an import that goes up, or a module that nobody put in a layer, fails it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


PLANTED = [
    ("milestones/stray.py", "", "milestones.stray"),
    ("milestones/pages/stray.py", "", "milestones.pages.stray"),
    ("milestones/forms.py", "import milestones.pages.manage.staging", "milestones.forms -> milestones.pages"),
    ("milestones/pages/rows.py", "import milestones.pages.manage.rows", "milestones.pages.rows -> milestones.pages"),
    ("milestones/rules.py", "import milestones.actions", "milestones.rules -> milestones.actions"),
    ("escrow/money.py", "import escrow.ledger", "escrow.money -> escrow.ledger"),
    ("messaging/models/message.py", "import milestones.models", "messaging.models.message -> milestones.models"),
]


def test_layers_refuse_what_is_planted(tmp_path):
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    leave_out = shutil.ignore_patterns("__pycache__", "*.html", "*.css", "*.svg")
    for package in packages:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, line, _said in PLANTED:
        with (tmp_path / module).open("a") as file:
            file.write(f"\n{line}\n")

    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert found.returncode == 1
    assert [said for _module, _line, said in PLANTED if said not in found.stdout] == []
