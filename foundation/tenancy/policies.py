"""The kinds of row-level security, one of which every tenant table declares.

All are bare conditions on the row itself, without sub-selects: the planner can use
indexes beneath them, and a distributed PostgreSQL accepts them.
"""

from dataclasses import dataclass

_OF_ONES_BODY = "organization_id = ANY (current_setting('app.organization_ids')::int[])"
_OF_ONESELF = "person_id = ANY (current_setting('app.person_ids')::uuid[])"
_OPENED = "capability = current_setting('app.capability')"
_IS_ONESELF = "id = ANY (current_setting('app.person_ids')::uuid[])"


@dataclass(frozen=True)
class Policy:
    """Which rows `portal_app` may read, and which it may write.

    Args:
        kind: The name in docs and tests.
        reads: SQL condition on a row that is read.
        writes: SQL condition on a row that is written, before and after.
    """

    kind: str
    reads: str
    writes: str


BODY = Policy("body", _OF_ONES_BODY, _OF_ONES_BODY)
BODY_PERSON_OR_CAPABILITY = Policy(
    "body, person or capability",
    f"{_OF_ONES_BODY} OR {_OF_ONESELF} OR {_OPENED}",
    f"{_OF_ONES_BODY} OR {_OF_ONESELF} OR {_OPENED}",
)
PERSON = Policy("person", _IS_ONESELF, _IS_ONESELF)


def public_when(condition: str) -> Policy:
    """Anyone reads rows that meet the SQL `condition`; only the body writes."""
    return Policy(
        "public when published", f"({condition}) OR {_OF_ONES_BODY}", _OF_ONES_BODY
    )


PUBLIC_WHEN_PUBLISHED = public_when("published_at IS NOT NULL")
PUBLIC = public_when("true")
