"""A PostgreSQL server of the tests' own, in a temporary folder: real, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

PASSWORD = "s3cr:t p@ss/word"
PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql", "/usr/local/opt/postgresql")


@dataclass(frozen=True)
class Server:
    """Where it listens. `reader` logs in with PASSWORD and may read and write."""

    port: int
    programs: Path
    account: dict[str, object]

    def sql(self, statement: str) -> None:
        """Run as the owner of everything."""
        command = [self.programs / "psql", "-qAtv", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port)]
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        words = [*command, "-U", "owner", "-d", "postgres", "-c", statement]
        subprocess.run(words, check=True, env=environment, capture_output=True, cwd="/")


@contextmanager
def postgres() -> Iterator[Server]:
    """A running server; the test is skipped, with the reason, where its programs are not installed."""
    programs = _programs()
    folder = Path(mkdtemp(prefix="compstat-pg-", dir="/tmp"))  # a short path: it holds a socket
    account = _account(folder)
    (folder / "password").write_text(PASSWORD, "utf-8")
    (folder / "password").chmod(0o644)
    port = _free_port()
    data = folder / "data"
    try:
        first = ["-A", "scram-sha-256", "-U", "owner", "--pwfile", folder / "password", "-E", "UTF8", "--no-sync"]
        _run([programs / "initdb", "-D", data, *first], account)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c timezone=UTC"
        _run([programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"], account)
        yield Server(port, programs, account)
    finally:
        with suppress(subprocess.CalledProcessError):
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], account)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = shutil.which("pg_ctl"), shutil.which("initdb"), shutil.which("psql")
    places = [path for place in PLACES for path in sorted(Path(place).glob("**/bin"), reverse=True)]
    for folder in places:
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "psql")):
            return folder
    if all(found):
        return Path(str(found[0])).parent
    pytest.skip("no PostgreSQL server programs (initdb, pg_ctl) are installed here")


def _account(folder: Path) -> dict[str, object]:
    """Who runs the server: it refuses to be run by root, so then somebody without rights."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is no other account")


def _run(command: list[object], account: dict[str, object]) -> None:
    words = [str(word) for word in command]
    # no pipes: the server would inherit them, and nobody would ever see them end
    subprocess.run(  # type: ignore[call-overload]
        words, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, **account
    )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
