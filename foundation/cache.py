"""The cache that all processes share, and what each does while it is away.

While Redis does not answer, every process counts in its own memory, so rate limits
hold approximately and nobody is turned away. (To answer "nothing found" instead, as
other backends can, would lock everybody out: allauth takes an `add()` that fails for
a lock somebody else holds, and refuses the sign-in.) After a failure Redis is left
alone for a few seconds: no request waits for it but the one that tries again.
"""

import logging
from functools import partial
from time import monotonic
from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError

from foundation.metrics import UNAVAILABLE

QUIET_SECONDS = 5.0
TIMEOUT_SECONDS = 0.3
LOCAL_ENTRIES = 20_000

logger = logging.getLogger(__name__)

_silent_until = 0.0


class SharedCache(RedisCache):
    """Django's Redis cache, with a memory of its own for bad times."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client


class _Redis(RedisCacheClient):
    """Django's, with one client to read and one to write, not one an operation."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._made: dict[bool, redis.Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        """Return the client; threads share it, and its pool tells processes apart."""
        if write not in self._made:
            self._made[write] = super().get_client(key, write=write)
        return self._made[write]


class _Client:
    """Redis while it answers, this process's memory otherwise."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        self._shared = _Redis(
            servers,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            **options,
        )
        self._local = LocMemCache(
            __name__,
            {
                "OPTIONS": {"MAX_ENTRIES": LOCAL_ENTRIES},
                # Keys arrive with prefix and version.
                "KEY_FUNCTION": lambda key, _prefix, _version: key,
            },
        )

    def __getattr__(self, operation: str) -> Any:
        return partial(self._do, operation)

    def _do(self, operation: str, *args: Any) -> Any:
        global _silent_until  # noqa: PLW0603 - one Redis, one state in a process
        if monotonic() >= _silent_until:
            try:
                return getattr(self._shared, operation)(*args)
            except (RedisError, OSError) as error:
                _silent_until = monotonic() + QUIET_SECONDS
                UNAVAILABLE.labels("redis").inc()
                logger.warning("cache unreachable (%s)", type(error).__name__)
        return getattr(self._local, operation)(*args)
