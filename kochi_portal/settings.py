"""Every setting, from the environment; without any, safe for production.

A variable `X` may instead be given as a file `X_FILE` (secrets by file).
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from foundation.logging import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

if (env_file := BASE_DIR / ".env").exists():
    env.read_env(env_file)

DEBUG = env.bool("DEBUG", default=False)
# Sample accounts and the mailbox page of `make run`; never where real people are.
SAMPLE = env.bool("SAMPLE", default=DEBUG)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The first makes 問合せ番号; the others still recognise those made earlier.
INQUIRY_KEYS = env.list("INQUIRY_KEYS")

BASE_URL = env.str("BASE_URL", default="https://localhost").rstrip("/")
IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

if SAMPLE and IS_HTTPS:
    message = "SAMPLE=1 opens accounts whose passwords everyone knows; unset it."
    raise ImproperlyConfigured(message)

INSTALLED_APPS = [
    "portal",
    "notifications",
    "applications",
    "faq",
    "procedures",
    "organizations",
    "accounts",
    "journal",
    "foundation",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "kochi_portal.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "kochi_portal",
]

MIDDLEWARE = [
    "foundation.middleware.request_id.RequestIdMiddleware",
    "foundation.middleware.probes.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.middleware.access.AccessMiddleware",
    "csp.middleware.CSPMiddleware",
    "foundation.middleware.permissions_policy.PermissionsPolicyMiddleware",
    "foundation.middleware.maintenance.MaintenanceMiddleware",
    "foundation.middleware.no_store.NoStoreMiddleware",
    "foundation.middleware.method_not_allowed.MethodNotAllowedMiddleware",
    "foundation.middleware.null_characters.NullCharactersMiddleware",
    # Outside of the session, so that a sign-in and its session are one transaction.
    "foundation.tenancy.middleware.TenancyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "kochi_portal.urls"
WSGI_APPLICATION = "kochi_portal.wsgi.application"
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
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- The database, by role -----------------------------------------------------------

_seconds_kept = env.int("DATABASE_CONN_MAX_AGE", default=60)


def _database(url: str, **options: Any) -> dict[str, Any]:
    """Return the settings of one role's connection."""
    return {
        **env.db_url_config(url),
        "CONN_MAX_AGE": _seconds_kept,
        "CONN_HEALTH_CHECKS": True,
        # A transaction-mode pool cannot keep a cursor beyond its transaction.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        **options,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": "kochi_portal",
            # What a kept connection asks again and again is planned once; behind a
            # pool, which may forget plans, it is not (decision 0007).
            "server_side_binding": True,
            "prepare_threshold": 2 if _seconds_kept else None,
        },
    }


_app_url = env.str("DATABASE_URL")
DATABASES = {
    # Every request and tenant task, under row-level security.
    "default": _database(
        _app_url,
        ENGINE="foundation.tenancy.postgresql",
        TEST={"MIRROR": "owner"},
    ),
    # Migrations: `manage.py migrate --database owner`.
    "owner": _database(
        env.str("OWNER_DATABASE_URL", default=_app_url), TEST={"DEPENDENCIES": []}
    ),
    # The few named tasks that cross bodies; never the web.
    "worker": _database(
        env.str("WORKER_DATABASE_URL", default=_app_url), TEST={"MIRROR": "owner"}
    ),
}
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default=_app_url)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TENANCY_SCOPE_OF_REQUEST = "organizations.queries.scope_of_request"
TENANCY_SCOPE_FOR = "organizations.queries.scope_for"
TENANCY_ROLES_OF = "organizations.queries.roles_of"
# Holds the token of what was filed without an account; sent only below its path.
CAPABILITY_COOKIE_NAME = "__Secure-filing" if IS_HTTPS else "filing"

