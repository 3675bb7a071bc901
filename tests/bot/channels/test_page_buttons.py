"""What a coordinator decides is read on a page first: in a chat its button opens the page, and never acts by itself."""

from bot.channels.telegram_send import key_of
from routing.values import ButtonLabel


def test_a_button_with_a_page_opens_it():
    button = ButtonLabel("2026-0001: read the answer", "secret", "https://rrm.example/do/secret", page=True)
    assert key_of(button) == {"text": "2026-0001: read the answer", "url": "https://rrm.example/do/secret"}


def test_a_page_that_the_world_cannot_reach_has_no_button():
    """Telegram refuses the whole message for such an address."""
    assert key_of(ButtonLabel("Read it", "secret", "http://127.0.0.1:8080/do/secret", page=True)) is None


def test_any_other_button_acts_in_the_chat():
    assert key_of(ButtonLabel("Yes", "secret", "https://rrm.example/do/secret")) == {"text": "Yes", "callback_data": "secret"}
