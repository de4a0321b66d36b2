"""Checks of feeds.toml against the tables: what it names is there, and is counted the way it adds up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from compstat.findings import Finding
from compstat.workspace.feeds import FEEDS_FILE, Feed, FeedUnit
from compstat.workspace.reading import toml_place

if TYPE_CHECKING:
    from compstat.workspace.checks import _Names
    from compstat.workspace.workspace import Workspace

Place = tuple[int | str, ...]


def feed_checks(workspace: Workspace, names: _Names) -> Iterator[Finding]:
    """Every contradiction between feeds.toml and the tables, each with its line."""
    if not workspace.feeds.feed:
        return
    checks = _FeedChecks(workspace, names)
    seen: set[str] = set()
    for number, feed in enumerate(workspace.feeds.feed):
        if feed.feed in seen:
            where = checks.where("feed", number, "feed")
            yield Finding("double-row", where, f'feed "{feed.feed}" is there twice', "Keep one.")
        seen.add(feed.feed)
        yield from checks.units(number, feed)
        yield from checks.indicators(number, feed)
        yield from checks.query(number, feed)


class _FeedChecks:
    def __init__(self, workspace: Workspace, names: _Names) -> None:
        self._workspace = workspace
        self._names = names
        self._path = workspace.root / FEEDS_FILE
        self._text = self._path.read_text("utf-8-sig")

    def where(self, *place: int | str) -> str:
        return toml_place(self._path, self._text, place)

    def units(self, number: int, feed: Feed) -> Iterator[Finding]:
        for nth, unit in enumerate(feed.unit):
            yield from self._names.level(self.where("feed", number, "unit", nth, "level"), unit.level)
            yield from self._level_wanted(self.where("feed", number, "unit", nth, "column"), unit)
            for code in sorted(set(unit.map.values())):
                yield from self._names.unit(self.where("feed", number, "unit", nth, "map"), code)

    def _level_wanted(self, where: str, unit: FeedUnit) -> Iterator[Finding]:
        """Units of several levels hold each other: a silent week of the whole is not one of every part."""
        if unit.level is None and len(self._names.levels) > 1:
            levels = ", ".join(sorted(self._names.levels))
            message = f"level is wanted: units.csv has several ({levels}), and {unit.column} stands for one"
            yield Finding("bad-setting", where, message, 'Add level = "...".')

    def indicators(self, number: int, feed: Feed) -> Iterator[Finding]:
        are_ratios = {row.indicator: row.is_ratio for row in self._workspace.indicators}
        seen: set[str] = set()
        for nth, one in enumerate(feed.indicator):
            where = self.where("feed", number, "indicator", nth, "indicator")
            yield from self._names.indicator(where, one.indicator)
            if one.indicator in seen:
                message = f'indicator "{one.indicator}" is there twice in feed "{feed.feed}"'
                yield Finding("double-row", where, message, "Keep one, with all its words in where.")
            seen.add(one.indicator)
            if one.indicator in are_ratios and are_ratios[one.indicator] != (one.numerator is not None):
                wanted = "numerator and denominator" if are_ratios[one.indicator] else "value"
                message = f"indicator {one.indicator} wants {wanted}, by its aggregate in indicators.csv"
                yield Finding("bad-setting", where, message, "Mend this setting.")

    def query(self, number: int, feed: Feed) -> Iterator[Finding]:
        if feed.query and not (self._workspace.root / feed.query).is_file():
            where = self.where("feed", number, "query")
            yield Finding("missing-file", where, f'query "{feed.query}" is not there; wanted SQL', "Add the file.")
