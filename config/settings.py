"""One settings file, driven by the environment. Without MODE it is production, where nothing has a default."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from config import database, mail, values

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_FOLDER = BASE_DIR / ".data"  # what the site keeps for itself on a machine of one's own

env = Env()
MODE: str = env.str("MODE", "production")
if MODE not in {"production", "development", "demo", "test"}:
    raise ImproperlyConfigured(f"MODE is {MODE!r}; it must be production, development, demo or test.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
DEBUG = MODE == "development"


def required(name: str, otherwise: str) -> str:
    """The variable `name`; in production it must be set, elsewhere it is `otherwise`."""
    value: str = env.str(name, "")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it; on your own machine set MODE=development.")
    return otherwise


SECRET_KEY = required("SECRET_KEY", "only-for-this-machine-" + "0" * 40)
# Keys that were ours: what they signed and sealed still holds, nothing new is made with them.
SECRET_KEY_FALLBACKS = [key for key in env.str("SECRET_KEY_FALLBACKS", "").split(",") if key]
THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", ",".join(THIS_MACHINE)).split(",")]
if DEMO and not set(ALLOWED_HOSTS) <= set(THIS_MACHINE):
    raise ImproperlyConfigured(
        "MODE=demo signs anybody in with one click, so ALLOWED_HOSTS may name only this machine: "
        f"{', '.join(THIS_MACHINE)}. Unset it, or set MODE=production."
    )
SITE_ORIGIN = required("SITE_ORIGIN", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
if PRODUCTION:
    values.check(SECRET_KEY, *SECRET_KEY_FALLBACKS, hosts=ALLOWED_HOSTS, origin=SITE_ORIGIN)

# --- Apps -------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_fsm",
    "django_htmx",
    "lucide",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "template_partials",
    "text",
    "web",
    "accounts",
    "parties",
    "help",
    "notifications",
    "escrow",
    "contracts",
    "messaging",
    "milestones",
    "calendars",
]
if DEMO:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "web.middleware.Traced",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.middleware.Private",
    "web.middleware.CompressedText",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.StaffHours",
    "accounts.middleware.KnownDevices",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.HtmxAnswers",
    "accounts.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReadersTimeZone",
    "accounts.middleware.ReadersLanguage",
    "pghistory.middleware.HistoryMiddleware",
    "web.middleware.Refusals",
    "web.heavy.NotTooMuch",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "text.templatetags.languages",
                "web.templatetags.requests",
                "django_htmx.templatetags.django_htmx",
                "text.templatetags.icons",
                "template_partials.templatetags.partials",
            ],
        },
    }
]
FORM_RENDERER = "text.returned.Renderer"

# --- Database ---------------------------------------------------------------------------------------------------------
if DEMO and env.str("DATABASE_URL", ""):
    raise ImproperlyConfigured("MODE=demo invents people and money in a database of its own; unset DATABASE_URL.")
OWN_POSTGRES: dict[str, Any] = {"ENGINE": "config.postgres", "NAME": "postgres", "USER": "postgres"}
_named = required("DATABASE_URL", "")
values.check_database(_named, "DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {"default": env.dj_db_url("DATABASE_URL") if _named else OWN_POSTGRES}
# LISTEN needs a connection of its own, which a transaction pooler cannot carry: name the server behind the pooler here.
LIVE_DATABASE_URL: str = env.str("LIVE_DATABASE_URL", "")
values.check_database(LIVE_DATABASE_URL, "LIVE_DATABASE_URL")
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] = database.options(DATABASES["default"].get("OPTIONS", {}), pooled=MODE != "test")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Only the limits on signing in use it. In the database all processes count together and a raised counter is locked.
CACHES = {
    "default": {"BACKEND": "web.cache.NeverCulled", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "contracts:list"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUpForm",
    "login": "accounts.forms.SignInForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # also why the forms need not tell whether an address is known here
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_CHANGE_EMAIL = True  # one person, one address: the new one replaces the old one once it is verified
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]  # no code by mail: whoever reads the mail can sign in anyway
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 56  # what one customer of a provider has: whoever has a /48 has only 256 of them
ADMIN_SECOND_FACTOR: bool = env.bool("ADMIN_SECOND_FACTOR", PRODUCTION)  # a password is too little for all that money
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tranche"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "display_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Mail and work that is done later ---------------------------------------------------------------------------------
# No mail leaves inside a request: what any code sends is queued, and the worker sends it by MAIL_TRANSPORT.
EMAIL_BACKEND = "notifications.backend.Outbox"
MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
if DEMO:
    MAIL_TRANSPORT = "notifications.mailbox.Mailbox"
    EMAIL_FILE_PATH = DATA_FOLDER / "mail"
elif DEBUG:
    EMAIL_BACKEND = MAIL_TRANSPORT  # `make run` is one process: the link of a sign-up stands on its console at once
elif PRODUCTION:
    vars().update(mail.settings(required("EMAIL_URL", ""), os.environ))
DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "Tranche <tranche@localhost>")
# Who reads what people write to us on the help page.
SUPPORT_EMAIL: str = env.str("SUPPORT_EMAIL", "") or DEFAULT_FROM_EMAIL
# The worker looks for work each second: to be told of it, each transaction that defers a job would have to hold the
# database's one lock for NOTIFY as it commits. A job that is done leaves; what it did is on its own row.
PROCRASTINATE_WORKER_DEFAULTS = {
    "listen_notify": False,
    "fetch_job_polling_interval": 1.0,  # seconds
    "concurrency": 2,
    "delete_jobs": "successful",
    "shutdown_graceful_timeout": 25.0,  # seconds, more than a mail server may take
}

# --- Money ------------------------------------------------------------------------------------------------------------
# The smallest price of a milestone, by currency; a currency that is not here cannot be contracted in.
MINIMUM_AMOUNTS = {
    "USD": "5.00",
    "EUR": "5.00",
    "GBP": "5.00",
    "CHF": "5.00",
    "CAD": "5.00",
    "AUD": "5.00",
    "JPY": "500",
    "KWD": "1.500",
}
# Of a bank transfer above this, two members of staff say that it has arrived.
FOUR_EYES_ABOVE = {
    "USD": "10000.00",
    "EUR": "10000.00",
    "GBP": "10000.00",
    "CHF": "10000.00",
    "CAD": "10000.00",
    "AUD": "10000.00",
    "JPY": "1000000",
    "KWD": "3000.000",
}

# --- Language, time, files --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static.OneStyleSheet"
        if PRODUCTION or DEMO
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Chat -------------------------------------------------------------------------------------------------------------
MESSAGE_CHANGEABLE_MINUTES = 10
MESSAGES_A_MINUTE = 30  # by one person
ATTACHMENTS_A_MESSAGE = 5
ATTACHMENT_BYTES = 10 * 2**20
PERSON_BYTES_A_DAY = 500 * 2**20
CONTRACT_BYTES = 2 * 2**30
# Below this no file is taken any more: what else lives on that disk needs room, too.
MEDIA_FREE_BYTES = env.int("MEDIA_FREE_MB", 500) * 2**20
# Files are served by a view that asks who may have them, never by the web server: no MEDIA_URL.
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "files.uploads.StopAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "files.uploads.OnDisk",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- What one person may ask of the site in a minute ------------------------------------------------------------------
# By hand nobody comes near it; programs that try the site out do, so only production holds them to it.
_HANDS = 1 if PRODUCTION else 100
ACTS_A_MINUTE = 120 * _HANDS
ASKED_A_MINUTE = {
    page: most * _HANDS
    for page, most in {
        "POST milestones:manage": 120,  # each button of a row asks the server
        "POST milestones:paste": 30,
        "POST messaging:post": 40,
        "GET messaging:search": 60,
        "GET milestones:plan_csv": 20,
        "GET milestones:plan_text": 20,
    }.items()
}

# --- Security ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
# They bind the whole domain, for a year and in each browser that is made: a choice of whoever owns it.
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = PRODUCTION and env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD: bool = PRODUCTION and env.bool("HSTS_PRELOAD", False)
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
# One Save may hold 100 lines of nine fields, and as much text as a worker reads in a moment (docs/worst.md).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 2**20
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY: bool = PRODUCTION and env.bool("BEHIND_PROXY", True)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else everybody shares the proxy's address, and with it the limits on signing in
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # that subdomains and preloading are not chosen

LOG_FORMAT: str = env.str("LOG_FORMAT", "text")
if LOG_FORMAT not in {"text", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it must be text or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"text": {"()": "config.logs.WithoutSecrets"}, "json": {"()": "config.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO" if PRODUCTION else "WARNING"},
    "loggers": {
        "procrastinate": {"level": "WARNING"},  # it names each job as it begins and ends
        "uvicorn": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can cause one; `web.proxies` says it once
    },
}
