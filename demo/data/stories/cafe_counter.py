"""Mara's work waits for Clara's review; earlier suggestions were declined, with reasons."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import CLARA, MARA

TITLE = "Café counter: joinery drawings and cut list"
SURVEY, DRAWINGS = "Survey and room model", "Counter drawings, 1:10 and details 1:2"
CUT_LIST, CALLS, WALK_THROUGH = "Cut list and hardware schedule", "Two calls with the fitter", "3D walk-through"


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, CLARA.time_zone)
    yield when.ago(36, "10:30")
    cafe = Agreement(TITLE, client=CLARA, freelancer=MARA, currency="EUR", zone=when.zone)
    cafe.deposit("2500")
    yield when.ago(36, "11:00")
    cafe.plan(
        cafe.new(SURVEY, "680", when.day(-24), "From the photographs and the laser measurements that Clara sends."),
        cafe.new(DRAWINGS, "1450", when.day(3), "Plan, elevations, sections; the joints and the drip edge at 1:2."),
        cafe.new(CUT_LIST, "520", when.day(14), "Oak and birch plywood, with grain direction; hinges and runners."),
        cafe.new(CALLS, "260"),
    )
    cafe.fund(SURVEY)
    yield when.ago(35, "09:15")
    cafe.freelancer_says("Good morning, Clara. Please measure both diagonals of the room too: no corner is square.")
    yield when.ago(35, "18:50")
    cafe.client_says("4.82 m and 4.91 m. You were right about the corners.")
    yield when.ago(27, "12:00")
    cafe.submit(SURVEY, note="The room is 3 cm narrower at the window. The counter has to know.")
    yield when.ago(26, "08:40")
    cafe.release(SURVEY, note="Very clear, thank you.")
    cafe.fund(DRAWINGS)
    yield from _declined(cafe, when)
    yield when.ago(2, "17:20")
    cafe.submit(DRAWINGS, note="Seven sheets, PDF. Sheet 5 shows the drip edge and the scribed end at the window wall.")
    yield when.ago(2, "17:24")
    cafe.freelancer_says("If the coffee machine is the taller one, tell me now and I move the shelf.", about=DRAWINGS)


def _declined(cafe: Agreement, when: Calendar) -> Story:
    yield when.ago(18, "10:05")
    cafe.suggest(
        cafe.edit(CUT_LIST, due=when.day(19)),
        cafe.new(WALK_THROUGH, "390", when.day(25), "For the landlord, two minutes, from the door to the till."),
        message="The plywood supplier answers slowly, so the cut list needs five days more.",
    )
    yield when.ago(16, "19:30")
    reason = "The landlord is happy with plain elevations. I would rather keep this money for the fitter."
    cafe.decide(CUT_LIST, decline={WALK_THROUGH: reason})
    yield when.ago(9, "11:45")
    cafe.suggest(cafe.edit(CUT_LIST, amount="600", title="Cut list, hardware schedule and supplier quotes"))
    yield when.ago(8, "20:10")
    cafe.decide(decline={CUT_LIST: "My joiner asks for the quotes himself. Let us keep the list as it is."})
    yield when.ago(7, "09:30")
    cafe.freelancer_says("Understood, the list stays as it was.", about=CUT_LIST)
