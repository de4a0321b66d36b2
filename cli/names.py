"""What people call units, indicators and persons: the code or the name, in any case, when only one can be meant."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from compstat.findings import Finding, UsageError

if TYPE_CHECKING:
    from compstat.quality.waiver import Waived
    from compstat.workspace.workspace import Workspace

MOST_CANDIDATES = 5


def unit_code(workspace: Workspace, words: str) -> str:
    """The code of the unit that these words name. Raises UsageError with the candidates."""
    return _code("unit", words, ((row.unit, row.title) for row in workspace.units))


def indicator_code(workspace: Workspace, words: str) -> str:
    """The code of the indicator that these words name. Raises UsageError with the candidates."""
    return _code("indicator", words, ((row.indicator, row.title) for row in workspace.indicators))


def person_code(workspace: Workspace, words: str) -> str:
    """The id of the person that these words name. Raises UsageError with the candidates."""
    return _code("person", words, ((row.person, row.title) for row in workspace.people))


def flag_code(words: str) -> str:
    """A flag's code as it is printed, however it is typed: `F-YM866` for `f-ym866` and `ym866`."""
    said = words.strip().upper()
    return said if said.startswith("F-") else f"F-{said}"


def with_codes(workspace: Workspace, waived: Waived) -> Waived:
    """A waiver whose unit and indicator are named in any way, by their codes; what names none stays as it is."""
    code, *place = waived.finding.split(":", 2)
    for n, find in enumerate((unit_code, indicator_code)[: len(place)]):
        with suppress(UsageError):  # the checks tell what there is to waive
            place[n] = find(workspace, place[n]) if place[n] else ""
    return replace(waived, finding=":".join([code, *place]))


def _code(what: str, words: str, rows: Iterable[tuple[str, str]]) -> str:
    titles: dict[str, set[str]] = {}
    for code, title in rows:
        titles.setdefault(code, set()).add(title)
    if words in titles:
        return words
    said = words.strip().casefold()
    meant = [code for code, names in titles.items() if said in {code.casefold(), *map(str.casefold, names)}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        message = f'"{words}" can be {_listed(meant)}.'
        raise UsageError(Finding(f"unknown-{what}", "", message, "Give its code."))
    near = _near(said, titles)
    hint = f" Did you mean {_listed(near)}?" if near else ""
    raise UsageError(Finding(f"unknown-{what}", "", f'There is no {what} "{words}".{hint}'))


def _near(said: str, titles: dict[str, set[str]]) -> list[str]:
    """Codes whose code or name holds the words, else is spelt much like them."""
    spelt = {name.casefold(): code for code, names in titles.items() for name in (code, *names)}
    holds = [code for name, code in spelt.items() if len(said) > 1 and said in name]
    close = [spelt[name] for name in get_close_matches(said, list(spelt), n=1, cutoff=0.6)]
    return list(dict.fromkeys(holds or close))[:MOST_CANDIDATES]


def _listed(codes: list[str]) -> str:
    quoted = [f'"{code}"' for code in codes]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
