"""What a first visit costs: `make bench WHAT=pages`. The figures of docs/measured.md are from here.

The server is the real one, `config.serve`, with production's settings but TLS. Chromium measures by its own clock: a
manage page of 50 milestones that nobody has in a cache, then what happens in it while its first row is edited.
"""

import subprocess
import sys
from statistics import median
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Page

from accounts.models import User
from bench.house import database, row, session_of
from contracts.models import Contract
from tests import factories as do
from tests.e2e import browser as chromium
from tests.serving import HOST, SiteProcess
from tests.site import PRODUCTION

MILESTONES = 50
VISITS = 5
DESCRIPTION = (
    "The two-part housing with both inlets, all fillets and draft angles. Wall thickness 8 mm, see the sheet. "
)

WATCH = """
  window.seen = { largest: 0, shift: 0, longest: 0 }
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true })
  watch("largest-contentful-paint", (entry) => { seen.largest = entry.startTime })
  watch("layout-shift", (entry) => { seen.shift += entry.hadRecentInput ? 0 : entry.value })
  watch("longtask", (entry) => { seen.longest = Math.max(seen.longest, entry.duration) })
"""
LOADED = """() => {
  const [page] = performance.getEntriesByType("navigation")
  const parts = [page, ...performance.getEntriesByType("resource")].filter((part) => !part.name.includes("/live/"))
  const kinds = {}
  for (const part of parts) {
    const kind = part === page ? "page" : new URL(part.name).pathname.split(".").pop()
    kinds[kind] = (kinds[kind] ?? 0) + part.encodedBodySize
  }
  const hosts = new Set(parts.map((part) => new URL(part.name).host))
  return { kinds, count: parts.length, hosts: hosts.size, ...seen }
}"""


def plan() -> Contract:
    client, freelancer = (do.UserFactory(display_name=name) for name in ("Ben Okafor", "Mara Lindqvist"))
    contract = do.ContractFactory(title="Pump housing", client=client, freelancer=freelancer)
    lines = (
        do.add(f"Part {number} of the housing", "1250.00", row=f"n{number}", description=DESCRIPTION * 3)
        for number in range(MILESTONES)
    )
    do.save(contract, *lines)
    return contract


def visit(browser: Browser, site: SiteProcess, person: User, url: str) -> tuple[Page, dict[str, Any]]:
    """A first visit: nothing is in a cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": site.url}])
    page = context.new_page()
    page.goto(f"{site.url}{url}", wait_until="load")
    page.wait_for_timeout(500)
    return page, page.evaluate(LOADED)


def edit(page: Page) -> dict[str, Any]:
    """Stage an edit of the first row and a new one: each is swapped, then the totals while somebody types."""
    page.evaluate("Object.assign(seen, { longest: 0, shift: 0 })")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Edit").first.click()
    page.get_by_role("textbox", name="Amount").wait_for()
    page.wait_for_timeout(200)  # nobody types faster
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("textbox", name="Amount").first.press_sequentially("9")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Propose a milestone").click()
    page.get_by_role("group", name="New milestone").wait_for()
    page.wait_for_timeout(500)
    return dict(page.evaluate("seen"))


def measure(site: SiteProcess, person: User, url: str) -> None:
    with chromium.launched() as browser:
        visits = []
        for _ in range(VISITS):
            page, found = visit(browser, site, person, url)
            visits.append(found | {"edited": edit(page)})
            page.context.close()
    first = visits[0]
    for kind, size in sorted(first["kinds"].items()):
        row(kind, kilobytes(size))
    row("**all of the first load**", f"**{kilobytes(sum(first['kinds'].values()))}**")
    row("requests, hosts", f"{first['count']}, {first['hosts']}")
    row("largest paint after", milliseconds([each["largest"] for each in visits]))
    row("layout shift", f"{max(each['shift'] for each in visits):.3f}")
    row("longest task while it loads", longest([each["longest"] for each in visits]))
    row("longest task while rows are opened and typed in", longest([each["edited"]["longest"] for each in visits]))
    row("layout shift by it", f"{max(each['edited']['shift'] for each in visits):.3f}")


def kilobytes(size: float) -> str:
    return f"{size / 1000:.1f} kB"


def milliseconds(times: list[float]) -> str:
    return f"{median(times):.0f} ms"


def longest(tasks: list[float]) -> str:
    """The browser tells only of tasks of 50 ms or more."""
    return f"{max(tasks):.0f} ms" if any(tasks) else "under 50 ms"


def main() -> None:
    with database():
        contract = plan()
        place = {
            "ALLOWED_HOSTS": f"tranche.example,{HOST}",
            "BEHIND_PROXY": "false",
            "DJANGO_SETTINGS_MODULE": "tests.plain_http",
        }
        site = SiteProcess("config.serve", **PRODUCTION | place)
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, check=True, env=site.environment)
        site.start()
        try:
            measure(site, do.person_of(contract.freelancer), f"{contract.get_absolute_url()}milestones/")
        finally:
            site.stop()


if __name__ == "__main__":
    main()
