"""Ended and fully paid, in Swiss francs; with a higher price agreed in progress and a suggestion taken back."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import MARA, RETO, SAM, settle
from escrow import actions as escrow

TITLE = "Bracket redesign for casting"
LOADS, GEOMETRY = "Load cases and concept", "Casting geometry with draft angles"
DRAWINGS, PATTERN = "Drawings with tolerances", "Pattern review at the foundry"
FATIGUE, SECOND_LOT = "Fatigue note", "Second lot"


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, RETO.time_zone)
    yield when.ago(96, "08:30")
    bracket = Agreement(TITLE, client=RETO, freelancer=MARA, currency="CHF", zone=when.zone)
    transfer = bracket.deposit("4000", gateway="manual")
    yield when.ago(96, "08:50")
    bracket.plan(
        bracket.new(LOADS, "480", when.day(-84), "Two load cases from the test bench, one page of concept each."),
        bracket.new(GEOMETRY, "1640.50", when.day(-70), "Aluminium EN AC-42100, wall at least 4 mm, draft 2°."),
    )
    yield when.ago(94, "14:00")
    escrow.confirm_deposit(transfer, by=settle(SAM), reason="On the bank statement of today, with its reference.")
    yield when.ago(94, "16:15")
    bracket.fund(LOADS)
    yield when.ago(86, "10:00")
    bracket.submit(LOADS, note="Case 2 governs: the bracket sees 1.8 kN sideways when the belt jams.")
    yield when.ago(85, "09:10")
    bracket.release(LOADS)
    bracket.fund(GEOMETRY)
    yield from _ribs_and_drawings(bracket, when)
    yield from _close(bracket, when)


def _ribs_and_drawings(bracket: Agreement, when: Calendar) -> Story:
    yield when.ago(80, "11:30")
    bracket.suggest(
        bracket.edit(GEOMETRY, amount="1800.50", due=when.day(-66)),
        bracket.new(DRAWINGS, "720", when.day(-58), "General tolerances ISO 8062-3, machined faces marked."),
        message="The foundry wants ribs instead of a thick wall. That is a day more; the drawings I propose as agreed.",
    )
    yield when.ago(79, "13:20")
    bracket.decide(fund=True)
    yield when.ago(67, "15:40")
    bracket.submit(GEOMETRY, note="Ribs 5 mm, 18 % lighter than the welded part.")
    yield when.ago(66, "08:05")
    bracket.release(GEOMETRY, note="The foundry has no remarks. That has never happened.")
    yield when.ago(64, "10:10")
    bracket.suggest(bracket.new(PATTERN, "300", when.day(-50), "Half a day on site."))
    yield when.ago(62, "09:00")
    bracket.freelancer_says("The foundry checks the pattern itself, so I take my suggestion back.")
    bracket.suggest(bracket.remove(PATTERN))


def _close(bracket: Agreement, when: Calendar) -> Story:
    yield when.ago(59, "16:00")
    bracket.submit(DRAWINGS, note="Two sheets, PDF and DXF.")
    yield when.ago(57, "07:45")
    bracket.release(DRAWINGS)
    yield from _what_was_left(bracket, when)
    yield when.ago(54, "17:10")
    bracket.client_says("The first castings are on the bench. Thank you, Mara, and until the next bracket.")


def _what_was_left(bracket: Agreement, when: Calendar) -> Story:
    """Suggestions that nobody has answered close with the contract; much money waits for a second pair of eyes."""
    yield when.ago(56, "09:00")
    bracket.plan(
        bracket.new(FATIGUE, "400", when.day(-40), "Only if the belt jams more than twice a day."),
        bracket.new(SECOND_LOT, "250", when.day(-30), "Support while the second lot is cast."),
    )
    yield when.ago(55, "09:30")
    bracket.suggest(
        bracket.edit(FATIGUE, amount="450"),
        bracket.remove(SECOND_LOT),
        bracket.new("Gating study", "320", when.day(-35), "If the foundry asks for it."),
    )
    yield when.ago(55, "12:00")
    bracket.end("The work is paid, and both of you asked us to close the contract without the rest.")
    yield when.ago(55, "14:00")
    transfer = bracket.deposit("12000", gateway="manual")
    yield when.ago(54, "10:00")
    escrow.vouch_for_deposit(transfer, by=settle(SAM), reason="On the bank statement; so much needs two of us.")