# --- Cache, worker, mail -------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "foundation.cache.SharedCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long the broker is away
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue(name) for name in ("default", "mail", "pdf", "index")]
CELERY_TASK_ROUTES = {
    "applications.tasks.render_documents": {"queue": "pdf"},
    "notifications.tasks.send_due": {"queue": "mail"},
    "notifications.tasks.deliver_webhooks": {"queue": "mail"},
    "faq.tasks.build_indexes": {"queue": "index"},
    "faq.tasks.evaluate_frozen_sets": {"queue": "index"},
    "faq.tasks.group_desk": {"queue": "index"},
    "faq.tasks.measure_due": {"queue": "index"},
    "faq.tasks.translate_draft": {"queue": "index"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Tokyo"
# What comes again soon may be left out; what comes once a night waits for a worker.
_SOON_AGAIN_SECONDS, _ONCE_A_NIGHT_SECONDS = 30, 6 * 60 * 60
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": task,
        "schedule": schedule,
        "options": {
            "expires": _ONCE_A_NIGHT_SECONDS
            if isinstance(schedule, crontab)
            else _SOON_AGAIN_SECONDS
        },
    }
    for name, task, schedule in (
        ("deliver", "journal.tasks.deliver_due", 5.0),
        ("seal", "journal.tasks.seal_committed", 5.0),
        ("export-head", "journal.tasks.export_head", crontab(hour=3, minute=0)),
        ("render", "applications.tasks.render_documents", 5.0),
        ("send", "notifications.tasks.send_due", 5.0),
        ("webhooks", "notifications.tasks.deliver_webhooks", 5.0),
        ("purge", "applications.tasks.purge_drafts", crontab(hour=3, minute=30)),
        ("forget", "notifications.tasks.forget_addresses", crontab(hour=3, minute=40)),
        (
            "deliveries",
            "notifications.tasks.purge_deliveries",
            crontab(hour=3, minute=45),
        ),
        ("sessions", "accounts.tasks.forget_sessions", crontab(hour=3, minute=50)),
        ("sign-ups", "accounts.tasks.forget_unconfirmed", crontab(hour=3, minute=55)),
        ("index", "faq.tasks.build_indexes", 30.0),
        ("evaluate", "faq.tasks.evaluate_frozen_sets", crontab(hour=4, minute=20)),
        ("measure", "faq.tasks.measure_due", 30.0),
        ("popular", "faq.tasks.count_popular", 600.0),
        ("links", "faq.tasks.check_links", crontab(hour=2, minute=10)),
        ("group", "faq.tasks.group_unanswered", crontab(hour=2, minute=30)),
        ("tickets", "faq.tasks.close_quiet_tickets", crontab(hour=3, minute=33)),
        ("contacts", "faq.tasks.forget_contacts", crontab(hour=3, minute=35)),
        ("questions", "faq.tasks.remove_old_questions", crontab(hour=3, minute=37)),
        ("take-over", "organizations.tasks.take_over_due", 600.0),
    )
}

_mail_url = env.str("EMAIL_URL", default="smtp://localhost:25")
vars().update(env.email_url_config(_mail_url))
if _mail_url.startswith("filemail:"):
    EMAIL_BACKEND = "kochi_portal.mailbox.FolderBackend"
    # django-environ takes the first slash for its own.
    EMAIL_FILE_PATH = urlsplit(_mail_url).path
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "EMAIL_FROM", default="高知県版ポータル <noreply@portal.invalid>"
)
DOCUMENT_DIR = Path(env.str("DOCUMENT_DIR", default=str(BASE_DIR / ".state/documents")))
# The journal's head, day by day; copy it to where another keeps it.
JOURNAL_HEAD_FILE = Path(
    env.str("JOURNAL_HEAD_FILE", default=str(DOCUMENT_DIR / "journal-heads.jsonl"))
)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DOCUMENT_DIR, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or SAMPLE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = SAMPLE
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- AI-FAQ --------------------------------------------------------------------------

# Where indexes lie; the web reads what a worker writes there.
FAQ_INDEX_DIR = Path(env.str("FAQ_INDEX_DIR", default=str(DOCUMENT_DIR / "faq-index")))
# Another model is another address and name; `….encoders.Absent` compares words alone.
FAQ_ENCODER = env.str("FAQ_ENCODER", default="faq.backends.encoders.Served")
FAQ_ENCODER_URL = env.str("FAQ_ENCODER_URL", default="http://127.0.0.1:8009")
FAQ_ENCODER_MODEL = env.str("FAQ_ENCODER_MODEL", default="multilingual-e5-small-q4/2")
FAQ_ENCODER_KEY = env.str("FAQ_ENCODER_KEY", default="")
FAQ_ENCODER_PROCESSES = env.int("FAQ_ENCODER_PROCESSES", default=os.cpu_count() or 1)
# After a ticket ended. Three years: until then a claim for wages may be brought
# (労働基準法115条・143条3項), and who asked may come back with the answer in hand.
FAQ_TICKETS_KEPT_DAYS = env.int("FAQ_TICKETS_KEPT_DAYS", default=3 * 365)
# Asks the public Internet, by night, whether what entries point to is still there.
FAQ_LINK_CHECKER = env.str("FAQ_LINK_CHECKER", default="faq.backends.links.Internet")
# Off unless named: faq.backends.language_models.Chat rewrites questions for a second
# search, faq.backends.translators.ChatTranslator fills empty fields of drafts.
FAQ_LANGUAGE_MODEL = env.str("FAQ_LANGUAGE_MODEL", default="")
FAQ_TRANSLATOR = env.str("FAQ_TRANSLATOR", default="")
FAQ_LANGUAGE_MODEL_URL = env.str("FAQ_LANGUAGE_MODEL_URL", default="")
FAQ_LANGUAGE_MODEL_NAME = env.str("FAQ_LANGUAGE_MODEL_NAME", default="")
FAQ_LANGUAGE_MODEL_KEY = env.str("FAQ_LANGUAGE_MODEL_KEY", default="")
FAQ_LANGUAGE_MODEL_SECONDS = env.float("FAQ_LANGUAGE_MODEL_SECONDS", default=3.0)

