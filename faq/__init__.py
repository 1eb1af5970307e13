"""Questions of residents and staff, answered from what the desks have written."""

import os

# Before NumPy is imported: one question is one core's work, and threads of one product
# only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
