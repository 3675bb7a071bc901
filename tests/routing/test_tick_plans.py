"""A tick looks at what is due, never at everything: the databases' own plans for every query of one say so."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, inspect, select, text

from retrieval.hashing import HashEmbedder
from routing import askers, finding, held, intake, meaning, narrowing, noticing, outbox, privacy, sweeps
from routing.care import EVERYTHING
from routing.models import OutboxMessage, Question
from routing.nearness import Meanings
from tests.routing.test_noticing import bundled, hand_over  # noqa: F401
from tests.world import read_meanings

pytestmark = pytest.mark.new_database  # a plan hangs also on what a table has held before
# Tables that grow with every question; the directory and the office's own tables stay small.
GROWING = (
    "question", "assignment", "outbox_message", "inbox_message", "event", "answer", "proposal", "button", "reply_token",
    "status_link", "attempt", "address", "person", "attachment", "label", "question_vector",
    "person_word", "question_word",
)  # fmt: skip
EXPLAIN = {True: "EXPLAIN QUERY PLAN", False: "EXPLAIN"}  # by whether it is SQLite
# Indexes of one rare kind of letter alone: whoever reads one of them whole reads no more than is looked for.
RARE = ("ix_outbox_message_last", "ix_outbox_message_held")


def test_no_growing_table_is_read_from_end_to_end(small):
    """One tick that reminds an expert, and one that takes a question from an expert who has left."""
    small.assigned()
    small.chat("Who leases a lorry for the workshop of five valleys?")
    small.search()
    small.now += timedelta(days=3)
    seen = {}
    look = remember(seen)
    event.listen(small.store.engine, "before_cursor_execute", look)
    small.sweep()
    with small.store.transaction() as session:
        sweeps.housekeeping(session, small.office, small.now)
        sweeps.due_searches(session, small.now)
        session.scalars(sweeps.left_query([1, 2], 50)).all()
        outbox.claim(session, worker="one", now=small.now, limit=50)
        intake.claim(session, small.now)
    event.remove(small.store.engine, "before_cursor_execute", look)
    assert len(seen) > 15 and small.letters("reminder")
    scanned = {query: plan for query, parameters in seen.items() if (plan := read_whole(small.store, query, parameters))}
    assert scanned == {}


def test_whose_turn_it_is_is_looked_up(small):
    """A day's mail that waits after an outage is claimed in no time that grows with its square."""
    with small.store.transaction() as session:
        for number in range(500):
            told = {"channel": "email", "external_id": str(number), "sender": f"{number}@town.example"}
            intake.receive(session, raw=b"raw", now=small.now, **told)
    with small.store.transaction() as session:
        session.execute(text("ANALYZE"))
    seen = {}
    look = remember(seen)
    event.listen(small.store.engine, "before_cursor_execute", look)
    with small.store.transaction() as session:
        intake.claim(session, small.now)
    event.remove(small.store.engine, "before_cursor_execute", look)
    [query] = [one for one in seen if "NOT (EXISTS" in one]
    plan = str(explained(small.store, f"{EXPLAIN[small.store.is_sqlite]} {query}", seen[query]))
    assert "ix_inbox_message_turn" in plan or "Hash" in plan, plan


def test_rare_letters_are_looked_for_among_themselves(small):
    """Of all letters that were ever sent, a tick reads those that told of held mail, and last letters: no others."""
    small.mail("x@y.example", " ")
    small.sweep()
    small.send_all()
    with small.store.transaction() as session:
        [letter] = session.scalars(select(OutboxMessage)).all()
        session.execute(insert(OutboxMessage), [sent_before(letter, number) for number in range(500)])
    with small.store.transaction() as session:
        session.execute(text("ANALYZE"))
    small.now += timedelta(days=2)
    seen = {}
    look = remember(seen)
    event.listen(small.store.engine, "before_cursor_execute", look)
    with small.store.transaction() as session:
        privacy.erase_finished_letters(session)
        assert held.tell(session, small.office, small.now) == 1
    event.remove(small.store.engine, "before_cursor_execute", look)
    for kind, index in (("forgotten", "ix_outbox_message_last"), ("co_held", "ix_outbox_message_held")):
        [query] = [one for one in seen if f"kind = '{kind}'" in one]
        assert index in str(explained(small.store, f"{EXPLAIN[small.store.is_sqlite]} {query}", seen[query]))


def sent_before(letter, number):
    columns = {column.key: getattr(letter, column.key) for column in inspect(OutboxMessage).column_attrs if column.key != "id"}
    return columns | {"kind": "receipt", "effect_key": f"receipt {number}", "message_id": f"<{number}@network.example>"}


