"""The process that a team's own SQL runs in, seen from outside: begun, told, ended by force.

It is begun when first needed, serves every week that this program judges, and ends with it, however that ends.
"""

from __future__ import annotations

import atexit
import json
import pickle
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

from compstat.interruptible import interruptible

INSIDE = Path(__file__).with_name("inside.py")
LONGEST_REPLY = 16_000_000  # bytes: many times what the most rows of the longest sentences take


class EndedError(Exception):
    """It is gone before it replied. too_long: because it replied at more length than anybody would read."""

    def __init__(self, *, too_long: bool) -> None:
        super().__init__("the process ended without a reply")
        self.too_long = too_long


class Process:
    """holds: whose tables it was told last. Nothing that it replies is ever run: JSON, of a limited length."""

    def __init__(self) -> None:
        # -P: no file of the folder that we were called in is taken for a module
        self._popen = Popen([sys.executable, "-P", str(INSIDE)], stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        self.holds: object = None

    @property
    def is_gone(self) -> bool:
        return self._popen.poll() is not None

    def tell(self, *message: object) -> dict[str, Any]:
        """What it replies. Ctrl-C ends it at once. Raises EndedError."""
        line = interruptible(self, lambda: self._exchange(message))
        if not line.endswith(b"\n"):
            self.end()
            raise EndedError(too_long=len(line) >= LONGEST_REPLY)
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _exchange(self, message: tuple[object, ...]) -> bytes:
        """The line it replies, or as much of it as came before it ended or grew too long."""
        assert self._popen.stdin and self._popen.stdout
        try:
            pickle.dump(message, self._popen.stdin, protocol=5)
            self._popen.stdin.flush()
            return self._popen.stdout.readline(LONGEST_REPLY)
        except OSError:
            return b""

    def interrupt(self) -> None:
        """End it in the middle of what it does; the next one asked for is another."""
        _begun.cache_clear()
        self._popen.kill()

    def end(self) -> None:
        """End it and wait until it is gone."""
        self.interrupt()
        for pipe in (self._popen.stdin, self._popen.stdout):
            with suppress(OSError):  # what it was still to be told
                pipe.close()  # type: ignore[union-attr]
        self._popen.wait()
        atexit.unregister(self.end)


def process() -> Process:
    """The one process, begun if there is none."""
    found = _begun()
    if found.is_gone:
        found.end()
        found = _begun()
    return found


@cache
def _begun() -> Process:
    begun = Process()
    atexit.register(begun.end)
    return begun
