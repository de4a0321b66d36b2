"""What can be wrong, as values (findings), and the exceptions that carry them to the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: its code (a heading of docs/messages.md), its place, what was found and wanted, the fix."""

    code: str
    where: str
    message: str
    fix: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """The problem as two lines for a terminal: place and message, then the fix."""
        first = f"{self.where}: {self.message}" if self.where else self.message
        fix = f"{self.fix}  " if self.fix else ""
        return f"{first}\n  {fix}docs/messages.md#{self.code}"


class CompstatError(Exception):
    """Work that cannot go on, with every finding that stopped it. `exit_code` is the class for schedulers."""

    exit_code = 19

    def __init__(self, findings: Finding | Sequence[Finding], *, summary: str = "") -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        self.summary = summary
        super().__init__(summary or "\n".join(str(finding) for finding in self.findings))


class UsageError(CompstatError):
    """The words of the command do not fit this workspace: an unknown unit, a week that is none."""

    exit_code = 2


class WorkspaceError(CompstatError):
    """compstat.toml or a table of the workspace cannot be used."""

    exit_code = 10


class DataError(CompstatError):
    """Returns that were refused; the store is as it was."""

    exit_code = 11


class StoreBusyError(CompstatError):
    """Another program holds the store."""

    exit_code = 12


class PermissionRefusedError(CompstatError):
    """Whoever acts may not do this."""

    exit_code = 13


class TrackerError(CompstatError):
    """An action that does not exist, or a step its state does not allow."""

    exit_code = 14


class StoreError(CompstatError):
    """The store cannot be read or written: made by a newer version, damaged, disk full."""

    exit_code = 15


def nearest(word: str, known: Sequence[str]) -> str:
    """` Did you mean "North"?` for the closest known word, or "" when none is close. Capitals do not count."""
    spelt = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), list(spelt), n=1, cutoff=0.6)
    return f' Did you mean "{spelt[close[0]]}"?' if close else ""
