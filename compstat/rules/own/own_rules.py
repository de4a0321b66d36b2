"""A team's own rules: a `.sql` file in the workspace's folder queries/, run on a copy of the week.

What a rule returns is data: checked, and only ever printed as text. For people: docs/how-to-own-rules.md.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compstat.findings import Finding, WorkspaceError, nearest
from compstat.queries import header_of
from compstat.rules.flag import Flag, Outcome, flag_code
from compstat.store import Store
from compstat.windows.scope import Scope
from compstat.workspace.workspace import Workspace

if TYPE_CHECKING:  # at run time only where there is such a rule
    from compstat.sandbox.sandbox import Answer, Sandbox

OWN = "own"
FOLDER = "queries"
SECONDS = 20.0  # a rule that needs longer holds up everybody who prepares a pack
MOST_ROWS = 2_000  # a rule that returns more is about everything, so about nothing
LONGEST_SENTENCE = 300
LONGEST_TEXT = 100_000
TEXT, WHOLE = "VARCHAR", "INTEGER TINYINT SMALLINT BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT"
FIGURE = f"DOUBLE FLOAT DECIMAL {WHOLE}"
COLUMNS = {
    "unit": TEXT,
    "indicator": TEXT,
    "outcome": f"{TEXT} ENUM",
    "severity": WHOLE,
    "value": FIGURE,
    "comparator": FIGURE,
    "sentence": TEXT,
}


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One file. rule: its name without `.sql`. Header lines `-- what:` and the like say the rest."""

    rule: str
    file: str
    text: str
    what: str
    question: str
    support: str
    version: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OwnFlag:
    """A flag that a rule returned, and how far its figure lies from its comparator for its size."""

    flag: Flag
    order: float


def own_rules(workspace: Workspace) -> tuple[OwnRule, ...]:
    """The files of the folder, by name; not those that a feed asks its database. Raises WorkspaceError."""
    asked = {Path(feed.query).name for feed in workspace.feeds.feed if feed.query}
    paths = sorted((workspace.root / FOLDER).glob("*.sql"))
    findings: list[Finding] = []
    taken = {rule.rule for rule in workspace.rules.rule}
    found = [rule for path in paths if path.name not in asked for rule in _read(path, taken, findings)]
    if findings:
        raise WorkspaceError(findings)
    return tuple(found)


def _read(path: Path, taken: set[str], findings: list[Finding]) -> Iterator[OwnRule]:
    where = f"{FOLDER}/{path.name}"
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        findings.append(Finding("own-rule-sql", where, "cannot be read", "Save it as UTF-8 text."))
        return
    if len(text) > LONGEST_TEXT:
        message = f"is longer than {LONGEST_TEXT:,} characters"
        findings.append(Finding("own-rule-sql", where, message, "Shorten it."))
    elif path.stem in taken:
        message = f'the rule "{path.stem}" is in rules.toml too'
        findings.append(Finding("double-row", where, message, "Rename the file."))
    else:
        said = header_of(text, ("what", "question", "support", "version"))
        what, question, support = (said.get(name, "") for name in ("what", "question", "support"))
        yield OwnRule(path.stem, where, text, what, question, support, said.get("version", "1"))


def own_flags(store: Store, scope: Scope) -> tuple[OwnFlag, ...]:
    """What the team's own rules raise in a week. Raises WorkspaceError with every rule that is wrong."""
    rules = own_rules(scope.workspace)
    if not rules or not scope.cells:
        return ()
    from compstat.rules.own.own_tables import fill
    from compstat.sandbox.sandbox import Sandbox

    findings: list[Finding] = []
    sandbox = Sandbox()
    fill(sandbox, store, scope)
    flags = [one for rule in rules for one in _flags(sandbox, rule, scope, findings)]
    if findings:
        raise WorkspaceError(findings)
    return tuple(flags)


