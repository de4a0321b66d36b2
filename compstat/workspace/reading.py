"""Workspace files to models, every problem gathered as a finding with its file and line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from compstat.findings import Finding, nearest
from compstat.workspace.tables import Row

R = TypeVar("R", bound=Row)
M = TypeVar("M", bound=BaseModel)


def read_table(path: Path, model: type[R], findings: list[Finding], *, required: bool) -> tuple[R, ...]:
    """The rows of a CSV table; an absent optional table is empty. Problems go to `findings`."""
    if not path.exists():
        if required:
            findings.append(_missing(path, f"a table with the column {next(iter(_columns(model)))}"))
        return ()
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        findings.append(Finding("unreadable-table", path.name, f"cannot be read: {error}", "Save it as UTF-8 text."))
        return ()
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if not _headings_fit(path, reader.fieldnames, model, findings):
            return ()
        return tuple(row for raw in reader if (row := _row(path, reader.line_num, raw, model, findings)))
    except csv.Error as error:
        where = f"{path.name}:{reader.line_num + 1}"
        findings.append(Finding("unreadable-table", where, f"is not CSV: {error}", "Check the quotes on this line."))
        return ()


def read_toml(path: Path, model: type[M], findings: list[Finding], *, required: bool) -> M | None:
    """A TOML file as a model; None when it has problems, the defaults when it is absent and optional."""
    if not path.exists():
        if required:
            findings.append(_missing(path, "the settings of this workspace"))
            return None
        return model()
    text = ""
    try:
        text = path.read_text("utf-8-sig")
        return model.model_validate(tomllib.loads(text))
    except ValidationError as error:
        for problem in error.errors():
            findings.append(_toml_finding(path, text, problem["loc"], problem["msg"], problem["type"], model))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{path.name}:{line[1]}" if line else path.name
        findings.append(Finding("unreadable-settings", where, f"is not TOML: {error}", "Mend the line."))
    return None


def _columns(model: type[Row]) -> list[str]:
    return [name for name in model.model_fields if name != "line"]


def _missing(path: Path, wanted: str) -> Finding:
    return Finding(
        "missing-file",
        path.name,
        f"is not there; wanted {wanted}",
        "Add it, or start with: compstat init DIR",
    )


def _headings_fit(path: Path, found: object, model: type[Row], findings: list[Finding]) -> bool:
    headings = [str(name).strip() for name in found] if isinstance(found, list) else []
    known = _columns(model)
    where = f"{path.name}:1"
    before = len(findings)
    if not headings:
        findings.append(
            Finding("empty-table", where, "has no headings", f"The first line names columns: {','.join(known)}")
        )
    for name in dict.fromkeys(headings):
        if name not in known:
            message = f'column "{name}" is not known here.{nearest(name, known)}'
            findings.append(Finding("unknown-column", where, message, f"Known columns: {', '.join(known)}"))
        elif headings.count(name) > 1:
            findings.append(Finding("unknown-column", where, f'column "{name}" is there twice', "Keep one of them."))
    for name, field in model.model_fields.items():
        if field.is_required() and name not in headings and headings:
            findings.append(Finding("missing-column", where, f'column "{name}" is missing', "Add it."))
    return len(findings) == before


def _row(path: Path, last: int, raw: dict[str, str], model: type[R], findings: list[Finding]) -> R | None:
    """A row as a model, None where it is blank or refused; `last` is the line it ends on."""
    # a quoted cell may hold line breaks: people look for the line on which the row begins
    line = last - sum(cell.count("\n") for cell in raw.values() if isinstance(cell, str))
    where = f"{path.name}:{line}"
    if None in raw or None in raw.values():
        beyond = len(raw.get(None) or ())  # type: ignore[call-overload]
        wanted = len(raw) - (None in raw)
        cells_found = wanted + beyond - sum(cell is None for cell in raw.values())
        message = f"has more or fewer cells than the headings: found {cells_found}, wanted {wanted}"
        findings.append(Finding("ragged-row", where, message, "Count the commas; put quotes round a text with one."))
        return None
    cells = {key.strip(): value.strip() for key, value in raw.items() if value.strip()}
    if not cells:
        return None
    try:
        return model.model_validate({**cells, "line": line})
    except ValidationError as error:
        for problem in error.errors():
            column = str(problem["loc"][0]) if problem["loc"] else ""
            found = cells.get(column)
            message = f"{column}: {_plain(problem['msg'])}" + (f', found "{found}"' if found else "")
            findings.append(Finding("bad-cell", where, message, f"Mend {column} in this row."))
        return None


def _plain(message: str) -> str:
    """Pydantic's sentence with `Input should be` said the way the rest of the program says it."""
    return message.replace("Input should be", "wanted").replace("Field required", "a value is wanted").strip()


def _toml_finding(
    path: Path, text: str, place: tuple[int | str, ...], message: str, kind: str, model: type[BaseModel]
) -> Finding:
    words = ".".join(str(part) for part in place)
    if kind == "extra_forbidden":
        known = list(model.model_fields) if len(place) == 1 else []
        return Finding(
            "unknown-setting",
            toml_place(path, text, place),
            f'setting "{words}" is not known.{nearest(str(place[-1]), known)}',
            "Take it out, or see docs/workspace.md for the settings there are.",
        )
    return Finding("bad-setting", toml_place(path, text, place), f"{words}: {_plain(message)}", "Mend this setting.")


def toml_place(path: Path, text: str, place: tuple[int | str, ...]) -> str:
    """file:line of a setting: the n-th opening of its table inside the one above, then its key in there."""
    lines = text.splitlines()
    line, name = 0, ""
    for position, part in enumerate(place):
        if isinstance(part, int):
            continue
        following = place[position + 1] if position + 1 < len(place) else None
        nth = following if isinstance(following, int) else 0
        name = f"{name}.{part}".strip(".")
        opened = _lines_like(lines, rf"\s*\[\[?\s*{re.escape(name)}\s*\]", after=line)
        keyed = _lines_like(lines, rf"\s*[\"']?{re.escape(str(part))}[\"']?\s*=", after=line)
        ends = min(_lines_like(lines, r"\s*\[\[?[^\[\],]+\]", after=line), default=len(lines) + 1)
        if len(opened) > nth:
            line = opened[nth]
        elif keyed and keyed[0] < ends:  # a key of the next table is not this one
            line = keyed[0]
    return f"{path.name}:{line}" if line else path.name


def table_place(root: Path, file: str, table: str, number: int, name: str) -> str:
    """`rules.toml:12 [[rule]] spike`: the n-th opening of a table in a settings file; without a line where none is."""
    path = root / file
    where = toml_place(path, path.read_text("utf-8", errors="replace"), (table, number)) if path.is_file() else file
    return f"{where} [[{table}]] {name}"


def _lines_like(lines: list[str], pattern: str, after: int) -> list[int]:
    return [n for n, words in enumerate(lines, 1) if n > after and re.match(pattern, words)]
