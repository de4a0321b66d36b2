"""A first workspace from a file of returns: the proposed tables, the guesses on a page, the returns if reworded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from compstat.load.first_look import first_look
from compstat.load.quoted import plain, source_of
from compstat.workspace.create import Preset, create_workspace
from compstat.workspace.propose import INDICATORS, SETTINGS, UNITS, Guess, Proposal, propose

PAGE = "proposal.md"
RETURNS = "returns/returns.csv"
HEAD = """# Proposed from {source}: to be checked by hand

`units.csv`, `indicators.csv` and the day on which weeks end were guessed from the figures. Nothing here is certain:
read it, mend the tables, then throw this page away.

Not guessed, because no figure tells: which way is better (`better` in indicators.csv: without it nobody is
challenged), definitions, owners, targets, who commands which unit, which unit lies in which.
"""


@dataclass(frozen=True, slots=True)
class FirstWorkspace:
    """What was made. `load`: the file to load: the one given, or our rewording of it in the workspace."""

    written: tuple[Path, ...]
    proposal: Proposal
    remarks: tuple[str, ...]
    load: Path


def workspace_from(root: Path, path: Path) -> FirstWorkspace:
    """Make a workspace in a folder from a file of returns; nothing there is overwritten.

    Raises DataError where the file cannot be understood, WorkspaceError where the folder holds a workspace.
    """
    seen = first_look(path)
    proposal = propose(seen.units, seen.indicators, dates_are_ends=seen.dates_are_ends)
    own = {
        UNITS: proposal.units.encode(),
        INDICATORS: proposal.indicators.encode(),
        SETTINGS: _settings(proposal).encode(),
        PAGE: _page(source_of(path), proposal, seen.remarks).encode(),
    }
    if seen.returns is not None:
        own[RETURNS] = seen.returns.encode()
    written = create_workspace(root, Preset.BLANK, own)
    return FirstWorkspace(tuple(written), proposal, seen.remarks, path if seen.returns is None else root / RETURNS)


def _settings(proposal: Proposal) -> str:
    text = files("compstat.sample_data").joinpath(Preset.BLANK, SETTINGS).read_text("utf-8")
    for was, now in (
        ('week_ends_on = "sunday"', f'week_ends_on = "{proposal.week_ends_on}"  # guessed: {PAGE}'),
        ('cadence = "weekly"', f'cadence = "{proposal.cadence}"'),
    ):
        assert was in text, "the blank preset says so"
        text = text.replace(was, now, 1)
    return text


def _page(source: str, proposal: Proposal, remarks: tuple[str, ...]) -> str:
    lines = [HEAD.format(source=_cell(source))]
    if remarks:
        lines += ["## How the file was read", "", *(f"- {_cell(words)}" for words in remarks), ""]
    lines += ["## Guesses", "", "| file | row | column | guess | because |", "| --- | --- | --- | --- | --- |"]
    lines += [_line(guess) for guess in proposal.guesses]
    return "\n".join(lines) + "\n"


def _line(guess: Guess) -> str:
    cells = (guess.file, guess.row, guess.column, guess.value, guess.reason)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    """Text from a file on a Markdown page: never a tag, a link, a column or another line."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>|#!&" else letter for letter in plain(text, 400))
