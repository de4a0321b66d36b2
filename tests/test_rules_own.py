"""A team's own rules: what they may return, what becomes of it, and everything that they may not do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rules_example import STEADY, W46, Force, history

from compstat.findings import WorkspaceError
from compstat.rules.evaluation import evaluate
from compstat.rules.flag import Flag
from compstat.rules.own import own_rules
from compstat.sandbox import sandbox

# one row about the newest week of north, burglary; the words in braces are replaced
ONE_ROW = """-- what:     More than twenty in a week.
-- question: What changed?
-- support:  The analysts look at the places.
-- version:  3
select
    unit,
    indicator,
    '{outcome}' as outcome,
    {severity} as severity,
    {value} as value,
    {comparator} as comparator,
    {sentence} as sentence
from reporting.observation
where period_start = (select first_day from reporting.week)
"""


def one_row(**words: str) -> str:
    usual = {"outcome": "concern", "severity": "2", "value": "value", "comparator": "10.0", "sentence": "'Too many.'"}
    text = ONE_ROW
    for name, word in {**usual, **words}.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def force(root: Path, text: str, name: str = "twenty", **tables: str) -> Force:
    """North, whose burglaries jump from 10 to 22, with one rule of its own and no other."""
    made = Force(root, rules='[[rule]]\nrule = "floor"\nfamily = "floor"\n', **tables)
    made.load({("north", "burglary"): history(STEADY, 22)})
    (root / "queries").mkdir()
    (root / "queries" / f"{name}.sql").write_text(text, "utf-8")
    return made


def raised(made: Force) -> list[Flag]:
    return [one.flag for one in made.judged().raised if one.flag.family == "own"]


def refused(made: Force) -> str:
    with pytest.raises(WorkspaceError) as caught:
        made.judged()
    assert caught.value.exit_code == 10
    return "\n".join(f"{finding.where}: {finding.message}" for finding in caught.value.findings)


# What a rule says becomes a flag


def test_a_row_is_a_flag_with_the_words_of_the_header(tmp_path: Path) -> None:
    (flag,) = raised(force(tmp_path, one_row()))
    assert (flag.unit, flag.indicator, flag.rule, flag.family) == ("north", "burglary", "twenty", "own")
    assert (flag.outcome, flag.severity, flag.value, flag.comparator, flag.difference) == ("concern", 2, 22, 10, 12)
    assert (flag.sentence, flag.question, flag.test) == ("Too many.", "What changed?", "More than twenty in a week.")
    assert flag.support == "The analysts look at the places."
    assert (flag.p_value, flag.q_value, flag.percent_change) == (None, None, 120)
    assert (flag.inputs["rule_version"], flag.inputs["file"]) == ("3", "queries/twenty.sql")


@pytest.mark.parametrize(
    ("outcome", "severity", "becomes"),
    [
        ("concern", "2", ("concern", 2)),
        ("concern", "1", ("watch", 1)),
        ("watch", "2", ("watch", 1)),
        ("watch", "1", ("watch", 1)),
        ("commend", "2", ("commend", 1)),
        ("data", "2", ("data", 1)),
    ],
)
def test_only_a_concern_of_severity_two_is_one(
    tmp_path: Path, outcome: str, severity: str, becomes: tuple[str, int]
) -> None:
    (flag,) = raised(force(tmp_path, one_row(outcome=outcome, severity=severity)))
    assert (flag.outcome, flag.severity) == becomes


def test_no_figure_is_null_and_a_decimal_is_a_number(tmp_path: Path) -> None:
    (flag,) = raised(force(tmp_path, one_row(value="2.5", comparator="null::double")))
    assert (flag.value, flag.comparator, flag.difference, flag.percent_change) == (2.5, None, None, None)
    assert isinstance(flag.value, float)


def test_its_text_is_only_ever_text(tmp_path: Path) -> None:
    (flag,) = raised(force(tmp_path, one_row(sentence="'<b>A&B</b>' || chr(27) || '[31m' || chr(10) || '=1+1'")))
    assert flag.sentence == "<b>A&B</b>\x1b[31m =1+1"


def test_its_flags_have_states_and_seats_like_any_other(tmp_path: Path) -> None:
    made = force(tmp_path, one_row().replace("where", "where value > 20 and"))
    (flag,) = made.week().flags
    assert (flag.state, flag.weeks_open, flag.shown, flag.rank) == ("new", 1, True, 1)
    since = one_row().replace("where", "where period_start >= '2026-10-26' and")
    (made.root / "queries" / "twenty.sql").write_text(since, "utf-8")
    (flag,) = made.week().flags
    assert flag.standing("week") == "continuing, week 3"


def test_a_rule_that_returns_nothing_raises_nothing(tmp_path: Path) -> None:
    assert raised(force(tmp_path, one_row().replace("where", "where value > 99 and"))) == []


# What a rule reads


def test_it_reads_the_week_its_windows_units_and_indicators(tmp_path: Path) -> None:
    sentence = """(select concat_ws(' ', week, first_day, last_day, known_at) from reporting.week)
        || (select concat(' ', name, amount::integer, '/', volume::integer, '/', present)
            from reporting.window_total where name = 'four_weeks')
        || (select concat(' ', unit, level) from reporting.unit)
        || (select concat(' ', better, cadence) from reporting.indicator)"""
    (flag,) = raised(force(tmp_path, one_row(sentence=sentence)))
    assert flag.sentence == (
        "2026-W46 2026-11-09 2026-11-15 2026-11-16 18:00:00 four_weeks52/4/4 northdistrict lowerweekly"
    )


def test_it_reads_no_figure_that_was_not_known_then(tmp_path: Path) -> None:
    """A week restated since, and one that came since: neither is there when the week is judged as known then."""
    sentence = "(select concat(count(*), ' ', max(period_start)) from reporting.observation)"
    made = force(tmp_path, one_row(sentence=sentence))
    known = made.judged().scope.known_at
    made.load({("north", "burglary"): history(STEADY, 30, 31)}, last=W46.replace(day=16))
    then = evaluate(made.store, made.workspace, made.workspace.cycle(), W46, known, {"own"})
    assert [(one.flag.value, one.flag.sentence) for one in then.raised] == [(22, "110 2026-11-09")]
    now = made.judged()
    assert [one.flag.value for one in now.raised] == [30], "restated, and next week is still to come"


def test_a_row_about_a_unit_of_another_cycle_is_left_out(tmp_path: Path) -> None:
    made = Force(
        tmp_path, units="unit,level\nnorth,district\nforce,whole\n", cycle='cycle = "main"\nlevels = ["district"]\n'
    )
    made.load({("north", "burglary"): history(STEADY, 22), ("force", "burglary"): history(STEADY, 22)})
    (tmp_path / "queries").mkdir()
    sql = (
        one_row()
        .replace("    unit,", "    name as unit,")
        .replace(
            "from reporting.observation",
            "from (select * exclude (unit) from reporting.observation), (values ('north'), ('force')) as two(name)",
        )
    )
    (tmp_path / "queries" / "twenty.sql").write_text(sql, "utf-8")
    assert [flag.unit for flag in raised(made)] == ["north"]


def test_a_feeds_query_in_the_same_folder_is_no_rule(tmp_path: Path) -> None:
    made = force(tmp_path, "select * from crime")
    (tmp_path / "feeds.toml").write_text(
        '[[feed]]\nfeed = "records"\ndate = { column = "day" }\nunit = { column = "place" }\n'
        'database = "env:RECORDS_URL"\nrows = "periods"\nquery = "queries/twenty.sql"\n[[feed.indicator]]\n'
        'indicator = "burglary"\nvalue = "n"\n',
        "utf-8",
    )
    assert raised(made) == []


def test_the_rule_of_the_page_runs_as_it_stands(tmp_path: Path) -> None:
    """docs/how-to-own-rules.md: ten a week for a quarter, then 22."""
    page = (Path(__file__).parent.parent / "docs" / "how-to-own-rules.md").read_text("utf-8")
    sql = page.split("```sql\n")[1].split("```")[0].replace("'robbery'", "'burglary'")
    (flag,) = raised(force(tmp_path, sql))
    assert (flag.value, flag.comparator, flag.outcome) == (22, 10, "watch")
    assert flag.sentence == "Robbery: 22 this week, 10.0 a week over the last quarter."


# What a rule may not do: each of these is an error that names the file


ATTACKS = {
    "attach '/tmp/other.duckdb'": "is a attach; wanted one select",
    "copy reporting.observation to '/tmp/stolen.csv'": "is a copy; wanted one select",
    "pragma database_list": "wanted one select",
    "set memory_limit = '9GB'": "wanted one select",
    "install httpfs": "wanted one select",
    "load httpfs": "wanted one select",
    "drop table reporting.observation": "is a drop; wanted one select",
    "create table mine as select 1": "is a create; wanted one select",
    "insert into reporting.unit select * from reporting.unit": "is a insert; wanted one select",
    "call pragma_version()": "wanted one select",
    "export database '/tmp/stolen'": "wanted one select",
    "select 1; drop table reporting.unit": "holds 2 statements; wanted one select",
    "": "holds 0 statements; wanted one select",
    "select * from read_csv('/etc/passwd')": "file system operations are disabled",
    "select * from '/etc/passwd'": "does not exist",
    "select * from read_text('/etc/passwd')": "file system operations are disabled",
    "select * from glob('/*')": "file system operations are disabled",
    "select * from 'https://example.org/a.csv'": "file system operations are disabled",
    "select * from read_csv('https://example.org/a.csv')": "file system operations are disabled",
    "select * from enable_logging()": "configuration has been locked",
    "from query('drop table reporting.unit')": "Expected a single SELECT",
    "select * from columns": "does not exist",  # a variable of the program that asks
    "select $unit as unit": "asks for parameters: unit",
}  # fmt: skip


@pytest.mark.parametrize("sql", ATTACKS)
def test_a_rule_can_only_read_what_it_is_given(sql: str, tmp_path: Path) -> None:
    said = refused(force(tmp_path, sql))
    assert said.startswith("queries/twenty.sql"), said
    assert ATTACKS[sql] in said


@pytest.mark.parametrize(
    "sql",
    [
        one_row(value="(with recursive r as (select 1 n union all select n + 1 from r) select max(n) from r)"),
        one_row(value="(select count(*) from range(1000000000) a, range(1000) b where (a.range * b.range) % 7 = 3)"),
    ],
)
def test_a_rule_that_never_ends_is_ended(sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_rules, "SECONDS", 0.3)
    assert refused(force(tmp_path, sql)) == "queries/twenty.sql: was not done after 0.3 seconds"


def test_a_rule_that_wants_all_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MEMORY", 100_000_000)
    sql = one_row(sentence="(select list(range)::varchar from range(1000000000))")
    assert refused(force(tmp_path, sql)) == "queries/twenty.sql: wants more than 0.1 GB of memory"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_one_enormous_value_is_refused(tmp_path: Path) -> None:
    """DuckDB's own limit of memory does not see it."""
    sql = one_row(sentence="length(repeat('x', 4000000000))::varchar")
    assert refused(force(tmp_path, sql)) == "queries/twenty.sql: wants more than 1 GB of memory"


