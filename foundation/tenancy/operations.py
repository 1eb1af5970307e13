"""Migration operations that put a tenant table behind row-level security."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from foundation.tenancy.policies import Policy

OWNER, APP, WORKER = "portal_owner", "portal_app", "portal_worker"


class _TableOperation(Operation):
    """SQL on the table of one model, forwards and backwards."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str, **options: Any) -> None:
        self.model = model
        self.options = options

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], self.options

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing that Django's model state knows."""

    def forwards(self, table: str) -> list[str]:
        raise NotImplementedError

    def backwards(self, table: str) -> list[str]:
        raise NotImplementedError

    def _run(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        *,
        backwards: bool,
    ) -> None:
        table = state.apps.get_model(app_label, self.model)._meta.db_table
        for sql in self.backwards(table) if backwards else self.forwards(table):
            schema_editor.execute(sql)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._run(app_label, schema_editor, to_state, backwards=False)
        del from_state

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._run(app_label, schema_editor, from_state, backwards=True)
        del to_state


class Protect(_TableOperation):
    """Force row-level security of one kind on a table.

    Args:
        model: Name of the model.
        policy: The kind; the model's `tenancy` attribute names the same.
        worker: What `portal_worker` may do with every body's rows, as SQL rights
            (`"SELECT, UPDATE"`); empty where it has no business here.
        app: What `portal_app` may do within the policy.
        keyed_by_body: The primary key becomes `(organization_id, id)`, which
            composite foreign keys and a distributed PostgreSQL need.
    """

    def __init__(
        self,
        model: str,
        *,
        policy: Policy,
        worker: str = "",
        app: str = "SELECT, INSERT, UPDATE, DELETE",
        keyed_by_body: bool = True,
    ) -> None:
        super().__init__(
            model, policy=policy, worker=worker, app=app, keyed_by_body=keyed_by_body
        )
        self.policy, self.worker, self.app = policy, worker, app
        self.keyed_by_body = keyed_by_body

    def forwards(self, table: str) -> list[str]:
        policies = {
            f"owner ON {table}": (
                f"TO {OWNER}, portal_backup USING (true) WITH CHECK (true)"
            ),
            f"app_reads ON {table}": (
                f"FOR SELECT TO {APP} USING ({self.policy.reads})"
            ),
            f"app_adds ON {table}": (
                f"FOR INSERT TO {APP} WITH CHECK ({self.policy.writes})"
            ),
            f"app_changes ON {table}": (
                f"FOR UPDATE TO {APP} USING ({self.policy.writes})"
                f" WITH CHECK ({self.policy.writes})"
            ),
            f"app_removes ON {table}": (
                f"FOR DELETE TO {APP} USING ({self.policy.writes})"
            ),
        }
        rights = {APP: self.app}
        if self.worker:
            policies[f"worker ON {table}"] = (
                f"TO {WORKER} USING (true) WITH CHECK (true)"
            )
            rights[WORKER] = self.worker
        sql = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {table} FROM {APP}",
        ]
        sql += [f"CREATE POLICY {name} {rule}" for name, rule in policies.items()]
        sql += [f"GRANT {held} ON {table} TO {role}" for role, held in rights.items()]
        return sql + (self._keyed_by_body(table) if self.keyed_by_body else [])

    def _keyed_by_body(self, table: str) -> list[str]:
        key = f"ADD CONSTRAINT {table}_pkey PRIMARY KEY (organization_id, id)"
        return [
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
            f"ALTER TABLE {table} {key}",
            f"CREATE INDEX {table}_id ON {table} (id)",
        ]

    def backwards(self, table: str) -> list[str]:
        names = ["owner", "app_reads", "app_adds", "app_changes", "app_removes"]
        names += ["worker"] if self.worker else []
        sql = [f"DROP POLICY {name} ON {table}" for name in names]
        sql += [
            f"REVOKE ALL ON {table} FROM {WORKER}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]
        if self.keyed_by_body:
            sql += [
                f"DROP INDEX {table}_id",
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (id)",
            ]
        return sql

    def describe(self) -> str:
        return f"Protect {self.model}: {self.policy.kind}"


class BindToBody(_TableOperation):
    """Make a foreign key carry the body, so that it cannot cross into another's.

    Foreign-key checks bypass row-level security: without the body in the key, a row
    could point at a row of a body that its writer may not even see.
    """

    def __init__(self, model: str, *, column: str, to: str) -> None:
        super().__init__(model, column=column, to=to)
        self.column, self.to = column, to

    def forwards(self, table: str) -> list[str]:
        name = f"{table}_{self.column}_same_body"
        columns = f"(organization_id, {self.column})"
        target = f"{self.to} (organization_id, id)"
        key = f"FOREIGN KEY {columns} REFERENCES {target}"
        return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {key}"]

    def backwards(self, table: str) -> list[str]:
        return [f"ALTER TABLE {table} DROP CONSTRAINT {table}_{self.column}_same_body"]

    def describe(self) -> str:
        return f"Bind {self.model}.{self.column} to its body"


class GrantWorker(_TableOperation):
    """Let `portal_worker` use a table that carries no body of its own."""

    def __init__(self, model: str, *, rights: str, app: str) -> None:
        super().__init__(model, rights=rights, app=app)
        self.rights, self.app = rights, app

    def forwards(self, table: str) -> list[str]:
        sql = [
            f"REVOKE ALL ON {table} FROM {APP}",
            f"GRANT {self.rights} ON {table} TO {WORKER}",
        ]
        return [*sql, f"GRANT {self.app} ON {table} TO {APP}"] if self.app else sql

    def backwards(self, table: str) -> list[str]:
        return [
            f"REVOKE ALL ON {table} FROM {WORKER}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}",
        ]

    def describe(self) -> str:
        return f"Grant rights on {self.model}"
