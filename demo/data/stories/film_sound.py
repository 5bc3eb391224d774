"""Just begun: nothing is agreed, and Ben's balance in pounds is too low to fund everything that Iwan proposes."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import BEN, IWAN

TITLE = "Sound mix for “The Lock Keepers”, a documentary of 52 minutes"
DELIVERY = """
- stereo and 5.1, 48 kHz, 24 bit
- music and effects without dialogue
- loudness report to EBU R 128
"""


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, IWAN.time_zone)
    yield when.ago(6, "15:00")
    film = Agreement(TITLE, client=BEN, freelancer=IWAN, currency="GBP", zone=when.zone)
    film.deposit("1000")
    film.client_says("Hello Iwan. The picture is locked. The river scenes have wind on every microphone, I am afraid.")
    yield when.ago(5, "09:30")
    film.freelancer_says("Wind is half of my living. Send me the worst minute and I tell you what can be saved.")
    yield when.ago(5, "16:10")
    film.client_says("00:31:20 to 00:32:20. Brace yourself.")
    yield when.ago(4, "11:45")
    film.freelancer_says("I can save the voices. The footsteps I record new.")
    yield when.ago(4, "12:05")
    film.suggest(
        film.new("Spotting session and cue sheet", "280", when.day(6), "One afternoon, by video call."),
        film.new("Dialogue edit and clean-up", "940", when.day(17), "All interviews, wind and hum; breaths stay in."),
        film.new(
            "Effects and atmospheres", "760", when.day(27), "Lock gates, water, footsteps; nothing from a library."
        ),
        film.new("Final mix", "1150", when.day(38), "Two days in the studio; you are welcome to sit in."),
        film.new("Delivery", "240", when.day(41), DELIVERY),
        message="This is how I would cut the work into pieces. Fund them one by one, as you like.",
    )
    yield when.ago(3, "20:30")
    film.see()
