"""`python -m demo.management.child config.serve`: run a module for as long as the demo lives, however that ends."""

import os
import runpy
import signal
import sys
from threading import Thread


def _end_with_the_demo() -> None:
    os.read(0, 1)  # returns when the demo's end of the pipe closes: it is gone and will not tell us to stop
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    Thread(target=_end_with_the_demo, daemon=True).start()
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
