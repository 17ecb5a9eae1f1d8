"""The design as tests: which way modules depend, how large they are, what the tree may hold."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
APPS = ("catalog", "lending")
PURE = {
    "catalog.languages", "catalog.identifiers", "catalog.callnumbers", "catalog.record", "catalog.formats",
    "lending.due_dates", "lending.rules", "lending.blocks", "lending.notice_times",
}  # fmt: skip
EDGES = {
    "views", "forms", "admin", "urls", "management", "templatetags", "guards", "desk_session", "apps", "translation",
    "sitemaps",
}  # fmt: skip
TOP = {
    "library", "catalog", "lending", "deploy", "locale", "templates", "tests", "static", "docs", ".ci", "manage.py",
    "requirements.txt", "requirements-dev.txt", "README.md", "Makefile", "pyproject.toml", ".env.example",
    "CHANGELOG.md", "CONTRIBUTING.md", ".gitignore",
}  # fmt: skip
BANNED_NAMES = {"utils.py", "helpers.py", "services.py", "signals.py", "common.py", "misc.py"}
# A module may be imported inside a function only where it is an engine's optional or heavy driver.
LAZY = {"psycopg", "pypinyin", "opencc", "sudachipy", "typst", "numpy"}


def modules() -> Iterator[Path]:
    for folder in ("library", *APPS):
        for path in sorted((BASE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def dotted(path: Path) -> str:
    parts = path.relative_to(BASE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(name: str) -> str:
    """edge, verb, model, pure or wiring: where a dotted name of ours lies."""
    app, _, rest = name.partition(".")
    if app == "library":
        return "wiring"
    head = rest.split(".")[0]
    if head in EDGES:
        return "edge"
    if head == "models":
        return "model"
    if any(name == pure or name.startswith(f"{pure}.") for pure in PURE):
        return "pure"
    return "verb" if head else "package"


ALLOWED = {
    "edge": {"edge", "verb", "model", "pure", "package"},
    "verb": {"verb", "model", "pure", "package"},
    "model": {"model", "pure", "package"},
    "pure": {"pure", "package"},
    "wiring": {"wiring", "edge"},
    "package": set(),
}
FOREIGN = {
    "verb": ("django.http", "django.shortcuts", "django.views"),
    "model": ("django.http", "django.shortcuts", "django.views"),
    "pure": ("django.db", "django.http", "django.conf", "django.shortcuts", "django.views", "django.contrib"),
}
PARSED = [(path, ast.parse(path.read_text())) for path in modules()]
EACH = pytest.mark.parametrize(("path", "tree"), PARSED, ids=[dotted(path) for path, _ in PARSED])


@EACH
def test_depends_the_right_way(path: Path, tree: ast.AST) -> None:
    name = dotted(path)
    own = layer(name)
    wrong = []
    for target in imports(tree):
        app = target.split(".")[0]
        if app in ("library", *APPS):
            if layer(target) not in ALLOWED[own] or name.startswith("catalog") and app == "lending" and own != "edge":
                wrong.append(target)
        elif target.startswith(FOREIGN.get(own, ())):
            wrong.append(target)
    assert wrong == []


@EACH
def test_is_small(path: Path, tree: ast.AST) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 60
    ]
    assert (len(path.read_text().splitlines()) <= 300, long) == (True, [])


@EACH
def test_says_what_it_is(path: Path, tree: ast.Module) -> None:
    assert ast.get_docstring(tree) or not path.read_text().strip(), "a module starts with a docstring"
    assert path.name not in BANNED_NAMES


@EACH
def test_imports_at_the_top(path: Path, tree: ast.AST) -> None:
    inner = [
        target
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for target in imports(function)
        if target.split(".")[0] not in LAZY
    ]
    assert inner == []


def test_top_level_is_the_designs() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=BASE, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    assert {name.split("/")[0] for name in listed if name} <= TOP


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("catalog.views.books", "edge"), ("catalog.accession", "verb"), ("catalog.models.holdings", "model"),
        ("catalog.languages.ko", "pure"), ("lending.rules", "pure"), ("lending.models", "model"),
        ("catalog", "package"),
    ],
)  # fmt: skip
def test_layers_are_told_apart(name: str, expected: str) -> None:
    assert layer(name) == expected
