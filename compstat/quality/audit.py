"""Audits on record: how many of the records looked at were wrong, and the headline corrected by it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from compstat.calendar import end_of
from compstat.statistics.exact_interval import clopper_pearson
from compstat.store import Store
from compstat.workspace.workspace import Workspace

END_OF_TIME = datetime(9999, 12, 31)
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit: of `looked_at` records, `wrong` stood where they do not belong and `not_found` were not to be found.

    unit: None for all units. rate, rate_low, rate_high: share (0-1) of records in error and its exact 95% interval
    (Clopper and Pearson 1934); null where none was looked at. reported: the records returned, `population` of the draw.
    corrected, corrected_low, corrected_high: reported x (1 - rate), the estimated number of right ones (Cochran 1977,
    Sampling Techniques, chapter 3: total = N p), its interval by the ends of the rate's. That corrects for records
    counted without right only: records that are missing from the count can be in no sample of it.
    """

    audit: str
    indicator: str
    period_start: date
    unit: str | None
    seed: str
    known_at: datetime
    population: int
    drawn: int
    looked_at: int
    wrong: int
    not_found: int
    recorded_at: datetime
    recorded_by: str
    source: str

    @property
    def errors(self) -> int:
        return self.wrong + self.not_found

    @property
    def rate(self) -> float | None:
        return self.errors / self.looked_at if self.looked_at else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Ends of the error rate. Where every record was looked at nothing is left to chance."""
        if self.rate is None:
            return None
        if self.looked_at == self.population:
            return self.rate, self.rate
        return clopper_pearson(self.errors, self.looked_at, CONFIDENCE)

    @property
    def corrected(self) -> tuple[float, float, float] | None:
        """The headline corrected, its lower and its upper end."""
        if self.rate is None or self.interval is None:
            return None
        low, high = self.interval
        return self.population * (1 - self.rate), self.population * (1 - high), self.population * (1 - low)

    def as_fields(self) -> dict[str, Any]:
        """All of it for programs, the derived figures included."""
        low, high = self.interval or (None, None)
        corrected, corrected_low, corrected_high = self.corrected or (None, None, None)
        return {
            **asdict(self),
            "errors": self.errors,
            "rate": self.rate,
            "rate_low": low,
            "rate_high": high,
            "corrected": corrected,
            "corrected_low": corrected_low,
            "corrected_high": corrected_high,
        }

    def sentence(self, workspace: Workspace) -> str:
        """What was found, in words: `Burglary, all units: 3 of 48 records in error (2 wrong, 1 not found)...`."""
        names = {row.indicator: row.title for row in workspace.indicators} | {None: "all units"}
        names |= {row.unit: row.title for row in workspace.units if row.unit == self.unit}
        where = f"{names.get(self.indicator, self.indicator)}, {names.get(self.unit, self.unit)}"
        unseen = self.drawn - self.looked_at
        rest = f" {unseen} of {self.drawn} drawn not looked at." if unseen else ""
        if self.rate is None or self.interval is None or self.corrected is None:
            return f"{where}: nothing was looked at.{rest}"
        low, high = self.interval
        figure, least, most = self.corrected
        return (
            f"{where}: {self.errors} of {self.looked_at} records in error ({self.wrong} wrong, {self.not_found} not "
            f"found), {100 * self.rate:.1f}%, 95% interval {100 * low:.1f}% to {100 * high:.1f}%. "
            f"{self.population:,} reported, {figure:,.0f} when corrected ({least:,.0f} to {most:,.0f}).{rest}"
        )


def audits(store: Store, as_of: datetime | None = None) -> list[Audit]:
    """The audits on record at a moment (None: now), newest first; of one recorded again the newest only."""
    return [Audit(**row) for row in store.records("quality/audits", as_of=as_of or END_OF_TIME)]


def audits_of_week(store: Store, workspace: Workspace, week: date, as_of: datetime | None = None) -> list[Audit]:
    """The audits of periods that end in the week, as on record at a moment, in the order of indicators.csv."""
    order = {row.indicator: place for place, row in enumerate(workspace.indicators)}
    found = [
        audit
        for audit in audits(store, as_of)
        if audit.indicator in order
        and week <= end_of(workspace.cadence_of(audit.indicator), audit.period_start) <= week + timedelta(days=6)
    ]
    return sorted(found, key=lambda audit: (order[audit.indicator], audit.unit or "", audit.audit))


def audit_of(store: Store, code: str) -> Audit:
    """The audit on record under this code."""
    rows = store.records("quality/audit", audit=code)
    return Audit(**rows[0])
