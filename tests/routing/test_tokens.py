"""Reply tokens survive a retyping hand, and nothing else passes for one."""

import random

import pytest

from routing.tokens import ALPHABET, LENGTH, candidates, new_token, token_hash

RNG = random.Random(20261121)
TOKENS = [new_token() for _ in range(40)]


def test_tokens_are_long_unequal_and_free_of_look_alikes():
    assert len(set(TOKENS)) == len(TOKENS)
    assert all(len(token) == LENGTH and set(token) <= set(ALPHABET) for token in TOKENS)
    assert not set("ilou") & set("".join(TOKENS))


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_the_exact_token_comes_first(token):
    assert candidates(token)[0] == token
    assert candidates(f' <"{token.upper()}"> ')[0] == token
    assert candidates(token.replace("0", "o").replace("1", "l"))[0] == token


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_one_slip_is_mended_wherever_it_is(token):
    for at in range(LENGTH):
        wrong = RNG.choice([letter for letter in ALPHABET if letter != token[at]])
        assert token in candidates(token[:at] + wrong + token[at + 1 :])
        assert token in candidates(token[:at] + token[at + 1 :])
        assert token in candidates(token[:at] + RNG.choice(ALPHABET) + token[at:])
    for at in range(LENGTH - 1):
        assert token in candidates(token[:at] + token[at + 1] + token[at] + token[at + 2 :])


def test_a_slip_leaves_few_candidates_so_guessing_gains_nothing():
    for token in TOKENS:
        assert len(candidates(token[:-1])) <= LENGTH
        assert len(candidates(token + "a")) <= LENGTH + 1


def test_two_wrong_letters_are_not_taken_for_the_token():
    for token in TOKENS:
        wrong = [RNG.choice([letter for letter in ALPHABET if letter != old]) for old in token[:2]]
        assert token not in candidates("".join(wrong) + token[2:]) or wrong == [token[1], token[0]]


@pytest.mark.parametrize("text", ["", "short", "u" * LENGTH, "é" * LENGTH, "a" * 40, "0" * 26])
def test_what_is_no_token_has_no_candidates(text):
    assert candidates(text) == []


def test_hashes_do_not_show_the_token():
    assert token_hash(TOKENS[0]) != token_hash(TOKENS[1])
    assert TOKENS[0] not in token_hash(TOKENS[0])
