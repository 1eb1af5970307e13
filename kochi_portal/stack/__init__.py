"""The embedded development stack: the whole portal from one command.

`python -m kochi_portal.stack run` brings PostgreSQL, Valkey, web, worker and beat up
from a folder; `test`, `shell` and `bench` lend the same servers to other commands.
Production does not use it; see docker-compose.yml.
"""
