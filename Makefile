# Two commands do all set-up: `make mock` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv

.DEFAULT_GOAL := help
.PHONY: help mock check test lint docs site spec-diff bench calibrate examples format clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | sed -E 's/:.*## /\t/' | expand -t 14

# One environment for the mock alone, one for everything else: the mock must work without the test stack.
NEW_ENOUGH = import sys; sys.version_info >= (3, 11) or \
	sys.exit("Python 3.11 or later is needed; name one that is there: make $(MAKECMDGOALS) PYTHON=python3.12")

$(VENV)/mock/.ready: pyproject.toml
	@$(PYTHON) -c '$(NEW_ENOUGH)'
	@echo "Setting up $(VENV)/mock, once" >&2
	@$(PYTHON) -m venv --clear $(VENV)/mock
	@$(VENV)/mock/bin/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev/.ready: pyproject.toml
	@$(PYTHON) -c '$(NEW_ENOUGH)'
	@echo "Setting up $(VENV)/dev, once" >&2
	@$(PYTHON) -m venv --clear $(VENV)/dev
	@$(VENV)/dev/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

mock: $(VENV)/mock/.ready  ## start the mock on http://127.0.0.1:8080 (ARGS="--port 9000" adds options)
	@exec $(VENV)/mock/bin/zinc-mock $(ARGS)

check: $(VENV)/dev/.ready  ## check the embedded mock against the contract (ARGS="URL --api-key KEY" checks a server)
	@$(VENV)/dev/bin/zinc-contract check $(ARGS)

test: $(VENV)/dev/.ready  ## run every test
	@$(VENV)/dev/bin/python -m pytest -n 3 $(ARGS)

lint: $(VENV)/dev/.ready  ## formatter, linter, type checker, specification linters (needs npm)
	@$(VENV)/dev/bin/ruff format --check .
	@$(VENV)/dev/bin/ruff check .
	@$(VENV)/dev/bin/mypy
	@$(VENV)/dev/bin/python -m openapi_spec_validator openapi.yaml mock_server/control/openapi.yaml
	@npm --prefix lint install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	@npm --prefix lint run --silent lint

docs: $(VENV)/dev/.ready  ## bring the generated parts of docs/ up to date
	@$(VENV)/dev/bin/python -m publishing.generated

site: $(VENV)/dev/.ready  ## build the website of the project in site/ (open site/index.html)
	@$(VENV)/dev/bin/python -m publishing.site

spec-diff: $(VENV)/dev/.ready  ## say which changes of openapi.yaml since the last commit break clients (REV=v0.1.0: since that one)
	@$(VENV)/dev/bin/python -m publishing.spec_diff $(or $(REV),HEAD)

bench:  ## measure the mock beside its peers; writes benchmarks/RESULTS.md (needs wrk, npm and Java; ARGS="--quick")
	@$(PYTHON) -m benchmarks.installed
	@$(PYTHON) -m benchmarks $(ARGS)

calibrate: $(VENV)/dev/.ready  ## measure what the contract kit catches; writes docs/calibration.md (a part: ARGS="--only 'delete-*'")
	@$(VENV)/dev/bin/python -m calibration $(ARGS)

examples: $(VENV)/dev/.ready  ## run the example clients in Python, TypeScript and shell, each against a mock of its own (needs npm)
	@export PATH="$(abspath $(VENV))/dev/bin:$$PATH" && \
	(cd examples/python && zinc-mock exec --fail-on warning -- python -m pytest) && \
	(cd examples/typescript && npm install --no-audit --no-fund --loglevel=error && npm test) && \
	(cd examples/shell && zinc-mock exec --fail-on warning -- ./test.sh)

format: $(VENV)/dev/.ready  ## format the code
	@$(VENV)/dev/bin/ruff format .
	@$(VENV)/dev/bin/ruff check --fix .

clean:  ## remove everything that these targets made
	@rm -rf $(VENV) build dist reports site .pytest_cache .mypy_cache .ruff_cache .hypothesis node_modules lint/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
