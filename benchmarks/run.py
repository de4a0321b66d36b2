"""Runs the benchmarks side by side on this machine, prints a table and writes bench.json.

`make bench`, or: python benchmarks/run.py [--quick] [--only NAME ...] [--output FILE]
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import action_list
import as_of_read
import backtest
import chart_page
import full_load
import growth
import one_week
import restated
import special_cause
import weekly_increment
import where_time_goes
import workbook
from large_case import Case
from timing import Measured

OUTPUT = Path(__file__).parent.parent / "bench.json"
QUICK = {"units": 20, "indicators": 12, "weeks": 130}


@dataclass(frozen=True)
class Benchmark:
    """One file of this folder, and how many runs of each side its median is of."""

    measure: Callable[[Case, int], list[Measured]]
    runs: int


# In this order: the increments come last of those that share the large store, for they make it larger.
BENCHMARKS = {
    "full_load": Benchmark(full_load.measure, 3),
    "one_week": Benchmark(one_week.measure, 5),
    "growth": Benchmark(growth.measure, 3),
    "backtest": Benchmark(backtest.measure, 3),
    "weekly_increment": Benchmark(weekly_increment.measure, 7),
    "as_of_read": Benchmark(as_of_read.measure, 7),
    "restated": Benchmark(restated.measure, 7),
    "workbook": Benchmark(workbook.measure, 3),
    "special_cause": Benchmark(special_cause.measure, 7),
    "chart_page": Benchmark(chart_page.measure, 9),
    "action_list": Benchmark(action_list.measure, 15),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run what is asked for. The exit code: 0 whatever the ratios are, they are what is wanted."""
    asked = _asked(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else the large files would stay behind
    found: list[Measured] = []
    with TemporaryDirectory(prefix="compstat-bench-") as folder:
        case = Case(Path(folder), **(QUICK if asked.quick else {}))
        for name in asked.only or BENCHMARKS:
            start = time.perf_counter()
            benchmark = BENCHMARKS[name]
            found += benchmark.measure(case, 1 if asked.quick else benchmark.runs)
            print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
            asked.output.write_text(json.dumps([one.as_public() for one in found], indent=2) + "\n")
        print(table(found), flush=True)
        if not asked.quick and not asked.only:
            print("\nFor information, on the sample force:")
            for line in where_time_goes.report(Path(folder)):
                print(line)
    return 0


def table(found: Sequence[Measured]) -> str:
    """Name, ratio, goal, whether it is met; then what helps to judge: spread, cpu, medians, what was done."""
    lines = [
        f"{'benchmark':34} {'ratio':>7} {'goal':>6}  met?  {'spread':>15} {'cpu ratio':>9}"
        f"  {'ours':>9} {'theirs':>9}  what"
    ]
    for one in found:
        low, high = one.spread
        cpu = "" if one.cpu_ratio is None else f"{one.cpu_ratio:.3g}"
        lines.append(
            f"{one.name:34} {one.ratio:7.3g} {one.goal:6g}  {'yes' if one.met else 'NO':4}"
            f"  {f'{low:.3g}-{high:.3g}':>15} {cpu:>9}"
            f"  {_figure(one.ours, one.unit):>9} {_figure(one.theirs, one.unit):>9}  {one.note}"
        )
    return "\n".join(lines)


def _figure(values: Sequence[float], unit: str) -> str:
    middle = median(values)
    return f"{middle * 1000:.0f} ms" if unit == "s" and middle < 1 else f"{middle:.4g} {unit}"


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure speed against the yardsticks, side by side.")
    parser.add_argument("--quick", action="store_true", help="one run of a small case: does everything still run?")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where to write the figures")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
