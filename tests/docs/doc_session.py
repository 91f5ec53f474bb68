"""One reader at one terminal: a shell in a copy of the checkout's front, with the kit's commands on its path.

The mock of the pages listens on port 8080; here it listens on a free one, and what is sent and shown is rewritten.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from doc_pages import ROOT

PATIENCE = 60.0  # seconds; only a command that hangs meets it
_MARK = "the command ended with status"
_LEFT_OUT = {".git", ".venv", ".hypothesis", "site", "reports"}


class Session:
    """A shell, and the mock beside it once a page has started one."""

    def __init__(self, directory: Path) -> None:
        self._home = directory / "kit"
        self._home.mkdir()
        for entry in ROOT.iterdir():
            if entry.name not in _LEFT_OUT:
                (self._home / entry.name).symlink_to(entry)
        self._port = _free_port()
        self._environment = _environment(directory, self._port)
        self._mock: subprocess.Popen[str] | None = None
        self._shell = self._started("bash", "--norc")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._shell, self._mock):
            if process is not None:
                _end(process)

    def run(self, command: str) -> tuple[str, int]:
        """Run a command in the shell; return what it showed and its exit status."""
        assert self._shell.stdin is not None
        words = f"{{ {self._here(command)}\n}} </dev/null\nprintf '\\n%s %s\\n' {shlex.quote(_MARK)} $?\n"
        self._shell.stdin.write(words)
        self._shell.stdin.flush()
        shown, mark, status = self._read(self._shell, _MARK)
        assert mark, f"the shell ended, or had no answer within {PATIENCE:g} seconds: {shown}"
        return self._as_shown(shown).removesuffix("\n"), int(status)

    def serve(self, command: str) -> str:
        """Start a server that goes on beside the shell; return what it showed until it was ready."""
        if self._mock is not None:
            _end(self._mock)
        self._mock = self._started("bash", "-c", self._here(command), errors=subprocess.DEVNULL)
        shown, ready, url = self._read(self._mock, "ready on ")
        assert ready, f"the server ended, or was not ready within {PATIENCE:g} seconds: {shown}"
        return self._as_shown(f"{shown}{ready}{url}")

    def write(self, name: str, text: str) -> None:
        """Write a file that the page shows, into the directory where the shell is."""
        directory = Path(self.run("pwd")[0].strip())
        assert not (directory / name).exists() or not (directory / name).is_symlink(), name
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, "utf-8")

    def _started(self, *words: str, errors: int = subprocess.STDOUT) -> subprocess.Popen[str]:
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            cwd=self._home,
            env=self._environment,
            start_new_session=True,
        )

    @staticmethod
    def _read(process: subprocess.Popen[str], mark: str) -> tuple[str, str, str]:
        """Read up to the line with a mark: what stood before the mark, the mark, and the rest of its line."""
        assert process.stdout is not None
        shown = ""
        timer = threading.Timer(PATIENCE, _end, [process])
        timer.start()
        try:
            for line in process.stdout:
                before, found, rest = line.partition(mark)
                shown += before
                if found:
                    return shown, found, rest.strip()
        finally:
            timer.cancel()
        return shown, "", ""

    def _here(self, text: str) -> str:
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{self._port}")

    def _as_shown(self, text: str) -> str:
        return text.replace("\r", "").replace(f"127.0.0.1:{self._port}", "127.0.0.1:8080")


def _environment(directory: Path, port: int) -> dict[str, str]:
    """A reader's environment, with the commands that run these tests in place of those that `make` would install."""
    programs = Path(sys.executable).parent
    for name in ("mock", "dev"):
        (directory / "venv" / name).mkdir(parents=True)
        (directory / "venv" / name / "bin").symlink_to(programs)
        (directory / "venv" / name / ".ready").touch()
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "PATH": f"{programs}{os.pathsep}{kept.get('PATH', '')}",
        "HOME": str(directory),
        "LC_ALL": "C.UTF-8",
        "MAKEFLAGS": "--no-print-directory",
        "PYTHON": "false",  # `make` must never set up an environment here: it would write into the real one
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TERM": "dumb",
        "VENV": str(directory / "venv"),
        "ZINC_CONTRACT_STATE": str(directory / "state"),
        "ZINC_MOCK_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _end(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
