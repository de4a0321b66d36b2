"""A workspace with a feed, for the tests of feeds: what a real one holds, written as real files."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from workspace_example import Cell, Figure, known, load, make_workspace

from compstat.load.batch import Loaded
from compstat.workspace.workspace import Workspace

DATA = Path(__file__).parents[2] / "shared" / "data"


def real_file(folder: str, name: str) -> Path:
    """A file of the real returns; the test is skipped where it is not at hand."""
    path = DATA / folder / name
    if not path.exists():
        pytest.skip(f"../shared/data/{folder}/{name} is not here")
    return path


def published(folder: str) -> list[tuple[Cell, Figure]]:
    """The figures of a set's observations.csv.gz, a row each: a key may be there twice."""
    with gzip.open(real_file(folder, "observations.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        return [
            (
                (row["unit"], row["indicator"], date.fromisoformat(row["period_start"])),
                (_figure(row["value"]), _figure(row.get("numerator")), _figure(row.get("denominator"))),
            )
            for row in csv.DictReader(file)
        ]


def _figure(text: str | None) -> float | None:
    return float(text) if text else None


def units_csv(units: Iterable[tuple[str, str]]) -> str:
    return "unit,level\n" + "".join(f"{unit},{level}\n" for unit, level in units)


def feeds_workspace(root: Path, feeds: str, **tables: str) -> Workspace:
    """A workspace with this feeds.toml; `units=...` and the like change its other tables."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "feeds.toml").write_text(feeds, "utf-8")
    return make_workspace(root, **tables)


def load_feed(workspace: Workspace, feed: str, *paths: Path, **options: Any) -> list[Loaded]:
    """Load extracts through a feed."""
    return load(workspace, *paths, feed=workspace.feeds.named(feed), **options)


def values(workspace: Workspace) -> dict[Cell, float | None]:
    return {cell: figure[0] for cell, figure in known(workspace).items()}
