"""What is in an archive or a message: each member copied to a file of its own, with a name of ours."""

from __future__ import annotations

import errno
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_binary_file, policy
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    MultipartInvariantViolationDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import EmailMessage, Message
from pathlib import Path

from compstat.findings import DataError, Finding
from compstat.load.formats.kind import damaged
from compstat.load.formats.limits import MEGABYTE, MOST_MAIL, check_archive
from compstat.load.returns_file import ReturnsFile

CUT_OFF = (  # what the parser notes of a message that lost its end, or letters in between
    CloseBoundaryNotFoundDefect,
    StartBoundaryNotFoundDefect,
    MultipartInvariantViolationDefect,
    InvalidBase64PaddingDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
)
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was in another: what it is called there, and where its bytes lie now."""

    name: str
    path: Path


def zip_members(file: ReturnsFile, into: Path) -> Iterator[Member]:
    """The files in a zip archive. Raises DataError when it is damaged, over a limit, or has a password."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            if not all(one.filename for one in archive.infolist()):
                raise zipfile.BadZipFile("a member without a name")
            inside = [one for one in archive.infolist() if not one.is_dir()]
            check_archive(file.source, [(one.file_size, one.compress_size) for one in inside])
            if any(one.flag_bits & 1 for one in inside):
                fix = "Pack it without a password."
                raise DataError(Finding("encrypted-file", file.source, "is a zip archive with a password", fix))
            for number, one in enumerate(inside):
                path = into / f"{number:04d}"  # never the name in the archive: it can lead anywhere
                with archive.open(one) as packed, path.open("wb") as out:
                    while block := packed.read(MEGABYTE):
                        out.write(block)
                yield Member(one.filename, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OverflowError, OSError) as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise _no_room(file, error) from None
        raise damaged(file, "zip archive", error) from None


def mail_members(file: ReturnsFile, into: Path) -> Iterator[Member]:
    """The attachments of a message, those of forwarded messages included. Raises DataError when it is cut off."""
    if file.path.stat().st_size > MOST_MAIL:
        message = f"is a message of more than {MOST_MAIL // MEGABYTE} MB"
        fix = "Save its attachments, and load the returns one by one."
        raise DataError(Finding("archive-too-large", file.source, message, fix))
    for number, part in enumerate(_attachments(file)):
        path = into / f"{number:04d}"
        payload = part.get_payload(decode=True)
        try:
            path.write_bytes(payload if isinstance(payload, bytes) else b"")
        except OSError as error:
            raise _no_room(file, error) from None
        _refuse_cut_off(file, part)  # some is noted only when it is decoded
        yield Member(part.get_filename("without a name"), path)


def _attachments(file: ReturnsFile) -> list[Message]:
    """The parts of a message that are files. Its own text is none."""
    try:
        with file.path.open("rb") as opened:
            message: EmailMessage = message_from_binary_file(opened, policy=policy.default)
        parts = list(message.walk())
        for part in parts:
            _refuse_cut_off(file, part)
        return [part for part in parts if not part.is_multipart() and part.get_filename()]
    except DataError:
        raise
    except Exception as error:  # headers of a damaged message end the parser in many ways
        raise damaged(file, "message", error) from None


def _refuse_cut_off(file: ReturnsFile, part: Message) -> None:
    for defect in part.defects:
        if isinstance(defect, CUT_OFF):
            raise damaged(file, "message", defect)


def _no_room(file: ReturnsFile, error: OSError) -> DataError:
    message = f"cannot be unpacked: {error.strerror or error}"
    return DataError(
        Finding("cannot-write", file.source, message, "Make room for temporary files; nothing was loaded.")
    )
