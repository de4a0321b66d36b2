"""A first workspace from a file of returns: the proposed tables, the guesses on a page, the returns if reworded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from compstat.load.first_look import first_look
from compstat.load.quoted import plain, source_of, toml_text
from compstat.workspace.create import Preset, create_workspace
from compstat.workspace.date_order import DateOrder
from compstat.workspace.propose import INDICATORS, SETTINGS, UNITS, Guess, Proposal, propose
from compstat.workspace.settings import ReturnsSettings

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


def workspace_from(root: Path, path: Path, order: DateOrder | None = None) -> FirstWorkspace:
    """Make a workspace in a folder from a file of returns; nothing there is overwritten.

    `order`: in which its dates are written, where somebody says it. Raises DataError where the file cannot be
    understood, WorkspaceError where the folder holds a workspace.
    """
    seen = first_look(path, order)
    proposal = propose(seen.units, seen.indicators, dates_are_ends=seen.dates_are_ends)
    own = {
        UNITS: proposal.units.encode(),
        INDICATORS: proposal.indicators.encode(),
        SETTINGS: _settings(proposal, seen.settings).encode(),
        PAGE: _page(source_of(path), proposal, seen.remarks).encode(),
    }
    if seen.returns is not None:
        own[RETURNS] = seen.returns.encode()
    written = create_workspace(root, Preset.BLANK, own)
    return FirstWorkspace(tuple(written), proposal, seen.remarks, path if seen.returns is None else root / RETURNS)


def _settings(proposal: Proposal, returns: ReturnsSettings) -> str:
    text = files("compstat.sample_data").joinpath(Preset.BLANK, SETTINGS).read_text("utf-8")
    for was, now in (
        ('week_ends_on = "sunday"', f'week_ends_on = "{proposal.week_ends_on}"  # guessed: {PAGE}'),
        ('cadence = "weekly"', f'cadence = "{proposal.cadence}"'),
        ("[store]\n", f"{_returns(returns)}[store]\n"),
    ):
        assert was in text, "the blank preset says so"
        text = text.replace(was, now, 1)
    return text


def _returns(settings: ReturnsSettings) -> str:
    """The table [returns] as far as it says something: how the next file will be written too."""
    lines = [
        f"{name} = {toml_text(getattr(settings, name))}"
        for name in ("decimal", "dates", "remark_rows")
        if _is_set(settings, name)
    ]
    if settings.columns:
        pairs = ", ".join(f"{toml_text(theirs)} = {toml_text(ours)}" for theirs, ours in settings.columns.items())
        lines.append(f"columns = {{ {pairs} }}")
    if settings.pass_over:
        lines.append(f"pass_over = [{', '.join(toml_text(heading) for heading in settings.pass_over)}]")
    return "\n".join([f"[returns]  # as the file had it: {PAGE}", *lines, "", ""]) if lines else ""


def _is_set(settings: ReturnsSettings, name: str) -> bool:
    return bool(getattr(settings, name) != ReturnsSettings.model_fields[name].default)


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
