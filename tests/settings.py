"""The site in MODE=test, where passwords cost nothing and even the ledger may be emptied between tests."""

import os

os.environ["MODE"] = "test"

from config.settings import *

DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c tranche.truncate=allowed -c synchronous_commit=off"
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LANGUAGES += [("en-xa", "Longer English"), ("ar-xb", "English from the right")]  # tests.pseudo speaks them
WHITENOISE_AUTOREFRESH = True  # nothing is collected: files come from where they lie
MFA_TOTP_TOLERANCE = 2  # half minutes: a code is still good when a busy machine comes to look at it
