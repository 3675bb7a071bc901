"""The policy file: it loads, each key is explained, and slips are refused by name."""

import re
import tomllib
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from datetime import timedelta
from random import Random
from typing import get_type_hints

import pytest

from routing.errors import RoutingError
from routing.explained import explanations
from routing.languages import LANGUAGES
from routing.policy import Policy, PolicyError, Term, load_policy, parse_term, policy_from, shipped_file


@pytest.fixture
def site(tmp_path):
    """A site's own policy file with this text."""

    def write(text):
        file = tmp_path / "policy.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_the_shipped_policy_says_what_is_promised():
    policy = load_policy()
    assert (policy.same.join_at, policy.sample.share) == (0.75, 0.10)
    assert {name: tier.answer_within for name, tier in policy.tiers.items()} == {
        "urgent": Term(2, "working_days"),
        "standard": Term(10, "working_days"),
        "extended": Term(30, "working_days"),
    }
    assert policy.tiers["urgent"].accept_within == Term(4, "working_hours")
    assert policy.languages.spoken == LANGUAGES
    assert policy.hours.office.as_json()["mon"] == ["09:00-17:00"]
    with pytest.raises(FrozenInstanceError):
        policy.caps.per_address_per_day = 1000


def test_every_key_of_the_shipped_file_is_explained():
    text = shipped_file().read_text(encoding="utf-8")
    assert explanations(text).keys() == set(leaves(tomllib.loads(text))) and all(explanations(text).values())


def leaves(table, name=""):
    for key, value in table.items():
        yield from leaves(value, f"{name}{key}.") if isinstance(value, dict) else [f"{name}{key}"]


def test_what_the_file_says_of_a_key_can_be_read_alone():
    """These are the words of the console's page: whole sentences, none that leans on the one before."""
    said = explanations(shipped_file().read_text(encoding="utf-8"))
    assert {key for key, text in said.items() if not re.fullmatch(r"[A-Z][^#]+\.", text)} == set()
    assert [key for key, text in said.items() if text.startswith("As ") or "above" in text or "..." in text] == []
    assert said["tiers.extended.panel"] == said["tiers.urgent.panel"] != said["tiers.urgent.grace"]


def test_explanations_are_read_from_above_else_from_behind_and_shared_by_a_family():
    text = """
# The section. Not of the key.

[a.one]
# Above
# two lines.
x = "# no remark"  # behind
y = ["]", "#"] # Behind.
z = 1

[a.two]
x = 2  # not told

[b]
x = 3
"""
    told = {"a.one.x": "Above two lines.", "a.one.y": "Behind.", "a.one.z": "", "a.two.x": "Above two lines.", "b.x": ""}
    assert explanations(text) == told


def test_every_key_of_the_file_is_a_field_and_the_other_way_round():
    tables = tomllib.loads(shipped_file().read_text(encoding="utf-8"))
    assert set(tables) == {each.name for each in fields(Policy)}
    assert all(is_dataclass(hint) for name, hint in get_type_hints(Policy).items() if name != "tiers")


def test_a_site_changes_only_what_it_names(site):
    policy = load_policy(site('[tiers.urgent]\nanswer_within = "48 hours"\n'))
    assert policy.tiers["urgent"].answer_within == Term(48, "hours")
    assert policy.tiers["urgent"].accept_within == load_policy().tiers["urgent"].accept_within
    assert policy.tiers["standard"] == load_policy().tiers["standard"]


