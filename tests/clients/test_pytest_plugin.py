"""The pytest plugin that comes with the package, tried as a project that installed it would."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from mock_server import pytest_plugin

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "mock_server.pytest_plugin", "-p", "no:cacheprovider")
CALLS = (Path(__file__).parent / "api_calls.py").read_text()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of a client team, with a way to call the API.

    Plugins of others are left out, since they take seconds to load, and each run is a process of its own, since
    some of what a mock imports cannot be imported twice.
    """
    monkeypatch.delenv("ZINC_MOCK_URL", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(api_calls=CALLS)
    return pytester


def test_pytest_finds_the_plugin_by_itself() -> None:
    (entry_point,) = entry_points(group="pytest11", name="zinc-mock")

    assert entry_point.load() is pytest_plugin


def test_the_fixtures_are_there_without_a_conftest(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from api_calls import call, create_account

        def test_the_mock_runs(zinc_mock, zinc_sandbox):
            assert zinc_mock.url == zinc_sandbox.base_url
            create_account(zinc_sandbox)

        def test_and_each_test_starts_with_nothing(zinc_sandbox):
            assert call(zinc_sandbox, "GET", "/users/managed-accounts")[1]["total"] == 0
        """
    )

    project.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=2)


def test_the_options_of_the_mock_can_be_overridden(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def zinc_mock_options():
            return {"clock": "2026-01-15T10:30:00Z", "strict": True}
        """
    )
    project.makepyfile(
        """
        from api_calls import call

        def test_it(zinc_sandbox):
            assert zinc_sandbox.clock.now.year == 2026 and zinc_sandbox.clock.is_manual
            assert call(zinc_sandbox, "POST", "/users/managed-accounts", {"email": "a@b.c", "x": 1})[0] == 422
        """
    )

    project.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_a_failure_shows_what_the_client_asked(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from api_calls import call, create_account

        @pytest.fixture
        def client(zinc_sandbox):  # the sandbox is not among the test's own arguments
            return zinc_sandbox

        def test_it(client):
            create_account(client, password="hunter2", colour="blue")
            call(client, "POST", "/orders", {"max_price": "12"})
            client.faults.add(status=503)
            call(client, "GET", "/orders")
            assert False
        """
    )

    result = project.runpytest_subprocess(*PLUGIN)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*--- zinc-mock journal ---*",
            "*  POST /users/managed-accounts -> 201  req_*",
            "    ignored unknown fields: colour",
            "*  POST /orders -> 422  req_*",
            "    validation_error: *'must be an integer'*",
            "*  GET /orders -> 503  req_*",
            "    fault: fault_1",
        ]
    )
    assert "hunter2" not in result.stdout.str().split("zinc-mock journal")[1]


def test_a_failing_fixture_shows_it_too(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.fixture
        def client(zinc_sandbox):
            raise RuntimeError

        def test_it(client):
            pass
        """
    )

    result = project.runpytest_subprocess(*PLUGIN)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--- zinc-mock journal ---*", "The client sent no request."])


def test_a_test_that_passes_or_uses_no_sandbox_shows_nothing(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_fine(zinc_sandbox):
            pass

        def test_other():
            assert False
        """
    )

    result = project.runpytest_subprocess(*PLUGIN, "-rA")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*zinc-mock journal*")


def test_a_mock_that_is_gone_hides_no_failure(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from mock_server.testing import ControlError

        def test_it(zinc_sandbox, monkeypatch):
            def refuse(*_):
                raise ControlError(500, {"code": "internal_error", "message": "gone"})
            zinc_sandbox._control = refuse
            monkeypatch.setattr(type(zinc_sandbox), "reset", lambda _: None)
            assert "the true reason" == ""
        """
    )

    result = project.runpytest_subprocess(*PLUGIN)

    result.stdout.fnmatch_lines(["*the true reason*", "The journal could not be read: *gone"])


def test_it_works_under_xdist(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from api_calls import call, create_account

        @pytest.mark.parametrize("number", range(6))
        def test_it(zinc_sandbox, number):
            create_account(zinc_sandbox)
            assert call(zinc_sandbox, "GET", "/users/managed-accounts")[1]["total"] == 1
            assert number != 3
        """
    )

    result = project.runpytest_subprocess(*PLUGIN, "-p", "xdist", "-n", "2")

    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        ["*--- zinc-mock journal ---*", "*  POST /users/managed-accounts -> 201  req_*"]
    )


def test_under_exec_the_running_mock_is_used_and_grades_the_tests(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from api_calls import create_account

        def test_it(zinc_sandbox):
            create_account(zinc_sandbox, colour="blue")
        """
    )
    command = [sys.executable, "-m", "mock_server.cli", "exec", "--fail-on", "warning", "--"]

    done = subprocess.run(
        [*command, sys.executable, "-m", "pytest", "-q", *PLUGIN],
        cwd=project.path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert "1 passed" in done.stdout
    assert done.returncode == 1
    assert "createManagedAccount colour" in done.stderr


def test_a_session_that_does_not_use_it_pays_next_to_nothing(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_it():
            heavy = {"flask", "granian", "jsonschema", "yaml", "cryptography", "http.client"}
            ours = {name for name in sys.modules if name.startswith("mock_server.")}
            assert not heavy & set(sys.modules)
            assert ours == {"mock_server.pytest_plugin"}
        """
    )
    result = project.runpytest_subprocess(*PLUGIN)

    result.assert_outcomes(passed=1)
