"""Django's settings, read from the environment; every variable is listed in docs/running.md."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from shouwen.config.home import home
from shouwen.config.secret import secret_key

HOME = home()
PACKAGE = Path(__file__).parents[1]

DEBUG = os.environ.get("SHOUWEN_DEBUG") == "1"
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = [host for host in os.environ.get("SHOUWEN_HOSTS", "*").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SHOUWEN_ORIGINS", "").split(",") if origin]
#: set to 1 behind HTTPS
SECURE = os.environ.get("SHOUWEN_HTTPS") == "1"
#: how many proxies of our own stand in front; each has added an address to X-Forwarded-For
PROXIES = int(os.environ.get("SHOUWEN_PROXIES", "0"))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "shouwen.accounts",
    "shouwen.organisation",
    "shouwen.store",
    "shouwen.web",
    "shouwen.console",
    "shouwen.field",
    "shouwen.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shouwen.web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shouwen.web.middleware.KeepableMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shouwen.accounts.middleware.SignedInMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shouwen.web.middleware.ContentPolicyMiddleware",
]

ROOT_URLCONF = "shouwen.config.urls"
WSGI_APPLICATION = "shouwen.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "shouwen.web.context.page"],
            "builtins": ["django.templatetags.i18n", "shouwen.web.templatetags.shouwen"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Django's settings of a PostgreSQL address: postgresql://user:password@host:port/name (host may be a socket)."""
    parts = urlparse(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "shouwen",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {name: unquote(value) for name, value in options.items()},
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///shouwen"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
LOGIN_URL = "sign_in"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LANGUAGE_CODE = "zh-hans"
#: each by its own name, so that everybody finds his; no page without a choice is in another than the first
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
#: the catalogues of packages that are no Django apps; an app's own folder `locale` is found without being named
LOCALE_PATHS = [PACKAGE / name / "locale" for name in ("casework", "channels", "core")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
#: set by `shouwen run` and `serve`, which gather style sheets and scripts under names that change with their content
GATHERED = os.environ.get("SHOUWEN_STATIC") == "gathered"
STATIC_ROOT = HOME / "static" if GATHERED else None
STORAGES = {
    "staticfiles": {
        "BACKEND": "shouwen.config.gathered.GatheredStorage"
        if GATHERED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}
WHITENOISE_USE_FINDERS = not GATHERED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600 if GATHERED else 0

#: outgoing mail: smtp://user:password@host:port (smtps:// for TLS); without it people read in the console only
MAIL = urlparse(os.environ.get("SHOUWEN_MAIL", ""))
EMAIL_HOST = MAIL.hostname or ""
EMAIL_PORT = MAIL.port or (465 if MAIL.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(MAIL.password or "")
EMAIL_USE_SSL = MAIL.scheme == "smtps"
# A password never travels in the clear: with one, smtp:// begins TLS before it signs in.
EMAIL_USE_TLS = MAIL.scheme == "smtp" and bool(MAIL.username)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SHOUWEN_MAIL_FROM", "shouwen@localhost")

#: outgoing text messages: the webhook of a gateway, https://gateway.example/send; without it no codes are sent
SMS = os.environ.get("SHOUWEN_SMS", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SHOUWEN_LOG", "WARNING")},
    # An address that does not exist is no event for whoever runs the program.
    "loggers": {"django.request": {"level": "ERROR"}},
}
