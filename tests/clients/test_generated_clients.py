"""Clients that generators make of the specification: made without a warning, and at home with the mock."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.settings import default_specification
from mock_server.testing import Sandbox

TYPESCRIPT = Path(__file__).parent / "typescript"


def run(*command: str, cwd: Path, **variables: str) -> str:
    """Run a command that must succeed, and return all that it printed."""
    tools = Path(sys.executable).parent  # the generator formats with ruff, if it finds it
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


# Python: openapi-python-client


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the package that openapi-python-client made; it can be imported."""
    output = run(
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(default_specification()),
        "--meta", "none", "--output-path", "generated_zinc", "--fail-on-warning",
        cwd=tmp_path,
    )  # fmt: skip
    assert output == "Generating generated_zinc\n"
    monkeypatch.syspath_prepend(tmp_path)
    yield "generated_zinc"
    for name in [name for name in sys.modules if name.startswith("generated_zinc")]:
        del sys.modules[name]


def test_openapi_python_client_makes_a_client_that_is_at_home(generated: str, zinc_sandbox: Sandbox) -> None:
    def operation(tag: str, name: str) -> Any:
        return importlib.import_module(f"{generated}.api.{tag}.{name}").sync_detailed

    models = importlib.import_module(f"{generated}.models")
    client = importlib.import_module(f"{generated}.client").AuthenticatedClient(
        zinc_sandbox.base_url, zinc_sandbox.api_key, raise_on_unexpected_status=True
    )
    zinc_sandbox.clock.freeze()

    created = operation("managed_accounts", "create_managed_account")(
        client=client,
        body=models.ManagedAccountCreate("ada@example.com", password="secret", retailer="amazon"),
    )
    assert created.status_code == 201
    account = created.parsed
    assert isinstance(account, models.ManagedAccount)
    assert account.created_at == zinc_sandbox.clock.now

    updated = operation("managed_accounts", "update_managed_account")(
        account.short_id, client=client, body=models.ManagedAccountUpdate(retailer=None)
    ).parsed
    assert updated.retailer is None

    listed = operation("managed_accounts", "list_managed_accounts")(client=client).parsed
    assert (listed.total, listed.credentials) == (1, [updated])

    products = operation("orders", "list_test_products")(client=client).parsed.products
    submitted = operation("orders", "create_order")(
        client=client,
        body=models.OrderCreate(
            products=[models.Product(products[0].url)],
            shipping_address=models.ShippingAddress.from_dict({"first_name": "Ada"}),
            max_price=5000,
        ),
    ).parsed
    assert submitted.status is models.OrderStatus.IN_PROGRESS
    assert submitted.retailer_credentials_id == account.short_id

    zinc_sandbox.settle()
    placed = operation("orders", "get_order")(submitted.id, client=client).parsed
    assert placed.status is models.OrderStatus.ORDER_PLACED
    assert placed.price_components.total <= 5000
    found = operation("orders", "list_orders")(client=client, order_id=str(submitted.id)[:8]).parsed
    assert found.orders == [placed]

    delete = operation("managed_accounts", "delete_managed_account")
    assert delete(account.short_id, client=client).status_code == 204
    refused = delete(account.short_id, client=client).parsed
    assert (type(refused), refused.code) == (models.Error, "not_found")
    client.get_httpx_client().close()
    summary = zinc_sandbox.coverage["summary"]["operations"]
    assert summary["exercised"] == summary["documented"]


# TypeScript: openapi-typescript and openapi-fetch


@pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("npm") is None,
    reason="needs Node.js and npm, which are not here",
)
def test_openapi_typescript_makes_types_that_hold(tmp_path: Path, zinc_sandbox: Sandbox) -> None:
    project = tmp_path / "typescript"
    shutil.copytree(TYPESCRIPT, project, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", cwd=project)

    generated = run(
        "npm", "run", "--silent", "generate", "--", str(default_specification()), "--output", "api.d.ts", cwd=project
    )  # fmt: skip
    assert "⚠" not in generated
    assert [line[:1] for line in generated.splitlines() if line.strip() and "npm warn" not in line] == [
        "✨",
        "🚀",
    ]

    run("npm", "run", "--silent", "check", cwd=project)
    zinc_sandbox.clock.freeze()
    played = run(
        "npm", "run", "--silent", "round-trip", cwd=project,
        ZINC_BASE_URL=zinc_sandbox.base_url, ZINC_API_KEY=zinc_sandbox.api_key,
    )  # fmt: skip

    assert "round trip complete" in played
    summary = zinc_sandbox.coverage["summary"]["operations"]
    assert summary["exercised"] == summary["documented"]
