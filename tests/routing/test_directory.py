"""The directory: rows come in once however often, and a wrong row is named with its column."""

import csv
from pathlib import Path

import pytest

from routing import directory
from routing.models import Address, Authority, ConsoleUser, Expert, Person
from tests.world import AUTHORITIES, COORDINATOR, DESK, EXPERTS, leaves

SHIPPED = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"


def take(small, authorities=(), experts=()):
    with small.store.transaction() as session:
        return (
            directory.import_authorities(session, authorities, small.now),
            directory.import_experts(session, experts, small.now),
        )


def test_importing_twice_changes_nothing(small):
    before = [len(small.all(table)) for table in (Authority, Expert, Person, Address)]
    assert take(small, AUTHORITIES, EXPERTS) == (3, 4)
    assert [len(small.all(table)) for table in (Authority, Expert, Person, Address)] == before


def test_importing_brings_back_who_had_left_where_the_file_says_so_and_only_there(small):
    with small.store.transaction() as session:
        leaves(session, DESK)
    take(small, AUTHORITIES, EXPERTS)
    assert [expert.active for expert in small.all(Expert)].count(False) == 1
    take(small, AUTHORITIES, [row | {"active": "yes"} for row in EXPERTS])
    assert all(expert.active for expert in small.all(Expert))


def test_the_shipped_directory_can_be_imported(small):
    rows = [list(csv.DictReader((SHIPPED / name).open(encoding="utf-8"))) for name in ("authorities.csv", "experts.csv")]
    assert all(count > 10 for count in take(small, *rows))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": "mon-fri 9 to 5"}, "Row 2 (trento)"),
        ({"hours": ""}, "Row 2 (trento)"),
        ({"zone": "Europe/Nowhere"}, "Row 2 (trento)"),
        ({"country": "XX"}, "Row 2 (trento)"),
        ({"capacity_per_month": "many"}, "capacity_per_month must be a whole number, not 'many'"),
        ({"languages": "italiano"}, "not 'italiano'"),
        ({"languages": ""}, "two-letter codes"),
        ({"profile": None}, "Row 2 lacks profile"),
    ],
)
def test_a_wrong_authority_is_named(small, changes, words):
    with pytest.raises(directory.DirectoryError) as error:
        take(small, [AUTHORITIES[0] | changes])
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"authority": "nowhere"}, "there is no authority 'nowhere'"),
        ({"email": "desk at trento"}, "column email"),
        ({"email": "a@b@c.example"}, "column email"),
        ({"rank": "first"}, "rank must be a whole number"),
        ({"monthly_limit": ""}, "monthly_limit must be a whole number"),
        ({"language": ""}, "two-letter codes"),
        ({"role": None}, "Row 2 lacks role"),
    ],
)
def test_a_wrong_expert_is_named(small, changes, words):
    with pytest.raises(directory.DirectoryError) as error:
        take(small, (), [EXPERTS[0] | changes])
    assert words in str(error.value)


def test_greek_may_be_written_gr(small):
    take(small, [AUTHORITIES[0] | {"languages": "GR; en"}])
    assert small.all(Authority, slug="trento")[0].languages == ["el", "en"]


def test_a_user_is_added_once_and_gets_the_new_role(small):
    with small.store.transaction() as session:
        directory.add_user(session, COORDINATOR.upper(), "admin", small.now)
    [user] = small.all(ConsoleUser)
    assert (user.role, user.active) == ("admin", True)


@pytest.mark.parametrize(("email", "role"), [("a@b.example", "king"), ("nobody", "admin")])
def test_a_wrong_user_is_refused(small, email, role):
    with small.store.transaction() as session, pytest.raises(directory.DirectoryError):
        directory.add_user(session, email, role, small.now)
