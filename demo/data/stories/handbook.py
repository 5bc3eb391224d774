"""A long plan in Canadian dollars: fourteen chapters, six paid, two in work, one of them late."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import ADELE, MARA

TITLE = "Exploded views for a service handbook"
CHAPTERS = (
    ("1. Safety and lifting points", "180"),
    ("2. Tools and torque table", "120"),
    ("3. Front cover and guards", "260"),
    ("4. Belt drive", "340"),
    ("5. Main bearing, drive side", "380"),
    ("6. Main bearing, free side", "320"),
    ("7. Gearbox, outside", "420"),
    ("8. Gearbox, inside", "560"),
    ("9. Lubrication lines", "240"),
    ("10. Hydraulic unit", "480"),
    ("11. Sensors and cables", "300"),
    ("12. Control cabinet", "280"),
    ("13. Frame and feet", "190"),
    ("14. Spare parts, one page of all", "450"),
)
PAID, GEARBOX_OUTSIDE, GEARBOX_INSIDE = 6, CHAPTERS[6][0], CHAPTERS[7][0]


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, ADELE.time_zone)
    yield when.ago(88, "09:00")
    handbook = Agreement(TITLE, client=ADELE, freelancer=MARA, currency="CAD", zone=when.zone)
    handbook.deposit("3500")
    yield when.ago(88, "10:30")
    handbook.plan(*(handbook.new(title, price, when.day(11 * n - 69)) for n, (title, price) in enumerate(CHAPTERS)))
    handbook.client_says(
        "Fourteen chapters, in the order in which a fitter opens the machine. Isometric, black on white, no shading."
    )
    for number, (title, _price) in enumerate(CHAPTERS[:PAID]):
        first = 86 - 11 * number
        yield when.ago(first, "08:20")
        handbook.fund(title)
        yield when.ago(first - 6, "11:00")
        handbook.submit(title)
        yield when.ago(first - 8, "11:10")
        handbook.release(title)
    yield from _gearbox(handbook, when)


def _gearbox(handbook: Agreement, when: Calendar) -> Story:
    yield when.ago(22, "08:30")
    handbook.fund(GEARBOX_OUTSIDE)
    handbook.fund(GEARBOX_INSIDE)
    yield when.ago(17, "10:00")
    handbook.suggest(
        handbook.edit(GEARBOX_INSIDE, amount="640", due=when.day(14)),
        message="The planet carrier comes apart in two stages, so this chapter is two views more than we counted.",
    )
    yield when.ago(16, "09:40")
    handbook.decide()
    yield when.ago(9, "10:30")
    handbook.freelancer_says(
        "The supplier has not sent the flange yet; the outside view will be some days late.", GEARBOX_OUTSIDE
    )
    yield when.ago(9, "11:05")
    handbook.client_says("Thank you for telling me. Better late than wrong.")
