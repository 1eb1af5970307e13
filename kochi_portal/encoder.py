"""How gunicorn serves the encoder: `gunicorn -c kochi_portal/encoder.py`."""

import os
from pathlib import Path

# A core for each process; threads of one encoding only wait for each other.
for _library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

wsgi_app = "faq.encoder:application"
# As clients name it: unix:/path, or http://host:port.
bind = os.environ.get("FAQ_ENCODER_URL", "127.0.0.1:8009").removeprefix("http://")
workers = int(os.environ.get("FAQ_ENCODER_PROCESSES") or os.cpu_count() or 1)
# They wait for their turn; what they ask with stays readable meanwhile.
worker_class = "gthread"
threads = 32
# An index may send more than a pass can do at once; a question waits two seconds.
timeout = 120
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
loglevel = "warning"
accesslog = None
