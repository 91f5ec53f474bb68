"""Where the servers under measurement are installed, in which versions, and how they get there.

`python -m benchmarks.installed` installs them; that is the only step that uses the network.
"""

import json
import shutil
import subprocess
import sys

from benchmarks.part import BenchmarkError
from benchmarks.plan import BENCH, PROJECT

_HERE = PROJECT / "benchmarks"
NPM = BENCH / "npm" / "node_modules"
STUBS = BENCH / "stubs"  # a copy: WireMock writes beside its stubs
WIREMOCK_JAR = BENCH / "wiremock.jar"

# The programs that the system must have, and Debian's packages of them.
_TOOLS = {"wrk": "wrk", "node": "nodejs", "npm": "npm", "java": "default-jre-headless"}

# Each in an environment of its own: the mock alone, as its users have it; the mock with the kit; moto.
ENVIRONMENTS = {
    "ours": ["."],
    "kit": [".[contract]"],
    "moto": ["--requirement", str(_HERE / "requirements.txt")],
}


def program(environment: str, name: str) -> str:
    """Return the path of a program in one of the Python environments."""
    return str(BENCH / environment / "bin" / name)


def python_version(environment: str, distribution: str) -> str:
    """Return the version of a distribution in one of the Python environments."""
    asked = f"from importlib.metadata import version; print(version({distribution!r}))"
    return _printed([program(environment, "python"), "-c", asked])


def npm_version(package: str) -> str:
    """Return the version of an installed npm package."""
    return str(json.loads((NPM / package / "package.json").read_text())["version"])


def require_tools() -> None:
    """Raise if a program is missing that no registry of Python or npm packages has.

    Raises:
        BenchmarkError: with the line that installs it.
    """
    for tool, package in _TOOLS.items():
        if shutil.which(tool) is None:
            raise BenchmarkError(f"{tool} is not installed: apt-get install {package}")


def require_all() -> None:
    """Raise if something to measure is not installed.

    Raises:
        BenchmarkError: with the line that installs it.
    """
    wanted = [BENCH / name / "bin" / "python" for name in ENVIRONMENTS] + [NPM, WIREMOCK_JAR, STUBS]
    if missing := [path for path in wanted if not path.exists()]:
        raise BenchmarkError(f"{missing[0]} is missing: python -m benchmarks.installed")


def install() -> None:
    """Install everything, anew where it may have changed: the mock and the kit always, peers when their pins do."""
    BENCH.mkdir(exist_ok=True)
    for name, wanted in ENVIRONMENTS.items():
        if not (BENCH / name).exists():
            _run([sys.executable, "-m", "venv", str(BENCH / name)])
        pip = [program(name, "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        _run([*pip, *wanted])
        if name != "moto":  # the version stays while the sources change
            _run([*pip, "--force-reinstall", "--no-deps", "."])
    npm = BENCH / "npm"
    npm.mkdir(exist_ok=True)
    shutil.copy(_HERE / "package.json", npm)
    quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    _run(["npm", "install", "--prefix", str(npm), *quiet])
    shutil.copy(next((NPM / "wiremock" / "build").glob("*.jar")), WIREMOCK_JAR)
    shutil.copytree(_HERE / "stubs", STUBS, dirs_exist_ok=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=PROJECT, check=True)


def _printed(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    try:
        require_tools()
        install()
    except (BenchmarkError, OSError, subprocess.CalledProcessError) as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        sys.exit(2)
