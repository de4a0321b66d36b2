"""The program's entrance: finds a command, loads only its file, and turns every failure into words and a code."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command as as_click

from compstat.cli.plain_help import plain
from compstat.cli.session import Session
from compstat.cli.usage import UsageFault, finding_of
from compstat.findings import CompstatError, Finding, UsageError, nearest

# One file of this folder a command, in the order of a week's work.
COMMANDS = (
    "demo",
    "week",
    "init",
    "template",
    "load",
    "withdraw",
    "audit",
    "check",
    "sign-off",
    "flags",
    "explain",
    "rules",
    "show",
    "ladder",
    "prepare",
    "verify",
    "status",
    "action",
    "meeting",
    "restated",
    "export",
    "doctor",
    "help",
)


class CommandsByFile(TyperGroup):
    """Loads `compstat/cli/NAME.py` when the command NAME is asked for: start-up pays for one command only."""

    def list_commands(self, _context: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: Any, name: str) -> Any:
        if name not in COMMANDS:
            message = f'There is no command "{name}".{nearest(name, COMMANDS)}'
            raise UsageError(Finding("unknown-command", "", message, "See: compstat --help"))
        command = as_click(import_module(f"compstat.cli.{name.replace('-', '_')}").app)
        command.name = name
        return plain(command)


app = typer.Typer(
    cls=CommandsByFile,
    name="compstat",
    help="Run a Compstat cycle: load weekly returns, flag, print the briefing pack, follow actions up.",
    epilog="Start here: compstat demo",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from compstat import __version__

        typer.echo(f"compstat {__version__}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="The workspace's folder. Else $COMPSTAT_WORKSPACE, else the nearest parent.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only results and errors.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Run a Compstat cycle: load weekly returns, flag, print the briefing pack, follow actions up."""
    context.obj = Session(workspace, quiet)


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 findings, 2 usage, 3 a bug, 10-19 by class, 130 interrupted."""
    words = general_options_first(sys.argv[1:])
    try:
        sys.exit(app(args=words, prog_name="compstat", standalone_mode=False) or 0)
    except UsageFault as fault:
        sys.exit(_print_usage(fault, words))
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # `compstat flags | head`: who reads had enough, that is all
            sys.exit(0)
        raise
    except CompstatError as error:
        _print_findings(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:
        _report_bug()
        sys.exit(3)


def _print_usage(fault: Any, words: list[str]) -> int:
    """Say what is wrong with the words typed; a group without a command gets its help. Returns the exit code."""
    if type(fault).__name__ == "NoArgsIsHelpError":
        fault.show()
    else:
        _print_findings(UsageError(finding_of(fault, _command_in(words))))
    return UsageError.exit_code


def _command_in(words: list[str]) -> str:
    """`compstat action claim` of the words typed, as far as there are such commands."""
    path, group = ["compstat"], as_click(app)
    ahead = iter(words)
    for word in ahead:
        if word.startswith("-"):
            if word in {"-w", "--workspace"}:
                next(ahead, None)
            continue
        if word not in getattr(group, "list_commands", lambda _context: ())(None):
            break
        path.append(word)
        group = group.get_command(None, word)  # type: ignore[attr-defined]
    return " ".join(path)


def general_options_first(words: list[str]) -> list[str]:
    """The words with --quiet and --workspace moved before the command: people type them where they think of them."""
    general: list[str] = []
    rest: list[str] = []
    ahead = iter(words)
    for word in ahead:
        if word == "--":
            rest += [word, *ahead]
        elif word in {"-q", "--quiet"} or word.startswith("--workspace="):
            general.append(word)
        elif word in {"-w", "--workspace"}:
            general += [word, *islice(ahead, 1)]
        else:
            rest.append(word)
    return general + rest


def _print_findings(error: CompstatError) -> None:
    from compstat.cli.text import printable

    for finding in error.findings:
        print(printable(str(finding)), file=sys.stderr)
    if error.summary:
        print(printable(error.summary), file=sys.stderr)
    if error.findings and sys.stderr.isatty():
        print(f"What it means: compstat help {error.findings[0].code}", file=sys.stderr)


def _report_bug() -> None:
    """Write the trace where it can be sent from, and say so in one line."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="compstat-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"compstat {' '.join(sys.argv[1:])}\n\n{traceback.format_exc()}")
    print(f"This is a fault in compstat, not in what you typed. Please send us {log.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
