"""Which message codes the program can give: read from the source, never from a list kept by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = ("compstat", "cli", "packs")
Maker = ast.FunctionDef | ast.AsyncFunctionDef


def codes_in_source() -> dict[str, str]:
    """Each first argument of a `Finding(...)` as a regular expression, with the place where it is made.

    `f"unknown-{what}"` becomes `unknown\\-[a-z-]+`. A function that passes its own argument on as the code is
    followed to its callers in the same file; a variable that comes from a query is one of the keys under
    which the function keeps its words (`fixes[code]`). Raises LookupError where a code cannot be read.
    """
    found: dict[str, str] = {}
    for path in _files():
        for code, line in codes_of(path.read_text("utf-8"), str(path.relative_to(ROOT))):
            found.setdefault(code, f"{path.relative_to(ROOT)}:{line}")
    return found


def codes_of(source: str, name: str = "source") -> Iterator[tuple[str, int]]:
    """The codes of one file's text as regular expressions, each with its line."""
    tree = ast.parse(source)
    for maker, call in _calls(tree, "Finding"):
        yield from _patterns(tree, maker, _argument(call, 0, "code"), f"{name}:{call.lineno}")


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if not _behind_a_link(path))


def _behind_a_link(path: Path) -> bool:
    return any(parent.is_symlink() for parent in path.parents if parent.is_relative_to(ROOT))


def _calls(tree: ast.AST, name: str, maker: Maker | None = None) -> Iterator[tuple[Maker | None, ast.Call]]:
    """Every call of this name, with the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        inside = node if isinstance(node, Maker) else maker
        if isinstance(node, ast.Call) and _name(node.func) == name:
            yield inside, node
        yield from _calls(node, name, inside)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == name)
    return next(named, call.args[position] if len(call.args) > position else None)


def _patterns(tree: ast.AST, maker: Maker | None, value: ast.expr | None, place: str) -> Iterator[tuple[str, int]]:
    match value:
        case ast.Constant(value=str(code)):
            yield re.escape(code), value.lineno
        case ast.JoinedStr(values=parts):
            words = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z-]+" for part in parts)
            yield "".join(words), value.lineno
        case ast.IfExp(body=body, orelse=other):
            yield from _patterns(tree, maker, body, place)
            yield from _patterns(tree, maker, other, place)
        case ast.Name(id=name) if maker and name in _parameters(maker):
            position = _parameters(maker).index(name)
            for caller, call in _calls(tree, maker.name):
                yield from _patterns(tree, caller, _argument(call, position, name), place)
        case ast.Name(id=name) if maker and (keys := _keys_looked_up(maker, name)):
            yield from ((re.escape(key), value.lineno) for key in keys)
        case ast.Attribute(attr="code"):
            return  # another finding's, said again with a better place
        case _:
            raise LookupError(f"{place}: write the code of a Finding as text, so that it can be documented")


def _parameters(maker: Maker) -> list[str]:
    names = [argument.arg for argument in (*maker.args.posonlyargs, *maker.args.args)]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    return names + [argument.arg for argument in maker.args.kwonlyargs]


def _keys_looked_up(maker: Maker, name: str) -> list[str]:
    """The keys of the dictionaries that this function looks the variable up in."""
    looked_up = {
        node.value.id
        for node in ast.walk(maker)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and isinstance(node.slice, ast.Name)
        and node.slice.id == name
    }
    return [
        str(key.value)
        for node in ast.walk(maker)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        if {target.id for target in node.targets if isinstance(target, ast.Name)} & looked_up
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    ]
