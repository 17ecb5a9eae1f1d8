"""The one settings file: values come from the environment (see .env.example), defaults suit a demo.

Everything the app writes lies under DATA_DIR.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from library import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"  # as pyproject.toml has it
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "data")

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "modeltranslation",
    "catalog",
    "lending",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "library.watching.watched",
    "csp.middleware.CSPMiddleware",
    "catalog.views.headers.permissions_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "catalog.views.wording.corrected_words",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "catalog.views.unsaid.WithoutNul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lending.views.second_factor.second_factor_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "library.urls"
WSGI_APPLICATION = "library.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "catalog.views.device.device",
            ],
        },
    },
]

# A desk reads and then writes in one transaction: under SQLite's default DEFERRED mode two desks
# deadlock into "database is locked", which no busy timeout mends. IMMEDIATE takes the lock first.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=33554432;",
}
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR}/nook.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    # A server that was started anew or promoted is found at the next request, without a page of errors first.
    KEPT_OPEN = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"] |= KEPT_OPEN
    # Readers' pages may ask a streaming standby (library/replica.py), and do not wait for one that is silent.
    if env.text("DATABASE_REPLICA_URL", ""):
        STANDBY = env.database("DATABASE_REPLICA_URL", "") | KEPT_OPEN
        DATABASES["replica"] = STANDBY | {"OPTIONS": {"connect_timeout": "2"} | STANDBY.get("OPTIONS", {})}
        DATABASE_ROUTERS = ["library.replica.Router"]
        MIDDLEWARE.append("library.replica.Reading")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "lending.User"
# PINs are hashed with this (lending/hashers.py); back it up apart from the database, which is useless to a thief then.
PIN_PEPPER = env.secret("PIN_PEPPER", DATA_DIR / "pin_pepper")
PASSWORD_HASHERS = ["lending.hashers.PepperedPBKDF2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lending.passwords.NotOfTheNook"},
]
LOGIN_URL = "lending:sign_in"
LOGIN_REDIRECT_URL = "lending:family"

# Django knows neither Filipino nor Lao (measured on 5.2.19), and names some languages in Latin letters.
LANG_INFO.update(
    {
        "fil": {"bidi": False, "code": "fil", "name": "Filipino", "name_local": "Filipino"},
        "lo": {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"},
        "km": {"bidi": False, "code": "km", "name": "Khmer", "name_local": "ខ្មែរ"},
        "mn": {"bidi": False, "code": "mn", "name": "Mongolian", "name_local": "Монгол"},
    }
)
LANGUAGES = [
    ("ko", "한국어"),
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("vi", "Tiếng Việt"),
    ("fil", "Filipino"),
    ("km", "ខ្មែរ"),
    ("mn", "Монгол"),
    ("ru", "Русский"),
    ("ja", "日本語"),
    ("th", "ไทย"),
    ("lo", "ລາວ"),
    ("uz", "Oʻzbekcha"),
    ("ne", "नेपाली"),
    ("ar", "العربية"),
]
LANGUAGES_BIDI = ["ar"]
LANGUAGE_CODE = "ko"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Corrections by native speakers (catalog/corrections.py) are read before what the program came with.
LOCALE_PATHS = [DATA_DIR / "locale", BASE_DIR / "locale"]
MODELTRANSLATION_LANGUAGES = tuple(code for code, _ in LANGUAGES)
MODELTRANSLATION_DEFAULT_LANGUAGE = "ko"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "ko")
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Seoul")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    # Covers: on this disk, or where several machines find them.
    "default": env.media_storage("MEDIA_STORAGE"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SEARCH_INDEX_DIR = DATA_DIR / "search"

# Uploads are refused above this before anything reads them; catalog/covers.py says it to the person.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# Notices to families: lending/channels/ holds one module a way of sending.
SITE_URL = env.text("SITE_URL", "").rstrip("/")
globals().update(env.mail_server("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "")
VAPID_PRIVATE_KEY = env.secret("VAPID_PRIVATE_KEY", DATA_DIR / "vapid_key", make=env.p256_key)
VAPID_CONTACT = env.text("VAPID_CONTACT", f"mailto:{DEFAULT_FROM_EMAIL or 'nobody@localhost'}")
# A family's browser names the address that messages go to, so only the makers of browsers are believed.
PUSH_HOSTS = env.listed(
    "PUSH_HOSTS",
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", ".notify.windows.com"],
)
GATEWAY_URL = env.text("GATEWAY_URL", "")
GATEWAY_SECRET = env.text("GATEWAY_SECRET", "")

# A family stays signed in on its phone; staff and a shared device do not (lending/views/sign_in.py).
SESSION_COOKIE_AGE = 14 * 24 * 3600
STAFF_SESSION = 10 * 3600
STAFF_SECOND_FACTOR = env.one_of("STAFF_SECOND_FACTOR", ("off", "managers", "all"))
KIOSK_SESSION = 3 * 60
# How many proxies stand before the nook: so many addresses at the end of X-Forwarded-For are believed.
PROXIES = 1 if env.flag("BEHIND_PROXY", False) else 0
# Other libraries that are asked for an ISBN: docs/sources.md. None unless named: nothing is sent outside unasked.
SOURCES = env.listed("SOURCES", [])
NLK_KEY = env.text("NLK_KEY", "")
GOOGLE_BOOKS_KEY = env.text("GOOGLE_BOOKS_KEY", "")
CACHES = {
    # Counts of requests (lending/views/limits.py): one count for all machines where CACHE_URL names a server.
    "default": env.cache("CACHE_URL"),
    # Answers of other libraries, on disk: they are good for a month, and every worker may use them.
    "sources": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache" / "sources",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

HTTPS = env.flag("HTTPS", False)
# With TLS the browser keeps them for this very host: no other host under its name can set them.
HOST_ONLY = "__Host-" if HTTPS else ""
LANGUAGE_COOKIE_NAME = f"{HOST_ONLY}language"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_ONLY}sessionid", f"{HOST_ONLY}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = ["^health/", "^metrics$"]  # asked on the machine itself, without TLS
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing inline and nobody else's: pages with a camera add WebAssembly for its reader (catalog/views/headers.py).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "catalog.views.errors.csrf_failure"

LOGGING = logs.configured(env.one_of("LOG_FORMAT", ("plain", "json")), env.text("LOG_LEVEL", "WARNING"))
# Who may read /metrics: whoever sends this as a bearer token. Empty: nobody, the page is not there.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
# Where several processes of one machine add up their figures; prometheus_client reads the same variable.
METRICS_SHARED = bool(env.text("PROMETHEUS_MULTIPROC_DIR", ""))
