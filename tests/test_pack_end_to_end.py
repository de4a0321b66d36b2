"""The main job through the real commands: the sample force, its pack, the same bytes again, a restatement undone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE_WEEK = "2026-W46"


def compstat(*words: str, user: str = "m.okafor", code: int = 0) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "compstat.cli.main", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "COMPSTAT_USER": user},
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


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
    root = tmp_path_factory.mktemp("sample") / "force"
    done = compstat("demo", str(root))
    assert done.stdout.strip() == str(root / "packs" / SAMPLE_WEEK / "briefing.pdf")
    return root


def test_the_demo_says_where_the_pack_is_and_nothing_strange(force: Path) -> None:
    assert (force / "packs" / SAMPLE_WEEK / "briefing.pdf").stat().st_size > 50_000
    assert len(list((force / "packs" / SAMPLE_WEEK / "units").glob("*.pdf"))) == 12
    done = compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK, "--draft")
    assert "nanobind" not in done.stderr and "findfont" not in done.stderr and "Warning" not in done.stderr


def test_two_processes_and_two_folders_give_the_same_bytes(force: Path, tmp_path: Path) -> None:
    compstat("demo", str(tmp_path / "other"))
    first, second = (hashes(root / "packs" / SAMPLE_WEEK) for root in (force, tmp_path / "other"))
    assert first == second


def test_after_a_restatement_the_moment_before_gives_the_first_bytes_again(force: Path, tmp_path: Path) -> None:
    pack = force / "packs" / SAMPLE_WEEK
    first = hashes(pack)
    restated = tmp_path / "restated.csv"
    restated.write_text("unit,indicator,week_ending,value\nharbour,burglary,2026-11-08,20\n")
    compstat("-w", str(force), "load", str(restated), "--recorded-at", "2026-11-17T09:00")
    compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK, "--draft")
    assert hashes(pack) != first
    compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK, "--draft", "--as-of", "2026-11-17T08:59")
    assert hashes(pack) == first
    compstat("-w", str(force), "verify", str(pack))


def test_a_pack_is_a_draft_until_signed_off_and_reopened_by_a_restatement(force: Path, tmp_path: Path) -> None:
    compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK, code=1)
    compstat("-w", str(force), "sign-off", "--week", SAMPLE_WEEK, user="t.marlowe", code=13)
    compstat("-w", str(force), "sign-off", "--week", SAMPLE_WEEK, "--at", "2026-11-18T10:00")
    compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK)
    later = tmp_path / "later.csv"
    later.write_text("unit,indicator,week_ending,value\nharbour,robbery,2026-11-08,9\n")
    compstat("-w", str(force), "load", str(later), "--recorded-at", "2026-11-19T09:00")
    compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK, code=1)


def test_a_changed_page_is_found_by_verify(force: Path) -> None:
    compstat("-w", str(force), "prepare", "--week", SAMPLE_WEEK, "--draft", "--as-of", "2026-11-17T08:00")
    pack = force / "packs" / SAMPLE_WEEK
    (pack / "briefing.pdf").write_bytes((pack / "briefing.pdf").read_bytes() + b"\n")
    done = compstat("-w", str(force), "verify", str(pack), code=1)
    assert "briefing.pdf" in done.stdout


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
    compstat("-w", str(root), "load", str(root / "in.csv"))
    compstat("-w", str(root), "prepare", "--draft")
    shown = compstat("-w", str(root), "show", "indicator", "=cmd").stdout
    assert "\u202e" not in shown and "\\u202e" in shown
    pack = next((root / "packs").iterdir())
    assert {path.parent for path in pack.rglob("*.pdf")} == {pack, pack / "units"}
    assert len(list((pack / "units").iterdir())) == len(HOSTILE)
    assert not (tmp_path / "x").exists() and not (tmp_path / "x.pdf").exists()

    from pypdf import PdfReader

    words = "".join(page.extract_text() for page in PdfReader(pack / "briefing.pdf").pages)
    assert "<b>A&B</b>" in words
