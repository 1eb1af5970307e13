"""Wake a worker after a commit: a courtesy, for the rows in the database are the truth.

When the broker is away the bell stays silent and work waits for the next beat. It must
then cost the visitor nothing, so after one failure it is not tried for a few seconds.
"""

import logging
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)

QUIET_SECONDS = 5.0
_silent_until = 0.0


def bell(task: "Task[Any, Any]", **options: Any) -> Callable[[], None]:
    """Return a function that queues `task` and never raises for a missing broker."""

    def ring() -> None:
        global _silent_until  # noqa: PLW0603 - one broker, one state in a process
        if monotonic() < _silent_until:
            return
        try:
            task.apply_async(retry=False, ignore_result=True, **options)
        except (OperationalError, OSError):
            _silent_until = monotonic() + QUIET_SECONDS
            logger.warning("broker unreachable; work waits for the next beat")

    return ring
