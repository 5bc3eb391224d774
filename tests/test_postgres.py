"""The private server, really started by other processes, below a path with spaces that is too long for a socket."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from config import postgres
from tests.running import room

pytestmark = pytest.mark.slow
USE = """
import sys
from pathlib import Path
from config import postgres
print(f"postgresql://postgres@/postgres?host={postgres.start(Path(sys.argv[1]))}", flush=True)
sys.stdin.read()
"""
User = subprocess.Popen[str]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with room("a project") as place:
        parent = place / ("with a long name" * 8)
        parent.mkdir()
        yield parent / ".data"


@pytest.fixture
def use(folder: Path) -> Iterator[Callable[[], tuple[User, str]]]:
    """Start a process that uses the server until its input closes; its URL is the answer."""
    users: list[User] = []

    def start() -> tuple[User, str]:
        command = [sys.executable, "-W", "error", "-c", USE, str(folder)]
        user = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        users.append(user)
        assert user.stdout
        return user, user.stdout.readline().strip()

    yield start
    for user in users:
        leave(user)


def leave(user: User) -> None:
    user.communicate(timeout=120)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def process_id(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def sockets(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def test_server_stops_with_its_last_user(use):
    first, url = use()
    second, same = use()
    assert url == same

    leave(first)
    assert answers(url)

    leave(second)
    assert not answers(url)
    assert not sockets(url).exists()


def test_server_is_only_for_the_person_who_started_it(use):
    _user, url = use()

    assert stat.S_IMODE(sockets(url).stat().st_mode) == 0o700
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_killed_user_does_not_keep_the_server_up(use):
    killed, url = use()
    killed.kill()
    killed.wait()
    assert answers(url)

    after, same = use()
    assert url == same

    leave(after)
    assert not answers(url)


def test_server_starts_after_a_crash_though_its_number_is_another_programs_now(use, folder):
    user, url = use()
    os.kill(process_id(folder), signal.SIGKILL)
    while answers(url):
        time.sleep(0.05)
    leave(user)
    left = folder / "postgres" / "postmaster.pid"
    left.write_text(left.read_text().replace(left.read_text().splitlines()[0], str(os.getpid()), 1))

    _again, url = use()

    assert answers(url)


def test_folder_that_somebody_else_made_is_refused(tmp_path):
    squatted = postgres._socket_folder(tmp_path / "postgres")
    squatted.mkdir()
    squatted.chmod(0o777)
    try:
        with pytest.raises(PermissionError, match="not ours alone"):
            postgres.start(tmp_path)
    finally:
        squatted.rmdir()


def test_what_the_server_said_is_in_the_error(use, folder):
    user, _url = use()
    leave(user)
    settings = folder / "postgres" / "postgresql.conf"
    before = settings.read_text()
    settings.write_text("colour = blue\n")

    with pytest.raises(RuntimeError, match='unrecognized configuration parameter "colour"'):
        postgres.start(folder)

    settings.write_text(before)


@as_root
def test_root_lets_others_pass_but_not_look(use, folder):
    folder.parent.chmod(0o700)

    _user, url = use()

    assert answers(url)
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o701
