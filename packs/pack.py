"""A whole pack in a folder: written beside it first and swapped in at the end, so that it is never half written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from compstat.findings import CompstatError, Finding
from compstat.meeting.briefing import Briefing
from compstat.packs.briefing_pdf import write_briefing
from compstat.packs.manifest import MANIFEST, changed_files, file_names, manifest_of, write_manifest
from compstat.packs.unit_pdf import write_unit_copy

Progress = Callable[[int, int], None]


def write_pack(
    briefing: Briefing,
    folder: Path,
    progress: Progress | None = None,
    *,
    inputs: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write briefing.pdf, units/*.pdf and manifest.json; the paths, the briefing first.

    `progress` is told how many of how many files are done. `inputs` and `options` go into the manifest. Files
    that an earlier pack's folder holds besides its own (notes, a challenger's copy) are kept.
    Raises CompstatError when `folder` holds something that is not a pack.
    """
    _refuse_other(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.parent / f".{folder.name}.writing-{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        (beside / "units").mkdir(parents=True)
        names = file_names(report.unit.unit for report in briefing.units)
        files = _write_files(briefing, beside, names, progress)
        units = {unit: f"units/{name}" for unit, name in names.items()}
        write_manifest(manifest_of(briefing, beside, files, units, inputs or {}, options or {}), beside / MANIFEST)
        _keep_others(folder, beside)
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / path.relative_to(beside) for path in (*files, beside / MANIFEST)]


def verify_pack(folder: Path) -> tuple[Finding, ...]:
    """A finding for each file of the pack that is missing or not as it was written."""
    return tuple(
        Finding("pack-changed", name, "is missing or not as it was written", "Prepare the pack again.")
        for name in changed_files(folder)
    )


def _write_files(briefing: Briefing, folder: Path, names: Mapping[str, str], progress: Progress | None) -> list[Path]:
    files = [folder / "briefing.pdf"]
    total = 1 + len(briefing.units)
    write_briefing(briefing, files[0])
    if progress:
        progress(1, total)
    for report in briefing.units:
        files.append(folder / "units" / names[report.unit.unit])
        write_unit_copy(briefing, report, files[-1])
        if progress:
            progress(len(files), total)
    return files


def _refuse_other(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and ((folder / MANIFEST).is_file() or not any(folder.iterdir()))):
        return
    raise CompstatError(
        Finding(
            "not-a-pack",
            folder.name,
            "is there and is not a pack; wanted a folder with a manifest.json, or none",
            "Move it away, or choose another folder.",
        )
    )


def _keep_others(folder: Path, beside: Path) -> None:
    """Copy what the old pack's manifest does not name."""
    if not (folder / MANIFEST).is_file():
        return
    own = {MANIFEST, *_listed(folder)}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.as_posix() not in own and not (beside / name).exists():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, beside / name, follow_symlinks=False)


def _listed(folder: Path) -> set[str]:
    import json

    try:
        return set(json.loads((folder / MANIFEST).read_text("utf-8"))["files"])
    except (ValueError, KeyError, TypeError, OSError):  # a manifest nobody can read names nothing
        return set()


def _swap(beside: Path, folder: Path) -> None:
    """Put the new folder in the old one's place; the old one comes back when that fails."""
    old = folder.parent / f".{folder.name}.old-{os.getpid()}"
    if folder.exists():
        folder.rename(old)
    try:
        beside.rename(folder)
    except OSError:
        with suppress(OSError):
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
