"""What a file is, by its contents, whatever its name says; and in words, where it is nothing that can be loaded."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from enum import Enum, auto

from compstat.findings import DataError, Finding
from compstat.load.formats.limits import MEGABYTE
from compstat.load.quoted import plain
from compstat.load.returns_file import ReturnsFile


class Kind(Enum):
    TEXT = auto()
    PARQUET = auto()
    WORKBOOK = auto()
    ZIP = auto()
    MAIL = auto()


SAVE_AS_CSV = "Save the sheet as XLSX or as CSV."
ASK = "Ask for the figures as XLSX or CSV."
SIGNATURES = (  # first bytes -> what such a file is, and what to do
    (b"%PDF", "a PDF", ASK),
    (b"\x89PNG", "a picture", ASK),
    (b"\xff\xd8\xff", "a picture", ASK),
    (b"GIF8", "a picture", ASK),
    (b"Rar!", "a RAR archive", "Pack it as zip, or load the files in it."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Pack it as zip, or load the files in it."),
    (b"BZh", "a bz2 file", "Unpack it."),
    (b"\xfd7zXZ", "an xz file", "Unpack it."),
)
IN_GZ = ((b"PK", "a workbook or zip archive inside gz"), (b"PAR1", "Parquet inside gz"), (b"\x1f\x8b", "gz inside gz"))
OLE = b"\xd0\xcf\x11\xe0"  # what Office wrote before 2007, and wraps encrypted workbooks in
OLE_STREAMS = (  # a stream that such a file has -> code, what the file is, what to do
    ("EncryptedPackage", "encrypted-file", "a workbook with a password", "Save it without the password."),
    ("Workbook", "not-csv", "an old Excel workbook (.xls)", "Open it in Excel and save it as XLSX."),
    ("Book", "not-csv", "an old Excel workbook (.xls)", "Open it in Excel and save it as XLSX."),
    ("__properties_version1.0", "not-csv", "an Outlook message (.msg)", "Save it as EML, or save its attachments."),
    ("WordDocument", "not-csv", "a Word document", ASK),
)
WEB_PAGE = (b"<!doctype html", b"<html")
CALLED_WORKBOOK = (".xlsx", ".xlsm")
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # control characters that no program writes into text
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MAIL_FIELD = rb"(?:[A-Za-z][A-Za-z0-9-]*: ?\S[^\n]*\n(?:[ \t][^\n]*\n)*)"
MAIL = re.compile(rb"\s*(?:From [^\n]*\n)?" + MAIL_FIELD + rb"{2,}", re.ASCII)
MAIL_SIGN = re.compile(rb"^(?:mime-version|received|message-id|return-path|from):", re.IGNORECASE | re.MULTILINE)


def kind_of(file: ReturnsFile) -> Kind:
    """The kind of a file. Raises DataError for one that cannot be loaded, saying what it is."""
    with file.path.open("rb") as opened:
        head = opened.read(MEGABYTE)
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith(b"PK"):
        return _kind_of_zip(file)
    if head.startswith(OLE):
        raise _ole(file)
    packed = head.startswith(b"\x1f\x8b")
    if packed:
        head = _unpacked_head(file)
        for start, words in IN_GZ:
            if head.startswith(start):
                raise _other(file, words, "Unpack it.")
    _refuse_other_kinds(file, head)
    return Kind.MAIL if not packed and is_mail(head) else Kind.TEXT


def is_mail(head: bytes) -> bool:
    """Whether a file begins with the fields of a message: RFC 5322, section 2.2."""
    fields = MAIL.match(head.replace(b"\r\n", b"\n"))
    return bool(fields and MAIL_SIGN.search(fields[0]))


def _unpacked_head(file: ReturnsFile) -> bytes:
    try:
        with gzip.open(file.path, "rb") as opened:
            return opened.read(MEGABYTE)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(file, "gz file", error) from None


def _refuse_other_kinds(file: ReturnsFile, head: bytes) -> None:
    for start, words, fix in SIGNATURES:
        if head.startswith(start):
            raise _other(file, words, fix)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith(WEB_PAGE):
        raise _other(file, "a web page", "Open it in a browser: it may be a page that asks to log in.")
    if file.name.lower().endswith(CALLED_WORKBOOK) and NO_TEXT.search(head) and not head.startswith(UTF_16):
        message = "is no XLSX file, whatever its name says: it does not begin as one does"
        fix = "Open it in a spreadsheet program and save it as XLSX, or ask for it again."
        raise DataError(Finding("not-csv", file.source, message, fix))
    if b"\x00" in head and not head.startswith(UTF_16):
        message = "is not a text file, whatever its name says"
        raise DataError(Finding("not-csv", file.source, message, SAVE_AS_CSV))


def _kind_of_zip(file: ReturnsFile) -> Kind:
    """A workbook is a zip archive too; so are the documents of other programs."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = archive.namelist()
    # the directory of a damaged archive can hold anything: sizes, offsets, letters
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, OverflowError) as error:
        raise damaged(file, "workbook or zip archive", error) from None
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            raise _other(file, "a binary workbook (.xlsb)", "Save it as XLSX.")
        if any(name.startswith(("word/", "ppt/")) for name in names):
            raise _other(file, "a document or a presentation", ASK)
        return Kind.WORKBOOK
    if "mimetype" in names and "content.xml" in names:
        raise _other(file, "an OpenDocument file (.ods)", "Save it as XLSX.")
    return Kind.ZIP


def _ole(file: ReturnsFile) -> DataError:
    """Names of streams stand in its directory in UTF-16, wherever in the file that is."""
    found: set[str] = set()
    with file.path.open("rb") as opened:
        before = b""
        while block := opened.read(MEGABYTE):
            found |= {name for name, *_ in OLE_STREAMS if name.encode("utf-16-le") + b"\x00\x00" in before + block}
            before = block[-64:]  # a name may lie across two blocks
    for name, code, words, fix in OLE_STREAMS:
        if name in found and code == "encrypted-file":
            return DataError(Finding("encrypted-file", file.source, f"is {words}", fix))
        if name in found:
            return _other(file, words, fix)
    return _other(file, "an old Office file", "Save it as XLSX.")


def _other(file: ReturnsFile, words: str, fix: str) -> DataError:
    return DataError(Finding("not-csv", file.source, f"is {words}, whatever its name says", fix))


def damaged(file: ReturnsFile, what: str, error: BaseException) -> DataError:
    """The refusal of a file that begins as it should and does not go on so."""
    words = plain((str(error) or type(error).__name__).splitlines()[0], 200)
    return DataError(Finding("damaged-file", file.source, f"is a damaged {what}: {words}", "Ask for it again."))
