"""Django's settings. What an operator may change comes from the environment: docs/settings.md."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from backstride import words
from backstride.web.home import flag, home, names, number, secret_key, setting, vapid_key

os.umask(0o077)  # health data: nothing written is for other users of the machine
HERE = Path(__file__).parent
HOME = home()
FILES = HOME / "files"  # what people upload, content-addressed
UPLOADS = HOME / "uploads"  # on their way in
for _folder in (FILES, UPLOADS, HOME / "static"):
    _folder.mkdir(mode=0o700, exist_ok=True)

DEBUG = False
SECRET_KEY = secret_key(HOME)
VAPID_KEY = vapid_key(HOME)
ALLOWED_HOSTS = names("HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = names("ORIGINS")
HTTPS = flag("HTTPS")

INSTALLED_APPS = [
    "backstride.web.people",
    "backstride.web.safety",
    "backstride.web.journal",
    "backstride.web.imports",
    "backstride.web.plan",
    "backstride.web.walk",
    "backstride.web.back",
    "backstride.web.offline",
    "backstride.web.insight",
    "backstride.web.reminders",
    "backstride.web.clinic",
    "backstride.web.sharing",
    "backstride.web.rights",
    "backstride.web.report",
    "backstride.web.help",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "huey.contrib.djhuey",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backstride.web.people.middleware.LocalTime",
    "backstride.web.people.language.Speak",
    "backstride.web.people.middleware.StaffIdleLimit",
    "backstride.web.people.middleware.DemoAccount",
    "backstride.web.people.middleware.PrivatePages",
]

ROOT_URLCONF = "backstride.web.urls"
WSGI_APPLICATION = "backstride.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backstride.web.people.context.rooms",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "backstride.web.people.templatetags.words",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "backstride.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work needs no broker: a queue in a file of its own.
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "name": "backstride",
    "filename": str(HOME / "queue.sqlite3"),
    "immediate": flag("WORK_AT_ONCE"),
    "consumer": {"workers": 1, "worker_type": "thread", "initial_delay": 0.1, "max_delay": 1.0},
}

# Accounts
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "backstride.web.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
OPEN_SIGNUP = flag("OPEN_SIGNUP")
# An installation without a mail server can't verify an address; one that is open must.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if OPEN_SIGNUP and setting("SMTP_HOST") else "none"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGOUT_REDIRECT_URL = "today"
STAFF_IDLE_S = 15 * 60
DEMO = flag("DEMO")
# Somebody answers at once for what the PHQ-9 may bring up; without, it isn't asked.
ON_CALL = flag("ON_CALL")

# E-mail goes to the console until a mail server is named.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if setting("SMTP_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = setting("SMTP_HOST")
EMAIL_PORT = number("SMTP_PORT", 587)
EMAIL_HOST_USER = setting("SMTP_USER")
EMAIL_HOST_PASSWORD = setting("SMTP_PASSWORD")
EMAIL_USE_TLS = flag("SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
# Where links in reminders lead, which are made without a request.
SITE = setting("SITE", "http://127.0.0.1:8000").rstrip("/")
# Hosts that notifications may go to; without, any public one (web/reminders/endpoints.py).
PUSH_HOSTS = names("PUSH_HOSTS")
DEFAULT_FROM_EMAIL = setting("EMAIL_FROM", "Backstride <backstride@localhost>")

LANGUAGE_CODE = "en"
LANGUAGES = list(words.LANGUAGES.items())
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = setting("ZONE", "UTC")

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [HERE / "static"]
# What is the same for all goes compressed, and pictures do. Pages don't: they hold secrets
# beside what was asked for, and their packed size would tell of them (BREACH).
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# An export of several GB goes to disk beside its final place, never into memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(UPLOADS)
EXPORT_DAYS = number("EXPORT_DAYS", 7)  # that an export of all of one's data is kept
MAX_UPLOAD_BYTES = number("MAX_UPLOAD_GB", 8) * 2**30

# Nothing is loaded from elsewhere, nothing is inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"backstride": {"level": "INFO"}},
}
