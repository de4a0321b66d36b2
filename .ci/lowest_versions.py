"""Prints the lowest version of every dependency that pyproject.toml allows, one `name==version` a line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest_versions() -> list[str]:
    """The lower bounds of what runs and tests the program, sorted; a bound that is missing is an error."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["database"], *extras["test"]]
    bounds = (re.fullmatch(r"([\w.-]+(?:\[\w+\])?)>=([\w.]+)", words.replace(" ", "")) for words in wanted)
    return sorted(f"{bound[1]}=={bound[2]}" for bound in bounds if bound)


if __name__ == "__main__":
    print("\n".join(lowest_versions()))
