# make environment · make demo · make test · make check · make sbom · make docs · make dist · make soak · make cluster · make upgrade · make drill · make attack · make bench · make mutants   (arguments: ARGS="--once --json")
# A machine needs Python 3.11+ and a package index, once; the environment is .venv, and nothing is written elsewhere.

PYTHON ?=
# Commands and services start by the hundred: where sources may not be kept compiled, each start compiles all of them.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
IN_IMAGES := services client office parquet build container
.DEFAULT_GOAL := help
.PHONY: help environment demo test check sbom docs dist soak cluster upgrade drill attack bench mutants lock

help:
	@sed -n 1,2p Makefile

environment: .venv/.ready

demo: .venv/.ready
	@exec $(BIN)/atips demo $(ARGS)

test: .venv/.ready
	@exec $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.ready
	@exec bash .ci/check

sbom: .venv/.ready
	@exec $(BIN)/python -m tests.supply

docs: .venv/.ready
	@exec $(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet docs build/docs $(ARGS)

dist: .venv/.ready
	@$(BIN)/python -m hatchling build --target wheel

soak: .venv/.ready
	@exec $(BIN)/python -m tests.soak $(ARGS)

cluster: .venv/.ready
	@exec $(BIN)/python -m pytest tests/cluster -p no:xdist --exitfirst --capture=no --timeout=1800 $(ARGS)

upgrade: .venv/.ready
	@exec $(BIN)/python -m pytest tests/cluster/test_upgrade.py tests/cluster/test_generation.py -p no:xdist --capture=no $(ARGS)

attack: .venv/.ready
	@exec $(BIN)/python -m tests.soak.attack $(ARGS)

bench: .venv/.ready
	@exec $(BIN)/python -m tests.bench $(ARGS)

mutants: .venv/.ready
	@exec $(BIN)/python -m tests.mutants $(ARGS)

drill: .venv/.ready
	@exec $(BIN)/python -m pytest tests/cluster/test_backup.py tests/cluster/test_catching_up.py -p no:xdist $(ARGS)

lock:
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --all-extras --no-annotate --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url $(IN_IMAGES:%=--extra %) --no-annotate --no-header -c requirements.lock pyproject.toml -o infra/requirements.lock
	@$(BIN)/python -m infra.local.jars lock

.venv/.ready: requirements.lock pyproject.toml infra/local/kafka.lock
	@PYTHON="$(PYTHON)" bash .ci/environment
	@touch $@
