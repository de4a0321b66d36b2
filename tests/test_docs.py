"""The generated documents: up to date, complete, and their examples are what the program says."""

from __future__ import annotations

import dataclasses
import importlib
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

from compstat.rules.flag import Flag
from compstat.tracker.action import Action

DOCS = Path(__file__).parent.parent / "docs"
sys.path.insert(0, str(DOCS))
messages: ModuleType = importlib.import_module("make_messages")
codes: ModuleType = importlib.import_module("message_codes")
workspace: ModuleType = importlib.import_module("make_workspace")
generated: ModuleType = importlib.import_module("generated")


def as_locked(*names: str) -> bool:
    """Whether these packages are those of requirements.lock."""
    locked = (DOCS.parent / "requirements.lock").read_text("utf-8").split()
    return all(f"{name}=={version(name)}" in locked for name in names)


@pytest.mark.slow  # `make check` runs every case too, when it holds docs/messages.md against what the program says
def test_a_documented_message_is_what_the_program_says() -> None:
    wrong = []
    for code in messages.entries():
        try:
            assert f"docs/messages.md#{code}" in messages.shown(code)
        except LookupError as error:
            wrong.append(str(error))
    assert wrong == []


def test_every_message_of_the_source_is_documented() -> None:
    unknown = {
        f"{place}: {pattern}"
        for pattern, place in codes.codes_in_source().items()
        if not any(re.fullmatch(pattern, entry) for entry in messages.entries())
    }
    assert unknown == set(), "add these codes to docs/messages.toml"


def test_every_documented_message_is_in_the_source() -> None:
    patterns = codes.codes_in_source()
    unused = {entry for entry in messages.entries() if not any(re.fullmatch(pattern, entry) for pattern in patterns)}
    assert unused == set(), "take these codes out of docs/messages.toml"


def test_a_message_has_a_meaning_a_fix_and_one_case() -> None:
    wrong = {
        name
        for name, entry in messages.entries().items()
        if not {"means", "fix"} <= set(entry)
        or ("example" in entry) == bool({"files", "bytes", "without", "run"} & set(entry))
    }
    assert wrong == set()


def test_codes_are_read_through_f_strings_choices_and_functions_that_pass_them_on() -> None:
    source = """
def refuse(self, where, code):
    return Finding(code, where, "no")

def check(what, late):
    yield Finding(f"unknown-{what}", "", "")
    yield findings.Finding("late" if late else "early", "", "")
    yield self.refuse("a.csv", "double")
    yield self.refuse("a.csv", code="single")
"""
    found = {pattern for pattern, _ in codes.codes_of(source)}
    assert found == {"unknown\\-[a-z-]+", "late", "early", "double", "single"}


def test_a_code_that_a_query_gives_is_a_key_of_the_words_beside_it() -> None:
    source = """
def periods(rows):
    fixes = {"late": "a", "early": "b"}
    other = {"nothing": "c"}
    for line, code in rows:
        yield Finding(code, line, "no", fixes[code])
"""
    assert {pattern for pattern, _ in codes.codes_of(source)} == {"late", "early"}


def test_a_code_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(LookupError, match="as text"):
        list(codes.codes_of("Finding(choose(), '', '')"))


def test_every_setting_has_words_and_no_words_are_left_over() -> None:
    import tomllib

    words = tomllib.loads((DOCS / "workspace.toml").read_text("utf-8"))
    wanted = {name: {field for field, _ in workspace._fields(model)} for name, model in workspace.models()}
    assert {name: set(fields) for name, fields in words["fields"].items()} == wanted


# messages: every case is run by the test of the documented messages below, and by `make check`
@pytest.mark.skipif(not as_locked("typer", "pydantic"), reason="help and bounds are worded by other versions here")
@pytest.mark.parametrize("script", ["make_workspace", "make_cli"])
def test_a_generated_page_is_up_to_date(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(script)
    page = {"make_workspace": "workspace_page", "make_cli": "command_page"}
    monkeypatch.setattr(sys, "argv", [script, "--check"])
    assert generated.publish(f"{script[5:]}.md", f"{script}.py", getattr(module, page[script])) == 0


def test_check_notices_a_stale_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "DOCS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make"])
    assert generated.publish("page.md", "make_page.py", lambda: "one") == 0
    monkeypatch.setattr(sys, "argv", ["make", "--check"])
    assert generated.publish("page.md", "make_page.py", lambda: "one") == 0
    assert generated.publish("page.md", "make_page.py", lambda: "two") == 1


def test_every_command_shows_an_example() -> None:
    helps = dict(importlib.import_module("make_cli").helps())
    groups = {words for words in helps if any(other.startswith(f"{words} ") for other in helps)}
    without = [
        words for words, text in helps.items() if words not in groups and words not in re.sub(r"^ *Usage:.*", "", text)
    ]
    assert without == [], "these commands show no example with --help"


@pytest.mark.parametrize(("heading", "kind"), [("A flag", Flag), ("An action", Action)])
def test_the_fields_of_json_are_documented(heading: str, kind: type) -> None:
    section = (DOCS / "json.md").read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.M)) == {f.name for f in dataclasses.fields(kind)}


def test_links_between_documents_lead_somewhere() -> None:
    pages = [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
    broken = [f"{page.name}: {link}" for page in pages for link in _broken(page)]
    assert broken == []


def _broken(page: Path) -> Iterator[str]:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield link


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
