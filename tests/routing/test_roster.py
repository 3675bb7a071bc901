"""Who is asked: the order, the reasons, who is left out, and the next rung of the ladder."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.policy import load_policy
from routing.reasons import SENTENCES, Reason
from routing.roster import Candidate, Choice, Need, Seat, describe, next_on_ladder, rank

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
POLICY = load_policy()
NEAR = POLICY.roster.competent_similarity
NEED = Need(languages=("it",), themes=("apprenticeship-dual",), countries=frozenset({"RO"}))

BRASOV = Candidate(1, 10, "RO", ("apprenticeship-dual", "infrastructure"), ("ro", "en"), similarity=0.6)
BRASOV_DEPUTY = replace(BRASOV, expert=2, rank=1)
BOLZANO = Candidate(3, 20, "IT", ("apprenticeship-dual",), ("it", "de"), similarity=0.8)
ZAGREB = Candidate(4, 30, "HR", ("mobility",), ("hr",), similarity=0.1)
EVERYBODY = (BRASOV, BRASOV_DEPUTY, BOLZANO, ZAGREB)


def order(need, *candidates, policy=POLICY, now=NOW):
    return [choice.expert for choice in rank(need, candidates, policy, now)]


def test_first_one_of_each_authority_then_the_deputies():
    choices = rank(NEED, EVERYBODY, POLICY, NOW)
    assert [(choice.expert, choice.authority, choice.deputy) for choice in choices] == [(3, 20, False), (1, 10, False), (2, 10, True)]
    assert choices[0].score > choices[1].score


def test_reasons_can_be_read_aloud():
    known = replace(
        BRASOV, own_fiches=("Kronstadt dual school", "Open day"), answered_like_this=4, open_now=1, median_response_hours=6.5
    )
    (choice,) = rank(replace(NEED, languages=("ro",)), [known], POLICY, NOW)
    assert [describe(reason) for reason in choice.reasons] == [
        "works on apprenticeship dual",
        "runs Kronstadt dual school",
        "answered 4 like this",
        "the authority's profile is near to the question",
        "Romanian",
        "works in Romania",
        "usually answers within 6.5 hours",
        "1 of 3 open",
    ]


@pytest.mark.parametrize(
    ("candidate", "language"),
    [
        (replace(BRASOV, languages=("it",)), Reason("language", {"language": "it"})),
        (replace(BRASOV, languages=("ro", "en")), Reason("bridge_language", {"language": "en"})),
        (replace(BRASOV, languages=("tr", "fr")), Reason("bridge_language", {"language": "fr"})),
        (replace(BRASOV, languages=("tr",)), Reason("no_shared_language")),
    ],
)
def test_the_reason_names_the_language_in_which_they_meet(candidate, language):
    (choice,) = rank(replace(NEED, languages=("it", "fr")), [candidate], POLICY, NOW)
    assert language in choice.reasons


def test_a_view_from_elsewhere_is_told_and_no_country_is_no_reason():
    (abroad,) = rank(NEED, [BOLZANO], POLICY, NOW)
    (anywhere,) = rank(replace(NEED, countries=frozenset()), [BOLZANO], POLICY, NOW)
    assert Reason("other_country", {"country": "IT"}) in abroad.reasons
    assert not {"country", "other_country"} & {reason.code for reason in anywhere.reasons}


@pytest.mark.parametrize(
    ("because", "change"),
    [
        ("inactive", {"active": False}),
        ("mail to them bounces", {"dead_address": True}),
        ("away until tomorrow", {"away_until": date(2026, 3, 11)}),
        ("away until tonight", {"away_until": date(2026, 3, 10)}),
        ("monthly limit reached", {"assigned_this_month": 4}),
        ("authority's limit reached", {"authority_room": 0}),
        ("too many open", {"open_now": 3}),
        ("not competent", {"themes": ("mobility",), "similarity": NEAR - 0.01}),
    ],
)
def test_nobody_is_asked_who_cannot_answer(because, change):
    assert order(NEED, replace(BRASOV, **change)) == [], because


@pytest.mark.parametrize(
    ("because", "change"),
    [
        ("back since today", {"away_until": date(2026, 3, 9)}),
        ("one more this month", {"assigned_this_month": 3}),
        ("room for one", {"authority_room": 1}),
        ("room for one more", {"open_now": 2}),
        ("near enough", {"themes": (), "similarity": NEAR}),
        ("has answered one like it", {"themes": (), "similarity": -0.2, "answered_like_this": 1}),
        ("theme is enough", {"similarity": -1.0}),
    ],
)
def test_whoever_can_answer_is_asked(because, change):
    assert order(NEED, replace(BRASOV, **change)) == [1], because


def test_the_day_of_an_absence_is_the_expert_own_day():
    """At noon UTC on the 10th it is already the 11th on Kiritimati."""
    away = replace(BRASOV, away_until=date(2026, 3, 10))
    assert order(NEED, replace(away, zone="Pacific/Kiritimati")) == [1]
    assert order(NEED, replace(away, zone="Pacific/Pago_Pago")) == []


def test_the_askers_own_authority_only_when_wished():
    own = replace(NEED, asker_authority=10)
    assert order(own, *EVERYBODY) == [3]
    assert order(replace(own, own_authority_wished=True), *EVERYBODY) == [3, 1, 2]


def test_the_excluded_are_left_out_and_the_deputy_becomes_first():
    choices = rank(replace(NEED, excluded=frozenset({1})), EVERYBODY, POLICY, NOW)
    assert [(choice.expert, choice.deputy) for choice in choices] == [(3, False), (2, False)]


def test_of_an_authority_whoever_speaks_the_askers_language_goes_first():
    """A chief who would have to be read through a dictionary comes after the colleague who needs none."""
    french = replace(BRASOV_DEPUTY, languages=("ro", "fr"))
    assert order(replace(NEED, languages=("fr",)), BRASOV, french) == [2, 1]
    assert order(replace(NEED, languages=("ro",)), BRASOV, french) == [1, 2]


def test_an_authority_stands_where_its_first_expert_stands():
    """A brilliant deputy does not lift a busy chief's authority, and the chief is still asked first."""
    chief = replace(BRASOV, similarity=0.0, themes=("apprenticeship-dual",))
    star = replace(BRASOV_DEPUTY, similarity=1.0, answered_like_this=9)
    assert order(NEED, star, chief, BOLZANO) == [3, 1, 2]


