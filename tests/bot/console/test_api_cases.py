"""The API against 20,000 requests drawn from its description by schemathesis (tests/fakes/api_cases.py): the first half."""

import pytest

from tests.fakes.api_cases import CASES, OPERATIONS, storm


@pytest.mark.parametrize("label", sorted(OPERATIONS)[0::2])
def test_nothing_a_program_sends_breaks_a_verb(api, label):
    met = storm(api, label)
    assert met.total() == CASES and len(met) > 1, met


def test_there_are_enough_cases():
    assert CASES * len(OPERATIONS) >= 20_000
