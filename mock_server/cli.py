"""`zinc-mock`: starts the mock, or runs a command beside one."""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

from mock_server import __version__
from mock_server.settings import Settings, SettingsError, environment_name, values_from

_USAGE_STATUS = 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every command of this kit does."""

    origin = ""  # where the words come from, if not from the command line

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with status 2."""
        self.exit(_USAGE_STATUS, f"zinc-mock: {self.origin}{message}; see zinc-mock --help\n")


def parser() -> _Parser:
    """Return the parser of the command line; every option has an environment variable, `ZINC_MOCK_` + its name."""
    made = _Parser(
        prog="zinc-mock",
        description="A stateful mock of Zinc's Managed Accounts API.",
        epilog="`zinc-mock exec [options] -- COMMAND…` starts a mock on a free port, runs the command with "
        "ZINC_BASE_URL and ZINC_API_KEY set, and exits with the command's status. "
        "Every option has an environment variable: ZINC_MOCK_PORT for --port, and so on.",
    )
    made.add_argument("--version", action="version", version=f"zinc-mock {__version__}")
    made.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    made.add_argument("--port", type=int, help="port to listen on; 0 takes a free one (default 8080)")
    made.add_argument("--spec", type=Path, metavar="FILE", help="OpenAPI document to follow")
    made.add_argument("--fixtures", type=Path, metavar="FILE", help="snapshot that every sandbox starts from")
    made.add_argument("--api-key", action="append", metavar="KEY", help="let in only this key (repeatable)")
    made.add_argument(
        "--processing-time",
        type=float,
        metavar="SECONDS",
        help="how long an order is in progress (default 2.0)",
    )
    made.add_argument("--clock", metavar="real|INSTANT", help="real, or where each manual clock stands")
    made.add_argument("--seed", type=int, metavar="N", help="makes ids reproducible")
    made.add_argument("--store", metavar="ADDRESS", help="where sandboxes live: memory is the only store")
    made.add_argument(
        "--deviate", action="append", metavar="NAME", help="depart from the contract (repeatable)"
    )
    made.add_argument("--strict", action="store_true", default=None, help="refuse unknown fields")
    made.add_argument("--log-format", choices=("text", "json"), help="form of the log lines (default text)")
    made.add_argument("--ready-file", type=Path, metavar="FILE", help="write the base URL here when ready")
    made.add_argument("--list-deviations", action="store_true", help="print the deviations and exit")
    return made


_REPEATABLE = ("api_key", "deviate")
_DEFAULTS: dict[str, Any] = {"host": "127.0.0.1", "port": 8080, "log_format": "text"}
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_SETTINGS = {
    "spec": "spec",
    "fixtures": "fixtures",
    "api_key": "api_keys",
    "processing_time": "processing_time",
    "clock": "clock",
    "seed": "seed",
    "store": "store",
    "deviate": "deviations",
    "strict": "strict",
}


def options_from(
    arguments: Sequence[str],
    environment: dict[str, str],
    made: _Parser | None = None,
    defaults: Mapping[str, Any] = _DEFAULTS,
) -> argparse.Namespace:
    """Return the options of a command line, with the environment's where the line is silent.

    Exits with status 2 and one line where either makes no sense.

    Args:
        arguments: the command line, without the command.
        environment: the environment's variables.
        made: the parser, if it is not the usual one.
        defaults: the values of options that neither names.
    """
    made = made or parser()
    given = made.parse_args(arguments)
    words = _words_of(made, environment)
    made.origin = f"in a variable {environment_name('--…')}: "
    from_environment = made.parse_args(words)
    made.origin = ""
    for name, value in vars(from_environment).items():
        if getattr(given, name) is None or getattr(given, name) is False:  # 0 is a value, and equals False
            setattr(given, name, value)
    for name, default in defaults.items():
        if getattr(given, name) is None:
            setattr(given, name, default)
    return given


def _words_of(made: argparse.ArgumentParser, environment: dict[str, str]) -> list[str]:
    """Write the options that the environment gives as a command line."""
    words: list[str] = []
    for action in made._actions:
        option = action.option_strings[-1]
        text = environment.get(environment_name(option))
        if not text or option in ("--help", "--version"):
            continue
        if action.nargs == 0:
            if text.lower() not in _YES + _NO:
                made.error(f"{environment_name(option)}: {text!r} is none of {', '.join(_YES + _NO)}")
            words += [option] if text.lower() in _YES else []
        elif action.dest in _REPEATABLE:
            words += [f"{option}={value}" for value in values_from(environment, option)]
        else:
            words.append(f"{option}={text}")
    return words


