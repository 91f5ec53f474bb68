"""Who may import whom: each module knows only what its place in the house lets it know."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("mock_server", "contract_tests")


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


SOURCES = {
    module_name(path): path.read_text("utf-8")
    for ours in OURS
    for path in sorted((ROOT / ours).rglob("*.py"))
}
TREES = {name: ast.parse(source) for name, source in SOURCES.items()}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yields the full names that a module imports, those of `from package import module` with the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in TREES else str(node.module)


IMPORTS = {name: set(imported(tree)) for name, tree in TREES.items()}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def modules_in(package: str) -> list[str]:
    found = [name for name in IMPORTS if within(name, package)]
    assert found, f"there is no {package}"
    return found


def importers_of(target: str) -> set[str]:
    """Returns who imports a module, package or library, other than its own modules."""
    return {
        name for name, names in IMPORTS.items()
        if any(within(one, target) for one in names) and not within(name, target)
    }  # fmt: skip


# What each module may know of ours. What is not named here may know more.
MAY_KNOW = {
    "mock_server.domain": {"mock_server.domain"},
    "mock_server.secret": set(),
    "mock_server.ids": set(),
    "mock_server.instants": set(),
    "mock_server.logs": set(),
    "mock_server.document": set(),
    "mock_server.validators": set(),
    "mock_server.specification": {"mock_server.document", "mock_server.validators"},
    "mock_server.validation": {"mock_server.specification", "mock_server.validators"},
    "mock_server.operations": {"mock_server.domain", "mock_server.representations"},
    "mock_server.representations": {"mock_server.domain", "mock_server.instants", "mock_server.validators"},
    "mock_server.settings": {"mock_server.instants"},
    "mock_server.control.clock": set(),
    "mock_server.control.faults": set(),
    "mock_server.testing": set(),
    "contract_tests": {"contract_tests"},
}


@pytest.mark.parametrize("package", MAY_KNOW)
def test_a_module_knows_only_what_it_may(package):
    for name in set(modules_in(package)) - {"contract_tests.embedded"}:
        ours = {one for one in IMPORTS[name] if one.split(".")[0] in OURS}
        beyond = {one for one in ours if not any(within(one, allowed) for allowed in MAY_KNOW[package])}
        assert not beyond, f"{name} imports {sorted(beyond)}"


# Where each library is known, and nowhere else.
LIBRARIES = {
    "flask": {"mock_server.app", "mock_server.console.pages"},
    "granian": {"mock_server.server"},
    "cryptography": {"mock_server.secret"},
    "yaml": {"mock_server.document", "contract_tests"},
    "jsonschema": {
        "mock_server.specification",
        "mock_server.validators",
        "mock_server.validation",
        "contract_tests",
    },
    "hypothesis": {"contract_tests"},
    "schemathesis": {"contract_tests"},
    "requests": {"contract_tests"},
    "urllib3": {"contract_tests"},
    "pytest": {"contract_tests", "mock_server.pytest_plugin"},
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_known_where_it_belongs_and_nowhere_else(library):
    elsewhere = {
        name for name in importers_of(library) if not any(within(name, place) for place in LIBRARIES[library])
    }
    assert not elsewhere


def test_the_kit_imports_the_mock_in_one_place_only():
    assert {name for name in importers_of("mock_server") if within(name, "contract_tests")} <= {
        "contract_tests.embedded"
    }


def test_the_mock_knows_nothing_of_the_kit():
    assert importers_of("contract_tests") == set()


@pytest.mark.parametrize("command", ["mock_server.cli", "contract_tests.cli"])
def test_nothing_imports_a_command(command):
    package = command.partition(".")[0]
    assert importers_of(command) <= {f"{package}.__main__"}


def test_deviations_are_known_only_where_they_are_switched_on():
    assert importers_of("mock_server.deviations.catalogue") == {
        "mock_server.app",
        "mock_server.cli",
        "mock_server.control.trouble_calls",
        "mock_server.tenants",
    }
    assert not any(within(name, "mock_server.deviations") for name in IMPORTS["mock_server.api"])


# The domain is pure

PURE = {
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "heapq",
    "typing",
    "urllib",
    "uuid",
}
IMPURE_NAMES = {
    "now", "utcnow", "today", "time", "sleep", "monotonic", "uuid1", "uuid4", "random", "urandom", "open", "print",
    "input", "environ", "getenv", "Thread", "Lock", "RLock", "Timer",
}  # fmt: skip


@pytest.mark.parametrize("name", modules_in("mock_server.domain"))
def test_the_domain_has_no_clock_no_chance_and_no_world_outside(name):
    foreign = {one.split(".")[0] for one in IMPORTS[name]} - PURE - {"mock_server"}
    assert foreign == set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in IMPURE_NAMES, f"{name}, line {node.lineno}: {called}()"
        assert not isinstance(node, ast.Global), f"{name}, line {getattr(node, 'lineno', 0)}: global"


def test_the_domain_needs_no_library():
    program = (
        "import sys\n"
        "import mock_server.domain.sandbox\n"
        "heavy = {'flask', 'werkzeug', 'jsonschema', 'orjson', 'yaml', 'granian', 'cryptography'}\n"
        "sys.exit(bool(heavy & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_mock_needs_nothing_of_the_test_stack():
    program = (
        "import sys\n"
        "from mock_server.server import Server\n"
        "from mock_server import create_app\n"
        "create_app()\n"
        "stack = {'pytest', 'hypothesis', 'schemathesis', 'requests'}\n"
        "sys.exit(bool(stack & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_first_answer_loads_nothing_that_it_does_not_need():
    program = (
        "import sys\n"
        "from mock_server import create_app\n"
        "account = {'email': 'a@example.com', 'password': 'secret'}\n"
        "key = {'Authorization': 'Bearer zn_test_first'}\n"
        "answer = create_app().test_client().post('/users/managed-accounts', json=account, headers=key)\n"
        "assert answer.status_code == 201\n"
        "later = ('mock_server.grading', 'mock_server.control.plane', 'mock_server.deviations.creating')\n"
        "sys.exit(any(name.startswith(later) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_contract_command_says_what_it_lacks_where_only_the_mock_is_installed():
    program = (
        "import sys\n"
        "stack = ('pytest', 'hypothesis', 'schemathesis', 'requests', 'urllib3')\n"
        "sys.modules.update(dict.fromkeys(stack))\n"
        "from contract_tests.cli import main\n"
        "sys.exit(main(['check']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
    assert "pip install '.[contract]'" in ended.stderr


# One place for each thing


def test_one_at_a_time_is_written_in_one_function():
    """Only the queue's own functions ever touch who holds a lock."""
    touching = {
        name
        for name in IMPORTS
        if not within(name, "mock_server.deviations")
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute) and node.attr == "holder" and isinstance(node.ctx, ast.Store)
    }
    assert touching == {"mock_server.domain.queueing"}


@pytest.mark.parametrize(
    "word", ["/users/managed-accounts", "/orders/test-products", "zn_acct_", "short_id}", "order_id}"]
)
def test_no_path_and_no_form_of_an_id_is_repeated_in_what_the_document_drives(word):
    for name in (
        "api",
        "app",
        "operations",
        "specification",
        "validation",
        "validators",
        "wire",
        "errors",
        "store",
    ):
        tree = TREES[f"mock_server.{name}"]
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]
        assert not [text for text in texts if word in text], f"mock_server.{name} repeats {word}"
