"""A team's SQL runs in a process of its own: held to its memory and its time, one for all weeks, never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from compstat.sandbox import process, sandbox
from compstat.sandbox.sandbox import RefusedSqlError, Sandbox

LINUX = sys.platform == "linux"
COLUMNS = {"words": "VARCHAR"}
SLOW_VALUE = "select len(list_sort(range(9000000)))::varchar as words"  # one call of a function: not interruptible


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """No process of another test, nor one with another test's limits."""
    process.process().end()
    yield
    process.process().end()


def ask(asked: Sandbox, text: str, seconds: float = 20) -> list[tuple[object, ...]]:
    return asked.ask(text, COLUMNS, seconds=seconds, most=10).rows


def refused(asked: Sandbox, text: str, seconds: float = 20) -> str:
    with pytest.raises(RefusedSqlError) as caught:
        ask(asked, text, seconds)
    return caught.value.words


@pytest.mark.skipif(not LINUX, reason="only Linux holds a process to its memory")
@pytest.mark.parametrize(
    "text",
    [
        "select length(repeat('x', 4000000000))::varchar as words",
        "select len(range(2000000000))::varchar as words",
    ],
)
def test_one_enormous_value_is_refused(text: str) -> None:
    assert refused(Sandbox(), text) == "wants more than 1 GB of memory"


@pytest.mark.skipif(not LINUX, reason="only Linux holds a process to its memory")
def test_the_memory_is_what_is_promised_and_not_much_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MEMORY", 200_000_000)
    length, asked = "select length(repeat('x', {}))::varchar as words", Sandbox()
    assert refused(asked, length.format(210_000_000)) == "wants more than 0.2 GB of memory"
    assert ask(asked, length.format(60_000_000)) == [("60000000",)]


def test_one_call_that_takes_long_is_ended_in_time() -> None:
    began = time.monotonic()
    assert refused(Sandbox(), SLOW_VALUE, seconds=0.3) == "was not done after 0.3 seconds"
    assert time.monotonic() - began < 3


def test_more_text_than_anybody_reads_is_refused_unread() -> None:
    assert refused(Sandbox(), "select repeat('x', 20000000) as words") == "returns more than 16 MB of text"


def test_after_each_of_these_the_next_is_answered_from_the_same_tables() -> None:
    asked = Sandbox()
    asked.put("given", {"words": ["harbour", None]})
    for text in (SLOW_VALUE, "select repeat('x', 20000000) as words", "selct"):
        refused(asked, text, seconds=0.5)
        asked_again = Sandbox()
        asked_again.put("given", {"words": ["harbour"]})
        assert ask(asked_again, "select 'well' as words") == [("well",)]
    assert "given does not exist" in refused(asked, "select words from given"), "only our own statements read it"


def test_a_process_that_somebody_else_ended_is_begun_again() -> None:
    asked = Sandbox()
    assert ask(asked, "select 'a' as words") == [("a",)]
    process.process()._popen.kill()
    process.process()._popen.wait()
    assert ask(asked, "select 'b' as words") == [("b",)]


def test_one_process_serves_every_week() -> None:
    began = process.process()
    for week in ("2026-W45", "2026-W46"):
        asked = Sandbox()
        assert ask(asked, f"select '{week}' as words") == [(week,)]
        assert process.process() is began


# What becomes of the process when its program is stopped

ASKS = """
import sys
from compstat.sandbox.process import process
from compstat.sandbox.sandbox import Sandbox
asked = Sandbox()
asked.ask("select 'a' as words", {"words": "VARCHAR"}, seconds=9, most=1)
print(process()._popen.pid, flush=True)
asked.ask(sys.argv[1], {"words": "VARCHAR"}, seconds=60, most=1)
"""
ENDLESS = (
    "select count(*)::varchar as words from range(1000000000) a, range(1000000) b where (a.range * b.range) % 7 = 3"
)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to a process")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("text", [ENDLESS, SLOW_VALUE.replace("9000000", "40000000")])
def test_none_is_left_behind(sent: str, text: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", ASKS, text], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert program.stdout
    with program:
        inside = int(program.stdout.readline())
        time.sleep(0.3)
        began = time.monotonic()
        program.send_signal(getattr(signal, sent))
        program.wait(10)
        while _is_there(inside) and time.monotonic() - began < 5:
            time.sleep(0.05)
    assert not _is_there(inside)
    assert program.returncode != 0 and time.monotonic() - began < 3


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # one that is gone and that nobody has asked after is still in the list
    return not (status.exists() and status.read_text("ascii").rpartition(")")[2].split()[0] == "Z")
