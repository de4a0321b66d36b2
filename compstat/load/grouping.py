"""The same fault of many rows told once: a name that is not known, a date that fits no period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compstat.findings import Finding
from compstat.load.staging import Refusal

# Faults of what a row is for, not of its figure: one cause, however many rows it is in
OF_MANY_ROWS = {"unknown-unit", "unknown-indicator", "off-grid-date", "wrong-cadence", "future-period", "bad-date"}
MOST_PLACES = 3  # lines that are named beside the first


def grouped(refusals: Sequence[Refusal]) -> list[Finding]:
    """The findings in the order of their first row, the same one of several rows once, with the first places."""
    places: dict[Finding, list[int]] = {}
    findings: dict[Finding, Finding] = {}
    for line, finding in refusals:
        key = replace(finding, where="") if finding.code in OF_MANY_ROWS else finding
        findings.setdefault(key, finding)
        places.setdefault(key, []).append(line)
    return [_told(finding, places[key]) for key, finding in findings.items()]


def _told(finding: Finding, lines: list[int]) -> Finding:
    if len(lines) == 1:
        return finding
    named = lines[1 : 1 + MOST_PLACES]
    more = len(lines) - 1 - len(named)
    also = ", ".join(str(line) for line in named) + (f" and {more:,} more" if more else "")
    return replace(finding, message=f"{finding.message} ({len(lines):,} rows: also in line {also})")
