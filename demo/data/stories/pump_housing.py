"""Mara waits for Ben: a higher price on work in progress, a removal and a new milestone, all in one revision C."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import BEN, MARA

TITLE = "Pump housing: model and drawings"
SKETCHES, MODEL = "Concept sketches", "3D model of the pump housing"
DRAWINGS, RENDERINGS = "Manufacturing drawings", "Rendering pack"
MODEL_BEFORE = """
Parametric model of the two-part housing with **one inlet**, all fillets and draft angles.

- wall thickness 6 mm
- STEP and native files
"""
MODEL_AFTER = """
Parametric model of the two-part housing with **two inlets**, all fillets and draft angles.

- wall thickness 8 mm around the second inlet, 6 mm elsewhere
- STEP, IGES and native files
"""


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, BEN.time_zone)
    yield when.ago(42, "09:00")
    pump = Agreement(TITLE, client=BEN, freelancer=MARA, currency="USD", zone=when.zone)
    pump.deposit("3000")
    yield when.ago(42, "09:40")
    pump.plan(
        pump.new(SKETCHES, "400", when.day(-24), "Three directions by hand, one page each, with the main dimensions."),
        pump.new(MODEL, "1200", when.day(22), MODEL_BEFORE),
        pump.new(DRAWINGS, "900", when.day(50), "A3 sheets to ISO 128, tolerances to ISO 2768-mK, PDF and DWG."),
    )
    yield when.ago(42, "10:05")
    pump.fund(SKETCHES)
    pump.client_says("Welcome, Mara. The old housing is on its way to you by courier, so that you can measure it.")
    yield when.ago(41, "03:20")
    pump.freelancer_says(
        "Thank you, Ben. I will measure the flange first; the old drawing and the part disagree there."
    )
    yield from _sketches(pump, when)
    yield from _renderings(pump, when)
    yield from _second_inlet(pump, when)


def _sketches(pump: Agreement, when: Calendar) -> Story:
    yield when.ago(33, "08:15")
    pump.submit(SKETCHES, note="Three directions, six pages. Direction 2 is the lightest.")
    yield when.ago(32, "11:30")
    pump.request_changes(SKETCHES, note="Direction 2 please, but with the drain plug where a spanner reaches it.")
    yield when.ago(28, "07:50")
    pump.submit(SKETCHES, note="Direction 2, with the plug turned to the service side.")
    yield when.ago(27, "16:40")
    pump.release(SKETCHES, note="Exactly this.")
    pump.fund(MODEL)


def _renderings(pump: Agreement, when: Calendar) -> Story:
    yield when.ago(22, "09:10")
    pump.suggest(
        pump.new(RENDERINGS, "250", when.day(64), "Four views on white for the product sheet."),
        message="You asked about pictures for the product sheet. I have added them as a milestone of their own.",
    )
    yield when.ago(20, "14:25")
    pump.decide()
    yield when.ago(19, "09:05")
    pump.client_says("Take your time with the pictures, the sheet is printed in spring.", about=RENDERINGS)


def _second_inlet(pump: Agreement, when: Calendar) -> Story:
    yield when.ago(3, "10:12")
    pump.freelancer_says(
        "The second inlet changes the wall thickness. May I show you what it means for the model?", MODEL
    )
    yield when.ago(3, "10:20")
    pump.client_says("Makes sense. Can you put it in as a change?")
    yield when.ago(3, "10:24")
    pump.suggest(
        pump.edit(MODEL, amount="1500", due=when.day(29), description=MODEL_AFTER),
        pump.remove(RENDERINGS),
        pump.new("Stress check (FEA)", "650", when.day(57), "Pressure test at 16 bar, report with safety factors."),
        message="Second inlet as you asked, one week more. Without renderings the stress check costs little extra.",
    )
    yield when.ago(2, "11:02")
    pump.see()
    yield when.ago(1, "17:35")
    pump.client_says("Read it. I want to ask our foundry about the 8 mm before I answer.")