def test_what_burns_is_found_by_indexes(bundled):  # noqa: F811
    """An alert and a digest: by the states of what is open, never through all that ever was."""
    small = bundled
    hand_over(small)
    small.mail("colleague@trento.example", "By lorry.", to=small.assigned())
    seen = {}
    look = remember(seen)
    event.listen(small.store.engine, "before_cursor_execute", look)
    for days in (0, 1):
        small.now += timedelta(days=days)
        with small.store.transaction() as session:
            assert noticing.tell_due(session, small.office, small.now) == 1
    event.remove(small.store.engine, "before_cursor_execute", look)
    assert small.letters("co_burning") and small.letters("co_digest")
    scanned = {query: plan for query, parameters in seen.items() if (plan := read_whole(small.store, query, parameters))}
    assert scanned == {}


def test_what_is_still_to_be_read_is_found_by_an_index(small):
    """Each look of the loop that reads what questions mean, and each search by meaning of the console."""
    embedder = HashEmbedder()
    small.mail("desk@cluj.example", "Who leases a lorry for the workshop of five valleys?")
    read_meanings(small.store, embedder, small.now)
    small.mail("desk@graz.example", "Who trains the trainers of small firms?")
    seen = {}
    look = remember(seen)
    event.listen(small.store.engine, "before_cursor_execute", look)
    meanings = Meanings(small.store, embedder)
    near = meanings.near("lorry for the workshop")
    with small.store.snapshot() as session:
        assert list(meaning.to_read(session, meaning.edition_of(embedder))) == [2]
        narrowing.widened(session, narrowing.Filters(day_ends=small.now, words="lorry of five valleys"), near.ids)
    event.remove(small.store.engine, "before_cursor_execute", look)
    assert near.ids == (1,) and near.unread == 1
    scanned = {query: plan for query, parameters in seen.items() if (plan := read_whole(small.store, query, parameters))}
    assert scanned == {}


@pytest.mark.parametrize("asked", ["desk@cluj.example", "Maria Ionescu", "lorry"])
def test_who_asked_is_found_by_indexes(small, asked):
    small.mail("desk@cluj.example", "Who leases a lorry for the workshop of five valleys?")
    seen = {}
    look = remember(seen)
    event.listen(small.store.engine, "before_cursor_execute", look)
    with small.store.snapshot() as session:
        narrowing.widened(session, narrowing.Filters(day_ends=small.now, words=asked), ())
        session.scalars(select(Question.id).where(finding.says(asked))).all()
        askers.others_of(session, session.get_one(Question, 1), EVERYTHING)
    event.remove(small.store.engine, "before_cursor_execute", look)
    scanned = {query: plan for query, parameters in seen.items() if (plan := read_whole(small.store, query, parameters))}
    assert scanned == {}


def remember(seen):
    def look(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().upper().startswith("SELECT"):
            seen[statement] = parameters

    return look


def read_whole(store, query, parameters):
    """The steps of the plan that read a growing table, or an index of all its rows, from end to end."""
    return whole_sqlite(store, query, parameters) if store.is_sqlite else whole_postgresql(store, query, parameters)


def whole_sqlite(store, query, parameters):
    """A step says SEARCH where it begins at a place in an index, else SCAN (https://www.sqlite.org/eqp.html)."""
    plan = explained(store, f"EXPLAIN QUERY PLAN {query}", parameters)
    steps = [str(row[3]).strip() for row in plan]
    return [one for one in steps if one.startswith(tuple(f"SCAN {table}" for table in GROWING)) and one.split()[-1] not in RARE]


def whole_postgresql(store, query, parameters):
    """A node reads all of its table unless it has a condition that its index is entered by."""
    [[plan]] = explained(store, f"EXPLAIN (FORMAT JSON) {query}", parameters)
    return [
        f"{node['Node Type']} {node.get('Index Name', '')} {node['Relation Name']}"
        for node in nodes(plan[0]["Plan"])
        if node.get("Relation Name") in GROWING and node.get("Index Name") not in RARE
        if "Index Cond" not in node and node["Node Type"] != "Bitmap Heap Scan"
    ]


def nodes(node):
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)


def explained(store, query, parameters):
    with store.transaction() as session:
        if not store.is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))  # a small table is read whole because that is cheaper
        cursor = session.connection().connection.cursor()
        cursor.execute(query, parameters)
        plan = cursor.fetchall()
        cursor.close()
    return plan
