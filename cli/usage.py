"""What is wrong with the words of a command, in our own form: what, where, and how to see what is right."""

from __future__ import annotations

import re
from typing import Any

import typer

from compstat.findings import Finding, nearest

# The parser's own exception for words that do not fit. Between versions of typer it moved, but not its place below this
UsageFault: type[Exception] = typer.BadParameter.__bases__[0]

# What one command asks for under a name that another one has: people type the one they know.
ALSO_SAID = {"--note": "--reason", "--reason": "--note"}

PLAIN = {
    "Input should be a valid integer": "wanted a whole number",
    "Input should be a valid number": "wanted a number",
    "Value error, ": "",
}


def finding_of(fault: Any, command: str) -> Finding:
    """The fault as a finding. `command`: what was typed as far as it is known, for a fault that does not say.

    Each kind of fault is known by its name, or by its words.
    """
    where = fault.ctx.command_path if fault.ctx else command
    kind, words = type(fault).__name__, fault.format_message()
    if kind == "NoSuchOption":
        return _said("unknown-option", where, f"there is no option {fault.option_name}.{_nearest_option(fault)}")
    if kind == "MissingParameter":
        return _said("missing-word", where, f"{_name(fault.param)} is missing")
    if kind == "BadOptionUsage":
        wants = "takes no value" if "not take" in words else "wants a value"
        return _said("missing-word", where, f"{fault.option_name} {wants}")
    if found := re.match(r"No such command '(.*?)'", words, re.S):
        known = fault.ctx.command.list_commands(fault.ctx)
        hint = nearest(found[1], known) or f" There are: {', '.join(known)}."
        return _said("unknown-command", where, f'there is no command "{found[1]}".{hint}')
    if found := re.match(r"Got unexpected extra arguments? ?(?:\(s\) )?\((.*)\)$", words, re.S):
        return _said("too-many-words", where, f'"{found[1]}" is too much. A name with a space wants quotes round it')
    named = f"{_name(fault.param)}: {_plain(fault.message)}" if getattr(fault, "param", None) else words
    return _said("bad-value", where, named)


def _said(code: str, where: str, message: str) -> Finding:
    return Finding(code, where, message, f"See: {where} --help")


def _name(parameter: Any) -> str:
    """`--week` for an option, `UNIT` for a word."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper()).rstrip(".")


def _nearest_option(fault: Any) -> str:
    shown = [parameter for parameter in fault.ctx.command.params if not getattr(parameter, "hidden", False)]
    known = [name for parameter in shown for name in (*parameter.opts, *parameter.secondary_opts)]
    known = [name for name in known if name.startswith("--")]
    meant = ALSO_SAID.get(fault.option_name)
    return f' Did you mean "{meant}"?' if meant in known else nearest(fault.option_name, known)


def _plain(message: str) -> str:
    if found := re.search(r" is not a valid (integer|float)( range)?\.$", message):  # as older versions of typer say it
        return "wanted a whole number" if found[1] == "integer" else "wanted a number"
    for said, plain in PLAIN.items():
        if message.startswith(said):
            return plain or message.removeprefix(said)
    return message
