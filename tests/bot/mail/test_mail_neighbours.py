"""Replies, notices, acknowledgements and failures in languages beyond the eight, as `rrm mail explain --json` tells them."""

import pytest

from bot.mail.config import MailConfig
from bot.mail.explain import for_machines
from bot.mail.parse import read
from tests.bot.mail.neighbours import CASES, bytes_of

STRANGER = MailConfig(own_addresses=("questions@elsewhere.example",), reply_domain="elsewhere.example")


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_a_mail_nobody_told_us_of(case):
    said = for_machines(read(bytes_of(case), config=STRANGER, envelope={}))
    assert list(said) == ["kind", "rule", "subject", "reply", "bounce", "held"]
    kinds, reply = (case["kind"],) if isinstance(case["kind"], str) else case["kind"], said["reply"]
    assert kinds is None or said["kind"] in kinds, said["rule"]
    assert case["held"] is None or bool(said["held"]) is case["held"], said["held"]
    assert case["review"] is None or bool(reply["review"]) is case["review"], reply["review"]
    if case["exact"] is not None:
        assert (reply["text"].strip(), reply["review"]) == (case["exact"], None)
    assert [one for one in case["keep"] if flat(one) not in flat(reply["text"])] == [], "wanted words were lost"
    assert reply["review"] or [one for one in case["gone"] if flat(one) in flat(reply["text"])] == []
    for key in ("hard", "status"):
        assert case[key] is None or said["bounce"][key] == case[key], said["bounce"]
    assert case["rcpt"] is None or said["bounce"]["recipients"] == case["rcpt"]
