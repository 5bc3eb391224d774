"""A machine that has nothing of this, on a day on which every package has brought out a release that breaks the site.

The index of that day is made here: the locked files, and beside each a newer one with nothing in it. The commands run
in a path with spaces, with a new home, as somebody else than root, with Python's own pip and with others.
"""

import os
import pwd
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.running import PATIENCE, Demo, clone_into, room
from tests.serving import free_port
from tests.site import ROOT

pytestmark = pytest.mark.slow
PIPS = ("23.0", "23.2.1", "")  # "" is the newest
DOWNLOAD = ("-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:")
PYTHONS = (Path(sys.base_prefix) / "bin" / "python3", Path("/usr/bin/python3"))
CAN_INSTALL = "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))"


@pytest.fixture(scope="module")
def machine() -> Iterator[Path]:
    with room("a fresh machine") as folder:
        yield folder


@pytest.fixture(scope="module")
def somebody() -> dict[str, Any]:
    """Who runs the commands, for `subprocess`: an ordinary person. Root turns into one who can run a Python."""
    nobody = pwd.getpwnam("nobody")
    person = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return person if os.geteuid() == 0 and runs(person) else {}


@pytest.fixture(scope="module")
def python(somebody) -> str:
    """A Python that this person may run; root's own lies where others cannot look."""
    found = runs(somebody)
    if not found:
        pytest.skip(f"None of {PYTHONS} is 3.11 or newer and can make environments.")
    return found


def runs(person: dict[str, Any]) -> str:
    """The first Python that this person can run and make environments with."""
    for path in PYTHONS:
        try:
            subprocess.run([path, "-c", CAN_INSTALL], check=True, cwd="/", capture_output=True, **person)
        except (OSError, subprocess.CalledProcessError):
            continue
        return str(path)
    return ""


@pytest.fixture(scope="module")
def index(machine) -> dict[str, str]:
    """What tells pip of the index of that day, and of no other."""
    files = machine / "files"
    wanted = [["--require-hashes", "--requirement", str(ROOT / "requirements-dev.lock")]]
    wanted += [[f"pip=={version}" if version else "pip"] for version in PIPS]
    for each in wanted:
        try:
            command = [sys.executable, *DOWNLOAD, "--dest", str(files), *each]
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"The packages that a fresh machine needs cannot be had here: {error.stderr!r}")
    for name in {name_in(path) for path in files.iterdir()} - {"pip"}:
        publish_a_release_of(name, files)
    pages = machine / "index"
    for path in files.iterdir():
        page = pages / name_in(path) / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        with page.open("a") as links:
            links.write(f'<a href="../../files/{path.name}">{path.name}</a>\n')
    return {"PIP_INDEX_URL": pages.as_uri(), "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def name_in(wheel: Path) -> str:
    return re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower()


def publish_a_release_of(name: str, folder: Path) -> None:
    """Newer than any, for every Python, and empty: what installs it does not run."""
    stem = f"{name.replace('-', '_')}-99999.0"
    with ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 99999.0\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")


@pytest.fixture
def clone(machine, somebody) -> Path:
    """The project as it is now, belonging to this person, beside a home in which nothing is."""
    place = Path(tempfile.mkdtemp(prefix="of ", dir=machine))
    clone_into(place / "the clone")
    (place / "home").mkdir()
    if somebody:
        for path in (place, *place.rglob("*")):
            os.chown(path, somebody["user"], somebody["group"])
    return place / "the clone"


def environment(clone: Path, **variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(clone.parent / "home"), "LANG": "C.UTF-8", **variables}


def make(clone: Path, *arguments: str, variables: dict[str, str], **person: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=clone,
        env=environment(clone, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        **person,
    )


def test_demo_and_tests_run_where_nothing_is(clone, index, python, somebody):
    demo = Demo(clone, free_port(), f"PYTHON={python}", env=environment(clone, **index), **somebody)
    try:
        assert "Tranche is at" in demo.said, demo.said
        assert "Mara" in demo.page("/accounts/login/")
    finally:
        demo.end(signal.SIGINT)
    assert "Traceback" not in demo.said
    assert not demo.has_a_database
    assert not (clone / ".venv/bin/pytest").exists()  # what runs the site, and no more

    # That a browser is named keeps it from installing one.
    variables = {**index, "CHROMIUM": "/bin/true"}
    tested = make(clone, "test", "ARGS=tests/escrow/test_money.py", variables=variables, **somebody)

    assert re.search(r"^=+ \d+ passed in ", tested.stdout, re.MULTILINE), tested.stdout + tested.stderr
    assert tested.returncode == 0


def test_somebody_else_than_root_ran_them(somebody):
    if os.geteuid() == 0 and not somebody:
        pytest.skip("Here only root can run a Python that makes environments: the commands ran as root alone.")


@pytest.mark.parametrize("version", PIPS, ids=lambda version: version or "newest")
def test_any_pip_takes_each_lock(clone, index, python, somebody, version):
    """It looks for each file, compares its hash, and stops before it would write it: the rest is the same for all."""
    other = clone.parent / "python"
    other.write_text(f"""#!/bin/sh
'{python}' "$@" || exit
[ "$2" != venv ] || env -u PIP_DRY_RUN .venv/bin/python -m pip install -q '{f"pip=={version}" if version else "pip"}' -U
""")
    other.chmod(0o755)

    made = make(clone, ".venv/.dev", "PYTHON=../python", variables={**index, "PIP_DRY_RUN": "1"}, **somebody)

    assert made.returncode == 0, made.stdout + made.stderr
    has = subprocess.run([clone / ".venv/bin/python", "-m", "pip", "--version"], capture_output=True, text=True)
    assert f"pip {version}" in has.stdout


def test_who_is_root_gets_it_too(machine, index):
    """The whole site as root is what test_makefile runs; here it is only installed."""
    if os.geteuid():
        pytest.skip("Only root can see whether root can install it.")
    folder = machine / "of root" / "the clone"
    clone_into(folder)

    made = make(folder, ".venv/.ready", variables={**index, "PIP_DRY_RUN": "1"})

    assert made.returncode == 0, made.stdout + made.stderr
