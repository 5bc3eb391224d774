"""A contract of which nothing is planned yet, with a long name, and a bank transfer that staff have to confirm."""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import BEN, MARIA


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, MARIA.time_zone)
    yield when.ago(1, "16:00")
    catalogue = Agreement(
        "Photographs for the spare parts catalogue", client=BEN, freelancer=MARIA, currency="USD", zone=when.zone
    )
    catalogue.deposit("1500", gateway="manual")
    yield when.hours_ago(1.5)
    catalogue.client_says(
        "Good to have you, María. About 140 parts, most of them smaller than a hand. How would you cut this?"
    )
