"""Long texts, in Kuwaiti dinars with three decimals: titles at full length, Markdown, and a change in the middle."""

import datetime
from pathlib import Path

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import MARA, YOUSEF

TITLE = (
    "As-built model, piping layout, isometrics and bill of materials for the chilled-water pump room in basement B2 "
    "and the two roof tanks of the residential tower, with the set for the authority"
)
MODEL = (
    "As-built model of the chilled-water pump room from the registered laser scan, with every flange, valve, hanger "
    "and penetration tagged to the asset register, and a list of all differences"
)
KICK_OFF, ISOMETRICS, MATERIALS = "Kick-off and safety briefing", "Piping isometrics", "Bill of materials"
AUTHORITY = "Set for the authority"
SCOPE = Path(__file__).with_suffix(".md").read_text()
SCOPE_WITH_VALVE_ROOM = (
    SCOPE.replace("**CHWP-01 to CHWP-03**", "**CHWP-01 to CHWP-05**, of which two stand in the valve room,")
    .replace("± 15 mm | scan, one in five", "± 12 mm | scan, one in three")
    .replace("one sheet A1 with plan and three sections", "two sheets A1 with plans and five sections")
)
QUESTIONS = """
Before I begin, four questions. Short answers are enough:

1. Which of the two registers is right? `Rev 4` has 212 tags, `Rev 4b` has 209.
2. May I treat the insulation as 40 mm everywhere? The scan shows only its outside.
3. The column at grid C/7 is 110 mm off the drawing. Is that known?
4. Who signs for the authority: you, or the consultant?

| Question | I need it by | Otherwise |
|---|---|---|
| 1 | Sunday | I tag nothing |
| 2 | Tuesday | I take 40 mm |
| 3 | Tuesday | I model what I see |
| 4 | end of the month | it waits |
"""


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, YOUSEF.time_zone)
    yield when.ago(26, "09:30")
    room = Agreement(TITLE, client=YOUSEF, freelancer=MARA, currency="KWD", zone=when.zone)
    room.deposit("1500.500")
    yield when.ago(26, "10:00")
    room.plan(
        room.new(KICK_OFF, "95"),
        room.new(MODEL, "845.750", when.day(4), SCOPE),
        room.new(ISOMETRICS, "1120.500", when.day(32), "One sheet a line from DN 50, with spool numbers and weights."),
        room.new(MATERIALS, "310.125", when.day(41), "Counted from the model, never by hand."),
    )
    room.fund(KICK_OFF)
    yield when.ago(21, "12:40")
    room.submit(KICK_OFF, note="Briefing taken, certificate in the chat.")
    yield when.ago(20, "08:20")
    room.release(KICK_OFF)
    room.fund(MODEL)
    yield when.ago(19, "11:10")
    room.freelancer_says(QUESTIONS, about=MODEL)
    yield when.ago(18, "07:45")
    room.client_says("1: Rev 4b. 2: yes. 3: it is known now. 4: the consultant; I will introduce you.")
    yield from _valve_room(room, when)


def _valve_room(room: Agreement, when: Calendar) -> Story:
    yield when.ago(11, "10:00")
    room.suggest(room.new(AUTHORITY, "280", when.day(60), "The consultant's title block, three signed copies."))
    yield when.ago(10, "09:15")
    room.decide(decline={AUTHORITY: "The consultant draws these himself, it turns out."})
    yield when.ago(2, "14:30")
    room.client_says(
        "Pumps 4 and 5 are in the valve room next door. The scan has them, the scope does not.", about=MODEL
    )
    yield when.ago(1, "10:55")
    room.suggest(
        room.edit(MODEL, amount="902.250", due=when.day(9), description=SCOPE_WITH_VALVE_ROOM),
        message="Both pumps and the valve room are in now; five days more. The changed places are marked.",
    )