def test_a_cross_join_stops_at_the_most_rows(tmp_path: Path) -> None:
    sql = one_row().replace("where", ", range(1000000000) where")
    assert refused(force(tmp_path, sql)) == "queries/twenty.sql: returns more than 2,000 rows"


def test_the_store_is_as_it_was(tmp_path: Path) -> None:
    """What a rule reads are copies: nothing that it could do reaches the figures."""
    made = force(tmp_path, "drop table reporting.observation")
    before = made.store.rows("windows/series", unit="north", indicator="burglary", known_at="2027-01-01")
    refused(made)
    assert made.store.rows("windows/series", unit="north", indicator="burglary", known_at="2027-01-01") == before


# What a rule may not return


def test_a_column_too_few_or_too_many(tmp_path: Path) -> None:
    few = one_row().replace("    10.0 as comparator,\n", "")
    assert refused(force(tmp_path / "1", few)) == (
        "queries/twenty.sql: lacks comparator; wanted unit, indicator, outcome, severity, value, comparator, sentence"
    )
    many = one_row().replace("    unit,\n", "    unit,\n    1 as extra,\n")
    assert "has extra too" in refused(force(tmp_path / "2", many))


def test_a_column_of_another_kind(tmp_path: Path) -> None:
    assert "the column value is VARCHAR; wanted DOUBLE" in refused(force(tmp_path, one_row(value="'many'")))


