"""Whose list is asked for, straight from people.csv and units.csv, which a list need not check."""

from __future__ import annotations

import csv
from pathlib import Path

from compstat.tracker.identity import named_person, system_user


def reader(root: Path) -> str:
    """The person id of whoever reads, empty where it is not known."""
    person = _reader(root)
    return person["person"] if person else ""


def units_of_reader(root: Path) -> frozenset[str] | None:
    """The units commanded by the commander who reads; None for anybody else and where it is not known."""
    person = _reader(root)
    if person is None or person.get("role") != "commander":
        return None
    newest: dict[str, dict[str, str]] = {}
    for row in _rows(root / "units.csv"):
        before = newest.get(row.get("unit", ""))
        if before is None or row.get("valid_from", "") > before.get("valid_from", ""):
            newest[row.get("unit", "")] = row
    return frozenset(code for code, row in newest.items() if row.get("commander") == person["person"])


def unknown_reader(root: Path) -> str:
    """The person id of COMPSTAT_USER where people.csv does not hold it, else empty."""
    named = named_person()
    return named if named and _reader(root) is None else ""


def _reader(root: Path) -> dict[str, str] | None:
    named, login = named_person(), system_user()
    for row in _rows(root / "people.csv"):
        if row.get("person") == named if named else login and row.get("login") == login:
            return row
    return None


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, trimmed; none where it cannot be read, which is for other commands to say."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                {key.strip(): (cell or "").strip() for key, cell in row.items() if isinstance(key, str)}
                for row in csv.DictReader(file, restval="")
            ]
    except (OSError, ValueError, csv.Error, AttributeError):
        return []
