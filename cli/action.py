"""`compstat action`: what was agreed, who does it, where it stands. Loads only the command asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command as as_click

from compstat.cli.plain_help import plain

# The commands in the order of an action's life, and the file of this folder that holds each.
COMMANDS = {
    "list": "action_reading",
    "show": "action_reading",
    "add": "action_raising",
    "update": "action_changes",
    "claim": "action_changes",
    "score": "action_scoring",
    "verify": "action_changes",
    "drop": "action_changes",
    "reassign": "action_changes",
    "log": "action_reading",
    "export": "action_files",
    "import": "action_files",
}


class CommandsOfAction(TyperGroup):
    """Makes the one command that is typed: making all of them costs as much as listing the actions."""

    def list_commands(self, _context: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: Any, name: str) -> Any:
        if name not in COMMANDS:
            return None
        all_of_file = import_module(f"compstat.cli.{COMMANDS[name]}").app.registered_commands
        alone = typer.Typer(add_completion=False)
        alone.registered_commands = [command for command in all_of_file if command.name == name]
        command = as_click(alone)
        command.name = name
        return plain(command)


app = typer.Typer(
    cls=CommandsOfAction,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: compstat action list --unit harbour",
)


@app.callback()
def action() -> None:
    """Actions agreed in meetings: list them, work on them, close them. They are carried until closed."""
