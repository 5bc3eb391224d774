"""Production's settings on a machine without a proxy that ends TLS."""

from config.settings import *

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
