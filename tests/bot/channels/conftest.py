"""What the channel tests share: certificates of a private authority, and real mail servers."""

import contextlib

import pytest

from tests.fakes.certificates import make_certificates
from tests.fakes.mail_servers import ServersMissing, mail_servers


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


@pytest.fixture(scope="module")
def servers():
    """A real Postfix and Dovecot. Tests that use it carry the mark `mta`, so that a checking machine cannot skip them."""
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(mail_servers())
        except ServersMissing as missing:
            pytest.skip(str(missing))
        yield running
