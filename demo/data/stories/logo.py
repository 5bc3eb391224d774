"""The smallest contract: tiny texts, lowest prices, and a suggestion that has waited for Ben for four months.

Its price was valid for two weeks; Jo has reminded him since.
"""

import datetime

from demo.data.agreement import Agreement
from demo.data.clock import Calendar
from demo.data.play import Story
from demo.people import BEN, JO


def story(now: datetime.datetime) -> Story:
    when = Calendar(now, JO.time_zone)
    yield when.ago(148, "09:00")
    logo = Agreement("Logo", client=BEN, freelancer=JO, currency="CAD", zone=when.zone)
    logo.deposit("20")
    yield when.ago(148, "09:01")
    logo.plan(logo.new("A", "5"), logo.new("B", "5"))
    logo.fund("A")
    yield when.ago(147, "13:00")
    logo.submit("A")
    yield when.ago(146, "08:00")
    logo.release("A", note="ok")
    logo.fund("B")
    yield when.ago(139, "10:00")
    logo.suggest(logo.valid(logo.new("C", "5"), when.day(-125)))
    yield when.ago(138, "10:00")
    logo.client_says("Hm")
    yield when.ago(96, "09:15")
    logo.remind()
