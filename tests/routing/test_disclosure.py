"""What is withheld cannot be computed: not from the total, not from other tables, and not by who knows the code that withholds it.

The attack is always the same: look for another set of questions that would have been published to the letter as this one was. As
long as there is one in which a withheld count is another, nobody can say what it is.
"""

import random
from collections import defaultdict
from dataclasses import replace

import pytest

from routing import publishing
from routing.disclosure import has_enough_beyond, protected, share
from routing.publishing import Asked, anonymised

PLACES = ("GR", "HR", "IT")


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((20, 30, 0, 7), (20, 30, 0, 7)),  # nothing is small: zeros are shown, too
        ((20, 30, 3, 7), (20, 30, None, None)),  # one alone would follow from the sum
        ((20, 30, 1, 1), None),  # 20 goes as well, and one count alone is no table
        ((20, 30, 40, 9, 1, 1), (20, 30, 40, None, None, None)),  # two of them, but together only two questions
        ((20, 30, 3, 2), (20, 30, None, None)),
        ((20, 30, 40, 4, 4), (None, 30, 40, None, None)),  # 8 of two counts below 5 can only be 4 and 4
        ((20, 30, 40, 3, 0), (None, 30, 40, None, None)),  # the zero could be anywhere
        ((7, 7, 8, 9, 3), (None, None, 8, 9, None)),  # of two equal ones neither is chosen before the other
        ((2, 1, 1), None),
        ((0, 0, 0), (0, 0, 0)),
        ((1, 40), None),
        ((5, 5), (5, 5)),
    ],
)
def test_what_is_shown(counts, shown):
    told = protected(dict(enumerate(counts)), 5)
    assert (tuple(told.values()) if told else None) == shown


@pytest.mark.parametrize(
    ("fewest", "categories", "most"), [(3, 2, 30), (3, 3, 20), (3, 4, 16), (4, 3, 20), (5, 3, 24), (5, 4, 18), (4, 5, 14)]
)
def test_every_table_there_could_be_hides_what_it_withholds(fewest, categories, most):
    """All tables of so many questions at once: each withheld count takes several values among those published alike."""
    for total in range(fewest, most):
        alike = defaultdict(list)
        for counts in tables(total, categories):
            told = protected(dict(enumerate(counts)), fewest)
            alike[None if told is None else tuple(told.values())].append(counts)
        for told, possible in alike.items():
            for place in range(categories):
                values = {counts[place] for counts in possible}
                if told is None or told[place] is None:
                    assert len(values) > 1, (total, told, possible)
                else:
                    assert values == {told[place]} and (told[place] >= fewest or None not in told)


def tables(total, categories):
    if categories == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables(total - first, categories - 1):
            yield (first, *rest)


def test_what_is_withheld_together_is_no_few():
    for counts in tables(17, 4):
        told = protected(dict(enumerate(counts)), 5)
        hidden = [counts[place] for place, value in (told or {}).items() if value is None]
        assert not hidden or (len(hidden) > 1 and sum(hidden) >= 5)


@pytest.mark.parametrize("of", [20, 33, 50, 99, 500, 5000])
def test_a_share_is_too_coarse_to_be_turned_back_into_a_count(of):
    behind = defaultdict(set)
    for part in range(of + 1):
        behind[share(part, of, 5)].add(part)
    assert None not in behind and all(len(parts) >= 3 for parts in behind.values())
    inner = [parts for (told, _), parts in behind.items() if 0 < told < 1]
    assert all(len(parts) >= 5 for parts in inner)


def test_a_share_or_a_percentile_of_few_is_not_told():
    assert share(19, 19, 5) is None and share(0, 1, 5) is None
    assert has_enough_beyond(10, 0.5, 5) and not has_enough_beyond(9, 0.5, 5)
    assert has_enough_beyond(50, 0.9, 5) and not has_enough_beyond(49, 0.9, 5)


# ---------------------------------------------------------------------------------------------- all figures of a month


