"""A floor: what a Flask handler costs that does no more than validate one body and keep it in a dictionary."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask, request
from jsonschema import Draft202012Validator

app = Flask(__name__)
_ACCOUNTS: dict[str, dict[str, Any]] = {}
_VALIDATOR = Draft202012Validator(
    {
        "type": "object",
        "required": ["email"],
        "properties": {
            "email": {"type": "string", "format": "email", "maxLength": 320},
            "password": {"type": ["string", "null"]},
            "retailer": {"type": ["string", "null"]},
        },
    },
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


@app.post("/users/managed-accounts")
def create() -> tuple[dict[str, Any], int]:
    """Keep an account and show it."""
    body = request.get_json()
    _VALIDATOR.validate(body)
    now = datetime.now(UTC).isoformat()
    identity = str(uuid4())
    account = {
        "id": identity,
        "short_id": f"zn_acct_{identity[:8]}",
        "email": body["email"],
        "retailer": body.get("retailer"),
        "created_at": now,
        "updated_at": now,
    }
    _ACCOUNTS[account["short_id"]] = account
    return account, 201
