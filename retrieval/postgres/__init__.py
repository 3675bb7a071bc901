"""Keeps the index in PostgreSQL with pgvector, so that several workers search one. Spoken through psycopg alone."""
