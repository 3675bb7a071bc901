# The Rapid Response Mechanism in a container: the service alone, without torch, as a user without rights.
#
#   docker build -t rrm .
#   docker run -p 127.0.0.1:8080:8080 -v rrm:/var/lib/rrm rrm

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY retrieval retrieval
COPY routing routing
COPY config config
COPY data data
RUN python3 -m venv /opt/rrm && /opt/rrm/bin/pip install .

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Rapid Response Mechanism" \
      org.opencontainers.image.licenses="EUPL-1.2"
COPY --from=build /opt/rrm /opt/rrm
# A number, so that the platform can see that it is not root.
RUN mkdir -p /var/lib/rrm && chown 10001:10001 /var/lib/rrm && chmod 700 /var/lib/rrm
ENV PATH=/opt/rrm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ORT_DISABLE_TELEMETRY=1 \
    RRM_HOME=/var/lib/rrm \
    RRM_CACHE=/var/lib/rrm/cache \
    RRM_CONSOLE__HOST=0.0.0.0
USER 10001
WORKDIR /var/lib/rrm
VOLUME /var/lib/rrm
EXPOSE 8080
CMD ["rrm", "serve"]
