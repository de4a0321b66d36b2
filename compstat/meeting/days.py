"""Days as a pack prints them: one style, month names fixed whatever the locale."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def day(when: date) -> str:
    """`19 Nov 2026`."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def with_plain_days(words: str) -> str:
    """The words with every `2026-11-19` in them as `19 Nov 2026`."""
    return _ISO_DAY.sub(lambda found: day(date.fromisoformat(found[0])), words)
