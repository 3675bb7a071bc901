from tests.fakes.stores import postgres, postgres_template, sqlite_template, store, store_url  # noqa: F401
