"""The site of a worker that a test starts and kills: on the test's database, with a mail server of the test."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
MAIL_TRANSPORT = os.environ["TEST_MAIL_TRANSPORT"]
EMAIL_FILE_PATH = Path(os.environ["TEST_MAIL"])