@pytest.mark.parametrize(
    ("merit", "better"),
    [
        ("theme", {"themes": ("apprenticeship-dual", "mobility")}),
        ("similarity", {"similarity": 0.9}),
        ("practice", {"practice": 0.5}),
        ("words", {"named": 0.4}),
        ("answered like this", {"answered_like_this": 3}),
        ("language", {"languages": ("it",)}),
        ("country", {"country": "RO"}),
        ("speed", {"median_response_hours": 1.0}),
        ("load", {"open_now": 0}),
        ("reliability", {"declined": 0, "silent": 0}),
    ],
)
def test_each_merit_counts(merit, better):
    plain = Candidate(
        1, 1, "FR", ("apprenticeship-dual",), ("en",), open_now=2, declined=3, silent=2, median_response_hours=200.0
    )
    need = replace(NEED, themes=("apprenticeship-dual", "mobility"))
    (lesser,), (greater,) = (rank(need, [each], POLICY, NOW) for each in (plain, replace(plain, **better)))
    assert lesser.score < greater.score, merit


def test_speed_counts_more_when_it_is_urgent():
    quick = replace(BRASOV, median_response_hours=2.0, similarity=0.5)
    near = replace(BRASOV, expert=9, authority=90, median_response_hours=100.0, similarity=0.53)
    assert order(NEED, quick, near) == [9, 1]
    assert order(replace(NEED, tier="urgent"), quick, near) == [1, 9]


def test_among_equals_whoever_was_asked_longest_ago():
    twins = [replace(BRASOV, expert=number, authority=number) for number in (1, 2, 3)]
    asked = [replace(twins[0], last_assigned_at=NOW), replace(twins[1], last_assigned_at=NOW - timedelta(days=9)), twins[2]]
    assert order(NEED, *asked) == [3, 2, 1]


def test_work_is_spread_over_equals():
    """Twelve questions, three equal experts: four each, however their list is ordered."""
    asked = {number: 0 for number in (1, 2, 3)}
    last = dict.fromkeys(asked)
    for question in range(12):
        people = [replace(BRASOV, expert=n, authority=n, assigned_this_month=asked[n], last_assigned_at=last[n]) for n in asked]
        first = order(NEED, *people, now=NOW)[0]
        asked[first], last[first] = asked[first] + 1, NOW + timedelta(hours=question)
    assert asked == {1: 4, 2: 4, 3: 4}


def test_weights_may_all_be_nothing(tmp_path):
    file = tmp_path / "policy.toml"
    keys = ["theme", "similarity", "words", "practice", "answered_like_this", "language", "country", "speed", "reliability"]
    keys += ["load"]
    file.write_text("[roster.weights]\n" + "\n".join(f"{key} = 0.0" for key in keys))
    assert order(NEED, BOLZANO, BRASOV, policy=load_policy(file)) == [1, 3]


