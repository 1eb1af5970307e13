"""Logs as JSON lines: what happened, under which request, and nothing of anybody.

Bodies, queries and addresses of pages are not logged, exceptions lose their messages
(which quote what was typed), and what remains is masked.
"""

import logging.config
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from celery.signals import setup_logging
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpRequest
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

import foundation.request_id  # noqa: F401 - carries the id into tasks
from foundation.masking import masked
from foundation.routes import route_of

_ROOT = Path(__file__).resolve().parent.parent
# Keys that name a person or open a door, should somebody log one after all.
_NEVER = frozenset({
    "address", "answers", "authorization", "body", "cookie", "cookies", "data",
    "email", "kana", "name", "password", "phone", "query_string", "raw", "session",
    "token", "user", "username",
})  # fmt: skip
# Written by ourselves, and needed as they are.
_AS_IS = frozenset({"timestamp", "level", "logger", "request_id", "exception"})
# Their messages speak of code and machines, not of what a person typed.
_SPEAK_OF_MACHINES = (
    AttributeError,
    ConnectionError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    OperationalError,
    TimeoutError,
    TypeError,
)
_FRAMES = 12
_SECURITY = "django.security."


def logging_settings(level: str = "INFO") -> dict[str, Any]:
    """Return `settings.LOGGING`; `LOGGING_CONFIG` must name `configure` beside it."""
    quiet = {"level": "WARNING", "handlers": [], "propagate": True}
    loud = {**quiet, "level": level}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": ProcessorFormatter,
                "foreign_pre_chain": _COMMON,
                "processors": [
                    _without_paths,
                    _without_messages,
                    ProcessorFormatter.remove_processors_meta,
                    _masked,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "filters": {
            "failures": {"()": lambda: _tells_a_failure},
            "mistakes": {"()": lambda: _without_alarm},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["mistakes"],
            }
        },
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "django": loud,
            # All others are told by foundation.middleware.access, with their ids.
            "django.request": {**loud, "filters": ["failures"]},
            "gunicorn.error": loud,
            # The statements with their values; each task twice; fonts; request lines.
            "django.db.backends": quiet,
            "celery.app.trace": quiet,
            "celery.worker.strategy": quiet,
            "django.server": quiet,
            "fontTools": quiet,
            "weasyprint": quiet,
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Apply `settings.LOGGING` to the standard library's loggers and to structlog."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_COMMON,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


@setup_logging.connect
def _keep_celery_from_its_own(**_: Any) -> None:
    """Leave the worker's logs as Django's settings made them."""


def _tells_a_failure(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR and bool(record.exc_info)


def _without_alarm(record: logging.LogRecord) -> bool:
    """Make a warning of what Django calls an error, though the client made it.

    A filter of the handler's: Django logs under `django.security.<exception>`, and the
    filters of a logger above are not asked.
    """
    if record.name.startswith(_SECURITY) and record.levelno > logging.WARNING:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        # What was wrong; the message quotes what was sent.
        record.msg, record.args = record.name.removeprefix(_SECURITY), None
        record.exc_info = None
    return logging.getLogger(record.name).isEnabledFor(record.levelno)


def _without_paths(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace the address of a page by its route: it may hold numbers and tokens."""
    request = getattr(event["_record"], "request", None)
    if isinstance(request, HttpRequest):
        # Django escapes what it logs; so is the path to look for.
        path = request.path.encode("unicode_escape").decode("ascii")
        event["event"] = str(event["event"]).replace(path, route_of(request))
    return event


def _without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Tell an exception by types and places; its message may quote what was typed."""
    exc_info = event.pop("exc_info", None)
    found = sys.exc_info() if exc_info is True else exc_info
    error = found[1] if isinstance(found, tuple) else found
    if not isinstance(error, BaseException):
        return event
    told = []
    seen: BaseException | None = error
    while seen is not None:
        message = str(seen) if isinstance(seen, _SPEAK_OF_MACHINES) else ""
        told.append(
            {
                "type": type(seen).__qualname__,
                **({"message": masked(message)} if message else {}),
                "frames": _frames(seen.__traceback__),
            }
        )
        if not message:
            for quoted in filter(None, (repr(seen), str(seen))):
                event["event"] = str(event["event"]).replace(
                    quoted, type(seen).__qualname__
                )
        seen = seen.__cause__ or seen.__context__
    event["exception"] = told
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)[-_FRAMES:]
    ]


def _place(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_ROOT):
        path = path.relative_to(_ROOT)
    _, packaged, inside = str(path).rpartition("site-packages/")
    return inside if packaged else str(path)


def _masked(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: _masked_value(key, value) for key, value in event.items()}


def _masked_value(key: str, value: Any) -> Any:
    if key in _AS_IS:
        return value
    if key in _NEVER:
        return "[left out]"
    if isinstance(value, dict):
        return {inner: _masked_value(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked_value("", item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked(str(value))


_COMMON: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
