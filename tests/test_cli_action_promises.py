"""A promise as it is typed, from its raising to its closing: flag, present figure, score, what a closing rests on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from command_example import Said, run
from test_store import held_by_another
from tracker_example import write_workspace

from compstat.rules.flag import flag_code

NEWEST = date(2026, 11, 9)
ADD = (
    "action", "add", "--unit", "north", "--what", "Patrol the market", "--due", "2026-12-03",
    "--raised-week", "2026-W40", "--at", "2026-10-08T10:00",
    "--indicator", "burglary", "--direction", "down", "--review-week",
)  # fmt: skip


@pytest.fixture
def force(tmp_path: Path) -> Path:
    """Two years of about 12 burglaries a week; from 2026-W41 on, 5 a week."""
    write_workspace(tmp_path)
    rows = ["unit,indicator,week_start,value"]
    for back in range(110):
        figure = 5 if back < 6 else 11 + back % 3
        rows.append(f"north,burglary,{NEWEST - timedelta(weeks=back)},{figure}")
    (tmp_path / "returns.csv").write_text("\n".join(rows), "utf-8")
    assert run(tmp_path, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00", user="ana").code == 0
    return tmp_path


def by_ana(force: Path, *words: str) -> Said:
    return run(force, *words, user="ana")


def test_a_flag_is_one_that_a_rule_can_raise_here(force: Path) -> None:
    for typed in ("F-ZZZZZ", "burglary", flag_code("north", "burglary", "no such rule")):
        said = by_ana(force, *ADD, "2026-W46", "--by-how-much", "12", "--flag", typed)
        assert (said.code, said.err) == (
            14,
            f'--flag: "{typed}" is the code of no flag: no rule gives it to any unit and indicator\n'
            "  Copy it from the pack or from: compstat flags  docs/messages.md#bad-flag\n",
        )
    code = flag_code("south", "burglary", "floor")  # of another unit: a specialist's action answers whose flag it is
    said = by_ana(force, *ADD, "2026-W46", "--by-how-much", "12", "--flag", code[2:].lower(), "--json")
    assert said.json["flag"] == code


def test_an_own_rules_flag_is_known(force: Path) -> None:
    (force / "queries").mkdir()
    (force / "queries" / "quiet.sql").write_text("-- what: too quiet\nselect 1", "utf-8")
    code = flag_code("north", "burglary", "quiet")
    assert by_ana(force, *ADD, "2026-W46", "--by-how-much", "12", "--flag", code).code == 0


def test_a_promise_is_held_against_the_figure_of_its_meeting(force: Path) -> None:
    """Four weeks up to W40 hold 47; up to W46 only 20."""
    too_much = by_ana(force, *ADD, "2026-W46", "--by-how-much", "48", "--at", "2026-11-19T10:00")
    assert too_much.code == 14
    assert "48 is more than there is: burglary of north is 47 over its last 4 returns" in too_much.err
    assert "Give at most 47.  docs/messages.md#beyond-the-figure" in too_much.err
    assert by_ana(force, *ADD, "2026-W46", "--by-how-much", "47", "--at", "2026-11-19T10:00").code == 0
    later = [word if word != "2026-W40" else "2026-W48" for word in ADD]  # no return yet: the newest there are
    said = by_ana(force, *later, "2026-W52", "--by-how-much", "21", "--at", "2026-12-03T10:00")
    assert "burglary of north is 20 over its last 4 returns" in said.err
    other = [word if word != "north" else "south" for word in ADD]  # a unit that never returned sets no bound
    assert by_ana(force, *other, "2026-W46", "--by-how-much", "999", "--at", "2026-11-19T10:00").code == 0


def test_an_action_is_raised_while_the_store_is_in_use(force: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compstat.store.PATIENCE_SECONDS", 0.2)
    with held_by_another(force / "compstat.duckdb"):
        said = by_ana(force, *ADD, "2026-W46", "--by-how-much", "999")
    assert (said.code, "was not held against the present figure" in said.err) == (0, True)


def test_an_action_shows_the_score_that_its_pack_prints(force: Path) -> None:
    assert by_ana(force, *ADD, "2026-W46", "--by-how-much", "12").code == 0
    shown = by_ana(force, "action", "show", "A-0001").out
    (line,) = [line for line in shown.splitlines() if line.startswith("  score")]
    said = by_ana(force, "action", "score", "--week", "2026-W46").out
    assert line == f"  score    {said.removeprefix('A-0001 ').strip()} (from the figures; not on record yet)"
    assert "promised 35, came 20" in line
    after = by_ana(force, "action", "show", "A-0001")
    assert "not on record" not in after.out
    fields = by_ana(force, "action", "show", "A-0001", "--json").json
    assert (fields["score"], fields["scored"]["score"], fields["scored"]["found"]) == ("met", "met", 20)
    before = by_ana(force, "action", "show", "A-0001", "--as-of", "2026-10-09", "--json").json
    assert (before["score"], before["scored"]) == (None, None)


def test_an_action_is_shown_where_the_workspace_cannot_be_read(force: Path) -> None:
    assert by_ana(force, *ADD, "2026-W46", "--by-how-much", "12").code == 0
    (force / "units.csv").unlink()
    said = by_ana(force, "action", "show", "A-0001")
    assert (said.code, "was not held against the figures" in said.err) == (0, True)
    assert "not scored" in said.out


def test_a_closing_rests_on_words_and_on_a_score(force: Path) -> None:
    assert by_ana(force, *ADD, "2026-W46", "--by-how-much", "12").code == 0
    silent = by_ana(force, "action", "verify", "A-0001")
    assert (silent.code, silent.err) == (
        14,
        "A-0001: cannot be verified without a word on what was seen in the figures\n"
        "  Give --note WORDS.  docs/messages.md#reason-wanted\n",
    )
    said = by_ana(force, "action", "verify", "A-0001", "--note", "Five a week since October")
    assert said.code == 0, said.err
    first, score = said.out.splitlines()
    assert first == "A-0001 verified and closed: Patrol the market"
    assert score.startswith("  score: met: from 47, promised 35, came 20; ")
    (row,) = by_ana(force, "action", "list", "--all", "--json").json
    assert (row["state"], row["score"]) == ("verified", "met")
    (*_, event) = by_ana(force, "action", "log", "--json").json
    assert (event["kind"], event["payload"]) == ("verified", {"score": "met"})
    assert "met; Five a week since October" in by_ana(force, "action", "log", "A-0001").out


@pytest.mark.parametrize("words", [("verify", "A-0001"), ("update", "A-0001", "--state", "verified")])
def test_before_the_review_week_a_closing_wants_a_reason(force: Path, words: tuple[str, ...]) -> None:
    assert by_ana(force, *ADD, "2026-W50", "--by-how-much", "12").code == 0
    refused = by_ana(force, "action", *words, "--note", "Seen")
    assert (refused.code, refused.err) == (
        14,
        "A-0001: its promise has no score yet (reviewed 2026-W50), and no reason says why it is closed\n"
        "  Wait for its figures, or say why: compstat action verify A-0001 --note WORDS --reason WORDS  "
        "docs/messages.md#no-score\n",
    )
    said = by_ana(force, "action", "verify", "A-0001", "--note", "Seen", "--reason", "The market has closed")
    assert said.out.endswith("  score: not scored yet; its review week is 2026-W50\n")
    assert "because: The market has closed; Seen" in by_ana(force, "action", "log", "A-0001").out


def test_without_a_measure_a_note_is_enough_and_the_missing_score_is_said(force: Path) -> None:
    words = [*ADD[:12], "--no-measure", "no returns from the market"]
    assert by_ana(force, *words).code == 0
    assert "  score    none: no measure\n" in by_ana(force, "action", "show", "A-0001").out
    said = by_ana(force, "action", "verify", "A-0001", "--note", "Seen on Friday")
    assert said.out.endswith("  score: none: no measure\n")


def test_whoever_owns_an_action_sees_it_and_works_on_it(force: Path) -> None:
    assert by_ana(force, *ADD, "2026-W46", "--by-how-much", "12").code == 0
    given = by_ana(force, "action", "reassign", "A-0001", "--to", "sol", "--reason", "Knows the market")
    assert given.code == 0
    listed = run(force, "action", "list", user="sol")
    assert "A-0001" in listed.out
    assert listed.err == "Actions of south and those you own; everybody's with --all\n"
    assert run(force, "action", "update", "A-0001", "--note", "Begun", "--state", "in_progress", user="sol").code == 0
    assert run(force, "action", "claim", "A-0001", "--note", "Quiet", user="sol").code == 0
    assert run(force, "action", "verify", "A-0001", "--note", "Quiet", user="sol").code == 13
    assert "A-0001" in run(force, "action", "list", user="nils").out  # whose unit it stays
