"""Questions of residents and staff, answered from what the desks have written."""
