"""Schemathesis against the real application: no operation fails or says what its document does not."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from actions import declarations, documents
from kit import settings as product
from models import database as databases
from models.database import transaction
from models.documents import Document
from queries import inboxes
from rules import records
from rules.access import Role
from tests.actions.test_stages import close, confirm, look_again, take_in, to_the_interview
from tests.factories import NOW, handed_in
from tests.web.tokens import token_of
from web.api import admission
from web.api.limits import Buckets
from web.api.reference import document
from web.app import make_app

EXAMPLES = 12
REAL = {"code": "T-1", "stage": "interview", "staff_no": "001", "document_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}

APP = make_app()
HELD = [*range(200, 300), 304, 403, 404, 409, 412, 428]
"""What may be answered to data that is as the document says: a 409, 412 or 428 is about what is there already."""

BY_STATE = {
    "put_sheet",
    "leave_people",
    *(f"import_{book}" for book in ("people", "ratings", "kpis", "incidents", "honours", "certificates")),
    *(f"import_{book}" for book in ("attendance", "exam", "marks")),
}
"""Which criteria, sessions and people there are is not for the document, nor that two rows must not contradict."""

ROLES = {"/sheets": "reviewer", "/my/": "candidate", "": "hr"}
"""Who uses an operation, by what its path has."""


def _operations(mode: GenerationMode) -> list[schemathesis.APIOperation]:
    told = copy.deepcopy(document())
    for methods in told["paths"].values():
        for one in methods.values():
            if mode is GenerationMode.NEGATIVE:  # or it would draw wrong tokens, which the test overwrites
                one.pop("security")
            # A key that is drawn twice would stand for two requests: `test_api_nightly.py` is about that.
            one["parameters"] = [p for p in one.get("parameters", []) if p["name"] != "Idempotency-Key"]
    schema = schemathesis.openapi.from_dict(told)
    schema.app = APP
    schema.config.checks.positive_data_acceptance.expected_statuses = [str(status) for status in HELD]
    return [result.ok() for result in schema.get_all_operations()]


DRAWN = [(operation, mode) for mode in GenerationMode for operation in _operations(mode)]


def _name(drawn: tuple[schemathesis.APIOperation, GenerationMode]) -> str:
    return f"{drawn[0].definition.raw['operationId']}-{drawn[1].value}"


@pytest.fixture(scope="module")
def world(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A round in its public notice, and a token of each role."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JINGPIN_HOME", str(home))
        patch.delenv("JINGPIN_DATABASE_URL", raising=False)
        patch.setattr(admission, "ASKED", Buckets(per_minute=1_000_000))
        patch.setattr(admission, "FAILED", Buckets(per_minute=1_000_000))
        shutil.copy(migrated_sqlite, home / "jingpin.db")
        product.settings.cache_clear()
        _to_the_notice()
        yield {
            "hr": token_of("hr", Role.HR),
            "reviewer": token_of("r777", Role.REVIEWER, staff_no="777"),
            "candidate": token_of("c001", Role.CANDIDATE, staff_no="001"),
        }
        databases.forget()
    product.settings.cache_clear()


def _to_the_notice() -> None:
    round_id = to_the_interview()
    take_in(round_id, "reviewers", [records.Reviewer("R7", "评委七", None, "777")])
    take_in(round_id, "panels", [records.Assignment("interview", "001", "R7")])
    with transaction() as session:
        (chair,) = inboxes.chairs(session, staff_no="777", code="T-1")
        declarations.declare(session, chair=chair, statement="", actor="test", now=NOW)
    take_in(round_id, "marks", handed_in().marks)
    close(round_id, "interview")
    look_again(round_id)
    confirm(round_id)
    look_again(round_id)
    with transaction() as session:
        sha256 = documents.keep(session, b"%PDF")
        made = {"kind": "result", "name": "结果.pdf", "media_type": "application/pdf", "sha256": sha256, "made_at": NOW}
        session.add(Document(id=UUID(REAL["document_id"]), round_id=round_id, **made))


def _role_of(operation: schemathesis.APIOperation) -> str:
    return next(role for part, role in ROLES.items() if part in operation.path)


@pytest.mark.parametrize("drawn", DRAWN, ids=_name)
def test_whatever_is_sent_the_answer_is_as_documented(
    world: dict[str, str], drawn: tuple[schemathesis.APIOperation, GenerationMode]
) -> None:
    operation, mode = drawn
    token = world[_role_of(operation)]
    positive = mode is GenerationMode.POSITIVE
    by_state = operation.definition.raw["operationId"] in BY_STATE
    left_out = [positive_data_acceptance] if by_state else []

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def run(case: schemathesis.Case, real: bool) -> None:  # noqa: FBT001 - drawn by name
        if real and positive:
            case.path_parameters = {name: REAL[name] for name in case.path_parameters or {}}
        case.headers["Authorization"] = f"Bearer {token}"
        case.validate_response(case.call(), excluded_checks=left_out)

    run()
