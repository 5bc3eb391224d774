"""Plans that changed, in Australian dollars: lines removed, withdrawn, declined, refunded; work to review for Ben."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import BEN, PRIYA, settle
from escrow import actions as escrow

TITLE = "Trade stand, 6 × 3 m, for the irrigation fair"
CONCEPT, GRAPHICS, LIGHTING = "Stand concept and floor plan", "Graphics panels, ready for print", "Lighting plan"
BUILD, SUPERVISION, LEAFLET = "Build drawings for the fitter", "Supervision on site", "Leaflet, A5"
TANK, RUSH = "Glass tank with a running pump", "Build drawings for the fitter, in one week"


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, PRIYA.time_zone)
    yield when.ago(58, "11:00")
    stand = Agreement(TITLE, client=BEN, freelancer=PRIYA, currency="AUD", zone=when.zone)
    stand.deposit("3500")
    yield when.ago(58, "11:30")
    stand.plan(
        stand.new(CONCEPT, "1200", when.day(-44)),
        stand.new(GRAPHICS, "1850.50", when.day(-12), "Back wall 6 × 2.5 m and two wings, CMYK, 3 mm bleed."),
        stand.new(LIGHTING, "640", when.day(-10)),
        stand.new(BUILD, "980", when.day(13), "Plan and elevations with fixings; the hall allows no drilling."),
        stand.new(SUPERVISION, "420", when.day(20), "One day while the fitter builds."),
        stand.new(LEAFLET, "310", when.day(5)),
    )
    stand.fund(CONCEPT)
    yield when.ago(47, "15:20")
    stand.submit(CONCEPT, note="Open on two sides, the counter away from the aisle.")
    yield when.ago(46, "09:00")
    stand.release(CONCEPT)
    stand.fund(GRAPHICS)
    yield from _other_ideas(stand, when)
    yield from _fair_moves(stand, when)


def _other_ideas(stand: Agreement, when: Calendar) -> Story:
    yield when.ago(43, "10:40")
    stand.suggest(
        stand.new(TANK, "2300", when.day(10), "600 litres, with lighting from below."),
        stand.edit(BUILD, title=RUSH, amount="1180", due=when.day(-30)),
        stand.remove(LEAFLET),
        message="A running pump stops people in the aisle. I would build the stand around it.",
    )
    yield when.ago(41, "16:30")
    stand.freelancer_says("The hall allows no water. I take all of it back; sorry for the noise.")
    stand.suggest(stand.remove(TANK), stand.remove(BUILD), stand.remove(LEAFLET))
    yield when.ago(39, "12:15")
    stand.plan(
        stand.remove(LEAFLET),
        stand.edit(
            BUILD,
            amount="1040",
            description="Plan and elevations with fixings; clamps only, the hall allows no drilling.",
        ),
        message="I have the leaflet made here. The clamps are more to draw, so I raised the build drawings.",
    )


def _fair_moves(stand: Agreement, when: Calendar) -> Story:
    yield when.ago(24, "08:30")
    stand.suggest(
        stand.remove(LIGHTING),
        stand.remove(SUPERVISION),
        message="The hall lights every stand itself. And the fitter says that nobody needs to watch him.",
    )
    yield when.ago(23, "10:00")
    reason = "We still want somebody of ours there on the day. The fitter has never built with clamps."
    stand.decide(LIGHTING, decline={SUPERVISION: reason})
    yield when.ago(15, "14:10")
    stand.client_says("The fire inspector forbids printed walls this year. What do we do?", about=GRAPHICS)
    yield when.ago(15, "15:00")
    stand.freelancer_says(
        "I have not begun the panels. Ask for a refund and I agree to it, here in writing.", about=GRAPHICS
    )
    yield when.ago(13, "20:00")
    stand.refund(GRAPHICS, note="The fair does not allow printed walls this year. Both of you agreed in the chat.")
    yield when.ago(12, "12:45")
    unused = stand.deposit("500", gateway="manual")
    yield when.ago(11, "09:20")
    escrow.cancel_deposit(unused, by=settle(BEN), reason="The refund covers it.")
    yield when.ago(10, "10:30")
    stand.freelancer_says("The build drawings stay as they are. As soon as they are funded I begin.", about=BUILD)
    yield when.ago(9, "11:15")
    stand.fund(BUILD)
    yield when.ago(2, "16:50")
    stand.submit(BUILD, note="Four sheets. The clamps are on sheet 3, and no hole is drilled anywhere.")
