"""A tick looks at what is due, never at everything: the databases' own plans for its queries say so."""

import pytest
from sqlalchemy import text

from routing import sweeps
from tests.world import MONDAY

QUERIES = {
    "due": sweeps.due_query(MONDAY, 50),
    "left": sweeps.left_query([1, 2], 50),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_table_is_read_from_end_to_end(store, name):
    with store.transaction() as session:
        query = QUERIES[name].compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        if store.is_sqlite:
            plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
            assert not [step for step in plan if step.startswith("SCAN")], plan
            return
        session.execute(text("SET LOCAL enable_seqscan = off"))  # a small table is read whole because that is cheaper
        plan = [row[0] for row in session.execute(text(f"EXPLAIN {query}"))]
        assert not [step for step in plan if "Seq Scan" in step], plan
