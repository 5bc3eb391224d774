"""The time zones that a person can choose, by region, with the names that the reader's language has for them."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location, get_timezone_name
from django.utils.translation import gettext_lazy as _

from text.languages import locale

REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}

Choice = tuple[str, str]
Choices = list[tuple[str, str | list[Choice]]]


def choices() -> Choices:
    """UTC, then the regions with their cities: ("Europe", [("Europe/Berlin", "Berlin (Central European Time)"), …])."""
    zones = _zones(locale())
    return [("UTC", "UTC"), *((str(REGIONS[region]), list(cities)) for region, cities in zones.items())]


def choices_with(zone: str) -> Choices:
    """As `choices`, and an alias like US/Eastern too when the person is in it, so that saving moves nobody."""
    everything = choices()
    known = {name for _region, cities in everything if isinstance(cities, list) for name, _city in cities}
    return everything if zone in known | {"UTC"} else [(zone, zone), *everything]


def name_of(zone: str) -> str:
    """As people are offered it: "Berlin (Central European Time)"."""
    return zone if zone == "UTC" else _label(zone, locale())


@lru_cache
def _zones(locale: Locale) -> dict[str, list[Choice]]:
    """Cities by name within their region. Only canonical zones have a territory, so aliases are left out."""
    zones: dict[str, list[Choice]] = {region: [] for region in REGIONS}
    for name in available_timezones() & get_global("zone_territories").keys():
        region = name.partition("/")[0]
        if region in zones:
            zones[region].append((name, _label(name, locale)))
    return {region: sorted(cities, key=lambda city: city[1]) for region, cities in zones.items()}


@lru_cache
def _label(name: str, locale: Locale) -> str:
    city = get_timezone_location(name, locale=locale, return_city=True).rpartition("/")[2]
    rules = get_timezone_name(name, locale=locale, zone_variant="generic")
    return city if "(" in rules else f"{city} ({rules})"
