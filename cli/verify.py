"""`compstat verify`: is a pack what the store says it was?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from compstat.cli.session import Session, session_of
from compstat.findings import Finding

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: compstat verify packs/2026-W46")
def verify(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The pack's folder.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The moment it was prepared for; else that of its newest figures."),
    ] = None,
) -> None:
    """Check that a pack's files are as written, and that the store as it was known then gives the same pack again."""
    session = session_of(context)
    problems = _problems(session, folder, as_of)
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)
    print(f"{folder.name}: every file is as it was written, and the store says the same.")


def _problems(session: Session, folder: Path, as_of: str | None) -> list[str]:
    from compstat.cli.prepare import gather_week
    from compstat.packs.manifest import briefing_hash, read_manifest
    from compstat.packs.pack import verify_pack

    manifest = read_manifest(folder)
    problems = [str(finding) for finding in verify_pack(folder)]
    moment = as_of or manifest["inputs"]["as_of"]
    briefing, _ = gather_week(session, manifest["week"], manifest["cycle"], moment)
    if briefing_hash(briefing) != manifest["pack"]:
        message = f"the store now says something else for {manifest['week']} as known {moment}"
        fix = "See what changed: compstat restated --since " + str(manifest["known_at"])
        problems.append(str(Finding("pack-differs", folder.name, message, fix)))
    return problems
