import pytest

from config import values
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
    assert answer.stdout.strip() == "System check identified no issues (2 silenced)."


def test_production_has_no_demo():
    code = "import config.settings as s; print(s.DEMO, s.DEBUG, 'demo' in s.INSTALLED_APPS)"

    assert site.run(["-c", code], site.PRODUCTION).stdout.split() == ["False", "False", "False"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "x" * 49, "SECRET_KEY must have 50 random characters or more"),
        ("SECRET_KEY_FALLBACKS", "short", "so must each of SECRET_KEY_FALLBACKS"),
        (
            "ALLOWED_HOSTS",
            "https://tranche.example",
            "ALLOWED_HOSTS names 'https://tranche.example'; it takes names alone",
        ),
        ("ALLOWED_HOSTS", "tranche.example:443", "ALLOWED_HOSTS names 'tranche.example:443'; it takes names alone"),
        ("ALLOWED_HOSTS", "tranche.example,", "ALLOWED_HOSTS names ''; it takes names alone"),
        ("SITE_ORIGIN", "http://tranche.example", "it must be like https://tranche.example, no more"),
        ("SITE_ORIGIN", "https://tranche.example/", "it must be like https://tranche.example, no more"),
        ("SITE_ORIGIN", "tranche.example", "it must be like https://tranche.example, no more"),
        ("SITE_ORIGIN", "https://other.example", "whose host ALLOWED_HOSTS does not name"),
        ("LIVE_DATABASE_URL", "foo", "LIVE_DATABASE_URL must name a Postgres database"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml'; it must be text or json"),
    ],
)
def test_production_names_a_wrong_value(name, value, says):
    answer = site.settings(**site.PRODUCTION | {name: value})

    assert answer.returncode != 0
    assert says in answer.stderr


@pytest.mark.parametrize("value", ["abc", "0.5", "-1", "0"])
def test_the_web_server_names_a_wrong_number(value):
    answer = site.run(["-m", "config.serve"], site.PRODUCTION | {"WEB_WORKERS": value, "PORT": "0"})

    assert (answer.returncode, answer.stderr) == (1, f"WEB_WORKERS is {value!r}; it must be a whole number from 1.\n")


def test_old_keys_and_what_binds_the_whole_domain_are_choices():
    code = (
        "import config.settings as s;"
        "print(s.SECRET_KEY_FALLBACKS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, s.SECURE_HSTS_SECONDS)"
    )
    chosen = {"SECRET_KEY_FALLBACKS": "k" * 50, "HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}

    assert site.run(["-c", code], site.PRODUCTION).stdout.split() == ["[]", "False", "False", "31536000"]
    assert site.run(["-c", code], site.PRODUCTION | chosen).stdout.split() == [
        f"['{'k' * 50}']",
        "True",
        "True",
        "31536000",
    ]


def test_a_place_for_files_that_cannot_be_written_is_named(tmp_path):
    taken = tmp_path / "file"
    taken.write_text("")

    assert values.why_not_writable(tmp_path / "not" / "there" / "yet") == ""
    assert f"MEDIA_ROOT is {taken / 'media'}" in values.why_not_writable(taken / "media")
