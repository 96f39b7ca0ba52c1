# Two stages: the first makes wheels, the second has only Python and what the wheels install.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY archive archive
COPY jobs jobs
COPY templates templates
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".[postgres]"

FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TEXTARCHIVE_DATA=/data
# /keys and /keys-backup are apart from /data: whoever copies the data must not come home with the keys as well.
RUN groupadd --system --gid 10001 textarchive \
    && useradd --system --uid 10001 --gid textarchive --home-dir /data --no-create-home --shell /usr/sbin/nologin textarchive \
    && install --directory --owner textarchive --group textarchive --mode 0700 /data /keys /keys-backup
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "textarchive[postgres]"

USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/keys", "/keys-backup"]
EXPOSE 8080
# The root file system may be read-only: state is in /data and /keys, and /tmp wants a tmpfs.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["textarchive"]
CMD ["serve", "--host", "0.0.0.0"]
