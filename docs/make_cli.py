"""Writes docs/cli.md from what every command says with --help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from generated import publish, table
from typer.main import get_command

from compstat.cli.main import app
from compstat.findings import CompstatError

WIDTH = 100
INTRODUCTION = """# Commands

Every command takes `--help`. Results go to stdout, all else to stderr. Without a terminal there is no colour
and no progress bar; `NO_COLOR` takes the colour away on one. What `--json` prints is in [json.md](json.md),
what the messages mean in [messages.md](messages.md), workspace files in [workspace.md](workspace.md).
"""


def command_page() -> str:
    """All commands in the order of a week's work, then the exit codes."""
    parts = [INTRODUCTION]
    for words, text in helps():
        level = "##" if words.count(" ") < 2 else "###"
        parts.append(f"{level} {words}\n\n```text\n{text}\n```\n")
    parts.append(f"## Exit codes\n\n{_exit_codes()}\n")
    return "\n".join(parts)


def helps() -> Iterator[tuple[str, str]]:
    """Each command as typed (`compstat action add`) and its plain help."""
    yield from _walk("compstat", get_command(app), None)


def _walk(words: str, command: Any, parent: Any) -> Iterator[tuple[str, str]]:
    command.rich_markup_mode = None  # plain text: boxes drawn for a terminal do not belong on a page
    name = words.rpartition(" ")[2]
    context = command.make_context(
        name, [], parent=parent, resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
    )
    yield words, "\n".join(line.rstrip() for line in command.get_help(context).strip().splitlines())
    for below in getattr(command, "list_commands", lambda _: [])(context):
        yield from _walk(f"{words} {below}", command.get_command(context, below), context)


def _exit_codes() -> str:
    classes = sorted(CompstatError.__subclasses__(), key=lambda kind: kind.exit_code)
    by_class = [[str(kind.exit_code), (kind.__doc__ or "").strip().splitlines()[0]] for kind in classes]
    return table(
        ["code", "what it means"],
        [
            ["0", "Done."],
            ["1", "`check` found something, or `prepare` made a pack of a week that is not signed off."],
            ["2", "The command line cannot be read."],
            ["3", "A fault in the program; the message names a log file."],
            *by_class,
            ["19", "Any other expected failure."],
            ["130", "Interrupted from the keyboard."],
        ],
    )


if __name__ == "__main__":
    sys.exit(publish("cli.md", "make_cli.py", command_page))