@pytest.mark.parametrize("seed", range(24))
def test_for_each_withheld_count_there_is_another_month_that_would_look_the_same(seed):
    dice = random.Random(seed)
    fewest = dice.choice((3, 5, 5, 8))
    asked = questions(dice, dice.choice((6, 12, 25, 40, 80)))
    figures = anonymised(asked, PLACES, fewest)
    if figures["asked"] is None:
        assert len(asked) < fewest and figures["tables"] == {}
        return
    found = 0
    for name in publishing.KNOWN:
        for category in withheld(figures["tables"][name], publishing.KNOWN[name]):
            assert has_twin(asked, figures, fewest, FIELD[name], category, publishing.KNOWN[name]), (name, category)
            found += 1
    learning = figures["tables"]["learning"]
    if learning is not None:
        known = [(asks, teaches) for asks in (*PLACES, "") for teaches in (*PLACES, "")]
        for pair in withheld({(*key.split(">"),): count for key, count in learning.items()}, known):
            assert has_twin(asked, figures, fewest, "pair", pair, known), pair
            found += 1
    assert found or all(None not in (table or {}).values() for table in figures["tables"].values())


def test_how_many_were_answered_is_told_in_one_place_or_nowhere():
    every = [anonymised(questions(dice, dice.choice((12, 25, 40))), PLACES, 5) for dice in map(random.Random, range(40))]
    withholding = [one for one in every if (one["tables"]["outcomes"] or {"none": None})["none"] is None]
    assert 0 < len(withholding) < len(every)
    for figures in withholding:
        assert figures["tables"]["learning"] is None and figures["share"] is None and figures["answer"] is None


def test_every_published_count_stands_for_enough_questions():
    dice = random.Random(3)
    for _ in range(40):
        figures = anonymised(questions(dice, dice.randrange(1, 120)), PLACES, 5)
        for table in filter(None, figures["tables"].values()):
            assert all(count is None or count == 0 or count >= 5 for count in table.values())


FIELD = {"themes": "theme", "languages": "language", "tiers": "tier", "outcomes": "outcome"}


def questions(dice, count):
    """Skewed, as questions are: a few common categories and many rare ones."""

    def one_of(known):
        return known[min(int(dice.expovariate(0.7)), len(known) - 1)]

    asked = []
    for _ in range(count):
        outcome = dice.choice(("fiche", "person", "person", "none"))
        is_answered = outcome != "none"
        asked.append(
            Asked(
                one_of(publishing.THEMES), one_of(publishing.KNOWN["languages"]), one_of(publishing.TIERS), outcome, one_of((*PLACES, "")),
                one_of((*PLACES, "")) if is_answered else "", dice.random() < 0.8 if is_answered else None, dice.randrange(90),
                dice.randrange(9000) if is_answered else None,
            )
        )  # fmt: skip
    return asked


def withheld(table, known):
    return [one for one in known if table is None or table[one] is None]


def has_twin(asked, figures, fewest, field, category, known):
    """Whether another month, with another count in this category, is published to the letter as this one."""
    before = count_of(asked, field, category)
    return any(
        count_of(other, field, category) != before and anonymised(other, PLACES, fewest) == figures
        for other in others(asked, field, category, known)
    )


def others(asked, field, category, known):
    """Two categories the other way round; else one or two questions moved from one to another."""
    rest = [one for one in known if one != category]
    for other in rest:
        yield [
            labelled(one, field, {category: other, other: category}.get(label_of(one, field), label_of(one, field)))
            for one in asked
        ]
    for other in rest:
        yield from filter(None, (moved(asked, field, other, category), moved(asked, field, category, other)))
    for other in rest:
        for third in rest:
            step = moved(asked, field, other, category)
            yield from filter(None, (step and moved(step, field, third, other),))


def moved(asked, field, start, end):
    place = next((at for at, one in enumerate(asked) if label_of(one, field) == start), None)
    return None if place is None else [*asked[:place], labelled(asked[place], field, end), *asked[place + 1 :]]


def label_of(one, field):
    if field == "pair":
        return (one.country, one.taught) if one.outcome != "none" else None
    return getattr(one, field)


def labelled(one, field, label):
    if field == "pair":
        return one if one.outcome == "none" else replace(one, country=label[0], taught=label[1])
    return replace(one, **{field: label})


def count_of(asked, field, category):
    return sum(label_of(one, field) == category for one in asked)
