"""For information, without a goal: what starting up, `demo` and `prepare` take on the sample force, and where it goes.

`python benchmarks/where_time_goes.py`, and at the end of `make bench`.
"""

from __future__ import annotations

import pstats
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from action_list import program, whole_process

import compstat

SAMPLE_WEEK = "2026-W46"
LINES = 12
HOME = Path(compstat.__file__).resolve().parent.parent  # the checkout, or site-packages
OURS = ("compstat", "cli", "packs")  # in a checkout, links lead out of the package


def report(folder: Path) -> Iterator[str]:
    """The lines to print. `folder` is for the sample force."""
    root = str(folder / "demo")
    demo = ("demo", root)
    prepare = ("-w", root, "prepare", "--week", SAMPLE_WEEK, "--draft")
    bare = _seconds(9, sys.executable, "-c", "pass")
    yield f"compstat --version: {_seconds(9, program(), '--version'):.2f} s (python alone {bare:.2f} s)"
    yield f"compstat demo: {_seconds(3, program(), *demo):.1f} s"
    yield f"compstat prepare: {_seconds(3, program(), *prepare):.1f} s"
    for name, words in (("demo", demo), ("prepare", prepare)):
        yield f"\nWhere {name} spends it (profiled, so slower; seconds with what is called | in itself | calls)"
        yield from _profile(folder / f"{name}.profile", words)


def _seconds(runs: int, *words: str) -> float:
    """The median of whole processes."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        whole_process(*words)
        taken.append(time.perf_counter() - start)
    return median(taken)


def _profile(output: Path, words: tuple[str, ...]) -> Iterator[str]:
    """Our functions by the time under them, then anybody's by the time in themselves."""
    whole_process(sys.executable, "-m", "cProfile", "-o", str(output), program(), *words)
    found = pstats.Stats(str(output)).stats  # type: ignore[attr-defined]  # documented nowhere, there since 1.5
    rows = [
        (under, own, calls, _place(*where))
        for where, (_, calls, own, under, _) in found.items()
        if where[2] != "<module>"
    ]
    ours = sorted((row for row in rows if row[3].startswith(OURS)), reverse=True)
    for rank in (ours, sorted(rows, key=lambda row: -row[1])):
        for under, own, calls, place in rank[:LINES]:
            yield f"  {under:7.2f} {own:7.2f} {calls:9,}  {place}"
        yield ""


def _place(path: str, line: int, function: str) -> str:
    """`compstat/windows/panel.py:87 read_panel`; what is not ours by its last two folders."""
    if path == "~":
        return function
    real = Path(path).resolve()
    inside = real.is_relative_to(HOME) and real.relative_to(HOME).parts[0] in OURS
    shown = real.relative_to(HOME) if inside else Path("...", *real.parts[-2:])
    return f"{shown}:{line} {function}"


def main() -> int:
    """Print the report."""
    with TemporaryDirectory(prefix="compstat-bench-") as folder:
        for line in report(Path(folder)):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