# --- Language and time ---------------------------------------------------------------

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# How many proxies of ours append the address they see to X-Forwarded-For. With too few,
# all visitors share the proxy's rate limits; with too many, they choose their address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if IS_HTTPS else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- Signing in ----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:signed_out"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.ResidentLoginForm",
    "request_login_code": "accounts.forms.CodeForm",
    "signup": "accounts.forms.NewAccountForm",
    "add_email": "accounts.forms.NewAddressForm",
    # pragma: allowlist nextline secret
    "reset_password": "accounts.forms.ForgottenPasswordForm",
}
# A town hall, or all phones of a carrier, may stand behind one address. What a mailbox
# gets is bounded by `accounts.forms`; never by the mailbox alone, or anybody could shut
# its owner out.
_of_one_network = "100/m/ip,1000/h/ip"
ACCOUNT_RATE_LIMITS = {
    "login": _of_one_network,
    "signup": _of_one_network,
    "request_login_code": _of_one_network,
    "confirm_email": _of_one_network,
    "reset_password": _of_one_network,
    "reset_password_from_key": _of_one_network,
    # The key is network and account (`accounts.adapters`); for the second factor the
    # account alone, since only who has passed the first comes so far.
    "login_failed": "60/m/ip,5/5m/key",
    # One who is signed in may have codes sent to any address.
    "manage_email": "10/m/user,30/h/user",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {
    "login_webauthn": "accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.forms.PasskeySecondFactorForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
    "add_webauthn": "accounts.forms.NewPasskeyForm",
    "signup_webauthn": "accounts.forms.FirstPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": _of_one_network}
MFA_TOTP_ISSUER = "高知県版ポータル"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

# --- Cookies and headers -------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = IS_HTTPS
CSRF_FAILURE_VIEW = "foundation.views.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Ten question pages of text are far below; 10 MB of text is refused, not parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- API -----------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "foundation.openapi.Schema",
    "EXCEPTION_HANDLER": "foundation.problems.handle_exception",
    "DEFAULT_PARSER_CLASSES": ["foundation.parsers.TextJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["organizations.backends.TokenAuthentication"],
    # A view that says nothing of itself opens to nobody.
    "DEFAULT_PERMISSION_CLASSES": ["organizations.backends.ScopeRequired"],
    "DEFAULT_THROTTLE_CLASSES": [
        "foundation.throttling.AnonymousThrottle",
        "foundation.throttling.TokenThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anonymous": env.str("API_RATE_ANONYMOUS", default="300/min"),
        "token": env.str("API_RATE_TOKEN", default="600/min"),
        # A question costs an encoding, a ticket somebody's time.
        "anonymous_asking": env.str("API_RATE_ANONYMOUS_ASKING", default="60/min"),
        "token_asking": env.str("API_RATE_TOKEN_ASKING", default="240/min"),
        "anonymous_handing": env.str("API_RATE_ANONYMOUS_HANDING", default="20/hour"),
        "token_handing": env.str("API_RATE_TOKEN_HANDING", default="120/hour"),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_METADATA_CLASS": None,
    "UPLOADED_FILES_USE_URL": False,
    "FORMAT_SUFFIX_KWARG": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "高知県版ポータル API",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "高知県と県内市町村の手続を調べ、申請し、受け付けた申請を処理するためのAPIです。"
        "手続やFAQを調べるのに登録はいりません。申請と審査には、APIトークンを"
        "`Authorization: Bearer kp1_…` の形で付けてください。"
    ),
    "OAS_VERSION": "3.1.1",
    "DEFAULT_GENERATOR_CLASS": "foundation.openapi.Generator",
    "SERVERS": [{"url": "/"}],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "foundation.openapi.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "OrganizationKind": "organizations.models.OrganizationKind",
        "ProcedureKind": "procedures.models.ProcedureKind",
        "DayUnit": "procedures.models.DayUnit",
        "DocumentKind": "applications.models.Document.Kind",
        "State": "applications.workflow.State",
        "Audience": "faq.models.Audience",
        "Language": "faq.models.Language",
        "WrittenLanguage": "faq.api.doors.WRITTEN",
        "Outcome": "faq.decision.Outcome",
        "Verdict": "faq.models.Verdict",
        "TicketState": "faq.models.TicketState",
    },
    "TAGS": [
        {"name": "団体", "description": "高知県と県内34市町村"},
        {"name": "手続", "description": "申請・届出のできる手続"},
        {"name": "受付", "description": "団体ごとの手続の受付と、その質問"},
        {"name": "申請", "description": "自分の申請（個人のトークン）"},
        {"name": "審査", "description": "団体が受け付けた申請（団体のトークン）"},
        {"name": "FAQ", "description": "質問への回答と、公開されたFAQ項目"},
    ],
}

# --- Operations ----------------------------------------------------------------------

LOGGING_CONFIG = "foundation.logging.configure"
LOGGING = logging_settings(env.str("LOG_LEVEL", default="INFO"))
MAINTENANCE = env.bool("MAINTENANCE", default=False)
STATE_DIR = Path(env.str("PORTAL_STATE_DIR", default=str(BASE_DIR / ".state")))
MAINTENANCE_FILE = STATE_DIR / "maintenance"
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_BACKLOGS = (
    "journal.queries.backlog",
    "notifications.queries.backlog",
    "applications.queries.backlog",
)
