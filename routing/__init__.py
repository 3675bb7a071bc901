"""Routing decides and records: who is asked, by when, and what every letter says.

Pure decisions (`triage`, `roster`, `deadlines`) take values and `now`; `handling` writes them down in one transaction.
"""
