"""A spreadsheet program at work without a window: LibreOffice types into cells and saves. None: tests skip."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

# Runs in the Python that LibreOffice brings its bridge to, not in ours. Cells are typed into as a person does.
SCRIPT = """
import json, subprocess, sys, time, uno
from com.sun.star.beans import PropertyValue

work = json.loads(sys.stdin.read())
office = subprocess.Popen([work["office"], "--headless", "--norestore", "--nologo", "--nodefault",
    "-env:UserInstallation=file://" + work["profile"], "--accept=pipe,name=" + work["pipe"] + ";urp;"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(300):
    try:
        context = resolver.resolve("uno:pipe,name=" + work["pipe"] + ";urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
try:
    book = desktop.loadComponentFromURL("file://" + work["file"], "_blank", 0, (PropertyValue("Hidden", 0, True, 0),))
    sheet = book.Sheets.getByIndex(0)
    frame = book.CurrentController.Frame
    desk = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    for place, typed in work["cells"].items():
        desk.executeDispatch(frame, ".uno:GoToCell", "", 0, (PropertyValue("ToPoint", 0, place, 0),))
        desk.executeDispatch(frame, ".uno:EnterString", "", 0, (PropertyValue("StringName", 0, typed, 0),))
    said = {place: sheet.getCellRangeByName(place).getString() for place in work["read"]}
    kind = PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0)
    book.storeAsURL("file://" + work["saved"], (kind,))
    book.close(True)
    print(json.dumps(said))
finally:
    try:
        desktop.terminate()
    except Exception:
        pass
    office.wait(20)
"""


@cache
def missing() -> str | None:
    """Why LibreOffice cannot be used here; None where it can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not here"
    done = subprocess.run([_python(), "-c", "import uno"], capture_output=True, check=False)
    return "LibreOffice's bridge to Python (python3-uno) is not here" if done.returncode else None


def _python() -> str:
    return shutil.which("python3", path="/usr/bin") or "python3"


def type_into(path: Path, cells: dict[str, str], saved: Path, read: list[str] | None = None) -> dict[str, str]:
    """Open a workbook, type into cells of its first sheet, save it; what the cells of `read` then show."""
    with tempfile.TemporaryDirectory() as profile:
        work = {
            "office": shutil.which("soffice"),
            "profile": profile,
            "pipe": Path(profile).name,
            "file": str(path.resolve()),
            "cells": cells,
            "saved": str(saved.resolve()),
            "read": read or [],
        }
        done = subprocess.run(
            [_python(), "-c", SCRIPT], input=json.dumps(work), capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr
    said: dict[str, str] = json.loads(done.stdout)
    return said
