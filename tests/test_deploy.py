"""The unit and the image: what can be checked without starting them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import names
from bot.sources import shipped

ROOT = Path(__file__).resolve().parents[1]
UNIT = (ROOT / "deploy" / "rrm.service").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
EXPOSURE = 20  # tenths; systemd calls anything below 50 fine

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not there")


@pytest.fixture
def unit(tmp_path):
    """The unit with a program that exists everywhere."""
    file = tmp_path / "rrm.service"
    file.write_text(UNIT.replace("/opt/rrm/bin/rrm", "/bin/true"))
    return file


@needs_systemd
def test_systemd_has_nothing_to_say_about_the_unit(unit):
    """It ends with 0 even for keys it does not know, so its words count."""
    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    about_us = [line for line in (said.stdout + said.stderr).splitlines() if "rrm.service" in line]
    assert (said.returncode, about_us) == (0, [])


@needs_systemd
def test_the_unit_is_hardened(unit):
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", unit]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout[-300:]


def test_the_unit_names_every_secret():
    assert re.findall(r"^#LoadCredential=([a-z_.]+):", UNIT, re.M) == [*sorted_like_the_settings()]


def test_the_image_runs_without_rights_and_without_torch():
    assert re.search(r"^USER [1-9]\d*$", DOCKERFILE, re.M)
    assert 'CMD ["rrm", "serve"]' in DOCKERFILE
    assert re.search(r"semantic|torch", "\n".join(line for line in DOCKERFILE.splitlines() if not line.startswith("#"))) is None


def test_the_image_gets_everything_the_wheel_is_made_of():
    import tomllib

    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.M))
    parts = {part for line in copied for part in line.split()}
    assert {*wheel["packages"], *wheel["force-include"], "pyproject.toml", "README.md", "LICENSE"} <= parts
    allowed = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.M))
    assert parts <= allowed


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, UNIT], ids=["Dockerfile", "compose.yaml", "rrm.service"])
def test_variables_are_settings(text):
    known = {f"RRM_{name.replace('.', '__')}".upper() for name in (*names().plain, *names().secret)}
    used = {variable.removesuffix("_FILE") for variable in re.findall(r"\bRRM_[A-Z_]+__[A-Z_]+\b", text)}
    assert used <= known


def test_nothing_secret_is_in_the_files():
    for text in (DOCKERFILE, COMPOSE, UNIT):
        assert re.search(r"(?i)(password|token|secret)\s*[:=]\s*[\"']?[a-z0-9]{6,}[\"']?$", text, re.M) is None


def test_shipped_folders_exist_in_a_checkout():
    assert (shipped("config") / "policy.toml").is_file()
    assert (shipped("data") / "migrations" / "env.py").is_file()


def sorted_like_the_settings() -> list[str]:
    order = ["telegram", "smtp", "imap", "database", "provider"]
    return sorted(names().secret, key=lambda name: order.index(name.partition(".")[0]))
