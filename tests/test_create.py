"""New workspaces from presets and the sample force: sound, complete, and never over somebody's files."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from compstat.findings import UsageError, WorkspaceError
from compstat.rules.families import FAMILIES
from compstat.workspace import create, tables
from compstat.workspace.create import DEMO_MARKER, Preset, create_workspace, sample_force_into
from compstat.workspace.workspace import load_workspace


@pytest.mark.parametrize("preset", list(Preset))
def test_every_preset_is_a_sound_workspace(tmp_path: Path, preset: str) -> None:
    written = create_workspace(tmp_path / "new", preset)
    workspace = load_workspace(tmp_path / "new")
    assert {path.name for path in written} == {*create.TABLES, "README.md", ".gitignore"}
    assert bool(workspace.units) == (preset == "police")
    assert not (tmp_path / "new" / "returns").exists()


def test_the_blank_preset_has_headings_only_weeks_to_sunday_and_rules_for_anything(tmp_path: Path) -> None:
    create_workspace(tmp_path, "blank")
    workspace = load_workspace(tmp_path)
    for path in tmp_path.glob("*.csv"):
        assert len(path.read_text("utf-8").splitlines()) == 1
    assert workspace.calendar.week_ends_on == "sunday"
    assert len(workspace.cycles) == 1
    assert {rule.indicators for rule in workspace.rules.rule} == {("*",)}
    assert {rule.units for rule in workspace.rules.rule} == {("*",)}


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_asks_a_question_and_offers_support_in_every_family(tmp_path: Path, preset: str) -> None:
    create_workspace(tmp_path, preset)
    rules = load_workspace(tmp_path).rules.rule
    assert {rule.family for rule in rules} == set(FAMILIES)
    assert all(rule.question.endswith("?") and rule.support for rule in rules)


@pytest.mark.parametrize("preset", list(Preset))
def test_the_blank_tables_know_every_column(tmp_path: Path, preset: str) -> None:
    create_workspace(tmp_path, preset)
    models: dict[str, type[tables.Row]] = {
        "units.csv": tables.Unit,
        "indicators.csv": tables.Indicator,
        "targets.csv": tables.Target,
        "people.csv": tables.Person,
        "rebases.csv": tables.Rebase,
        "breaks.csv": tables.Break,
    }
    for name, model in models.items():
        headings = (tmp_path / name).read_text("utf-8").splitlines()[0].split(",")
        known = [column for column in model.model_fields if column != "line"]
        assert headings == known if preset == "blank" else set(headings) <= set(known)


def test_git_is_told_to_leave_stores_and_packs_alone(tmp_path: Path) -> None:
    create_workspace(tmp_path, "blank")
    ignored = (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    assert {"compstat.duckdb", "actions.sqlite", "packs/"} <= set(ignored)


def test_a_workspace_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "compstat.toml").write_text("mine", "utf-8")
    with pytest.raises(WorkspaceError) as refused:
        create_workspace(tmp_path, "police")
    assert [found.code for found in refused.value.findings] == ["workspace-exists"]
    assert [path.name for path in tmp_path.iterdir()] == ["compstat.toml"]


def test_tables_that_are_there_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("mine", "utf-8")
    (tmp_path / "rules.toml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(WorkspaceError) as refused:
        create_workspace(tmp_path, "blank")
    assert [(found.code, Path(found.where).name) for found in refused.value.findings] == [
        ("file-exists", "units.csv"),
        ("file-exists", "rules.toml"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules.toml", "units.csv"]
    assert not (tmp_path / "nowhere").exists()


def test_a_readme_and_a_gitignore_of_the_users_own_stay(tmp_path: Path) -> None:
    for name in ("README.md", ".gitignore"):
        (tmp_path / name).write_text("mine", "utf-8")
    written = create_workspace(tmp_path, "police")
    assert {(tmp_path / name).read_text("utf-8") for name in ("README.md", ".gitignore")} == {"mine"}
    assert {path.name for path in written} == set(create.TABLES)


def test_a_file_is_no_place_for_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "force").write_text("mine", "utf-8")
    for make in (lambda root: create_workspace(root, "blank"), sample_force_into):
        with pytest.raises(WorkspaceError) as refused:
            make(tmp_path / "force")
        assert [found.code for found in refused.value.findings] == ["not-a-folder"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "force").write_text("mine", "utf-8")
    with pytest.raises(WorkspaceError) as refused:
        create_workspace(tmp_path / "force" / "inside", "blank")
    assert [found.code for found in refused.value.findings] == ["cannot-write"]


@pytest.mark.parametrize("preset", ["../police", "polise", "", "__init__.py"])
def test_an_unknown_preset_is_refused(tmp_path: Path, preset: str) -> None:
    with pytest.raises(UsageError) as refused:
        create_workspace(tmp_path / "new", preset)
    assert refused.value.findings[0].code == "unknown-preset"
    assert not (tmp_path / "new").exists()


# The demonstration


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_sample_force_is_a_sound_workspace_with_everything_to_load(tmp_path: Path) -> None:
    force = sample_force_into(tmp_path / "demo")
    load_workspace(tmp_path / "demo")
    assert all(load.file.is_file() for load in force.loads)
    assert [load.recorded_at for load in force.loads] == sorted(load.recorded_at for load in force.loads)
    assert {load.file for load in force.loads} == set((tmp_path / "demo" / "returns").iterdir())
    assert force.actions.is_file()
    assert force.stories.is_file()
    assert set(force.written) == {path for path in (tmp_path / "demo").rglob("*") if path.is_file()}


def test_an_earlier_demo_is_made_afresh_and_other_files_in_it_stay(tmp_path: Path) -> None:
    sample_force_into(tmp_path)
    fresh = tree(tmp_path)
    (tmp_path / "units.csv").write_text("changed", "utf-8")
    (tmp_path / "compstat.duckdb").write_bytes(b"store")
    (tmp_path / "returns" / "old.csv").write_text("left over", "utf-8")
    (tmp_path / "packs" / "2026-W46").mkdir(parents=True)
    (tmp_path / "packs" / "2026-W46" / "briefing.pdf").write_bytes(b"pdf")
    (tmp_path / "my-notes.txt").write_text("mine", "utf-8")
    sample_force_into(tmp_path)
    assert tree(tmp_path) == {**fresh, "my-notes.txt": b"mine"}


def test_links_in_an_earlier_demo_are_taken_away_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.csv").write_text("mine", "utf-8")
    demo = tmp_path / "demo"
    sample_force_into(demo)
    (demo / "packs").symlink_to(outside)
    (demo / "units.csv").unlink()
    (demo / "units.csv").symlink_to(outside / "kept.csv")
    sample_force_into(demo)
    assert tree(outside) == {"kept.csv": b"mine"}
    assert not (demo / "packs").exists()
    assert not (demo / "units.csv").is_symlink()


@pytest.mark.parametrize("there", ["notes.txt", "compstat.toml", DEMO_MARKER])
def test_any_other_folder_is_refused(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine", "utf-8")
    with pytest.raises(WorkspaceError) as refused:
        sample_force_into(tmp_path)
    assert [found.code for found in refused.value.findings] == ["folder-not-empty"]
    assert tree(tmp_path) == {there: b"mine"}


def test_the_wheel_carries_every_file_that_create_copies() -> None:
    project = Path(__file__).parent.parent
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert "compstat.sample_data" in settings["packages"]
    endings = {glob.removeprefix("**/*") for glob in settings["package-data"]["compstat.sample_data"]}
    presets = [path for name in Preset for path in (project / "sample_data" / name).rglob("*") if path.is_file()]
    assert len(presets) > 20
    assert {path.suffix for path in presets} <= endings


# The command


def compstat(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "compstat.cli.main", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_init_prints_the_files_and_the_next_command_and_refuses_a_second_time(tmp_path: Path) -> None:
    first = compstat("init", "my force", "--preset", "police", cwd=tmp_path)
    assert first.returncode == 0
    assert "my force/units.csv" in first.stdout.splitlines()
    assert "compstat -w 'my force' load" in first.stderr
    second = compstat("init", "my force", cwd=tmp_path)
    assert (second.returncode, second.stdout) == (10, "")
    assert "already holds a compstat.toml" in second.stderr


def test_init_of_an_unknown_preset_is_a_usage_error(tmp_path: Path) -> None:
    assert compstat("init", "new", "--preset", "army", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("preset", list(Preset))
def test_the_commented_feed_is_sound_once_the_marks_are_away(tmp_path: Path, preset: str) -> None:
    create_workspace(tmp_path, preset)
    path = tmp_path / "feeds.toml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line.removeprefix("# ") for line in lines[2:]).replace("\n#", "\n"), "utf-8")
    if preset == "blank":
        (tmp_path / "units.csv").write_text("unit,level\nNorth,\nSouth,\n", "utf-8")
        (tmp_path / "indicators.csv").write_text("indicator\nburglary\n", "utf-8")
    workspace = load_workspace(tmp_path)
    assert workspace.feed_problems == () and len(workspace.feeds.feed) == 1
