"""What a person gets from `pip install`: the wheel, built once, holds all of the tree and nothing besides."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MAPPED = ("cli", "packs", "queries", "sample_data")
IGNORED = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "build", "dist", "demo", "tests", "benchmarks")
DATA = {".sql", ".csv", ".toml", ".md"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from a copy without the links, as in a clone that cannot hold them."""
    tree = tmp_path_factory.mktemp("tree") / "compstat"
    shutil.copytree(ROOT, tree, ignore=IGNORED, symlinks=True)
    for name in MAPPED:
        (tree / "compstat" / name).unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tree / "out"),
        str(tree),
    ]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tree.parent,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Warning" not in run.stdout + run.stderr
    (built,) = (tree / "out").glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_only_compstat_is_at_the_top(wheel: set[str]) -> None:
    tops = {PurePosixPath(name).parts[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"compstat"}


def test_every_module_and_data_file_is_in_the_wheel(wheel: set[str]) -> None:
    wanted = {_installed(path) for path in _sources()}
    assert wanted - wheel == set(), "add them to packages or package-data of pyproject.toml"


def test_the_wheel_holds_nothing_that_is_not_in_the_tree(wheel: set[str]) -> None:
    inside = {name for name in wheel if name.startswith("compstat/")}
    assert inside - {_installed(path) for path in _sources()} == set()


def test_every_folder_with_an_init_is_listed() -> None:
    folders = {
        ".".join(PurePosixPath(_installed(path)).parent.parts) for path in _sources() if path.name == "__init__.py"
    }
    assert folders == set(PROJECT["tool"]["setuptools"]["packages"])


def test_the_command_and_licence_are_declared(wheel: set[str]) -> None:
    assert PROJECT["project"]["scripts"] == {"compstat": "compstat.cli.main:main"}
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def test_the_links_for_type_checkers_point_into_the_tree() -> None:
    for name in MAPPED:
        link = ROOT / "compstat" / name
        if not link.is_symlink():
            pytest.skip("this clone holds no links; only type checking needs them")
        assert link.readlink() == Path("..") / name


def test_the_versions_agree() -> None:
    from compstat import __version__

    assert __version__ == PROJECT["project"]["version"]


def test_the_lock_holds_every_dependency_and_names_no_host() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    locked = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    assert all("==" in line and "/" not in line and "@" not in line for line in lines)
    groups = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *groups["database"], *groups["test"], *groups["check"]]
    names = {words.partition(">=")[0].partition("[")[0] for words in wanted}
    assert names - locked == {"compstat"}  # groups that hold another


def _sources() -> list[Path]:
    """Modules of packages, and data files of the folders that carry data."""
    modules = [path for folder in ("compstat", *MAPPED) for path in (ROOT / folder).rglob("*.py")]
    data = [path for folder in ("cli", "queries", "sample_data") for path in (ROOT / folder).rglob("*.*")]
    files = {
        *(path for path in modules if (path.parent / "__init__.py").exists()),
        *(path for path in data if path.suffix in DATA),
    }
    return sorted(path for path in files if not _behind_a_link(path))


def _behind_a_link(path: Path) -> bool:
    return any(parent.is_symlink() for parent in path.parents if parent.is_relative_to(ROOT))


def _installed(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if name.startswith("compstat/") else f"compstat/{name}"
