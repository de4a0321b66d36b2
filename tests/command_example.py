"""A command run in this process as a person would type it."""

from __future__ import annotations

import io
import json
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from unittest.mock import patch

from compstat.cli.main import main


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(folder: Path, *words: str, user: str = "avery", screen: TextIO | None = None) -> Said:
    """`compstat WORDS` in this folder; with a screen all that is said goes there."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    arguments = patch.object(sys, "argv", ["compstat", *words])
    environment = patch.dict("os.environ", {"COMPSTAT_USER": user})
    with chdir(folder), arguments, environment, redirect_stdout(screen or out), redirect_stderr(screen or err):
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Said(code, out.getvalue(), err.getvalue())
