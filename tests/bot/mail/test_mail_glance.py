"""Who wrote a mail, at a glance: what the order of one sender's mails hangs on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.glance import LONGEST_HEADER, sender_at_a_glance


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (b"From: desk@town.example\r\nTo: us@network.example\r\n\r\nText", "desk@town.example"),
        (b"To: us@network.example\nfrom : Desk <Desk@Town.Example>\n\nText", "desk@town.example"),
        (b"From: =?utf-8?q?Sch=C3=BCler?=\r\n <desk@town.example>\r\n\r\nText", "desk@town.example"),
        (b'From: "a@b.example via list" <desk@town.example>\r\n\r\nText', "desk@town.example"),
        (b"From other@town.example Mon Nov 23\nFrom: desk@town.example\n\nText", "desk@town.example"),
        (b"X-From: other@town.example\r\nReply-To: other@town.example\r\n\r\nText", None),
        (b"Subject: x\r\n\r\nFrom: quoted@town.example\r\n", None),
        (b"From: nobody\r\n\r\n", None),
        (b"From:\r\n\r\n", None),
        (b"", None),
        (b"X: " + b"x" * LONGEST_HEADER + b"\r\nFrom: desk@town.example\r\n\r\n", None),
    ],
)
def test_the_address_that_the_from_field_ends_with(raw, sender):
    assert sender_at_a_glance(raw) == sender


@given(st.binary(max_size=400))
def test_whatever_comes_in_is_taken_in(raw):
    for whole in (raw, b"From: " + raw, b"From: a@" + raw + b"\r\n\r\n"):
        sender = sender_at_a_glance(whole)
        assert sender is None or "@" in sender
