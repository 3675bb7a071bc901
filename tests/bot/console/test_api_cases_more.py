"""The API against 20,000 requests drawn from its description by schemathesis (tests/fakes/api_cases.py): the other half."""

import pytest

from tests.bot.console.test_api import key
from tests.fakes.api_cases import CASES, OPERATIONS, Api, storm
from tests.fakes.bureau import bureau as a_bureau
from tests.world import ASKER_MAIL


@pytest.fixture(scope="module")
def api(furnished, tmp_path_factory):
    with a_bureau(furnished, tmp_path_factory.mktemp("cases")) as here:
        here.world.mail(ASKER_MAIL, "How do you pay for a welding workshop?")
        here.hand_over()
        called = Api(here, key(here))
        yield called
        called.loop.close()


@pytest.mark.parametrize("label", sorted(OPERATIONS)[1::2])
def test_nothing_a_program_sends_breaks_a_verb(api, label):
    met = storm(api, label)
    assert met.total() == CASES and len(met) > 1, met
