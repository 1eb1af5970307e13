"""The 35 bodies, their departments and people, and who may see which body."""
