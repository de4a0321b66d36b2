"""The main job through the real commands: the sample force, its pack, the same bytes again, a restatement undone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from command_example import Said, run
from pypdf import PdfReader
from sample_force_example import SAMPLE_WEEK, demo_copied_into, demo_into

PACK = f"packs/{SAMPLE_WEEK}"
PEOPLE = "person,name,role,unit\nm.okafor,Mina Okafor,analyst,\nt.marlowe,Tom Marlowe,commander,harbour\n"
TABLES = {
    "compstat.toml": "",
    "units.csv": "unit,name,level,commander\n"
    "harbour,Harbour,precinct,t.marlowe\neastgate,Eastgate,precinct,\nmillfield,Millfield,precinct,\n",
    "indicators.csv": "indicator,name,better,owner\nburglary,Burglary,lower,m.okafor\nrobbery,Robbery,lower,m.okafor\n",
    "people.csv": PEOPLE,
}


def compstat(root: Path, *words: str, user: str = "m.okafor", code: int = 0) -> Said:
    """A command in this process, in the workspace's folder."""
    said = run(root, *words, user=user)
    assert said.code == code, said.out + said.err
    return said


def hashes(folder: Path) -> dict[str, str]:
    """Every file of a pack and its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample force, made by the demo."""
    return demo_copied_into(tmp_path_factory.mktemp("sample") / "force", tmp_path_factory)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Three units and two indicators, their returns of 46 weeks loaded."""
    root = tmp_path / "small"
    root.mkdir()
    for name, text in TABLES.items():
        (root / name).write_text(text, "utf-8")
    rows = [
        f"{unit},{indicator},2026-W{week:02d},{level + (week * step + place) % 5}\n"
        for place, unit in enumerate(("harbour", "eastgate", "millfield"))
        for indicator, level, step in (("burglary", 12, 3), ("robbery", 5, 2))
        for week in range(1, 47)
    ]
    (root / "returns.csv").write_text("unit,indicator,week,value\n" + "".join(rows), "utf-8")
    compstat(root, "load", "returns.csv", "--recorded-at", "2026-11-16T18:00")
    return root


def restate(root: Path, indicator: str, value: int, at: str) -> None:
    """Another figure for Harbour in the week of 2026-11-02 to 08."""
    row = f"harbour,{indicator},2026-11-08,{value}\n"
    (root / "restated.csv").write_text("unit,indicator,week_ending,value\n" + row, "utf-8")
    compstat(root, "load", "restated.csv", "--recorded-at", at)


def is_draft(root: Path) -> bool:
    """Whether the pack says so, on its first page as in its manifest."""
    words = PdfReader(root / PACK / "briefing.pdf").pages[0].extract_text()
    draft: bool = json.loads((root / PACK / "manifest.json").read_text("utf-8"))["draft"]
    assert ("DRAFT" in words) is draft
    return draft


def test_two_processes_and_two_folders_give_the_same_bytes(force: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    done = demo_into(other)
    assert done.stdout.strip() == str(other / PACK / "briefing.pdf")
    assert "nanobind" not in done.stderr and "findfont" not in done.stderr and "Warning" not in done.stderr
    assert (other / PACK / "briefing.pdf").stat().st_size > 50_000
    assert len(list((other / PACK / "units").glob("*.pdf"))) == 12
    assert hashes(other / PACK) == hashes(force / PACK)


def test_after_a_restatement_the_moment_before_gives_the_first_bytes_again(force: Path) -> None:
    first = hashes(force / PACK)
    restate(force, "burglary", 20, "2026-11-17T09:00")
    compstat(force, "prepare", "--week", SAMPLE_WEEK, "--draft")
    assert hashes(force / PACK) != first
    compstat(force, "prepare", "--week", SAMPLE_WEEK, "--draft", "--as-of", "2026-11-17T08:59")
    assert hashes(force / PACK) == first


def test_a_pack_is_a_draft_until_signed_off_and_reopened_by_a_restatement(small: Path) -> None:
    compstat(small, "prepare", "--week", SAMPLE_WEEK, code=1)
    assert is_draft(small)
    compstat(small, "sign-off", "--week", SAMPLE_WEEK, user="t.marlowe", code=13)
    compstat(small, "sign-off", "--week", SAMPLE_WEEK, "--at", "2026-11-18T10:00")
    compstat(small, "prepare", "--week", SAMPLE_WEEK)
    assert not is_draft(small)
    restate(small, "robbery", 9, "2026-11-19T09:00")
    compstat(small, "prepare", "--week", SAMPLE_WEEK, code=1)
    assert is_draft(small)


def test_a_changed_page_is_found_by_verify(small: Path) -> None:
    restate(small, "burglary", 20, "2026-11-17T09:00")
    compstat(small, "prepare", "--week", SAMPLE_WEEK, "--draft", "--as-of", "2026-11-17T08:59")
    compstat(small, "verify", PACK)
    briefing = small / PACK / "briefing.pdf"
    briefing.write_bytes(briefing.read_bytes() + b"\n")
    assert "briefing.pdf" in compstat(small, "verify", PACK, code=1).out


HOSTILE = ("../x", "<b>A&B</b>", "=1+1", "n" * 300, "\u202egnisrever", "$(rm -rf .)")


def test_hostile_names_harm_nothing(tmp_path: Path) -> None:
    """Names are data: in the file system, on the page, on the terminal and in a spreadsheet."""
    root = tmp_path / "work"
    root.mkdir()
    (root / "compstat.toml").write_text('[organisation]\nname = "<i>Us</i> & them"\n')
    (root / "units.csv").write_text("unit,name\n" + "".join(f'"{name}","{name}"\n' for name in HOSTILE))
    (root / "indicators.csv").write_text("indicator,name,better\n=cmd,<para>x</para>,lower\n")
    rows = [
        f'"{name}",=cmd,2026-{month:02d}-{day:02d},{5 + (day * month) % 4}\n'
        for name in HOSTILE
        for month, day in ((9, 6), (9, 13), (9, 20), (9, 27), (10, 4))
    ]
    (root / "in.csv").write_text("unit,indicator,week_ending,value\n" + "".join(rows))
    compstat(root, "load", "in.csv")
    compstat(root, "prepare", "--draft")
    shown = compstat(root, "show", "indicator", "=cmd").out
    assert "\u202e" not in shown and "\\u202e" in shown
    pack = next((root / "packs").iterdir())
    assert {path.parent for path in pack.rglob("*.pdf")} == {pack, pack / "units"}
    assert len(list((pack / "units").iterdir())) == len(HOSTILE)
    assert not (tmp_path / "x").exists() and not (tmp_path / "x.pdf").exists()

    words = "".join(page.extract_text() for page in PdfReader(pack / "briefing.pdf").pages)
    assert "<b>A&B</b>" in words