def test_a_whole_number_will_do_for_a_number(site):
    assert load_policy(site("[confidence]\npropose_at = 1\n")).confidence.propose_at == 1.0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[confidence]\npropose = 0.5", "confidence.propose is unknown; remove it, or use one of: matches, precision, propose_at"),
        ("[tier.urgent]\nreview = 'straight'", "tier is unknown"),
        ("[tiers.urgent]\nreviewed = 'straight'", "tiers.urgent.reviewed is unknown"),
        ("[tiers.soon]\nreview = 'straight'", "tiers.soon.accept_within is missing; take it over from the shipped policy.toml"),
        ("confidence = 3", "confidence is 3; write a table"),
        ("[tiers]\nurgent = 3", "tiers.urgent is 3; write a table"),
        ("[confidence]\npropose_at = '0.5'", "confidence.propose_at is '0.5'; write a number"),
        ("[confidence]\nmatches = 2.5", "confidence.matches is 2.5; write a whole number"),
        ("[confidence]\nmatches = true", "confidence.matches is True; write a whole number"),
        ("[confidence]\nmatches = 11", "confidence.matches is 11; it must lie between 1 and 10"),
        ("[confidence]\npropose_at = 60", "confidence.propose_at is 60.0; it must lie between 0 and 1"),
        ("[confidence]\npropose_at = nan", "confidence.propose_at is nan; it must lie between 0 and 1"),
        ("[confidence]\nshow_at = 0.9", "confidence.show_at must not be above confidence.propose_at"),
        ("[tiers.urgent]\ngrace = 4", "tiers.urgent.grace is 4; write a text in quotes"),
        ("[tiers.urgent]\ngrace = '4 days'", 'tiers.urgent.grace: "4 days" is not a length of time; write it like "10 working days"'),
        ("[tiers.urgent]\ngrace = '-4 working days'", "tiers.urgent.grace:"),
        ("[tiers.urgent]\nremind_at = 0.5", "tiers.urgent.remind_at is 0.5; write a list"),
        ("[tiers.urgent]\nremind_at = [0.5, 1.5]", "tiers.urgent.remind_at[1] is 1.5; it must lie between 0 and 1"),
        ("[tiers.urgent]\nreview = 'perhaps'", "tiers.urgent.review is 'perhaps'; write one of: straight, review"),
        ("[ladder]\nsteps = ['reminder', 'boss']", "ladder.steps[1] is 'boss'; write one of: reminder, deputy"),
        ("[ladder]\nsteps = ['coordinator', 'deputy']", 'ladder.steps must end with "coordinator"'),
        ("[ladder]\nsteps = []", 'ladder.steps must end with "coordinator"'),
        ("[ladder]\nsteps = ['deputy', 'deputy', 'coordinator']", "ladder.steps must not name a step twice"),
        ("[languages]\nfallback = 'de'", "languages.fallback must be one of languages.spoken"),
        ("[languages]\nspoken = ['en', 'de']", "languages.spoken must be among: en, it"),
        ("[hours]\noffice = 'mon-fri 9-17'", 'hours.office: "9" is not a time of day'),
        ("[outbox.email]\nfactor = 0.5", "outbox.email.factor is 0.5; it must lie between 1 and 10"),
        ("[outbox.pigeon]\nfactor = 2.0", "outbox.pigeon is unknown"),
        ("[identity]\nunauthenticated_replies = 'trust'", "write one of: hold, accept"),
        ("[confidence\n", "is not TOML"),
    ],
)
def test_a_slip_is_refused_by_its_dotted_name(site, text, told):
    with pytest.raises(PolicyError) as refused:
        load_policy(site(text + "\n"))
    assert told in str(refused.value)
    assert isinstance(refused.value, RoutingError)


def test_a_file_that_is_not_there_or_not_text_is_refused_by_its_path(tmp_path):
    with pytest.raises(PolicyError, match="no-such"):
        load_policy(tmp_path / "no-such.toml")
    (tmp_path / "latin.toml").write_bytes(b'a = "\xe8"')
    with pytest.raises(PolicyError, match="UTF-8"):
        load_policy(tmp_path / "latin.toml")


def test_a_missing_tier_is_refused():
    tables = tomllib.loads(shipped_file().read_text(encoding="utf-8"))
    del tables["tiers"]["extended"]
    with pytest.raises(PolicyError, match="tiers must be exactly: urgent, standard, extended"):
        policy_from(tables)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("1 working day", Term(1, "working_days")),
        ("10 working days", Term(10, "working_days")),
        ("0 working hours", Term(0, "working_hours")),
        ("48 hours", Term(48, "hours")),
    ],
)
def test_terms_are_read(text, term):
    assert parse_term(text) == term


@pytest.mark.parametrize(
    "text", ["", "ten working days", "1.5 hours", "10  working days", "10 workingdays", "99999 hours", "2 weeks", "٣ hours"]
)
def test_what_is_no_term_is_refused(text):
    with pytest.raises(PolicyError, match="is not a length of time"):
        parse_term(text)


@pytest.mark.parametrize(
    ("attempts", "channel", "seconds"),
    [
        (0, "email", 60),
        (1, "email", 60),
        (2, "email", 120),
        (5, "email", 960),
        (9, "email", 14400),
        (5000, "email", 14400),
        (1, "telegram", 5),
    ],
)
def test_pauses_grow_to_a_cap(attempts, channel, seconds):
    assert load_policy().outbox.backoff_seconds(attempts, channel) == seconds


def test_pauses_are_scattered_by_the_share_that_the_policy_says():
    outbox, luck = load_policy().outbox, Random(1)
    pauses = [outbox.pause_seconds(2, "email", luck) for _ in range(1000)]
    assert 96 <= min(pauses) < 98 and 142 < max(pauses) <= 144
    still = replace(outbox, email=replace(outbox.email, jitter=0))
    assert {still.pause_seconds(2, "email", luck) for _ in range(9)} == {120}


def test_each_channel_gives_up_in_its_own_time():
    outbox = load_policy().outbox
    assert (outbox.give_up_after("email"), outbox.give_up_after("telegram")) == (timedelta(hours=96), timedelta(hours=24))


def test_an_installed_copy_finds_its_own_file(monkeypatch, tmp_path):
    """In a wheel the file lies under bot/share, beside the package and not beside the checkout."""
    ours, packages = load_policy(), tmp_path / "site-packages"
    (packages / "bot" / "share" / "config").mkdir(parents=True)
    (packages / "bot" / "share" / "config" / "policy.toml").write_bytes(shipped_file().read_bytes())
    monkeypatch.setattr("routing.policy.__file__", str(packages / "routing" / "policy.py"))
    assert shipped_file().is_relative_to(packages)
    assert load_policy() == ours