people = st.builds(
    Candidate,
    expert=st.integers(1, 30),
    authority=st.integers(1, 5),
    country=st.sampled_from(["IT", "RO"]),
    themes=st.sampled_from([(), ("apprenticeship-dual",), ("mobility",)]),
    languages=st.sampled_from([("it",), ("en",), ()]),
    rank=st.integers(0, 3),
    similarity=st.floats(-1, 1),
    open_now=st.integers(0, 4),
    answered_like_this=st.integers(0, 3),
    median_response_hours=st.none() | st.floats(0, 500),
    away_until=st.none() | st.just(date(2026, 3, 12)),
)


@given(st.lists(people, max_size=12, unique_by=lambda each: each.expert), st.randoms(use_true_random=False))
def test_the_order_is_whole_fair_and_the_same_however_people_are_listed(candidates, luck):
    choices = rank(NEED, candidates, POLICY, NOW)
    shuffled = list(candidates)
    luck.shuffle(shuffled)
    assert rank(NEED, shuffled, POLICY, NOW) == choices
    assert len({choice.expert for choice in choices}) == len(choices)
    assert all(0 <= choice.score <= 1 for choice in choices)
    firsts = [choice for choice in choices if not choice.deputy]
    assert list(choices[: len(firsts)]) == firsts
    assert len({choice.authority for choice in firsts}) == len(firsts) == len({choice.authority for choice in choices})
    assert all(describe(reason) for choice in choices for reason in choice.reasons)


CHOICES = tuple(
    Choice(expert, authority, 0.5, (), deputy)
    for expert, authority, deputy in [
        (1, 10, False),
        (2, 20, False),
        (3, 30, False),
        (4, 40, False),
        (11, 10, True),
        (12, 10, True),
        (21, 20, True),
    ]
)


@pytest.mark.parametrize(
    ("current", "tried", "expert"),
    [
        (Seat(1, 10), [Seat(1, 10)], 11),
        (Seat(1, 10), [], 11),
        (Seat(11, 10), [Seat(1, 10), Seat(11, 10)], 2),  # one deputy at most
        (Seat(2, 20), [Seat(1, 10), Seat(11, 10)], 21),
        (Seat(21, 20), [Seat(1, 10), Seat(11, 10), Seat(2, 20)], 3),
        (Seat(3, 30), [Seat(1, 10), Seat(11, 10), Seat(2, 20), Seat(21, 20)], None),  # three authorities at most
        (Seat(4, 40), [], 1),
        (Seat(99, 99), [], 1),  # asked by a coordinator's choice, not in the ranking
    ],
)
def test_the_next_rung(current, tried, expert):
    known = {choice.expert: choice for choice in CHOICES}
    assert next_on_ladder(current, CHOICES, tried, POLICY.ladder) == known.get(expert)


def test_a_ladder_may_leave_rungs_out():
    straight_up = replace(POLICY.ladder, steps=("coordinator",))
    sideways = replace(POLICY.ladder, steps=("next_authority", "coordinator"))
    assert next_on_ladder(Seat(1, 10), CHOICES, [], straight_up) is None
    assert next_on_ladder(Seat(1, 10), CHOICES, [], sideways).expert == 2


def test_every_ladder_ends_and_asks_nobody_twice():
    current, tried = Seat(1, 10), [Seat(1, 10)]
    while choice := next_on_ladder(current, CHOICES, tried, POLICY.ladder):
        current = Seat(choice.expert, choice.authority)
        assert current not in tried
        tried.append(current)
    assert [seat.expert for seat in tried] == [1, 11, 2, 21, 3]


def test_every_language_has_its_name_and_an_unknown_code_is_shown():
    assert describe(Reason("language", {"language": "hr"})) == "Croatian"
    assert describe(Reason("language", {"language": "de"})) == "German"
    assert describe(Reason("language", {"language": "xx"})) == "XX"
    assert describe(Reason("coordinator_choice")) == "coordinator choice"
    assert Reason("capacity", {"open": 1, "of": 3}).as_json() == {"code": "capacity", "open": 1, "of": 3}
    assert describe(Reason("next_on_ladder")) == SENTENCES["next_on_ladder"]


def test_a_theme_weighs_what_the_question_has_of_it():
    mostly = Need(languages=("it",), shares={"mobility": 0.8, "guidance": 0.2})
    guide = replace(BOLZANO, expert=5, authority=50, themes=("guidance",))
    mover = replace(BOLZANO, expert=6, authority=60, themes=(), authority_themes=("mobility",))
    assert order(mostly, guide, mover) == [6, 5]
    assert order(replace(mostly, shares={"mobility": 0.2, "guidance": 0.8}), guide, mover) == [5, 6]


def test_of_equals_the_one_with_less_to_do_this_month_is_asked():
    busy = replace(BOLZANO, assigned_this_month=3)
    assert order(NEED, busy, replace(BOLZANO, expert=8, authority=80, assigned_this_month=1)) == [8, 3]
