"""Help as plain text: no boxes, and what is to be typed called by its name instead of its type in Python."""

from __future__ import annotations

from typing import Any

# Options whose own name does not say what they take; all others are called as they are: --week WEEK
CALLED = {
    "at": "MOMENT",
    "as_of": "MOMENT",
    "recorded_at": "MOMENT",
    "since": "MOMENT",
    "first": "PERIOD",
    "last": "PERIOD",
    "files": "FILE",
    "folder": "DIR",
    "fix_after": "N",
    "note": "WORDS",
    "workspace": "DIR",
}


def plain(command: Any) -> Any:
    """The command, and those below it, with plain help."""
    command.rich_markup_mode = None
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            _name_argument(parameter)
        elif not (parameter.metavar or getattr(parameter, "is_flag", False) or _has_choices(parameter)):
            parameter.metavar = _called(parameter.name)
    for below in getattr(command, "commands", {}).values():
        plain(below)
    return command


def _name_argument(argument: Any) -> None:
    """`UNIT` in the usage line and the list, `[UNIT]` where it may be left out, `FILE...` for several."""
    name = (argument.metavar or _called(argument.name)).rstrip(".")
    shown = name if argument.nargs == 1 else f"{name}..."
    argument.metavar = name
    # typer's own names for these two: a version without them shows its own form
    argument._usage_display_name = lambda: shown if argument.required else f"[{shown}]"
    argument.display_type_rich = lambda **_: None


def _called(name: str) -> str:
    return CALLED.get(name, name.upper().replace("_", "-"))


def _has_choices(parameter: Any) -> bool:
    return bool(getattr(getattr(parameter, "type_descriptor", None), "is_choice", False))
