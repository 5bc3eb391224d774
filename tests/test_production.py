import pytest

from tests import site


def test_production_is_the_mode_without_a_mode():
    answer = site.settings()

    assert answer.returncode != 0
    assert "SECRET_KEY is not set. Production needs it" in answer.stderr


@pytest.mark.parametrize("name", sorted(site.PRODUCTION.keys() - {"MODE"}))
def test_production_refuses_to_start_without(name):
    answer = site.settings(**{key: value for key, value in site.PRODUCTION.items() if key != name})

    assert answer.returncode != 0
    assert f"ImproperlyConfigured: {name} is not set." in answer.stderr


def test_production_refuses_an_unknown_mode():
    answer = site.settings(**site.PRODUCTION | {"MODE": "prod"})

    assert answer.returncode != 0
    assert "MODE is 'prod'; it must be" in answer.stderr


def test_production_refuses_another_database():
    answer = site.settings(**site.PRODUCTION | {"DATABASE_URL": "sqlite:///tranche.db"})

    assert answer.returncode != 0
    assert "DATABASE_URL must name a Postgres database" in answer.stderr


def test_production_passes_the_deployment_check_in_silence():
    answer = site.manage("check", "--deploy", "--fail-level=DEBUG", **site.PRODUCTION)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.strip() == "System check identified no issues (0 silenced)."


def test_production_has_no_demo():
    code = "import config.settings as s; print(s.DEMO, s.DEBUG, 'demo' in s.INSTALLED_APPS)"

    assert site.run(["-c", code], site.PRODUCTION).stdout.split() == ["False", "False", "False"]
