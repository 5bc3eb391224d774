"""The keeper of the web server's processes, with processes that only say that they serve."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import workers
from config.workers import Workers

GENEROUS = 300
"""Seconds for what takes one or two on a machine that has nothing else to do."""

FOLDER = "FOLDER_OF_THE_TEST"


def serve(_listening: socket.socket, to_say) -> None:
    """What a process does here: note its release, die at once if that is broken, else serve until it is told to go."""
    folder = Path(os.environ[FOLDER])
    (folder / f"release of {os.getpid()}").write_text((folder / "release").read_text())
    if (folder / "broken").exists():
        sys.exit(3)
    while (folder / "slow").exists():
        time.sleep(0.02)
    to_say.send("ready")
    signal.pause()


class Kept:
    """The keeper, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listening = socket.socket()
        self.keeper = Workers(2, self._listening)
        self.ended: list[int] = []
        self.release("1")
        self._thread = threading.Thread(target=lambda: self.ended.append(self.keeper.run()))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.keeper.hear(signal.SIGTERM, None)
        self._thread.join()
        self._listening.close()

    def wait_for_the_end(self) -> None:
        self._thread.join(GENEROUS)

    @property
    def serving(self) -> set[int | None]:
        return {each.process.pid for each in [*self.keeper._workers] if each.is_ready and not each.is_leaving}

    def release(self, name: str) -> None:
        (self.folder / "new release").write_text(name)
        (self.folder / "new release").rename(self.folder / "release")

    def started(self, release: str) -> list[Path]:
        return [path for path in self.folder.glob("release of *") if path.read_text() == release]

    @property
    def releases(self) -> list[str]:
        return [(self.folder / f"release of {pid}").read_text() for pid in self.serving]

    def breaks(self) -> None:
        (self.folder / "broken").touch()

    def works_again(self) -> None:
        (self.folder / "broken").unlink()


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Iterator[Kept]:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(workers, "_serve", serve)
    monkeypatch.setattr(workers, "PAUSE", 0.1)
    keeper = Kept(tmp_path)
    yield keeper
    keeper.stop()


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + GENEROUS
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


@pytest.fixture
def two(kept) -> set[int]:
    kept.start()
    until(lambda: len(kept.serving) == 2)
    return kept.serving


def test_a_release_that_does_not_start_leaves_the_old_one(kept, two, caplog):
    kept.breaks()
    kept.keeper.hear(signal.SIGHUP, None)

    until(lambda: "The new release does not start" in caplog.text)
    assert kept.serving == two


def test_a_release_takes_the_place_of_each_old_process(kept, two):
    kept.keeper.hear(signal.SIGHUP, None)

    until(lambda: len(kept.serving) == 2 and not kept.serving & two)


def test_the_next_release_comes_after_one_that_does_not_start(kept, two, caplog):
    kept.breaks()
    kept.keeper.hear(signal.SIGHUP, None)
    until(lambda: "The new release does not start" in caplog.text)
    kept.works_again()
    kept.keeper.hear(signal.SIGHUP, None)

    until(lambda: len(kept.serving) == 2 and not kept.serving & two)


@pytest.mark.parametrize("first", ["slow", "broken"])
def test_a_release_that_comes_while_another_starts_takes_the_place_of_all(kept, two, first):
    (kept.folder / "slow").touch()
    kept.release("2")
    kept.keeper.hear(signal.SIGHUP, None)
    until(lambda: kept.started("2"))
    kept.release("3")
    kept.keeper.hear(signal.SIGHUP, None)
    until(lambda: len(kept.keeper._outdated) == 3)
    if first == "broken":
        os.kill(int(kept.started("2")[0].name.split()[-1]), signal.SIGKILL)
        until(lambda: kept.started("3"))
    (kept.folder / "slow").unlink()

    until(lambda: kept.releases == ["3", "3"])


def test_one_that_is_killed_is_replaced_as_soon_as_it_can_start(kept, two, caplog):
    killed = min(two)
    kept.breaks()
    os.kill(killed, signal.SIGKILL)
    until(lambda: caplog.text.count("ended with 3") >= 2)  # and again, and again
    kept.works_again()

    until(lambda: len(kept.serving) == 2)
    assert killed not in kept.serving


def test_all_killed_are_replaced_also_during_a_release(kept, two):
    kept.keeper.hear(signal.SIGHUP, None)
    for each in two:
        os.kill(each, signal.SIGKILL)

    until(lambda: len(kept.serving) == 2 and not kept.serving & two)
    assert len(kept.keeper._workers) == 2


def test_a_site_that_cannot_start_says_so(kept):
    kept.breaks()
    kept.start()
    kept.wait_for_the_end()

    assert kept.ended == [1]
