"""How long work shows where it is: one moving line on a terminal, nothing in a pipe or with --quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from compstat.cli.session import Session


@contextmanager
def steps(session: Session) -> Iterator[Callable[[str], None]]:
    """A function to call with what is being done now."""
    if session.quiet or not sys.stderr.isatty():
        yield lambda _words: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("") as status:
        yield lambda words: status.update(Text(words))
