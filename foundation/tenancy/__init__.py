"""Who may see which rows, held by the query and, beneath it, by the database.

`scope` says whose rows a request or task may touch, `postgresql` tells PostgreSQL so
in every transaction, `policies` and `operations` put row-level security on the tables,
`querysets` give `visible_to()` and `owned_by()`, `middleware` scopes each request.
"""
