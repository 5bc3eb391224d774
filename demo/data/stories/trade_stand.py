"""Plans that changed, in Australian dollars: removed, withdrawn, declined and refunded lines; one waits for money."""

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
        stand.edit(BUILD, amount="1040", description="Plan and elevations with fixings; clamps only, the hall allows no drilling."),
        message="I have the leaflet made here. The clamps are more to draw, so I raised the build drawings.",
    )


def _fair_moves(stand: Agreement, when: Calendar) -> Story:
    yield when.ago(24, "08:30")
    stand.suggest(
        stand.remove(LIGHTING),
        stand.remove(SUPERVISION),
        message="The new hall lights every stand itself. And the fitter says that nobody needs to watch him.",
    )
    yield when.ago(23, "10:00")
    reason = "We still want somebody of ours there on the day. The fitter has never built with clamps."
    stand.decide(LIGHTING, decline={SUPERVISION: reason})
    yield when.ago(15, "14:10")
    stand.client_says("The fair moved to a hall where printed walls are not allowed. What do we do?", about=GRAPHICS)
    yield when.ago(15, "15:00")
    stand.freelancer_says("I have not begun the panels. Ask for a refund and I agree to it, here in writing.", about=GRAPHICS)
    yield when.ago(13, "13:00")
    stand.refund(GRAPHICS, note="The fair no longer allows printed walls. Both of you agreed in the chat.")
    yield when.ago(12, "17:45")
    unused = stand.deposit("500", gateway="manual")
    yield when.ago(11, "09:20")
    escrow.cancel_deposit(unused, by=settle(BEN), reason="The refund covers it.")
    yield when.ago(10, "10:30")
    stand.freelancer_says("As soon as the build drawings are funded I begin.", about=BUILD)
