# One image for every process: web, api, migrate and the crawl job differ by command and environment alone (docs/image.md).
ARG PYTHON_IMAGE=docker.io/library/python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements.txt requirements-nodeps.txt /requirements/
# Pinned, hash-checked wheels only: nothing is compiled, so that no compiler is needed here either.
RUN python -m venv /srv/packages \
    && cd /srv/packages/bin \
    && ./python -m pip install --quiet --require-hashes --only-binary :all: -r /requirements/requirements.txt \
    && ./python -m pip check \
    && ./python -m pip install --quiet --require-hashes --only-binary :all: --no-deps -r /requirements/requirements-nodeps.txt \
    && ./python -m pip uninstall --quiet --yes pip setuptools

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --user-group --no-log-init --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin aimstats
COPY --from=packages /srv/packages /srv/packages
WORKDIR /srv/aimstats
COPY . .
ENV PATH=/srv/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 FLASK_SKIP_DOTENV=1
# Compiled here, since the process may write nothing; and a build that names no release is refused.
ARG RELEASE
RUN test -n "$RELEASE" && python -m compileall -q .
ENV RELEASE=$RELEASE
LABEL org.opencontainers.image.title="AI Models Stats" org.opencontainers.image.version=$RELEASE \
    org.opencontainers.image.licenses=MIT
USER 10001:10001
EXPOSE 8080
# Serves on $PORT. Others: `flask --app app db upgrade` (migrate), `python -m jobs.scrape` (job).
CMD ["python", "-m", "gunicorn", "-c", "gunicorn.conf.py"]
