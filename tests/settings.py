"""The site's own settings in MODE=test, with passwords that cost nothing to check."""

import os

os.environ["MODE"] = "test"

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # nothing is collected: files come from where they lie
