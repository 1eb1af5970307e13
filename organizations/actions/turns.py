"""Let those who change the same body's departments and members take turns."""

from django.db import connection

# Any number; the other half of the key is the body.
_BODIES = 35_000


def take_turn(organization_id: int) -> None:
    """Wait for others who change the body; keep them waiting until we have committed.

    What is read after this stays true: rules that speak of several rows at once, such
    as "somebody administers the body", cannot be kept by locking the rows there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [_BODIES, organization_id]
        )
