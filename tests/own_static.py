"""Production's settings, with what is collected in a folder of the test's own."""

from pathlib import Path

from config.settings import *
from config.settings import env

STATIC_ROOT = Path(env.str("STATIC_ROOT"))
