"""The API against 20,000 requests drawn from its description by schemathesis (tests/fakes/api_cases.py): the other half."""

import pytest

from tests.fakes.api_cases import CASES, OPERATIONS, storm


@pytest.mark.parametrize("label", sorted(OPERATIONS)[1::2])
def test_nothing_a_program_sends_breaks_a_verb(api, label):
    met = storm(api, label)
    assert met.total() == CASES and len(met) > 1, met