def _flags(sandbox: Sandbox, rule: OwnRule, scope: Scope, findings: list[Finding]) -> Iterator[OwnFlag]:
    from compstat.sandbox.sandbox import RefusedSqlError

    fix = "See docs/how-to-own-rules.md."
    try:
        answer = sandbox.ask(rule.text, COLUMNS, seconds=SECONDS, most=MOST_ROWS)
    except RefusedSqlError as error:
        where = f"{rule.file}:{error.line}" if error.line else rule.file
        findings.append(Finding("own-rule-sql", where, error.words, fix))
        return
    if len(answer.rows) > MOST_ROWS:
        message = f"returns more than {MOST_ROWS:,} rows"
        findings.append(Finding("own-rule-sql", rule.file, message, "Let it return what is worth the room's time."))
        return
    wrong = list(_wrong_rows(rule, answer, scope.workspace))
    findings += wrong
    if not wrong:
        yield from _in_scope(rule, _rows(answer), scope)


def _rows(answer: Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _wrong_rows(rule: OwnRule, answer: Answer, workspace: Workspace) -> Iterator[Finding]:
    units = sorted({row.unit for row in workspace.units})
    indicators = sorted({row.indicator for row in workspace.indicators})
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(_rows(answer), start=1):
        where = f"{rule.file}, row {number}"
        for message in _wrong(row, units, indicators, seen):
            yield Finding("own-rule-row", where, message, "Mend the statement.")
        seen.add((row["unit"], row["indicator"]))


def _wrong(
    row: dict[str, Any], units: Sequence[str], indicators: Sequence[str], seen: set[tuple[str, str]]
) -> Iterable[str]:
    """What cannot be used of one row, in words."""
    for name, known in (("unit", units), ("indicator", indicators)):
        if row[name] is None or row[name] not in known:
            yield f'{name} "{row[name]}" is not in {name}s.csv.{nearest(str(row[name]), known)}'
    if row["outcome"] not in set(Outcome):
        yield f'outcome "{row["outcome"]}" is none; wanted {", ".join(Outcome)}'
    if row["severity"] not in {1, 2}:
        yield f"severity {row['severity']} is none; wanted 1 or 2"
    for name in ("value", "comparator"):
        if row[name] is not None and not math.isfinite(row[name]):
            yield f"{name} is {row[name]}; wanted a number, or null where there is none"
    if not str(row["sentence"] or "").strip() or len(row["sentence"]) > LONGEST_SENTENCE:
        yield f"the sentence is empty or longer than {LONGEST_SENTENCE} characters"
    if (row["unit"], row["indicator"]) in seen:
        yield f"{row['unit']}, {row['indicator']} is there twice"


def _in_scope(rule: OwnRule, rows: Sequence[dict[str, Any]], scope: Scope) -> Iterator[OwnFlag]:
    """Flags of the cells that the cycle looks at this week; rows about others are left out."""
    cells = set(scope.cells)
    for row in rows:
        if (row["unit"], row["indicator"]) in cells:
            yield _flag(rule, row, scope)


def _flag(rule: OwnRule, row: dict[str, Any], scope: Scope) -> OwnFlag:
    value, comparator = (None if row[name] is None else float(row[name]) for name in ("value", "comparator"))
    outcome = Outcome(row["outcome"])
    concern = outcome is Outcome.CONCERN and row["severity"] == 2
    apart = None if value is None or comparator is None else value - comparator
    flag = Flag(
        flag=flag_code(row["unit"], row["indicator"], rule.rule),
        week=scope.label,
        cycle=scope.cycle.cycle,
        unit=row["unit"],
        indicator=row["indicator"],
        rule=rule.rule,
        family=OWN,
        outcome=outcome if concern or outcome is not Outcome.CONCERN else Outcome.WATCH,
        severity=2 if concern else 1,
        known_at=scope.known_at,
        value=value,
        comparator=comparator,
        difference=apart,
        percent_change=None if apart is None or not comparator else 100 * apart / comparator,
        test=rule.what or "a rule of the team's own",
        inputs={"rule_version": rule.version, "file": rule.file, "sha256": rule.sha256},
        sentence=" ".join(row["sentence"].split()),
        question=rule.question,
        support=rule.support,
    )
    return OwnFlag(flag, abs(apart or 0.0) / math.sqrt(max(abs(comparator or 0.0), 1.0)))
