"""How much is read before it is called an attack or a mistake. Refused above these; a sound return is far below."""

from __future__ import annotations

from collections.abc import Iterable

from compstat.findings import DataError, Finding

MEGABYTE = 1 << 20
MOST_ROW = 1_000_000  # characters of one row of text; the widest return we know has 20,000
MOST_CELL = 100_000  # characters; a longer cell is no figure and no name
MOST_UNPACKED = 2 << 30  # bytes of everything in one archive, workbooks included
MOST_RATIO = 200  # unpacked to packed; returns pack 5 to 50 times, a bomb 1,000 times
RATIO_FROM = 10 * MEGABYTE  # below this a bomb harms nobody, and a file of zeros packs well
LOOKED_THROUGH = 100  # rows from the top in which the headings are looked for; titles take a handful
MOST_MEMBERS = 1_000  # files in one archive
MOST_MAIL = 200 * MEGABYTE  # bytes of one message, which is held whole; mail servers stop at 25 to 150 MB
MOST_SHEET_ROWS = 1_048_576  # what Excel has; a row number above it is made up

TOO_LARGE = "Unpack it, look at what it holds, and load the returns one by one."


def check_ratio(source: str, unpacked: int, packed: int) -> None:
    """Raises DataError where so much comes out of so little that it is no return."""
    if unpacked > RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1):
        message = f"unpacks to more than {MOST_RATIO} times its size; wanted returns, not an archive bomb"
        raise DataError(Finding("archive-too-large", source, message, TOO_LARGE))


class Room:
    """What is left of the limits for one file that was named, whatever is packed in what."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._taken: list[tuple[int, int]] = []

    def take(self, size: int) -> None:
        """Raises DataError where another member of this size is too much."""
        self._taken.append((size, size))
        if len(self._taken) > MOST_MEMBERS or sum(taken for taken, _ in self._taken) > MOST_UNPACKED:
            check_archive(self._source, self._taken)


def check_archive(source: str, members: Iterable[tuple[int, int]]) -> None:
    """Raises DataError where an archive is over a limit, by what it says of itself: (unpacked, packed) a member.

    A member is never read beyond what it says.
    """
    sizes = list(members)
    if len(sizes) > MOST_MEMBERS:
        message = f"holds {len(sizes):,} files; wanted at most {MOST_MEMBERS:,}"
        raise DataError(Finding("archive-too-large", source, message, TOO_LARGE))
    unpacked = sum(size for size, _ in sizes)
    if unpacked > MOST_UNPACKED:
        message = f"unpacks to {unpacked / (1 << 30):.1f} GB; wanted at most {MOST_UNPACKED >> 30} GB"
        raise DataError(Finding("archive-too-large", source, message, TOO_LARGE))
    for size, packed in sizes:
        check_ratio(source, size, packed)