def test_the_line_of_a_mistake_is_named(tmp_path: Path) -> None:
    said = refused(force(tmp_path / "1", one_row(value="valeu")))
    assert said.startswith("queries/twenty.sql:10: ") and "valeu" in said
    said = refused(force(tmp_path / "2", "select unit,\nfrom from\n"))
    assert said.startswith("queries/twenty.sql:2: syntax error")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"value": "'nan'::double"}, "value is nan; wanted a number"),
        ({"comparator": "'-inf'::double"}, "comparator is -inf; wanted a number"),
        ({"outcome": "alarm"}, 'outcome "alarm" is none; wanted concern, watch, commend, data'),
        ({"severity": "3"}, "severity 3 is none; wanted 1 or 2"),
        ({"severity": "null::integer"}, "severity None is none; wanted 1 or 2"),
        ({"sentence": "''"}, "the sentence is empty"),
        ({"sentence": "null::varchar"}, "the sentence is empty"),
        ({"sentence": "repeat('x', 301)"}, "longer than 300 characters"),
    ],
)
def test_a_value_that_cannot_be_used(words: dict[str, str], said: str, tmp_path: Path) -> None:
    found = refused(force(tmp_path, one_row(**words)))
    assert found.startswith("queries/twenty.sql, row 1: ") and said in found


