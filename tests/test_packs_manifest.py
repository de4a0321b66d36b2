"""File names that harm nothing, and a hash that changes with what the pack says."""

from __future__ import annotations

from dataclasses import replace

from briefing_example import HOSTILE, example
from hypothesis import given
from hypothesis import strategies as st

from compstat.packs.manifest import briefing_hash, file_names


def test_plain_names_stay_as_they_are() -> None:
    assert file_names(["harbour", "Old Town"]) == {"harbour": "harbour.pdf", "Old Town": "Old-Town.pdf"}


def test_hostile_names_become_safe_and_differ() -> None:
    names = file_names([*HOSTILE, "", "..", "CON", "com1", "a/b", "a\\b", "A b", "a b", "x\0y", ".hidden"])
    check(names)
    assert names["../x"] == "x.pdf"
    assert names["CON"].startswith("unit-CON")


@given(st.sets(st.text(max_size=150), max_size=8))
def test_names_are_unique_safe_and_short(units: set[str]) -> None:
    check(file_names(units))


@given(st.lists(st.sampled_from(["a b", "A-b", "a/b", "A B", "ab", "é", "E\u0301", "..", "con"]), unique=True))
def test_names_do_not_hang_on_the_order(units: list[str]) -> None:
    assert file_names(units) == file_names(reversed(units))


def check(names: dict[str, str]) -> None:
    folded = [name.casefold() for name in names.values()]
    assert len(set(folded)) == len(folded)
    for name in names.values():
        assert name.endswith(".pdf")
        assert len(name.encode()) <= 120
        assert not set(name) & set('/\\:*?"<>|\0\n\t ')
        assert not name.startswith((".", "-"))
        assert name.removesuffix(".pdf").casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


def test_the_hash_is_that_of_the_content() -> None:
    first, same = example(units=2), example(units=2)
    assert briefing_hash(first) == briefing_hash(same)
    other = replace(first, one_minute=("Something else.",))
    assert briefing_hash(other) != briefing_hash(first)
    assert briefing_hash(first) == briefing_hash(same)