def settings_from(options: argparse.Namespace) -> Settings:
    """Return the mock's settings of the command's options.

    Raises:
        SettingsError: a value makes no sense.
    """
    given: dict[str, Any] = {
        field: tuple(value) if isinstance(value, list) else value
        for option, field in _SETTINGS.items()
        if (value := getattr(options, option)) is not None
    }
    return Settings(**given)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["exec"]:
        return _exec(words[1:])
    options = options_from(words, dict(os.environ))
    if options.list_deviations:
        return _list_deviations()
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    asked: SimpleQueue[None] = SimpleQueue()  # a handler may put into it whatever it has interrupted
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.put(None))
    gc.disable()  # what is loaded now stays
    server = _started(options)
    _collect_little_garbage()
    _write_ready_file(options.ready_file, server)
    print(f"zinc-mock ready on {server.url}", flush=True)  # noqa: T201 (the one line on standard output)
    asked.get()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a second one must not change the status
    return _end(server, 0)


def _end(server: Any, status: int) -> int:
    """Stop a server and return the status, which the process ends with at once if a client holds a thread back."""
    server.stop()
    if not server.wait():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # Python must not end itself before the threads that could call it
    return status


def _write_ready_file(file: Path | None, server: Any) -> None:
    """Write the address where it was asked for, or stop the server and exit with status 2 and one line."""
    if file is None:
        return
    try:
        file.write_text(server.url + "\n")
    except OSError as problem:
        _end(server, _USAGE_STATUS)
        parser().error(f"ready file: {file}: {problem.strerror}")


def _collect_little_garbage() -> None:
    """Keep the collector of cyclic garbage away from what lives long.

    Sandboxes have no cycles, so counting references frees them; full collections would only look through every
    account again and again, and hold up answers meanwhile.
    """
    gc.freeze()
    gc.set_threshold(5_000, 10, 100_000)
    gc.enable()


def _started(options: argparse.Namespace) -> Any:
    """Return a running server, or exit with status 2 and one line."""
    # Imported here so that a wrong option is told at once.
    from mock_server.app import MockApp
    from mock_server.logs import log_to_stderr
    from mock_server.server import Server, ServerError
    from mock_server.specification import SpecificationError

    try:
        app = MockApp(settings_from(options))
        access_log = log_to_stderr(options.log_format or "text")
        app.access_log = access_log if options.log_format else None
        return Server(app, options.host, options.port).start()
    except (SettingsError, SpecificationError, ServerError) as problem:
        print(f"zinc-mock: {problem}", file=sys.stderr)  # noqa: T201
        raise SystemExit(_USAGE_STATUS) from problem


def _exec(words: list[str]) -> int:
    """Start a mock on a free port, run a command beside it, and return the command's status."""
    from mock_server.beside import FAILING, run_beside

    made = parser()
    made.add_argument(
        "--report", type=Path, metavar="FILE", help="grade the client: .json, .xml (JUnit) or text"
    )
    made.add_argument("--fail-on", choices=tuple(FAILING), help="exit 1 if the client did what it should not")
    split = words.index("--") if "--" in words else len(words)
    command = words[split + 1 :]
    # The command's own output is what people look at: requests are logged only if a form is asked for.
    defaults = {name: default for name, default in _DEFAULTS.items() if name != "log_format"}
    options = options_from(["--port", "0", *words[:split]], dict(os.environ), made, defaults)
    if options.list_deviations:
        return _list_deviations()
    if not command:
        made.error("exec needs a command: zinc-mock exec [options] -- COMMAND…")
    _refuse_unwritable(options.report)
    server = _started(options)
    _write_ready_file(options.ready_file, server)
    key = options.api_key[0] if options.api_key else "zn_test_exec"
    status = 1  # whatever ends it before the command has one of its own
    try:
        status = run_beside(server, command, key, options.report, options.fail_on)
    finally:
        _end(server, status)
    return status


def _refuse_unwritable(file: Path | None) -> None:
    """Exit with status 2 and one line if a report could not be written once the command has run."""
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.open("a").close()
    except OSError as problem:
        parser().error(f"report: {file}: {problem.strerror}")


def _list_deviations() -> int:
    from mock_server.deviations.catalogue import deviations

    lines = (f"{deviation.name}\t{deviation.requirement}\t{deviation.about}\n" for deviation in deviations())
    try:
        sys.stdout.writelines(lines)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
