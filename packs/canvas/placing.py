"""Labels that never collide: they move apart, or give way."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float | None]:
    """Heights near the wanted ones, at least `gap` apart and within low to high; the first are the most important.

    A label for which there is no room gives way (None).
    """
    count = min(len(wanted), max(0, int((high - low) / gap + 1e-9) + 1))
    order = sorted(range(count), key=lambda n: wanted[n])
    places: list[float | None] = [None] * len(wanted)
    at = low - gap
    for n in order:  # upwards: not below the one before
        at = max(wanted[n], at + gap)
        places[n] = at
    at = high + gap
    for n in reversed(order):  # and down again from the top
        place = places[n]
        assert place is not None
        at = min(place, at - gap)
        places[n] = at
    return places


def rows_for(spans: Sequence[tuple[float, float]], rows: int) -> list[int | None]:
    """In which of `rows` rows each span stands without touching another there; None where it gives way."""
    ends: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
    placed: list[int | None] = []
    for left, right in spans:
        row = next((n for n, taken in enumerate(ends) if all(right <= a or left >= b for a, b in taken)), None)
        if row is not None:
            ends[row].append((left, right))
        placed.append(row)
    return placed
