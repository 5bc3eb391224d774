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
    """What a process does here: die at once if the release is broken, else serve until it is told to go."""
    if (Path(os.environ[FOLDER]) / "broken").exists():
        sys.exit(3)
    to_say.send("ready")
    signal.pause()


class Kept:
    """The keeper, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listening = socket.socket()
        self.keeper = Workers(2, self._listening)
        self.ended: list[int] = []
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
