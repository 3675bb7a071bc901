import pytest


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    """Where the seeds are played one after the other; the empty database they start from is made once."""
    return tmp_path_factory.mktemp("plays")
