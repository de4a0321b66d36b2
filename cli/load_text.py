"""What loading brought, as the terminal tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from compstat.cli.session import Session

if TYPE_CHECKING:
    from datetime import date

    from compstat.load.batch import Extracted, Loaded, Reopened

MOST_WEEKS = 5  # that are named
MOST_UNITS = 20


def print_loaded(
    session: Session, loaded: Sequence[Loaded], *, dry_run: bool, then: str = "compstat flags --week latest"
) -> None:
    """A line a file: what it brought; then its notes and what was set aside; the command to go on with, if any."""
    from compstat.cli.text import printable

    for result in loaded:
        print(printable(f"{result.source}: {outcome(result, dry_run)}"))
        for note in result.notes:
            session.say(f"  {note}")
        if result.extracted:
            print(printable(f"  {_counted(result.extracted)}"))
            if result.extracted.absent_units:
                print(printable(f"  {_absent(result.extracted.absent_units)}"))
        if result.refused_file:
            print(printable(f"  {_rows(result.set_aside)} set aside, with reasons, in {result.refused_file}"))
        elif result.set_aside:
            print(f"  {_rows(result.set_aside)} would be set aside")
        if result.reopened:
            print(printable(f"  {_open_again(session, result.reopened, dry_run)}"))
    if reopened := [week for result in loaded for week in result.reopened]:
        then = _check_and_sign(session, reopened)
    if then and any(result.batch for result in loaded) and not dry_run:
        session.say(f"Next: {then}")


def refuse_sent_again(loaded: Sequence[Loaded]) -> None:
    """Raise DataError where a file that was loaded before says something else than the store does by now."""
    from compstat.findings import DataError

    if found := [one.sent_again for one in loaded if one.sent_again]:
        raise DataError(found)


def _open_again(session: Session, reopened: Sequence[Reopened], dry_run: bool) -> str:
    """`2026-W46 was signed off; it is open again`."""
    weeks = [_label(session, one.week_start) for one in reopened]
    labels = list(dict.fromkeys(weeks))
    named = ", ".join(labels[:MOST_WEEKS]) + (
        f" and {len(labels) - MOST_WEEKS} more" if len(labels) > MOST_WEEKS else ""
    )
    were, them = ("was", "it") if len(labels) == 1 else ("were", "them")
    return f"{named} {were} signed off; this {'would open' if dry_run else 'opens'} {them} again"


def _check_and_sign(session: Session, reopened: Sequence[Reopened]) -> str:
    """The commands for the newest of these weeks."""
    newest = max(reopened, key=lambda one: one.week_start)
    cycle = "" if newest.cycle == session.workspace.cycles[0].cycle else f" --cycle {newest.cycle}"
    which = f"--week {_label(session, newest.week_start)}{cycle}"
    return f"compstat check {which}, then compstat sign-off {which}"


def _label(session: Session, week: date) -> str:
    return session.workspace.calendar.cadence("weekly").label(week)


def outcome(result: Loaded, dry_run: bool) -> str:
    """What became of a file: `31 new figures, 2 restated; is batch B-0007`."""
    if result.sent_again:
        cells = "1 cell" if result.differs == 1 else f"{result.differs:,} cells"
        return f"was loaded before ({result.already}), and the store differs from it in {cells}; nothing changed"
    if result.already:
        return f"this very file was loaded before ({result.already}); nothing changed"
    if result.no_figure:
        return f"holds no figure at all ({_rows(result.no_figure)}); nothing changed"
    if result.batch is None:
        what = "no other row holds anything" if result.set_aside else "holds nothing"
        return f"{what} that the store does not know; nothing changed"
    new = "new figure" if result.added == 1 else "new figures"
    counts = {new: result.added, "restated": result.restated, "withdrawn": result.withdrawn}
    parts = [f"{count:,} {what}" for what, count in counts.items() if count]
    verb = "would become" if dry_run else "is"
    return f"{', '.join(parts)}; {verb} batch {result.batch}"


def _counted(extracted: Extracted) -> str:
    """What became of an extract's rows: `148,448 of 148,636 rows counted, covering ...; 187 ...`."""
    covers = f", covering {extracted.covers_from} to {extracted.covers_to}" if extracted.covers_from else ""
    why = [f"; {rows:,} {reason}" for reason, rows in extracted.left_out.items()]
    return f"{extracted.counted:,} of {_rows(extracted.rows)} counted{covers}{''.join(why)}"


def _absent(units: Sequence[str]) -> str:
    """`2 units without a row in the whole extract, taken as 0: ashworth, bree`."""
    count = "1 unit" if len(units) == 1 else f"{len(units):,} units"
    more = f" and {len(units) - MOST_UNITS:,} more" if len(units) > MOST_UNITS else ""
    return f"{count} without a row in the whole extract, taken as 0: {', '.join(units[:MOST_UNITS])}{more}"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
