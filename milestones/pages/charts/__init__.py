"""Pictures of the plan and its money: where each line and mark stands, computed before any template sees it.

Across, all places are percentages, so that one drawing fits every width; down, they are pixels. Nothing is measured in
the browser, and the same rows that are drawn stand in a table behind each picture.
"""

from milestones.pages.charts.dated import dated
from milestones.pages.charts.due_dates import DueDates, due_dates
from milestones.pages.charts.money_bar import MoneyBar, money_bar
from milestones.pages.charts.money_over_time import MoneyOverTime, money_over_time

__all__ = ["DueDates", "MoneyBar", "MoneyOverTime", "dated", "due_dates", "money_bar", "money_over_time"]