def test_a_unit_or_indicator_that_nobody_knows(tmp_path: Path) -> None:
    found = refused(force(tmp_path / "1", one_row().replace("    unit,", "    'Nroth' as unit,")))
    assert 'row 1: unit "Nroth" is not in units.csv. Did you mean "north"?' in found
    found = refused(force(tmp_path / "2", one_row().replace("    indicator,", "    null::varchar as indicator,")))
    assert 'row 1: indicator "None" is not in indicators.csv.' in found


def test_a_cell_twice(tmp_path: Path) -> None:
    assert "row 2: north, burglary is there twice" in refused(
        force(tmp_path, one_row().replace("where", ", range(2) where"))
    )


def test_a_file_that_is_no_text_or_has_the_name_of_another_rule(tmp_path: Path) -> None:
    made = force(tmp_path, one_row(), name="floor")
    assert refused(made) == 'queries/floor.sql: the rule "floor" is in rules.toml too'
    (tmp_path / "queries" / "floor.sql").write_bytes(b"select '\xff'")
    assert refused(made) == "queries/floor.sql: cannot be read"


def test_every_rule_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    made = force(tmp_path, one_row(severity="7"), name="a")
    (tmp_path / "queries" / "b.sql").write_text("selct 1", "utf-8")
    assert [line.split(":")[0] for line in refused(made).splitlines()] == ["queries/a.sql, row 1", "queries/b.sql"]


def test_where_there_is_no_such_rule_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = force(tmp_path, one_row())
    monkeypatch.setattr(sandbox, "Sandbox", None)
    with pytest.raises(TypeError):
        made.judged()
    (tmp_path / "queries" / "twenty.sql").unlink()
    assert raised(made) == []
    words = "import sys, compstat.rules.weeks; print('compstat.sandbox.sandbox' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, check=True).stdout.strip() == b"False"
