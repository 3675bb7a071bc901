"""What the channel tests share: certificates of a private authority, and a brink that remembers."""

import pytest

from tests.fakes.certificates import make_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def foreign_certificates(tmp_path_factory):
    """A server whose authority nobody here trusts."""
    return make_certificates(tmp_path_factory.mktemp("foreign"))


@pytest.fixture(scope="session")
def misnamed_certificates(tmp_path_factory):
    """A trusted authority, but the certificate is another host's."""
    return make_certificates(tmp_path_factory.mktemp("misnamed"), "mail.elsewhere.test")
