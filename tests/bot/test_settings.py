"""Settings: what is read from where, and what is refused by name."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import logging
import pickle  # noqa: TID251 - to show that it is refused
from pathlib import Path

import pytest

from bot.secrets import Secret
from bot.settings import SECTIONS, SettingsError, load, missing_for_service, names, shipped


def settings_in(folder: Path, toml: str = "", **environment: str):
    if toml:
        (folder / "rrm.toml").write_text(toml, "utf-8")
    return load(environment=environment, folder=folder)


# ---------------------------------------------------------------------------------------------- where they come from


def test_the_shipped_defaults_are_enough_to_start(tmp_path):
    settings = settings_in(tmp_path)
    assert (settings.telegram.enabled, settings.smtp.enabled, settings.imap.enabled) == (False, False, False)
    assert missing_for_service(settings) == ()


def test_later_sources_win(tmp_path):
    toml = "[smtp]\nhost = 'file.example'\nport = 25\nusername = 'file'\n"
    (tmp_path / "rrm.toml").write_text(toml)
    settings = load(
        environment={"RRM_SMTP__PORT": "26", "RRM_SMTP__USERNAME": "environment"},
        overrides={"smtp.username": "command line"},
        folder=tmp_path,
    )
    smtp = settings.smtp
    assert (smtp.host, smtp.port, smtp.username, smtp.tls) == ("file.example", 26, "command line", "require")


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_settings_file_can_be_named(tmp_path, how):
    file = tmp_path / "elsewhere" / "network.toml"
    file.parent.mkdir()
    file.write_text('[network]\nname = "Upper Rhine"\n')
    environment = {"RRM_SETTINGS": str(file)} if how == "environment" else {}
    settings = load(file if how == "argument" else None, environment=environment, folder=tmp_path)
    assert settings.network.name == "Upper Rhine"
    assert settings.home == file.parent


def test_a_named_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"no settings file .*absent\.toml"):
        load("absent.toml", environment={}, folder=tmp_path)


def test_relative_paths_start_at_the_settings_file(tmp_path):
    settings = settings_in(tmp_path, '[policy]\nfile = "mine.toml"\n')
    assert settings.store_url == f"sqlite:///{tmp_path}/var/rrm.db"
    assert settings.index_folder == tmp_path / "var/index"
    assert settings.policy_files == (tmp_path / "mine.toml",)


@pytest.mark.parametrize("toml", ["", "[telegram]\n"])
def test_rrm_home_wins(tmp_path, toml):
    assert settings_in(tmp_path, toml, RRM_HOME=str(tmp_path / "home")).index_folder == tmp_path / "home/var/index"


def test_absolute_paths_stay(tmp_path):
    settings = settings_in(tmp_path, RRM_DATABASE__URL="sqlite:////srv/rrm/rrm.db", RRM_SEARCH__COLLECTION="/srv/fiches")
    assert settings.store_url == "sqlite:////srv/rrm/rrm.db"
    assert settings.collection_folder == Path("/srv/fiches")


def test_a_shipped_collection_is_found_by_name(tmp_path):
    folder = settings_in(tmp_path).collection_folder
    assert folder == shipped("data") / "collections" / "vet-practices"
    assert folder.is_dir()


# ---------------------------------------------------------------------------------------------- what the environment says


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("RRM_TELEGRAM__ENABLED", "yes", "telegram.enabled", True),
        ("RRM_TELEGRAM__ENABLED", "Off", "telegram.enabled", False),
        ("RRM_SMTP__PORT", " 2525 ", "smtp.port", 2525),
        ("RRM_NETWORK__OTHER_ADDRESSES", "a@b.example, c@b.example", "network.other_addresses", ("a@b.example", "c@b.example")),
        ("RRM_CONSOLE__TRUSTED_PROXIES", "", "console.trusted_proxies", ()),
        ("RRM_SEARCH__INDEX_FOLDER", "/srv/index", "search.index_folder", Path("/srv/index")),
        ("RRM_NETWORK__BASE_URL", "https://rrm.example/desk", "network.base_url", "https://rrm.example/desk"),
    ],
)
def test_text_becomes_the_right_type(tmp_path, variable, text, name, value):
    section, key = name.split(".")
    assert getattr(getattr(settings_in(tmp_path, **{variable: text}), section), key) == value


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("RRM_SMTP__PORT", "70000", "smtp.port must be a port number"),
        ("RRM_SMTP__PORT", "25.5", "smtp.port must be a port number"),
        ("RRM_IMAP__IDLE_SECONDS", "0", "imap.idle_seconds must be a whole number above 0"),
        ("RRM_TELEGRAM__ENABLED", "perhaps", "telegram.enabled must be true or false"),
        ("RRM_SMTP__TLS", "none", "smtp.tls must be one of 'require'"),
        ("RRM_TELEGRAM__MODE", "push", "telegram.mode must be one of 'polling', 'webhook'"),
        ("RRM_NETWORK__OTHER_ADDRESSES", "a@b.example,c", "network.other_addresses must be a mail address"),
        ("RRM_NETWORK__MAIL_ADDRESS", "questions", "network.mail_address must be a mail address"),
        ("RRM_NETWORK__MAIL_ADDRESS", "a@b@c.example", "network.mail_address must be a mail address"),
        ("RRM_NETWORK__REPLY_DOMAIN", "-.example", "network.reply_domain must be a domain"),
        ("RRM_NETWORK__BASE_URL", "rrm.example", "network.base_url must be an address like https"),
        ("RRM_NETWORK__BASE_URL", "https://rrm.example/", "network.base_url must be an address like https"),
        ("RRM_NETWORK__BASE_URL", "https://[rrm", "network.base_url must be an address like https"),
        ("RRM_NETWORK__BASE_URL", "https://rrm.example:port", "network.base_url must be an address like https"),
        ("RRM_NETWORK__REPLY_MAILBOX", "the replies", "network.reply_mailbox must be what stands before the @"),
        ("RRM_NETWORK__REPLY_MAILBOX", "", "network.reply_mailbox must be what stands before the @"),
        ("RRM_PROVIDER__ISSUER", "https://[login", "provider.issuer must be an address that begins with https://"),
        ("RRM_NETWORK__ZONE", "Europe/Nowhere", "network.zone must be a time zone"),
        ("RRM_NETWORK__ZONE", "../../etc/passwd", "network.zone must be a time zone"),
        ("RRM_NETWORK__NAME", "Two\nlines", "network.name must be a text without control characters"),
        ("RRM_SEARCH__INDEX_FOLDER", "", "search.index_folder must be a path"),
        ("RRM_WEBHOOKS__PRIVATE_NETWORKS", "10.0.0", "webhooks.private_networks must be networks like 10.1.0.0/16"),
        ("RRM_WEBHOOKS__PRIVATE_NETWORKS", "10.0.0.1/8", "webhooks.private_networks must be networks like 10.1.0.0/16"),
        ("RRM_CONSOLE__TRUSTED_PROXIES", "proxy", "console.trusted_proxies must be addresses like 127.0.0.1"),
        ("RRM_DATABASE__URL", "mysql://x", "database.url must begin with sqlite:///"),
        ("RRM_DATABASE__URL", "postgresql+psycopg://rrm@db:abc/rrm", "database.url has a host or port that cannot be one"),
        ("RRM_DATABASE__URL", "postgresql+psycopg://rrm@[db/rrm", "database.url has a host or port that cannot be one"),
        ("RRM_DATABASE__URL", "postgresql+psycopg://rrm:hunter2@db/rrm", "database.url holds a password"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path, variable, text, says):
    with pytest.raises(SettingsError) as refused:
        settings_in(tmp_path, **{variable: text})
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ("RRM_SMTP__PROT", "Did you mean RRM_SMTP__PORT?"),
        ("RRM_TELEGRAM_TOKEN", "write RRM_TELEGRAM__TOKEN, with two underscores"),
        ("RRM_TELEGRAM_TOKEN_FILE", "write RRM_TELEGRAM__TOKEN, with two underscores"),
        ("RRM_NOSUCH__THING", "RRM_NOSUCH__THING is not a setting"),
    ],
)
def test_a_misspelt_variable_is_not_ignored(tmp_path, variable, says):
    with pytest.raises(SettingsError) as refused:
        settings_in(tmp_path, **{variable: "1"})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[smtp]\nprot = 25", "rrm.toml: there is no setting smtp.prot. Did you mean smtp.port?"),
        ("[mail]\nhost = 'x'", "there is no setting mail.host"),
        ("port = 25", "rrm.toml: port stands outside a section"),
        ("[[smtp]]\nport = 25", "rrm.toml: smtp stands outside a section"),
        ("[smtp", "is not valid TOML"),
        ("[smtp]\nport = '25 '\nport = 26", "is not valid TOML"),
        ("[smtp]\nport = true", "smtp.port must be a port number"),
        ("[telegram]\ntoken = '1:a'", "telegram.token is a secret"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, toml, says):
    with pytest.raises(SettingsError) as refused:
        settings_in(tmp_path, toml)
    assert says in str(refused.value)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "rrm.toml").write_bytes('[network]\nname = "Città"\n'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"rrm\.toml is not written in UTF-8: save it again"):
        settings_in(tmp_path)


# ---------------------------------------------------------------------------------------------- secrets

TOKEN = "123456789:AAH-not-a-real-token-but-shaped-like-one"


def test_a_secret_comes_from_the_environment(tmp_path):
    assert settings_in(tmp_path, RRM_TELEGRAM__TOKEN=TOKEN).telegram.token.reveal() == TOKEN


def test_a_secret_comes_from_a_closed_file(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    assert settings_in(tmp_path, RRM_TELEGRAM__TOKEN_FILE=str(file)).telegram.token.reveal() == TOKEN


def test_a_secret_comes_from_the_service_manager(tmp_path):
    (tmp_path / "smtp.password").write_text("from systemd\n")
    assert settings_in(tmp_path, CREDENTIALS_DIRECTORY=str(tmp_path)).smtp.password.reveal() == "from systemd"


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o602])
def test_an_open_secret_file_is_refused(tmp_path, mode):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(mode)
    with pytest.raises(SettingsError, match=r"telegram\.token: .* chmod 600") as refused:
        settings_in(tmp_path, RRM_TELEGRAM__TOKEN_FILE=str(file))
    assert TOKEN not in str(refused.value)


def test_a_missing_secret_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"telegram\.token: RRM_TELEGRAM__TOKEN_FILE names .* no such file"):
        settings_in(tmp_path, RRM_TELEGRAM__TOKEN_FILE=str(tmp_path / "absent"))


def test_a_secret_never_shows_itself(tmp_path, caplog):
    settings = settings_in(tmp_path, RRM_TELEGRAM__TOKEN=TOKEN, RRM_DATABASE__PASSWORD="database-word")
    token = settings.telegram.token
    with caplog.at_level(logging.INFO):
        logging.getLogger("x").info("settings: %s %r", token, settings)
    shown = [repr(settings), str(settings), repr(token), str(token), f"{token}", f"{token!r:>30}", f"{token:>30}", caplog.text]
    shown.append(json.dumps(dataclasses.asdict(settings.network)))
    assert all(TOKEN not in text and "database-word" not in text for text in shown)
    for copying in (pickle.dumps, copy.copy, copy.deepcopy, dataclasses.asdict):
        with pytest.raises(TypeError):
            copying(settings.telegram if copying is dataclasses.asdict else token)


def test_secrets_compare_by_what_they_hold():
    assert Secret("a") == Secret("a") != Secret("b")
    assert {Secret("a"), Secret("a")} == {Secret("a")}
    assert (bool(Secret("a")), bool(Secret())) == (True, False)
    assert Secret("a") != "a"


def test_the_password_joins_the_url_only_when_asked(tmp_path):
    environment = {"RRM_DATABASE__URL": "postgresql+psycopg://rrm@db.example/rrm", "RRM_DATABASE__PASSWORD": "p@ss/word"}
    settings = settings_in(tmp_path, **environment)
    assert settings.store_url == "postgresql+psycopg://rrm:p%40ss%2Fword@db.example/rrm"
    assert "word@" not in repr(settings)


# ---------------------------------------------------------------------------------------------- what must agree


@pytest.mark.parametrize(
    ("environment", "lacks"),
    [
        ({"RRM_TELEGRAM__ENABLED": "1"}, ["telegram.enabled needs the secret telegram.token"]),
        ({"RRM_TELEGRAM__ENABLED": "1", "RRM_TELEGRAM__TOKEN": TOKEN}, []),
        (
            {"RRM_TELEGRAM__ENABLED": "1", "RRM_TELEGRAM__TOKEN": TOKEN, "RRM_TELEGRAM__MODE": "webhook"},
            ["needs the secret telegram.webhook_secret", "needs a network.base_url with https"],
        ),
        ({"RRM_SMTP__ENABLED": "1"}, ["replies cannot come in"]),
        ({"RRM_LISTENER__ENABLED": "1"}, ["cannot go out"]),
        ({"RRM_SMTP__ENABLED": "1", "RRM_LISTENER__ENABLED": "1"}, []),
        ({"RRM_SMTP__ENABLED": "1", "RRM_LISTENER__ENABLED": "1", "RRM_SMTP__USERNAME": "x"}, ["needs the secret smtp.password"]),
        ({"RRM_SMTP__ENABLED": "1", "RRM_IMAP__ENABLED": "1"}, ["needs imap.username", "needs the secret imap.password"]),
    ],
)
def test_what_the_service_still_lacks(tmp_path, environment, lacks):
    sentences = missing_for_service(settings_in(tmp_path, **environment))
    assert len(sentences) == len(lacks)
    assert all(part in sentence for part, sentence in zip(lacks, sentences, strict=True))


# ---------------------------------------------------------------------------------------------- the shipped file explains itself


def test_the_shipped_file_holds_every_setting_and_no_secret():
    import tomllib

    nested = tomllib.loads((shipped("config") / "settings.toml").read_text("utf-8"))
    assert tuple(nested) == tuple(SECTIONS)
    assert sorted(f"{section}.{key}" for section, keys in nested.items() for key in keys) == sorted(names().plain)


def test_every_setting_is_explained():
    """A comment stands above each setting, or above the run of settings that it explains together with the first."""
    lines = (shipped("config") / "settings.toml").read_text("utf-8").splitlines()
    alone = {"host", "port"}  # a server's address needs no words
    for above, line in itertools.pairwise(lines):
        key = line.partition(" = ")[0]
        if " = " in line and not line.startswith("#") and key not in alone:
            assert above.startswith("#"), f"{key} is not explained"


def test_every_secret_is_named_in_the_shipped_file():
    text = (shipped("config") / "settings.toml").read_text("utf-8")
    assert all(secret in text for secret in names().secret)
