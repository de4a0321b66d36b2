"""The headings of returns."""

from __future__ import annotations

# heading -> what a date under it is
WHEN = {
    "week": "iso-week",
    "week_start": "start",
    "week_ending": "end",
    "period_start": "start",
    "period_end": "end",
    "month": "month",
}
FIGURES = ("value", "numerator", "denominator")
# What templates and exports say beside the figures, for people: loading passes over them
NOTES = ("name", "definition", "last_value", "batch", "recorded_at", "source")
REFUSED = ("refused_line", "refused_because")  # what --set-aside puts before a row: nothing to load
