"""`compstat help`: what a message means, or how a command is used."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

import typer

from compstat.findings import Finding, UsageError, nearest

app = typer.Typer(add_completion=False)

MESSAGES = "messages.md"  # written beside this file by docs/make_messages.py, so that it is there without a checkout


@app.command("help", epilog="Example: compstat help unknown-unit")
def help_on(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="CODE...", help="A message's code, as the message ends with it; or a command."),
    ] = None,
) -> None:
    """Explain a message by its code (what it means, an example, what to do), or a command."""
    from compstat.cli.main import COMMANDS, app

    asked = list(words or ())
    if not asked or asked[0] in COMMANDS:
        app([*asked, "--help"], prog_name="compstat", standalone_mode=False)
        return
    sections = _sections()
    code = asked[0].rpartition("#")[2]  # the whole docs/messages.md#code is understood as well
    if code not in sections:
        message = f'There is no message or command "{code}".{nearest(code, [*sections, *COMMANDS])}'
        raise UsageError(Finding("unknown-command", "compstat help", message, "See: compstat --help"))
    print(sections[code])


def _sections() -> dict[str, str]:
    """The page of every code, as plain text."""
    page = files("compstat.cli").joinpath(MESSAGES).read_text("utf-8")
    parts = (part.partition("\n# ")[0].partition("\n") for part in page.split("\n## ")[1:])
    return {code: f"{code}\n\n{text.strip()}".replace("```text\n", "").replace("```", "") for code, _, text in parts}
