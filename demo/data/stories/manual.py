"""Mara is the client here, in yen: Haruka revised her suggestion, and Mara has to answer it."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import HARUKA, MARA

TITLE = "Assembly manual, English to Japanese"
GLOSSARY, FIRST, SECOND = "Glossary, 120 terms", "Chapters 1 to 4", "Chapters 5 to 9"
PROOF = "Proof of the printed booklet"
WARNINGS = "Warnings follow ANSI Z535.6: 危険 for danger, 警告 for warning, 注意 for caution."


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, HARUKA.time_zone)
    yield when.ago(30, "18:00")
    manual = Agreement(TITLE, client=MARA, freelancer=HARUKA, currency="JPY", zone=when.zone)
    manual.deposit("400000")
    yield when.ago(30, "18:20")
    manual.plan(
        manual.new(
            GLOSSARY, "36000", when.day(-18), "One spreadsheet: English, Japanese, reading, source of the term."
        ),
        manual.new(FIRST, "148000", when.day(9), f"5,400 words with captions. {WARNINGS}"),
        manual.new(SECOND, "180000", when.day(30), f"6,200 words with captions. {WARNINGS}"),
    )
    manual.fund(GLOSSARY)
    yield when.ago(29, "09:40")
    manual.freelancer_says(
        "よろしくお願いします。 I start with the fasteners, where most manuals mix up *bolt* and *screw*."
    )
    yield when.ago(21, "16:30")
    manual.submit(GLOSSARY, note="126 terms; six more than agreed, no extra charge.")
    yield when.ago(20, "17:45")
    manual.release(GLOSSARY, note="A pleasure to read, even for me who cannot.")
    manual.fund(FIRST)
    yield when.ago(12, "17:15")
    manual.client_says(
        "The supplier changed the spring washer. Figure 7 in chapter 2 is new; the text stays.", about=FIRST
    )
    yield when.ago(12, "17:40")
    manual.freelancer_says("Received, thank you.")
    yield from _longer_source(manual, when)


def _longer_source(manual: Agreement, when: Calendar) -> Story:
    yield when.ago(5, "18:10")
    manual.client_says("Chapters 5 to 9 have grown to 7,050 words, because the wiring is explained now.", about=SECOND)
    yield when.ago(4, "10:30")
    manual.suggest(
        manual.edit(SECOND, amount="210000", due=when.day(37), description=f"7,050 words with captions. {WARNINGS}"),
        manual.new(PROOF, "42000", when.day(48)),
        message="For the longer source text, and a look at the booklet before it is printed.",
    )
    yield when.ago(3, "09:20")
    manual.suggest(
        manual.edit(SECOND, amount="204000"),
        manual.edit(PROOF, description="40 pages as PDF: line breaks, figures and part numbers. One round."),
        message="I counted again without the parts list, which needs no translation: 204,000 yen.",
    )
