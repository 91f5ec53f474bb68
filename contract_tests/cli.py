"""`zinc-contract`: check a server, print the catalogue, clean up after an interrupted run."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence

from contract_tests import __version__
from contract_tests.catalogue import Requirement, load_requirements
from contract_tests.errors import BadArguments, RunError
from contract_tests.interruption import interruption
from contract_tests.report.terminal import Pen
from contract_tests.settings import OPTIONS, settings_from

EXIT_STATUSES = """exit status:
  0  every requirement at the asked level or firmer held
  1  at least one was broken
  2  the check could not be made or was not complete"""
_OF_THE_KIT = ("hypothesis", "pytest", "requests", "schemathesis")  # what the mock alone does without


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: in place of the command line's.

    Returns:
        The exit status.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except RunError as error:
        Pen(sys.stderr).line(f"zinc-contract: {error}")
        return 2
    except ModuleNotFoundError as missing:
        if missing.name not in _OF_THE_KIT:
            raise
        advice = "install the extra [contract] of this package, as in: pip install '.[contract]'"
        Pen(sys.stderr).line(f"zinc-contract: {missing.name} is not installed; {advice}")
        return 2
    except KeyboardInterrupt:
        Pen(sys.stderr).line("zinc-contract: interrupted")
        return 2
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zinc-contract", description=__doc__)
    parser.add_argument("--version", action="version", version=f"zinc-contract {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser(
        "check",
        help="check a server",
        description="Check that a server keeps the contract. It changes nothing but accounts that it makes itself.",
        epilog=EXIT_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_check_arguments(check)
    check.set_defaults(run=_check)

    plan = commands.add_parser("plan", help="print what a check would send, without sending it")
    _add_check_arguments(plan)
    plan.set_defaults(run=_plan)

    requirements = commands.add_parser("requirements", help="print the catalogue")
    requirements.add_argument("--json", action="store_true", help="for machines")
    requirements.set_defaults(run=_requirements)

    cleanup = commands.add_parser(
        "cleanup", help="delete what interrupted runs left on a server, and nothing else"
    )
    cleanup.add_argument("base_url", metavar="BASE_URL")
    cleanup.add_argument("--api-key", metavar="KEY", help="the key of that run [environment: ZINC_API_KEY]")
    cleanup.set_defaults(run=_cleanup)
    return parser


def _add_check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "base_url", metavar="BASE_URL", nargs="?", help="the server to check [the embedded mock]"
    )
    for flag, about in OPTIONS:
        parser.add_argument(flag, **about)


def _check(options: argparse.Namespace) -> int:
    from contract_tests.session import check_and_print

    return check_and_print(settings_from(vars(options)))


def _plan(options: argparse.Namespace) -> int:
    from contract_tests.plan import print_plan

    return print_plan(settings_from(vars(options)))


def _cleanup(options: argparse.Namespace) -> int:
    from contract_tests.cleanup import clean_up

    # the second key of a run is cleaned up after as any other one is: by a call with it
    settings = settings_from(vars(options), {**os.environ, "ZINC_SECOND_API_KEY": ""})
    if settings.base_url is None:
        raise BadArguments("cleanup needs the address of a server")
    with interruption.listening():
        return clean_up(settings)


def _requirements(options: argparse.Namespace) -> int:
    from contract_tests.session import bindings

    checks, pen = bindings(), Pen(sys.stdout)
    if options.json:
        pen.line(json.dumps([_requirement_json(entry, checks) for entry in load_requirements()], indent=1))
        return 0
    width = max(len(entry.id) for entry in load_requirements())
    for entry in load_requirements():
        pen.line(f"{entry.id:<{width}}  {entry.level!s:<10}  {entry.title}")
        pen.line(f"{'':<{width}}  {'':<10}  {entry.source} · checks: {'; '.join(checks.get(entry.id, []))}")
    return 0


def _requirement_json(entry: Requirement, checks: Mapping[str, list[str]]) -> dict[str, object]:
    return {
        "id": entry.id,
        "title": entry.title,
        "area": str(entry.area),
        "level": str(entry.level),
        "source": entry.source,
        "note": entry.note,
        "checks": checks.get(entry.id, []),
    }
