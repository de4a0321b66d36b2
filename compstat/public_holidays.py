"""Public holidays of a country or a part of one, from the tables of the library `holidays`; no network."""

from __future__ import annotations

from datetime import date
from functools import cache

from compstat.findings import Finding, WorkspaceError

SETTINGS = "compstat.toml [calendar]"


@cache
def holidays_between(place: str, first: date, last: date) -> tuple[tuple[date, str], ...]:
    """Day and English (else local) name of every public holiday from `first` to `last`, oldest first.

    `place` is a country's ISO 3166 code, with a part of it after a hyphen: `GB`, `GB-SCT`. Raises WorkspaceError
    for a place the library does not know.
    """
    import holidays  # a third of a second: only for those who mark holidays

    country, _, part = place.partition("-")
    years = range(first.year, last.year + 1)
    try:
        try:
            found = holidays.country_holidays(country, subdiv=part or None, years=years, language="en_US")
        except (ValueError, AttributeError):  # no English names for this country
            found = holidays.country_holidays(country, subdiv=part or None, years=years)
    except NotImplementedError as error:
        fix = "Use an ISO code, such as GB or GB-SCT, or take the setting out."
        message = f'holidays = "{place}": {error}'
        raise WorkspaceError(Finding("unknown-holidays", SETTINGS, message, fix)) from None
    return tuple((day, name) for day, name in sorted(found.items()) if first <= day <= last)


def holiday_names(place: str | None, first: date, last: date) -> str | None:
    """The names of the public holidays in these days, each once; None without any, or without a country set."""
    if place is None:
        return None
    found = (name.strip() for _, name in holidays_between(place, first, last))
    return "; ".join(dict.fromkeys(found)) or None
