"""Documents made by a script: written, or with --check only compared with what is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).parent
NOTE = "<!-- Made by docs/{script}: change the source, then `make docs`. -->"


def publish(name: str, script: str, make: Callable[[], str]) -> int:
    """Write docs/NAME; with the argument `--check` compare only. Returns the exit code, 1 if stale."""
    path = DOCS / name
    text = NOTE.format(script=script) + "\n" + make().rstrip() + "\n"
    if path.exists() and path.read_text("utf-8") == text:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"docs/{name} is out of date. Make it afresh: make docs", file=sys.stderr)
        return 1
    path.write_text(text, "utf-8")
    print(f"Wrote docs/{name}")
    return 0


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; a bar in a cell is escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
