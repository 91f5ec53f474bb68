"""Schemathesis drives both documents against the app in-process: every answer is one that the document knows."""

import copy
from typing import Any

import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from published import CONTROL_PATH, DOCUMENT, ROOT
from schemathesis.config import SchemathesisConfig

from mock_server import create_app

CONTROL: dict[str, Any] = yaml.safe_load(CONTROL_PATH.read_text("utf-8"))
CHECKS = [
    getattr(schemathesis.checks, name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "positive_data_acceptance",
        "unsupported_method",
    )
]
# The same requests on each run, and none that depend on what the app answered or on what its code contains.
CONFIG = {
    "seed": 1,
    "cache": {"enabled": False},
    "analysis": {"constants": {"enabled": False}},
    "generation": {"deterministic": True},
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "402", "404", "408", "409", "422"]}
    },
}
BOUNDED = settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
FIXTURE = ROOT / "fixtures" / "states" / "one-amazon-one-default.json"


def schema_of(document: dict[str, Any]):
    schema = schemathesis.openapi.from_dict(
        copy.deepcopy(document), config=SchemathesisConfig.from_dict(CONFIG)
    )
    schema.app = create_app(clock="2026-01-15T10:30:00Z", fixtures=FIXTURE, processing_time=0)
    schema.config.update(base_url="http://localhost")
    return schema


published, control = schema_of(DOCUMENT), schema_of(CONTROL)


def judge(case) -> None:
    # Query parameters that no document knows are ignored, on purpose; the probe would call that a fault.
    excluded = [schemathesis.checks.negative_data_rejection] if case.query else []
    case.call_and_validate(
        checks=CHECKS, excluded_checks=excluded, headers={"Authorization": "Bearer zn_test_schemathesis"}
    )


@published.parametrize()
@BOUNDED
def test_the_published_operations_answer_as_documented(case):
    judge(case)


@control.parametrize()
@BOUNDED
def test_the_control_plane_answers_as_documented(case):
    judge(case)


class Walk(published.as_state_machine()):
    """Follows the links of the document: what was created is updated, deleted and read."""

    def validate_response(self, response, case, **_):
        case.validate_response(response, checks=CHECKS[:5])

    def get_call_kwargs(self, case):  # noqa: ARG002 (its signature is schemathesis's)
        return {"headers": {"Authorization": "Bearer zn_test_walk"}}


TestWalk = Walk.TestCase
TestWalk.settings = settings(BOUNDED, max_examples=10, stateful_step_count=8, derandomize=True)
