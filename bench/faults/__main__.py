import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings

from bench import faults
from bench.faults import books
from bench.faults.books import Count
from bench.faults.house import House, house
from bench.faults.injections import FAULTS, Fault
from bench.faults.load import Load
from tests import production

BEFORE = 1.5
"""Seconds of load before a fault."""

AT_LEAST, CALM = 4.0, 1.5
"""Seconds that a run lasts after a fault, and how long nothing may have failed by then."""

HEAD = [
    "fault", "runs", "acts", "pages", "failed at first", "lost", "doubled", "mails", "lost", "doubled",
    "last failure after", "streams back after", "longest wait",
]  # fmt: skip


@dataclass
class Run:
    acts: int
    pages: int
    failed: int
    books: Count
    bad_for: float
    """Seconds from the fault to the last answer that failed; 0 if none did."""

    streams_lost_for: float
    longest_wait: float


@dataclass
class Batch:
    fault: Fault
    runs: list[Run] = field(default_factory=list)
    mails: int = 0
    mail_books: Count = field(default_factory=lambda: Count(0, 0))

    def row(self) -> str:
        total = {name: sum(getattr(run, name) for run in self.runs) for name in ("acts", "pages", "failed")}
        lost, doubled = (sum(getattr(run.books, name) for run in self.runs) for name in ("lost", "doubled"))
        cells = [
            self.fault.name, len(self.runs), *total.values(), lost, doubled,
            self.mails, self.mail_books.lost, self.mail_books.doubled,
            _seconds([run.bad_for for run in self.runs]),
            _seconds([run.streams_lost_for for run in self.runs]),
            f"{max(run.longest_wait for run in self.runs):.1f} s",
        ]  # fmt: skip
        return f"| {' | '.join(map(str, cells))} |"


def _seconds(found: list[float]) -> str:
    """The middle one and the worst."""
    return f"{statistics.median(found):.1f} s, {max(found):.1f} s" if any(found) else "–"


def run(site: House, fault: Fault) -> Run:
    production.until(site.is_well, 120)
    load = Load(site.port, site.certificate, site.plans())
    load.start()
    time.sleep(BEFORE)
    began = time.monotonic()
    fault.inject(site)
    time.sleep(AT_LEAST)
    fault.mend(site)
    production.until(lambda: site.is_well() and not load.bad_since(time.monotonic() - CALM), 120)
    load.stop()
    assert not load.refused(), f"The site does not take what is sent: {load.refused()[0]}"
    books.check_ledger()
    tries = [each for act in load.acts for each in act.tries]
    bad = [each.ended - began for each in load.bad_since(began)]
    return Run(
        acts=len(load.acts),
        pages=len(load.pages),
        failed=len(load.bad_since(0)),
        books=books.acts(load.acts),
        bad_for=max(bad, default=0),
        streams_lost_for=_streams_lost_for(load, began),
        longest_wait=max(each.ended - each.began for each in [*tries, *load.pages]),
    )


def _streams_lost_for(load: Load, began: float) -> float:
    """Seconds from the fault until the last of the streams that it broke was there again."""
    if not any(moment > began and not is_up for moment, is_up in load.streams):
        return 0
    return max(moment for moment, is_up in load.streams if is_up) - began


def batch(site: House, fault: Fault, times: int) -> Batch:
    since, done = books.newest_mail(), Batch(fault)
    for _ in range(times):
        done.runs.append(run(site, fault))
        sys.stderr.write(f"{fault.name}: {done.runs[-1]}\n")
    done.mails, done.mail_books = books.mails(site.mail, since)
    return done


def report(batches: list[Batch]) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    place = f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"
    moment = f"{datetime.now(UTC):%-d %B %Y}, commit {commit.strip()}"
    rows = [f"| {' | '.join(HEAD)} |", f"|---|{'---:|' * (len(HEAD) - 1)}", *(each.row() for each in batches)]
    return "\n".join([f"{place}; {moment}.", "", *rows, ""])


def main() -> None:
    asked = argparse.ArgumentParser(description=faults.__doc__)
    asked.add_argument("--times", type=int, default=10)
    asked.add_argument("--only", default="", help="only faults with this in their name")
    options = asked.parse_args()
    batches: list[Batch] = []
    with house() as site:
        for fault in reversed(FAULTS):
            if options.only in fault.name and (site.pgbouncer or "PgBouncer" not in fault.name):
                batches.insert(0, batch(site, fault, options.times))
                _write(report(batches), on_page=not options.only)
    sys.stdout.write(report(batches))


def _write(found: str, *, on_page: bool) -> None:
    """After each fault: what is known is kept, whatever comes."""
    page = settings.BASE_DIR / "docs" / "faults.md"
    if on_page:
        page.write_text(f"{page.read_text().split(MARK)[0]}{MARK}\n\n{found}")


MARK = "<!-- what follows is written by `make faults` -->"

if __name__ == "__main__":
    main()
