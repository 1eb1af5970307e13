"""How gunicorn serves the encoder: `gunicorn -c kochi_portal/encoder.py`."""

import os
from pathlib import Path

wsgi_app = "faq.encoder:application"
# As clients name it: unix:/path, or http://host:port.
bind = os.environ.get("FAQ_ENCODER_URL", "127.0.0.1:8009").removeprefix("http://")
worker_class = "sync"
# One text at a time and a core for each: threads of one encoding only wait.
workers = int(os.environ.get("FAQ_ENCODER_PROCESSES") or os.cpu_count() or 1)
# A batch of sixteen long entries takes some twenty seconds.
timeout = 120
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
loglevel = "warning"
accesslog = None
