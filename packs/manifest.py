"""What a pack is made of: safe file names for units, the hash that every page carries, and the list of files."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from compstat.findings import Finding, UsageError
from compstat.meeting.briefing import Briefing

MANIFEST: Final = "manifest.json"
NAME_BYTES: Final = 80  # well below the 255 bytes a file name may have, with a folder's path before it
# names Windows keeps for devices, whatever their ending
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})


def file_names(units: Iterable[str]) -> dict[str, str]:
    """A file name `….pdf` for each unit: unique whatever the case, without path parts, the same in any order.

    A unit whose name had to be cut, or meets another's, gets some letters of its hash.
    """
    codes = sorted(set(units))
    plain = {unit: _plain(unit) for unit in codes}
    digits = 0
    clashing = {unit for unit in codes if _is_cut(unit, plain[unit])}
    while True:
        names = {
            unit: f"{plain[unit]}-{_digest(unit)[: 6 + digits]}" if unit in clashing else plain[unit] for unit in codes
        }
        taken = Counter(name.casefold() for name in names.values())
        more = {unit for unit in codes if taken[names[unit].casefold()] > 1}
        if not more:
            return {unit: f"{name}.pdf" for unit, name in names.items()}
        digits += 2 if more <= clashing else 0
        clashing |= more


def _plain(unit: str) -> str:
    """Letters and digits of any script, every run of other characters as one hyphen, cut to a length in bytes."""
    composed = unicodedata.normalize("NFC", unit)
    name = re.sub(r"[^\w]+", "-", composed).strip("-_")
    while len(name.encode()) > NAME_BYTES:
        name = name[:-1]
    name = name.rstrip("-_")
    return f"unit-{name}" if name.casefold() in _DEVICES or not name else name


def _is_cut(unit: str, name: str) -> bool:
    return len(unit.encode()) > NAME_BYTES or (name.startswith("unit-") and not unit.startswith("unit-"))


def _digest(unit: str) -> str:
    return hashlib.sha256(unit.encode("utf-8", "surrogatepass")).hexdigest()


def briefing_hash(briefing: Briefing) -> str:
    """Hash of everything the pack says, as 64 hex digits; the first eight are printed on every page."""
    if _latest is None or _latest[0] is not briefing:  # every file of a pack asks for it
        _remember(briefing, hashlib.sha256(f"compstat {_version('compstat')}\n{_words(briefing)}".encode()))
    assert _latest is not None
    return _latest[1]


_latest: tuple[Briefing, str] | None = None


def _remember(briefing: Briefing, digest: Any) -> None:
    global _latest  # noqa: PLW0603 - one slot, by identity: a briefing never changes
    _latest = (briefing, digest.hexdigest())


def _words(value: Any, indent: int | None = None) -> str:
    """The value as JSON text, the same for equal values."""
    return json.dumps(value, default=_plain_value, sort_keys=True, ensure_ascii=indent is None, indent=indent)


def _plain_value(value: Any) -> Any:
    """What JSON has no word for, one level down."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _days(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return value.item() if hasattr(value, "item") else str(value)  # a numpy number; a date, a path


def _days(value: Any) -> Any:
    """A series of days as numbers: the charts of a large force hold half a million of them."""
    if type(value) is tuple and value and type(value[0]) is date:
        return [day.toordinal() for day in value]
    return value


def manifest_of(
    briefing: Briefing,
    folder: Path,
    files: Iterable[Path],
    units: Mapping[str, str],
    inputs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest of the files in `folder`: no clock time and no path but those inside the pack."""
    return {
        "pack": briefing_hash(briefing),
        "cycle": briefing.cycle.cycle,
        "week": briefing.week,
        "known_at": briefing.known_at.isoformat(),
        "acted_at": briefing.acted_at.isoformat() if briefing.acted_at else None,
        "draft": briefing.draft,
        "options": {"paper": briefing.pack.paper, "percent_from": briefing.pack.percent_from, **options},
        "inputs": dict(inputs),
        "rules": briefing.rules_version,
        "versions": {name: _version(name) for name in ("compstat", "reportlab", "matplotlib")},
        "units": dict(sorted(units.items())),
        "files": {
            path.relative_to(folder).as_posix(): {"sha256": file_hash(path), "bytes": path.stat().st_size}
            for path in sorted(files)
        },
    }


def write_manifest(manifest: Mapping[str, Any], path: Path) -> None:
    """Write the manifest with sorted keys, so that equal packs have equal manifests."""
    path.write_text(_words(manifest, indent=2) + "\n", "utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the pack in a folder. Raises UsageError when there is none."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        message = f"{folder} is no pack: it holds no {MANIFEST} that can be read"
        raise UsageError(Finding("no-pack", "", message, "Prepare one: compstat prepare --week W")) from None
    return found


def changed_files(folder: Path) -> tuple[str, ...]:
    """Files of the pack that are not as its manifest says: missing, or with other bytes."""
    manifest = read_manifest(folder)
    return tuple(
        name
        for name, said in manifest["files"].items()
        if not (folder / name).is_file() or file_hash(folder / name) != said["sha256"]
    )


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
