# Needs python3 (3.11 or newer, with venv), make and git; everything else goes into .venv.
PYTHON ?= python3 python3.13 python3.12 python3.11 python3.14
LOCK   := requirements.lock
BIN    := .venv/bin
READY  := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test soak test-lowest check docs bench study pages lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Install, load the sample force, prepare its pack and print where it is
	@$(BIN)/compstat demo demo
	@echo "To type compstat without its path: . .venv/bin/activate" >&2

test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

soak: $(READY) ## Run the slow tests: loads killed fifty times
	@$(BIN)/python -m pytest -m slow

check: $(READY) ## Lint, format, types, import contracts, generated documents up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy docs
	$(BIN)/mypy benchmarks
	$(BIN)/mypy studies
	$(BIN)/lint-imports
	@for script in $(GENERATORS); do $(BIN)/python $$script --check || exit 1; done

GENERATORS := docs/make_cli.py docs/make_messages.py docs/make_workspace.py

docs: $(READY) ## Write docs/cli.md, docs/messages.md and docs/workspace.md afresh
	@for script in $(GENERATORS); do $(BIN)/python $$script || exit 1; done

bench: $(READY) ## Measure speed against the yardsticks; writes bench.json
	@$(BIN)/python benchmarks/run.py

study: $(READY) ## Simulate false alarms and detection in full; prints the tables of docs/method.md
	@$(BIN)/python studies/false_alarms.py
	@$(BIN)/python studies/detection.py
	@$(BIN)/python studies/watching_families.py

pages: $(READY) ## Draw the contact sheets in docs/pages from fresh packs
	@$(BIN)/python docs/make_pages.py

lock: ## Write requirements.lock afresh: the newest versions that pyproject.toml allows
	@$(call make-venv,.venv-lock)
	@.venv-lock/bin/python -m pip install -qq --disable-pip-version-check '.[check]'
	@.venv-lock/bin/python -m pip freeze --all --exclude pip --exclude compstat | LC_ALL=C sort -f > $(LOCK)
	@rm -rf .venv-lock build
	@wc -l < $(LOCK) | xargs printf '%s versions in $(LOCK)\n'

test-lowest: .venv-lowest/.installed ## Run the tests on the lowest versions that pyproject.toml allows
	@.venv-lowest/bin/python -m pytest -n 2 --dist loadfile

clean: ## Remove what make made here, the sample force's folder included
	rm -rf .venv .venv-lock .venv-lowest build dist demo *.egg-info .*_cache .hypothesis bench.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment from the lock, made once and again when the lock or pyproject.toml changes. Installed without
# build isolation, because the lock holds setuptools: nothing newer than the lock can slip in.
$(READY): pyproject.toml $(LOCK)
	@echo "Installing; the first time takes a few minutes" >&2
	@test -x $(BIN)/python || { $(call make-venv,.venv); }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r $(LOCK)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-lowest/.installed: pyproject.toml .ci/lowest_versions.py
	@rm -rf .venv-lowest
	@$(call make-venv,.venv-lowest)
	@.venv-lowest/bin/python .ci/lowest_versions.py > .venv-lowest/lowest.txt
	@.venv-lowest/bin/python -m pip install -qq --disable-pip-version-check -r .venv-lowest/lowest.txt
	@.venv-lowest/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# A virtual environment in $(1), by the first Python of $(PYTHON) that is new enough and can make one.
define make-venv
for python in $(PYTHON); do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
  seen="$$seen $$python"; \
  $$python -c 'import venv, ensurepip' 2>/dev/null || continue; \
  echo "Making $(1) with $$($$python --version)" >&2; \
  exec $$python -m venv $(1); \
done; \
if [ -n "$$seen" ]; \
then echo "Python has no venv here. On Debian and Ubuntu: apt install python3-venv" >&2; \
else echo "Python 3.11 or newer is wanted. If it has another name: make PYTHON=/path/to/python3" >&2; \
fi; exit 1
endef
