"""Writes docs/messages.md from docs/messages.toml: what each message means, shown as the program says it.

An entry's case is a set of files over a small workspace, and commands. The last one is run here and what it
says goes on the page, so an example can never be out of date. Without commands the workspace is only read.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from generated import DOCS, publish

INTRODUCTION = """# Messages

Each message names the place, what was found, what was wanted, and what to do; it ends with the heading of
this page that explains it. After a message about data or a workspace the stores are as they were before.
"""

CHECKS = """# What the checks find

What `compstat check` and `compstat sign-off` say of a week's data. An **error** makes figures wrong: the week is not
signed off until it is mended, or waived with a reason. A **warning** is to be looked at. **Information** asks for
nothing. All of it is printed in the pack's data quality statement.
"""


@cache
def catalogue() -> dict[str, Any]:
    """docs/messages.toml: `base` with the files every case starts from, then one table a code."""
    return tomllib.loads((DOCS / "messages.toml").read_text("utf-8"))


def entries() -> dict[str, dict[str, Any]]:
    """The entries by code, sorted."""
    return {code: entry for code, entry in sorted(catalogue().items()) if code != "base"}


def message_page() -> str:
    """The page: one heading a code; the checks of a week's data in a part of their own."""
    others, checks = {code: entry for code, entry in entries().items() if "check" not in entry}, check_entries()
    parts = [INTRODUCTION, *map(_section, others, others.values()), CHECKS, *map(_section, checks, checks.values())]
    return "\n".join(parts)


def check_entries() -> dict[str, dict[str, Any]]:
    """The entries of the checks, by code; `check` is the severity of one."""
    return {code: entry for code, entry in entries().items() if "check" in entry}


@cache
def shown(code: str) -> str:
    """What the program says in the case of this entry: the lines of the finding with this code.

    Raises LookupError where it says something else.
    """
    entry = catalogue()[code]
    if "example" in entry:
        return str(entry["example"]).strip()
    said = run_case(entry)
    lines = said.splitlines()
    ends = [n for n, line in enumerate(lines) if line.endswith(f"docs/messages.md#{code}")]
    if not ends:
        raise LookupError(f"the case of {code} says something else:\n{said}")
    starts = max((n + 1 for n, line in enumerate(lines[: ends[0]]) if "docs/messages.md#" in line), default=0)
    return "\n".join(lines[starts : ends[0] + 1])


def run_case(entry: dict[str, Any]) -> str:
    """Everything said on stderr by the last command of a case, run in a folder of its own."""
    user = {"COMPSTAT_USER": entry.get("user", "avery")}
    with TemporaryDirectory() as folder, chdir(folder), patch.dict(os.environ, user):
        if "".join(commands(entry)).startswith("compstat load"):
            Path("compstat.duckdb").write_bytes(_empty_store())
        for name, text in {**catalogue()["base"]["files"], **entry.get("files", {})}.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, "utf-8")
        for name, series in entry.get("series", {}).items():
            Path(name).write_text(returns_of(series), "utf-8")
        for name, digits in entry.get("bytes", {}).items():
            Path(name).write_bytes(bytes.fromhex(digits))
        for name in entry.get("without", []):
            Path(name).unlink()
        said = [_said(command) for command in commands(entry)] or [_read()]
        return re.sub(rf"(/private)?{re.escape(folder)}/?", "", said[-1])


@cache
def _empty_store() -> bytes:
    """A store with its schema and nothing in it: to make one takes longer than most cases, so all begin with this."""
    from compstat.store import open_store

    with TemporaryDirectory() as folder:
        path = Path(folder) / "compstat.duckdb"
        with open_store(path):
            pass
        return path.read_bytes()


def returns_of(series: dict[str, str]) -> str:
    """A file of returns from `"unit,indicator" = "9 - 11 x 20, 40"`, week by week up to 2026-W46.

    `-`: no return; `x 20`: twenty times over.
    """
    lines = ["unit,indicator,week_start,value,numerator,denominator"]
    for cell, words in series.items():
        figures: list[str] = []
        for part in words.split(","):
            once, _, times = part.partition(" x ")
            figures += once.split() * int(times or 1)
        for back, figure in enumerate(reversed(figures)):
            if figure == "-":
                continue
            start = date(2026, 11, 9) - timedelta(weeks=back)
            x, _, n = figure.partition("/")
            lines.append(f"{cell},{start},,{x},{n}" if n else f"{cell},{start},{figure},,")
    return "\n".join(lines) + "\n"


def commands(entry: dict[str, Any]) -> list[str]:
    """The commands of a case; `{raise}` stands for the command of that name under base."""
    return [command.format(**catalogue()["base"]["commands"]) for command in entry.get("run", [])]


def _said(command: str) -> str:
    from compstat.cli.main import main

    errors, results = io.StringIO(), io.StringIO()
    arguments = patch.object(sys, "argv", shlex.split(command))
    with arguments, redirect_stdout(results), redirect_stderr(errors), suppress(SystemExit):
        main()
    return results.getvalue() if command.startswith("compstat check") else errors.getvalue()


def _read() -> str:
    from compstat.findings import CompstatError
    from compstat.workspace.workspace import load_workspace

    try:
        load_workspace(Path.cwd())
    except CompstatError as error:
        return "\n".join(str(finding) for finding in error.findings)
    return ""


def _section(code: str, entry: dict[str, Any]) -> str:
    return "\n".join(_lines(code, entry))


def _lines(code: str, entry: dict[str, Any]) -> Iterator[str]:
    yield f"## {code}\n\n{entry['means'].strip()}\n"
    if "check" in entry:
        yield f"Severity: {entry['check']}.\n"
    if entry.get("run"):
        yield f"For example `{commands(entry)[-1]}`:\n"
    yield f"```text\n{shown(code)}\n```\n"
    yield f"{entry['fix'].strip()}\n"


if __name__ == "__main__":
    copies = ("messages.md", "../cli/messages.md")  # the second is installed with the program: `compstat help CODE`
    sys.exit(max(publish(name, "make_messages.py", message_page) for name in copies))
