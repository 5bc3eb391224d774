"""The demo signs anybody in as staff. However somebody tries to have it beside real people, it does not start."""

import pytest

from tests import site

SET_BY_HAND = """
from config.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
"""


@pytest.fixture
def by_hand(tmp_path):
    """Settings of somebody who adds the demo app to their own site."""
    (tmp_path / "by_hand.py").write_text(SET_BY_HAND)
    return {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "by_hand"}


def test_demo_starts_on_this_machine():
    answer = site.settings(MODE="demo")

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("hosts", ["tranche.example", "localhost,tranche.example", "*", ".localhost", "192.0.2.1", ""])
def test_demo_refuses_hosts_of_the_world(hosts):
    answer = site.settings(MODE="demo", ALLOWED_HOSTS=hosts)

    assert (answer.returncode == 0) == (hosts == "")
    assert ("ALLOWED_HOSTS may name only this machine" in answer.stderr) == (hosts != "")


def test_demo_refuses_a_database_that_is_not_its_own():
    answer = site.settings(MODE="demo", DATABASE_URL=site.PRODUCTION["DATABASE_URL"])

    assert answer.returncode != 0
    assert "unset DATABASE_URL" in answer.stderr


def test_demo_refuses_the_variables_of_production():
    assert site.settings(**site.PRODUCTION | {"MODE": "demo"}).returncode != 0


def test_check_passes_in_the_demo():
    answer = site.manage("check", "--tag=security", MODE="demo")

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("variables", [site.PRODUCTION, {"MODE": "development"}], ids=["production", "development"])
def test_check_reports_the_app_outside_the_demo(by_hand, variables):
    answer = site.manage("check", "--tag=security", **variables, **by_hand)

    assert answer.returncode != 0
    assert "demo.E001" in answer.stderr


@pytest.mark.parametrize("change", ["SESSION_COOKIE_SECURE = True", "ALLOWED_HOSTS = ['tranche.example']"])
def test_check_reports_a_demo_dressed_as_production(by_hand, tmp_path, change):
    (tmp_path / "by_hand.py").write_text(f"from config.settings import *\n{change}\n")

    answer = site.manage("check", "--tag=security", MODE="demo", **by_hand)

    assert answer.returncode != 0
    assert "demo.E001" in answer.stderr
