# The mock as a container. It could not be built where it was written, for want of a Docker engine: it is linted, and
# tests/clients/test_files_to_copy.py runs its steps' commands one by one (docs/how-to/run-in-ci.md says what that leaves open).
#
#   docker build --tag zinc-mock .
#   docker run --rm --publish 127.0.0.1:8080:8080 zinc-mock --clock 2026-01-15T10:30:00Z

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE openapi.yaml ./
COPY mock_server mock_server
COPY contract_tests contract_tests
# The environment has no pip of its own: what runs the mock can install nothing.
RUN python -m venv --without-pip /opt/zinc-mock \
    && pip --python /opt/zinc-mock/bin/python install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/zinc-mock /opt/zinc-mock
# Each option of zinc-mock has such a variable. The health check reads the port, so set it here and not by --port.
ENV PATH=/opt/zinc-mock/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ZINC_MOCK_HOST=0.0.0.0 \
    ZINC_MOCK_PORT=8080
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['ZINC_MOCK_PORT'] + '/_mock/health', timeout=2)"]
ENTRYPOINT ["zinc-mock"]
