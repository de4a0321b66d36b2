"""Returns as workbooks, archives and messages, for the tests of the readers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from email.message import EmailMessage

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = ("unit", "indicator", "week_ending", "value")
LAST_DAY = date(2026, 11, 15)
ROWS = (HEADINGS, ("North", "burglary", LAST_DAY, 12), ("South", "burglary", LAST_DAY, 3))
CSV = "unit,indicator,week_ending,value\nNorth,burglary,2026-11-15,12\nSouth,burglary,2026-11-15,3\n"
BOTH = {"North": 12.0, "South": 3.0}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


def workbook(
    rows: Sequence[Sequence[object]] = ROWS, change: Callable[[Worksheet], object] | None = None, title: str = "Returns"
) -> bytes:
    """A workbook with these rows in one sheet, which may be changed before it is saved."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(members: dict[str, bytes | str], *, packed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def rewritten(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The archive with the text of the members whose name ends so changed, as another program may have written it."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        members = {one: old.read(one) for one in old.namelist()}
    return archive({one: change(text.decode()) if one.endswith(name) else text for one, text in members.items()})


def with_result(data: bytes, result: str) -> bytes:
    """The workbook with this XML as the saved result of every formula: openpyxl itself saves none."""
    return rewritten(data, "sheet1.xml", lambda text: re.sub(r"<v\s*/>|<v></v>", result, text))


def mail(attachments: dict[str, bytes], words: str = "Please find our return.") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "north@example.org", "analysis@example.org", "Return"
    message.set_content(words)
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
