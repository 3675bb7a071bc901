"""The table from (phase, reply) to fate: every row, and the replies that are easy to misjudge."""

import pytest

from bot.channels.smtp_fates import RULES, Fate, Phase, Trouble, channel_error, judge
from routing.errors import Ambiguous, Refused, Unreachable

BEFORE_THE_DOT = [phase for phase in Phase if phase is not Phase.DOT]


def fate(phase, code=None, text=""):
    return judge(Trouble(phase, code, text)).fate


@pytest.mark.parametrize("phase", BEFORE_THE_DOT)
def test_silence_before_the_dot_is_safe_to_retry(phase):
    assert fate(phase) is Fate.RETRY


@pytest.mark.parametrize("code", [None, -1, 999])
def test_silence_or_nonsense_after_the_dot_is_ambiguous(code):
    assert fate(Phase.DOT, code) is Fate.AMBIGUOUS


@pytest.mark.parametrize("code", [220, 354])
def test_a_reply_that_has_no_place_after_the_dot_is_ambiguous(code):
    assert fate(Phase.DOT, code) is Fate.AMBIGUOUS


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_later_means_later_at_every_phase_even_after_the_dot(phase, code):
    assert fate(phase, code, "4.7.1 greylisted") is Fate.RETRY


@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.EHLO, Phase.MAIL, Phase.DATA, Phase.BODY, Phase.DOT])
def test_a_plain_550_outside_rcpt_refuses_the_letter_but_leaves_the_address_alone(phase):
    assert fate(phase, 550, "spam") is Fate.REFUSED


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (550, "no such user", Fate.DEAD),
        (551, "user not local", Fate.DEAD),
        (553, "mailbox name not allowed", Fate.DEAD),
        (550, "5.1.1 user unknown", Fate.DEAD),
        (556, "5.1.10 domain takes no mail", Fate.DEAD),
        (501, "5.1.3 bad address", Fate.DEAD),
        (550, "5.7.1 relaying denied", Fate.REFUSED),
        (550, "5.1.8 sender domain not found", Fate.REFUSED),
        (550, "5.1.7 sender address malformed", Fate.REFUSED),
        (552, "5.2.2 mailbox full", Fate.REFUSED),
        (554, "5.7.1 listed on a blocklist", Fate.REFUSED),
        (552, "too much mail data", Fate.REFUSED),
        (550, "5.1.1.example.org is not my domain", Fate.DEAD),
    ],
)
def test_only_replies_about_the_recipient_make_an_address_dead(code, text, expected):
    assert fate(Phase.RCPT, code, text) is expected


def test_an_unknown_user_told_only_after_the_dot_is_dead_when_the_status_says_so():
    assert fate(Phase.DOT, 550, "5.1.1 user unknown") is Fate.DEAD
    assert fate(Phase.MAIL, 550, "5.1.1 user unknown") is Fate.REFUSED


@pytest.mark.parametrize("code", [None, 535, 454, 504])
def test_trouble_with_the_login_is_retried_and_loud(code):
    rule = judge(Trouble(Phase.AUTH, code, "no"))
    assert rule.fate is Fate.RETRY and rule.loud


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT])
def test_login_required_is_our_fault_not_the_recipients(phase):
    rule = judge(Trouble(phase, 530, "5.7.0 authentication required"))
    assert rule.fate is Fate.RETRY and rule.loud


@pytest.mark.parametrize("code", [None, 454, 501, 550])
def test_trouble_with_encryption_is_retried_and_loud(code):
    rule = judge(Trouble(Phase.TLS, code))
    assert rule.fate is Fate.RETRY and rule.loud


def test_every_rule_can_hit():
    troubles = [
        Trouble(phase, code, text) for phase in Phase for code in (None, 250, 354, 450, 535, 550, 554) for text in ("", "5.1.1 x")
    ]
    assert {judge(trouble).name for trouble in troubles} == {rule.name for rule in RULES}


@pytest.mark.parametrize(
    ("trouble", "kind", "code", "dead"),
    [
        (Trouble(Phase.RCPT, 550, "5.1.1 user unknown"), Refused, "5.1.1", True),
        (Trouble(Phase.DATA, 554, "no"), Refused, "554", False),
        (Trouble(Phase.MAIL, 451, "4.3.0 later"), Unreachable, "4.3.0", None),
        (Trouble(Phase.CONNECT), Unreachable, "", None),
        (Trouble(Phase.DOT), Ambiguous, None, None),
    ],
)
def test_the_error_carries_what_the_outbox_needs(trouble, kind, code, dead):
    error = channel_error(trouble)
    assert type(error) is kind and getattr(error, "code", None) == code and getattr(error, "address_is_dead", None) is dead
    assert str(trouble.phase) in str(error)
