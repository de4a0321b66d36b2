"""The files of a folder that are there to be loaded."""

from __future__ import annotations

from pathlib import Path

REASONS = ".refused.txt"  # the inbox's own words about a file
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")  # what mail programs and copies call a file on its way
OWN_NAMES = (".", "~$")  # hidden files, and those a spreadsheet keeps beside an open workbook


def files_in(folder: Path) -> list[Path]:
    """What lies in a folder, by name: its own folders, our notes and files that are not finished left out."""
    return sorted((path for path in folder.iterdir() if _is_meant(path)), key=lambda path: path.name)


def is_folder(path: Path) -> bool:
    """Whether a folder of this name is there; a name that no file system takes is that of none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_meant(path: Path) -> bool:
    ours = path.name.endswith(REASONS) or path.name.startswith(OWN_NAMES) or path.suffix.lower() in UNFINISHED
    return not ours and (path.is_symlink() or not path.is_dir())
