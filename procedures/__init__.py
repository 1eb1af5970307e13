"""手続: what can be filed, and which body offers it."""
