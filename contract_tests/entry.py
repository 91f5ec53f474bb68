"""Brings the plugin in when pytest is told to run `contract_tests`, and stays out of every other run.

pytest reads the options of a `conftest.py` only when it lies in a directory named on the command line; a package named
with `--pyargs` is none. An entry point of the distribution is what remains.
"""

import pytest


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load the plugin, options included, if the command line names the package."""
    named = early_config.known_args_namespace.file_or_dir
    if any(
        name.replace("/", ".").rstrip(".").split("::")[0].split(".")[0] == "contract_tests" for name in named
    ):
        early_config.pluginmanager.import_plugin("contract_tests.plugin")
