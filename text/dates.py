"""How days and moments are written: in the reader's language, moments in the reader's time zone."""

import datetime

from babel.numbers import get_minus_sign_symbol, get_plus_sign_symbol
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from text.languages import in_one_piece, locale


def day(date: datetime.date | None) -> str:
    return date_format(date) if date else _("No date")


def moment(at: datetime.datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def time_of_day(at: datetime.datetime) -> str:
    return date_format(timezone.localtime(at), "TIME_FORMAT")


def day_of(at: datetime.datetime) -> str:
    """The reader's day, as it stands above what happened on it, like "Thursday 20 November"."""
    date, today = timezone.localdate(at), timezone.localdate()
    return date_format(
        date, pgettext("date format", "l j F") if date.year == today.year else pgettext("date format", "l j F Y")
    )


def ago(at: datetime.datetime) -> str:
    """How long it has been, in one unit, like "3 days ago"."""
    if timezone.now() - at < datetime.timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, depth=1)}


def days_between(before: datetime.date, after: datetime.date) -> str:
    """The difference with its sign, like "+7 days" or "−1 day"."""
    days = (after - before).days
    sign = (
        get_plus_sign_symbol(locale()) if days > 0 else get_minus_sign_symbol(locale()).replace("-", "\N{MINUS SIGN}")
    )
    return ngettext("%(days)s day", "%(days)s days", abs(days)) % {"days": in_one_piece(f"{sign}{abs(days)}")}


def day_of_month(date: datetime.date) -> str:
    """Without its year, like "12 Dec": where the year is written beside it."""
    return date_format(date, pgettext("date format", "j M"))


def moment_of_year(at: datetime.datetime) -> str:
    """Without its year, like "12 Dec, 10:24"."""
    return date_format(timezone.localtime(at), pgettext("date format", "j M, H:i"))


def day_in_words(date: datetime.date) -> str:
    """With its weekday, like "1 March 2027, Monday": to see whether a date was read as it was meant."""
    return date_format(date, pgettext("date format", "j F Y, l"))


def month(date: datetime.date) -> str:
    return date_format(date, pgettext("date format", "M Y"))


def year(date: datetime.date) -> str:
    return date_format(date, "Y")
