"""The processes of the web server, which share one socket: nobody's connection is lost when one of them goes.

uvicorn's own keeper of processes looks at each in turn, and one that dies as it starts is waited for all the time that
a start may take; Granian's gives each process a socket of its own, whose waiting connections die with it.
"""

import logging
import multiprocessing
import os
import signal
import socket
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import Any

import uvicorn

from config import connections

SECONDS_TO_STOP = 25
PAUSE = 1.0
"""Seconds before one is replaced that died as it started."""

logger = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")


@dataclass(eq=False)
class Worker:
    process: SpawnProcess
    says: Connection
    is_ready: bool = False
    is_leaving: bool = False

    def leave(self) -> None:
        self.is_leaving = True
        self.process.terminate()


class Workers:
    def __init__(self, count: int, listening: socket.socket) -> None:
        self._count = count
        self._listening = listening
        self._workers: list[Worker] = []
        self._outdated: list[Worker] = []
        self._signals, self._signal = os.pipe()

    def hear(self, number: int, _frame: object) -> None:
        """A signal is heard in the loop, which else may wait for ever."""
        os.write(self._signal, bytes([number]))

    def run(self) -> int:
        """Until a signal says to stop. Returns what the process is to end with: 1 when none could ever start."""
        for _ in range(self._count):
            self._start()
        while True:
            happened = wait([self._signals, *self._sources()], None if self._is_complete() else PAUSE)
            if self._signals in happened and not self._obey(os.read(self._signals, 64)):
                return self._stop(0)
            for worker in [*self._workers]:
                if worker.says in happened:
                    self._welcome(worker)
                if worker.process.sentinel in happened and not self._bury(worker):
                    return self._stop(1)
            while not happened and not self._is_complete():
                self._start()

    def _sources(self) -> list[Any]:
        return [
            *(worker.process.sentinel for worker in self._workers),
            *(worker.says for worker in self._workers if not worker.is_ready),
        ]

    def _is_complete(self) -> bool:
        return sum(not worker.is_leaving for worker in self._workers) >= self._count

    def _start(self) -> None:
        says, to_say = _spawn.Pipe(duplex=False)
        process = _spawn.Process(target=_serve, args=(self._listening, to_say), name="pages")
        process.start()
        to_say.close()
        self._workers.append(Worker(process, says))

    def _obey(self, numbers: bytes) -> bool:
        """Whether to go on."""
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            return False
        is_on_its_way = bool(self._outdated)  # then even what is just starting may be of a release before this one
        self._outdated = [worker for worker in self._workers if not worker.is_leaving]
        if not is_on_its_way:
            self._start()
        return True

    def _welcome(self, worker: Worker) -> None:
        """It serves. If there are processes of an older release, one of them may go now, and the next one come."""
        try:
            worker.says.recv()
        except EOFError:
            return  # it died as it started
        worker.is_ready = True
        if self._outdated:
            self._outdated.pop(0).leave()
        if self._outdated:
            self._start()

    def _bury(self, worker: Worker) -> bool:
        """Whether to go on, now that this one has ended."""
        worker.process.join()
        worker.says.close()
        self._workers.remove(worker)
        if is_outdated := worker in self._outdated:
            self._outdated.remove(worker)
        if worker.is_leaving:
            return True
        logger.error("A process of the web server ended with %s.", worker.process.exitcode)
        if worker.is_ready:
            if not self._is_complete():
                self._start()
        elif is_outdated:
            self._start()  # of the release that came while it started
        elif self._outdated:
            logger.error("The new release does not start: the processes of the old one stay.")
            self._outdated.clear()
        return bool(self._workers)

    def _stop(self, status: int) -> int:
        for worker in self._workers:
            worker.leave()
        for worker in self._workers:
            worker.process.join(SECONDS_TO_STOP + PAUSE)
            worker.process.kill()  # if it is still there
        return status


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, to_say: Connection) -> None:
        super().__init__(config)
        self._to_say = to_say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """asyncio takes as many connections at a time as it may keep waiting: one, so that no process takes what
        another has time for. What waits is kept by the kernel."""
        await super().startup(sockets)
        for listening in sockets or []:
            listening.listen(connections.WAITING)
        self._to_say.send("ready")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Each answer from now on says that its connection ends with it (`connections.LastingConnection`)."""
        self.server_state.default_headers = [*self.server_state.default_headers, connections.LAST]
        await super().shutdown(sockets)


def _serve(listening: socket.socket, to_say: Connection) -> None:
    """One process of pages."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Thread(target=_end_with_the_server, daemon=True).start()
    config = connections.config(
        "config.asgi:pages",
        http=connections.LastingConnection,
        factory=True,
        backlog=1,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )
    Server(config, to_say).run([listening])


def _end_with_the_server() -> None:
    """Whoever has lost the server that was killed ends what it has begun, and does not serve on beside the next one."""
    if server := multiprocessing.parent_process():
        server.join()
        os.kill(os.getpid(), signal.SIGTERM)
