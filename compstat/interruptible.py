"""Statements that Ctrl-C ends at once: they run beside the main thread, which waits for them and can be woken.

DuckDB looks for Ctrl-C only between the tasks of the thread that called it, and a long join may never leave its task.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Protocol, TypeVar

Found = TypeVar("Found")
LOOK_UP_SECONDS = 0.1


class Interrupted(Protocol):
    """What can be told from another thread to stop what it does: a connection, a process."""

    def interrupt(self) -> None: ...


def interruptible(busy: Interrupted, work: Callable[[], Found]) -> Found:
    """What `work` returns or raises; at Ctrl-C the statement is stopped, waited for, and KeyboardInterrupt raised."""
    if threading.current_thread() is not threading.main_thread():  # signals come to the main thread alone
        return work()
    running = _beside().submit(work)
    try:
        _wait(running)
    except KeyboardInterrupt:
        busy.interrupt()
        _wait(running)
        raise
    return running.result()


def _wait(running: Future[Found]) -> None:
    """Until it is done, looking up now and then: polars lets no signal wake a thread that waits for a lock."""
    while not running.done():
        with suppress(TimeoutError):
            running.exception(LOOK_UP_SECONDS)


@cache
def _beside() -> ThreadPoolExecutor:
    """One thread: statements of a process run one after the other, as they were called."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="statement")
