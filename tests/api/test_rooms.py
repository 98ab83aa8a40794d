"""The house of docs/architecture.md: which room may import what, read from the source."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

# Each room, and the rooms that it may import besides itself.
ROOMS = {
    "errors": "",
    "version": "",
    "api_key": "",
    "tasks": "errors",
    "images": "errors",
    "video": "errors",
    "models": "tasks errors",
    "training": "models images tasks errors",
    "work": "models images tasks errors",
    "jobs": "video work models images tasks errors",
    "setting_readers": "api_key models tasks",
    "settings": "setting_readers api_key jobs models tasks errors",
    "web": "api_key jobs video work models images tasks errors settings version",
    "app": "web jobs work models images tasks errors settings version",
    "server": "app web jobs work models images tasks errors settings version",
    "worker": "jobs work models images tasks errors settings",
    "cleaning": "training web tasks images errors",
    "commands": "api_key app cleaning work models images tasks errors settings version training",
}
# Libraries, and the rooms that alone may import them.
ALONE = {
    "av": "video",
    "flask": "web app cleaning",
    "flask_cors": "web app",
    "werkzeug": "web app cleaning",
    "gunicorn": "server",
    "onnx": "models",
    "onnxruntime": "models",
    "openvino": "models",
    "dbos": "jobs",
    "sqlalchemy": "jobs",
    "psycopg": "jobs",
    "torch": "models training",
    "torchvision": "models training",
}
SHARED_BY_TASKS = "drawing"
MOST_LINES_OF_A_MODULE = 250
MOST_LINES = 26_000  # to be raised knowingly, when something new comes

SOURCES = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((PROJECT / "api").rglob("*.py"))
}


def imports_of(path: Path) -> set[str]:
    """Return the modules that a file names in imports, wherever these stand in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            inner = {f"{node.module}.{name.name}" for name in node.names}
            found |= (inner & SOURCES.keys()) or {node.module}
    return found


IMPORTS = [(module, imported) for module, path in SOURCES.items() for imported in sorted(imports_of(path))]
OWN_IMPORTS = [(module, imported) for module, imported in IMPORTS if imported.startswith("api.")]


def room_of(module: str) -> str:
    """Return the folder or file directly in api/."""
    return module.split(".")[1] if "." in module else "api"


def task_of(module: str) -> str | None:
    """Return the task whose folder a module is in."""
    _, *inner = module.split(".")
    is_in_one = inner[:1] == ["tasks"] and len(inner) > 1 and (PROJECT / "api" / "tasks" / inner[1]).is_dir()
    return inner[1] if is_in_one else None


def test_rooms_are_known():
    assert {room_of(module) for module in SOURCES} <= {"api", *ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_those_below(room: str):
    allowed = {room, *ROOMS[room].split()}
    assert not [pair for pair in OWN_IMPORTS if room_of(pair[0]) == room and room_of(pair[1]) not in allowed]


@pytest.mark.parametrize("library", ALONE)
def test_library_stays_in_its_room(library: str):
    users = {module for module, imported in IMPORTS if imported.partition(".")[0] == library}
    assert not [module for module in sorted(users) if room_of(module) not in ALONE[library].split()]


def test_no_task_imports_another():
    pairs = [(module, task_of(module), task_of(imported)) for module, imported in OWN_IMPORTS]
    assert not [pair for pair in pairs if pair[1] and pair[2] not in (None, pair[1], SHARED_BY_TASKS)]


def test_no_module_imports_itself_by_a_circle():
    TopologicalSorter({module: [to for it, to in OWN_IMPORTS if it == module] for module in SOURCES}).prepare()


LINES = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in SOURCES.items()}


def test_no_module_is_long():
    assert not {module: count for module, count in LINES.items() if count > MOST_LINES_OF_A_MODULE}


def test_all_of_it_is_short():
    assert sum(LINES.values()) <= MOST_LINES
