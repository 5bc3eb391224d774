"""Threads of counter-offers: three that ended, in each kind, and one in which Ben's price waits for Mara's answer."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import BEN, MARA

TITLE = "Gripper fingers for the packing robot"
GRIP, FINGERS, TEST = "Grip study with three box sizes", "Finger design, two sizes", "Test on the packing line"
DRAWINGS, SPARES = "Drawings for the workshop", "List of wearing parts"


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, BEN.time_zone)
    yield when.ago(38, "09:20")
    gripper = Agreement(TITLE, client=BEN, freelancer=MARA, currency="EUR", zone=when.zone)
    gripper.deposit("2600")
    yield when.ago(38, "09:50")
    gripper.plan(
        gripper.new(GRIP, "450", when.day(-29), "Which force holds each box without a dent; a table and three photos."),
        gripper.new(FINGERS, "980", when.day(12), "Swapped by hand, without a tool. STEP files for both sizes."),
        gripper.new(TEST, "360", when.day(20), "Half a day beside the line, with a report of what fell."),
    )
    gripper.fund(GRIP)
    yield when.ago(30, "04:10")
    gripper.submit(GRIP, note="The tall box wants 11 N, the others 7 N. Nothing dents below 14 N.")
    yield when.ago(29, "15:05")
    gripper.release(GRIP)
    gripper.fund(FINGERS)
    yield from _drawings(gripper, when)
    yield from _without_the_test(gripper, when)
    yield from _third_size(gripper, when)


def _drawings(gripper: Agreement, when: Calendar) -> Story:
    """A new milestone, agreed on in the third round."""
    yield when.ago(25, "03:30")
    gripper.suggest(
        gripper.new(DRAWINGS, "540", when.day(26), "Each part on a sheet of its own, and one of the whole."),
        message="Your workshop asked me for drawings. Shall I make them?",
    )
    yield when.ago(24, "10:15")
    gripper.client_says(
        "Gladly. But six sheets for 540? The parts are mirrored, so three of them nearly draw themselves."
    )
    gripper.counter(DRAWINGS, amount="400")
    yield when.ago(23, "02:45")
    gripper.freelancer_says("True for the fingers, not for the base plate. Let us meet.", about=DRAWINGS)
    gripper.counter(DRAWINGS, amount="460", due=when.day(24))
    yield when.ago(22, "11:40")
    gripper.approve(DRAWINGS)


def _without_the_test(gripper: Agreement, when: Calendar) -> Story:
    """A removal, answered with a smaller price instead, which Mara declined; so it was taken out after all."""
    yield when.ago(17, "04:00")
    gripper.suggest(gripper.remove(TEST), message="Your own people can watch the line; I need not travel for that.")
    yield when.ago(16, "13:30")
    gripper.counter(TEST, amount="240", title="Test on the packing line, by video")
    yield when.ago(15, "03:15")
    gripper.decline(TEST, "What falls lies outside every camera. I would charge you for seeing nothing.")
    yield when.ago(14, "09:05")
    gripper.plan(
        gripper.remove(TEST), gripper.new(SPARES, "120", when.day(30), "With what each costs and how long it lasts.")
    )


def _third_size(gripper: Agreement, when: Calendar) -> Story:
    """A higher price for work in progress: it is Mara's turn."""
    yield when.ago(5, "03:50")
    gripper.suggest(
        gripper.edit(FINGERS, amount="1380", due=when.day(19), title="Finger design, three sizes"),
        message="The new carton is a third size, with fingers of its own. One week more.",
    )
    yield when.ago(4, "14:20")
    gripper.counter(FINGERS, amount="1200")
    yield when.ago(3, "04:25")
    gripper.freelancer_says("The third size is no scaled copy: its fingers close from below.", about=FINGERS)
    gripper.counter(FINGERS, amount="1320")
    yield when.ago(2, "16:10")
    gripper.counter(FINGERS, amount="1250", due=when.day(22))
    gripper.client_says("Take three days more and we stay below 1,300. Deal?", about=FINGERS)
