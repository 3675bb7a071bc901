"""Statements are compiled once in a test run, as in a service, and not once for each of the thousands of stores that tests open.

SQLAlchemy keeps what it compiled by statement and dialect, and makes a dialect for every engine. Here all dialects of one sort
count as one, and engines share what was compiled. Each still connects, initialises and converts values by itself.
"""

from functools import cache

from sqlalchemy.util import LRUCache

from routing import store


@cache
def alike(dialect_class):
    """The same dialect; only that each is equal to every other."""
    members = {
        "__eq__": lambda one, other: type(one) is type(other),
        "__hash__": lambda one: hash(type(one)),
        "supports_statement_cache": True,  # SQLAlchemy asks every class of dialects for its own word
    }
    return type(dialect_class.__name__, (dialect_class,), members)


@cache
def compiled_for(_dialect_class):
    return LRUCache(2000)


def share_compiled_statements():
    """Every store that is opened from now on in this process takes part."""
    plainly = store._engine

    def engine(url):
        made = plainly(url)
        made.dialect.__class__ = alike(type(made.dialect))
        made.update_execution_options(compiled_cache=compiled_for(type(made.dialect)))
        return made

    store._engine = engine
