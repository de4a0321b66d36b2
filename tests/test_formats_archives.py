"""Zip archives and messages: each return in them is a file of its own, and nothing is passed over in silence."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from formats_example import BOTH, CSV, PNG, archive, mail, workbook
from workspace_example import burglaries, contents, load, make_workspace, returns, select

from compstat.findings import DataError
from compstat.load.formats import limits
from compstat.workspace.workspace import Workspace

NORTH = CSV.replace("South,burglary,2026-11-15,3\n", "").encode()
SOUTH = CSV.replace("North,burglary,2026-11-15,12\n", "").encode()


@pytest.fixture
def force(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def refused(force: Workspace, data: bytes, name: str = "returns.zip") -> tuple[str, str, str]:
    with pytest.raises(DataError) as caught:
        load(force, returns(force, data, name))
    assert contents(force) == []
    found = caught.value.findings[0]
    return found.code, found.where, found.message


@pytest.mark.parametrize("name", ["returns.zip", "returns.csv"])
def test_each_return_of_a_zip_is_a_file_of_its_own(force: Workspace, name: str) -> None:
    data = archive({"week/North.csv": NORTH, "week/South.csv.gz": gzip.compress(SOUTH), "read me.txt": "Hello\n"})
    loaded = load(force, returns(force, data, name))
    assert [(one.source, one.batch) for one in loaded] == [
        (f"{name}/week/North.csv", "B-0001"),
        (f"{name}/week/South.csv.gz", "B-0002"),
    ]
    assert loaded[0].notes == ('"read me.txt" was passed over: no return',)
    assert burglaries(force) == BOTH
    assert select(force, "select source from batch order by 1") == [(one.source,) for one in loaded]


def test_returns_come_by_mail(force: Workspace) -> None:
    data = mail({"returns.xlsx": workbook(), "logo.png": PNG, "signature.txt": b"North\n+44 20"})
    (loaded,) = load(force, returns(force, data, "mail.eml"))
    assert loaded.source == "mail.eml/returns.xlsx"
    assert loaded.notes == (
        '"logo.png" was passed over: no return',
        '"signature.txt" was passed over: no return',
    )
    assert burglaries(force) == BOTH


def test_the_same_attachment_in_another_mail_is_known_again(force: Workspace) -> None:
    load(force, returns(force, mail({"a.csv": NORTH}), "one.eml"))
    (loaded,) = load(force, returns(force, mail({"b.csv": NORTH}, "Again"), "two.eml"))
    assert loaded.already == "B-0001"


def test_a_mail_may_hold_a_zip_and_a_forwarded_mail(force: Workspace) -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "a@example.org", "Fwd"
    outer.set_content("See below")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "b@example.org", "Return"
    inner.set_content("Here")
    inner.add_attachment(archive({"N.csv": NORTH}), maintype="application", subtype="zip", filename="N.zip")
    outer.add_attachment(inner)
    outer.add_attachment(SOUTH.decode(), subtype="csv", filename="S.csv")
    loaded = load(force, returns(force, outer.as_bytes(), "mail.eml"))
    assert [one.source for one in loaded] == ["mail.eml/N.zip/N.csv", "mail.eml/S.csv"]
    assert burglaries(force) == BOTH


@pytest.mark.parametrize(
    "wrap", [lambda data: archive({"x.zip": data}), lambda data: mail({"x.zip": archive({"y.zip": data})})]
)
def test_deeper_ones_are_refused(force: Workspace, wrap: object) -> None:
    assert callable(wrap)
    code, place, message = refused(force, wrap(archive({"N.csv": NORTH})), "outer.zip")
    assert (code, message) == ("nested-archive", "is an archive within an archive")
    assert place in {"outer.zip/x.zip", "outer.zip/x.zip/y.zip"}


@pytest.mark.parametrize(
    "name", ["../../N.csv", "/etc/N.csv", "C:\\N.csv", "a\nb.csv", "\x1b[31m.csv", "-x.csv", "x" * 300 + ".csv"]
)
def test_the_name_of_a_member_is_never_a_path(force: Workspace, name: str) -> None:
    before = sorted(path.name for path in force.root.parent.iterdir())
    (loaded,) = load(
        force, returns(force, archive({name: NORTH + b"X,burglary,2026-11-15,1\n"}), "r.zip"), set_aside=True
    )
    assert loaded.source.isprintable()
    assert not {"..", "C:"} & set(loaded.source.split("/"))
    assert not loaded.source.removeprefix("r.zip/").startswith("/")
    assert loaded.refused_file is not None
    assert loaded.refused_file.resolve().parent == (force.root / "refused").resolve()
    assert sorted(path.name for path in force.root.parent.iterdir()) == before


def test_a_member_is_called_by_its_plain_name(force: Workspace) -> None:
    data = archive({"../../N.csv": NORTH, "May/S.csv": SOUTH})
    assert [one.source for one in load(force, returns(force, data, "r.zip"))] == ["r.zip/N.csv", "r.zip/May/S.csv"]


def test_a_fault_in_one_member_is_placed_and_none_is_loaded(force: Workspace) -> None:
    data = archive({"N.csv": NORTH, "S.csv": SOUTH.replace(b"South", b"Suoth")})
    code, place, _ = refused(force, data)
    assert (code, place) == ("unknown-unit", "returns.zip/S.csv:2")


@pytest.mark.parametrize(
    ("name", "data"),
    [("S.xlsx", workbook()[:-40]), ("S.csv", b""), ("S.pdf.csv", b"%PDF-1.7"), ("S.xls", PNG)],
    ids=["cut off", "empty", "a PDF", "a picture"],  # a workbook's bytes hold the moment it was made
)
def test_what_is_called_a_return_is_never_passed_over(force: Workspace, name: str, data: bytes) -> None:
    code, place, _ = refused(force, archive({"N.csv": NORTH, name: data}))
    assert place == f"returns.zip/{name}"
    assert code in {"damaged-file", "empty-file", "not-csv"}


def test_nothing_to_load_inside(force: Workspace) -> None:
    assert refused(force, archive({"a.png": PNG})) == ("no-returns-inside", "returns.zip", 'holds no returns: "a.png"')
    assert refused(force, mail({}), "m.eml") == ("no-returns-inside", "m.eml", "holds no returns")


def encrypted() -> bytes:
    data = bytearray(archive({"N.csv": NORTH}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """Says of itself that it unpacks to 3 GB."""
    data = bytearray(archive({"N.csv": NORTH}, packed=False))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 3 << 30)
    return bytes(data)


def crowded() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number in range(limits.MOST_MEMBERS + 1):
            made.writestr(f"{number}.txt", "")
    return file.getvalue()


DAMAGED = {
    "encrypted": (encrypted(), "encrypted-file", "is a zip archive with a password"),
    "a bomb": (archive({"N.csv": bytes(20_000_000)}), "archive-too-large", "unpacks to more than 200 times its size"),
    "a liar": (lying(), "archive-too-large", "unpacks to 3.0 GB; wanted at most 2 GB"),
    "crowded": (crowded(), "archive-too-large", "holds 1,001 files; wanted at most 1,000"),
    "cut": (archive({"N.csv": NORTH})[:-30], "damaged-file", "is a damaged workbook or zip archive"),
    "nameless": (archive({"N.csv": NORTH}).replace(b"N.csv", b"\0.csv"), "damaged-file", "is a damaged zip"),
    "changed": (archive({"N.csv": NORTH}, packed=False).replace(b",12", b",13"), "damaged-file", "is a damaged zip"),
    "empty": (archive({}), "no-returns-inside", "holds no returns"),
    "a cut mail": (mail({"N.csv": NORTH * 50})[:-900], "damaged-file", "is a damaged message"),
    "letters lost in a mail": (
        mail({"N.csv": NORTH}).replace(b"NSwxMgo=", b"NSwxMgo"),
        "damaged-file",
        "is a damaged message",
    ),
    "a bomb in gz": (gzip.compress(bytes(20_000_000).replace(b"\0", b"x")), "archive-too-large", "more than 200 times"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_an_archive_that_cannot_be_taken(force: Workspace, kind: str) -> None:
    data, code, words = DAMAGED[kind]
    found = refused(force, data, "returns.csv")
    assert (found[0], found[1]) == (code, "returns.csv")
    assert words in found[2]
