"""Writes docs/workspace.md: every table and setting from its model, in the words of docs/workspace.toml."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import PurePath
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from generated import DOCS, publish, table
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from compstat.workspace import feeds, rulebook, settings, tables

FILES: dict[str, tuple[type[BaseModel], ...]] = {
    "compstat.toml": (settings.Compstat,),
    "units.csv": (tables.Unit,),
    "indicators.csv": (tables.Indicator,),
    "targets.csv": (tables.Target,),
    "people.csv": (tables.Person,),
    "rebases.csv": (tables.Rebase,),
    "breaks.csv": (tables.Break,),
    "successions.csv": (tables.Succession,),
    "periods.csv": (tables.Period,),
    "year_ago.csv": (tables.YearAgo,),
    "rules.toml": (rulebook.Rulebook,),
    "agenda.toml": (settings.Agenda,),
    "feeds.toml": (feeds.Feeds,),
}
CONSTRAINTS = {
    "ge": "at least {}",
    "gt": "above {}",
    "le": "at most {}",
    "lt": "below {}",
    "min_length": "at least {} characters",
}


def workspace_page() -> str:
    """The page: an introduction, then a heading a file and a table a model."""
    words = tomllib.loads((DOCS / "workspace.toml").read_text("utf-8"))
    parts = [words["introduction"]]
    told: set[str] = set()
    for file, (model,) in FILES.items():
        parts.append(f"## {file}\n\n{words['files'][file].strip()}\n")
        for name, path, part in _models(model, "", many=False):
            heading = f"### {path}\n\n" if path else ""
            below = "column" if file.endswith(".csv") else "setting"
            rows = [_row(field, info, words["fields"][name]) for field, info in _fields(part)]
            if rows and name not in told:  # a condition has the same settings wherever it stands
                told.add(name)
                parts.append(heading + table([below, "what it says", "takes", "default"], rows) + "\n")
    parts.append(words["closing"] + "\n" + default_rules())
    return "\n".join(parts)


def default_rules() -> str:
    """The rules in force without a rules.toml, as a table."""
    rows = [
        [rule.rule, rule.family, f"{rule.threshold_percent:g}", f"{rule.minimum_gap:g}"]
        for rule in rulebook.DEFAULT_RULES
    ]
    return table(["rule", "family", "threshold_percent", "minimum_gap"], rows)


def models() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every model that a file holds, with its class name."""
    for (model,) in FILES.values():
        for name, _, part in _models(model, "", many=False):
            yield name, part


def _models(model: type[BaseModel], path: str, *, many: bool) -> Iterator[tuple[str, str, type[BaseModel]]]:
    """The model and those below it, each with the TOML heading that opens it."""
    yield model.__name__, (f"[[{path}]]" if many else f"[{path}]") if path else "", model
    for field, info in model.model_fields.items():
        below, several = _below(info.annotation)
        if below:
            yield from _models(below, f"{path}.{field}".strip("."), many=several)


def _below(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model a field holds, if it holds one, and whether it holds several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    inner = get_args(annotation)
    if get_origin(annotation) in {Union, UnionType}:
        return _below(inner[0])
    if get_origin(annotation) is dict:
        return _below(get_args(inner[1])[0] if get_args(inner[1]) else inner[1])
    if get_origin(annotation) is tuple and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
        return inner[0], True
    return None, False


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """The fields a person writes: not those that open a table of their own, nor the line number."""
    return [
        (info.alias or name, info)
        for name, info in model.model_fields.items()
        if name != "line" and not _below(info.annotation)[0]
    ]


def _row(name: str, info: FieldInfo, words: dict[str, str]) -> list[str]:
    takes = [_takes(info.annotation)]
    for limit in info.metadata:
        takes += [text.format(getattr(limit, key)) for key, text in CONSTRAINTS.items() if _matters(limit, key)]
    return [
        f"`{name}`",
        words[name],
        ", ".join(takes),
        "**wanted**" if info.is_required() else _default(info),
    ]


def _matters(limit: object, key: str) -> bool:
    value = getattr(limit, key, None)
    return value is not None and not (key == "min_length" and value == 1)  # 1: merely not empty


def _takes(annotation: Any) -> str:
    """The type in the words of the person who fills it in."""
    if get_origin(annotation) in {Union, UnionType}:
        return _takes(next(kind for kind in get_args(annotation) if kind is not NoneType))
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"a list: {_takes(get_args(annotation)[0])}"
    if get_args(annotation):  # Annotated, or a mapping of text to text
        return "a table: text = text" if get_origin(annotation) is dict else _takes(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{member.value}`" for member in annotation)
    plain = {str: "text", float: "a number", int: "a whole number", bool: "yes or no", date: "a date"}
    return "a path" if issubclass(annotation, PurePath) else plain[annotation]


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True)
    value = value.value if isinstance(value, Enum) else value
    if value is None or value in ("", (), {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(f"`{word}`" for word in value)
    return f"`{round(value, 4):g}`" if isinstance(value, float) else f"`{value}`"


if __name__ == "__main__":
    sys.exit(publish("workspace.md", "make_workspace.py", workspace_page))
