"""The architecture as failing tests: what the linters cannot say about the source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

TOP = Path(__file__).resolve().parent.parent
CORE = TOP / "core" / "bascule"
DESKTOP = TOP / "desktop" / "bascule_desktop"

LINE_LIMIT = 400

MAY_CATCH_EVERYTHING = {
    "core/bascule/__main__.py",
    "core/bascule/control/server.py",
    "core/bascule/relay/connection.py",
    "core/bascule/streams/poll_loop.py",
    "desktop/bascule_desktop/__main__.py",
    "desktop/bascule_desktop/crash.py",
    "desktop/bascule_desktop/tasks.py",
}
DESKTOP_MAY_IMPORT = re.compile(
    r"bascule\.(errors|events|facts|managed|places|qr_code|recording(\..+)?|snapshot|spec(\..+)?|"
    r"control\.(client|handover|messages|rendezvous)|diagnosis(\..+)?|whole_file)"
)
STATIC_DIALOGS = {
    "QColorDialog": {"getColor"},
    "QFileDialog": {
        "getExistingDirectory",
        "getExistingDirectoryUrl",
        "getOpenFileContent",
        "getOpenFileName",
        "getOpenFileNames",
        "getOpenFileUrl",
        "getOpenFileUrls",
        "getSaveFileName",
        "getSaveFileUrl",
    },
    "QFontDialog": {"getFont"},
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QMessageBox": {"about", "aboutQt", "critical", "information", "question", "warning"},
}
NOT_OURS = {".git", ".venv", ".venv-tools", "__pycache__", "build", "dist", "output"}


def sources(*roots: Path) -> list[Path]:
    return sorted(path for root in roots for path in root.rglob("*.py"))


def ours(folder: Path) -> Iterator[Path]:
    """The files of a folder and those within it, but for what tools keep there."""
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from ours(path)
        elif path.is_file():
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name_of(path))


def offences(paths: list[Path], wrong: Callable[[Path, ast.AST], bool]) -> list[str]:
    """Where a node is wrong, as ``file:line``."""
    return [
        f"{name_of(path)}:{getattr(node, 'lineno', 1)}"
        for path in paths
        for node in ast.walk(tree(path))
        if wrong(path, node)
    ]


def imported(node: ast.AST) -> Iterator[str]:
    """The full names that an import statement makes reachable."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def last_name(node: ast.expr) -> str:
    """``exec`` of ``dialog.exec``, ``print`` of ``print``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_every_module_says_what_it_owns() -> None:
    silent = [p for p in sources(CORE, DESKTOP) if not ast.get_docstring(tree(p))]
    assert [name_of(path) for path in silent] == []


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(CORE, DESKTOP)
    }
    assert {name: length for name, length in lengths.items() if length > LINE_LIMIT} == {}


def test_no_nested_event_loop() -> None:
    def wrong(_path: Path, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"exec", "exec_", "processEvents"}
        )

    assert offences(sources(DESKTOP), wrong) == []


def test_no_static_dialog() -> None:
    def wrong(_path: Path, node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and node.attr in STATIC_DIALOGS.get(
            last_name(node.value), set()
        )

    assert offences(sources(DESKTOP), wrong) == []


def test_no_slot_that_cannot_be_cancelled() -> None:
    banned = {"asyncSlot", "asyncClose", "asyncWrap"}

    def wrong(_path: Path, node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute | ast.Name):
            return last_name(node) in banned
        return any(name.rpartition(".")[2] in banned for name in imported(node))

    assert offences(sources(DESKTOP), wrong) == []


def test_tasks_of_the_desktop_start_in_one_place() -> None:
    def groups(path: Path) -> set[str]:
        """Names that stand for a TaskGroup: its tasks are awaited, so nothing is lost there."""
        return {
            last_name(item.optional_vars)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.AsyncWith)
            for item in node.items
            if isinstance(item.context_expr, ast.Call)
            and last_name(item.context_expr.func) == "TaskGroup"
            and item.optional_vars is not None
        }

    def wrong(path: Path, node: ast.AST) -> bool:
        if path == DESKTOP / "tasks.py" or not isinstance(node, ast.Call):
            return False
        if last_name(node.func) not in {"create_task", "ensure_future"}:
            return False
        owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        return last_name(owner) not in groups(path)

    assert offences(sources(DESKTOP), wrong) == []


def test_qasync_is_in_one_file() -> None:
    def wrong(path: Path, node: ast.AST) -> bool:
        names = [name.partition(".")[0] for name in imported(node)]
        return "qasync" in names and path != DESKTOP / "loop.py"

    assert offences(sources(CORE, DESKTOP), wrong) == []


def test_the_desktop_knows_the_vocabulary_and_the_client_only() -> None:
    def wrong(_path: Path, node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom) and node.module == "bascule":
            # The version is the package's own, and no part of the engine.
            names = [alias.name for alias in node.names]
            return not all(
                name == "__version__" or DESKTOP_MAY_IMPORT.fullmatch(f"bascule.{name}")
                for name in names
            )
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = (
                list(imported(node)) if node.module == "bascule.control" else [node.module or ""]
            )
        return any(
            module.partition(".")[0] == "bascule" and not DESKTOP_MAY_IMPORT.fullmatch(module)
            for module in modules
        )

    assert offences(sources(DESKTOP), wrong) == []


def test_only_the_command_line_prints() -> None:
    def wrong(path: Path, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
            and path != CORE / "__main__.py"
            and CORE / "cli" not in path.parents
        )

    assert offences(sources(CORE), wrong) == []


def test_unknown_exceptions_are_caught_where_they_are_reported() -> None:
    def wrong(path: Path, node: ast.AST) -> bool:
        if not isinstance(node, ast.ExceptHandler) or name_of(path) in MAY_CATCH_EVERYTHING:
            return False
        if node.type is None:
            return True
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {last_name(each) for each in caught}
        end = node.body[-1]
        passes_on = isinstance(end, ast.Raise) and end.exc is None
        # Cleaning up and passing everything on, cancellation too, hides nothing.
        return "Exception" in names or ("BaseException" in names and not passes_on)

    assert offences(sources(CORE, DESKTOP), wrong) == []


def test_no_path_of_somebodys_home() -> None:
    # "you" stands for the reader, in examples.
    home = re.compile(
        r"(?<![\w.])/(?:home|Users)/(?!you\b|vous\b)[A-Za-z]|(?<![\w.])/ro{2}t/\w|"
        r"[A-Za-z]:\\+Users\\+(?!you\b|vous\b)[A-Za-z]"
    )
    found: list[str] = []
    for path in ours(TOP):
        inside = path.relative_to(TOP)
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [
            f"{inside.as_posix()}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if home.search(line)
        ]
    assert found == []


def test_every_module_of_the_core_has_its_own_tests() -> None:
    lacking = [
        name_of(path)
        for path in sources(CORE)
        if path.name != "__init__.py"
        and not (
            TOP / "tests/core" / path.relative_to(CORE).parent / f"test_{path.stem.strip('_')}.py"
        ).is_file()
    ]
    assert lacking == []


def test_every_gap_of_wine_is_a_test_that_is_there() -> None:
    gone: list[str] = []
    for line in (TOP / "tests" / "rigs" / "windows" / "gaps.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            file, *names = line.split()[0].split("[")[0].split("::")
            path = TOP / file
            known = {last for each in ast.walk(tree(path)) if (last := getattr(each, "name", ""))}
            gone += [line] if not known.issuperset(names) else []
    assert not gone


def test_import_contracts_hold() -> None:
    code = "import sys, importlinter.cli as c; sys.exit(c.lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_dev_py_runs_on_any_python_from_3_9() -> None:
    source = (TOP / "dev.py").read_text(encoding="utf-8")
    parsed = ast.parse(source, "dev.py", feature_version=(3, 9))
    modules = {
        name.partition(".")[0]
        for node in ast.walk(parsed)
        for name in imported(node)
        if not name.startswith("__future__")
    }
    assert modules <= set(sys.stdlib_module_names)


def test_what_the_readmes_say_to_press_is_what_buttons_say() -> None:
    texts = ElementTree.parse(TOP / "resources" / "translations" / "bascule_fr.ts")
    pairs = [
        (each.findtext("source"), each.findtext("translation")) for each in texts.iter("message")
    ]
    for name, number, begin in (
        ("README.md", 0, r"^\d\. |^Or press "),
        ("README.fr.md", 1, r"^\d\. |^Ou "),
    ):
        text = (TOP / name).read_text("utf-8")
        lines = [line for line in text.splitlines() if re.match(begin, line)]
        pressed = {word for line in lines for word in re.findall(r"\*\*(.+?)\*\*", line)}
        assert len(pressed) >= 5
        assert pressed <= {pair[number] for pair in pairs}
