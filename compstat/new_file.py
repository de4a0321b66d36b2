"""A file that a command makes: whole or not at all, and never over one that is there unless asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compstat.findings import Finding, UsageError


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A name beside `path` to write to; it takes the name `path` when the block ends well, and goes when it does not.

    Raises UsageError where the file is there already (with `force` it is replaced as a whole), or where the
    folder cannot be written to.
    """
    if path.is_dir():
        raise UsageError(Finding("cannot-write", str(path), "is a folder", "Name a file in it."))
    if not force and (path.exists() or path.is_symlink()):
        fix = "Name another file, or replace it with --force."
        raise UsageError(Finding("file-exists", str(path), "is there already and is not overwritten", fix))
    part = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        fix = "Check the folder, who may write there, and whether the disk is full."
        raise UsageError(Finding("cannot-write", str(path), message, fix)) from None
    finally:
        part.unlink(missing_ok=True)
