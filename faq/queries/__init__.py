"""What the FAQ knows, for its own doors and for the floors above."""
