"""What happened: the audit trail and the outbox are one append-only table."""
