# Each target is a thin line over one tool. `make` alone lists them.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# The environment lives in the cache folder under what it was made from, so a second checkout finds
# it ready; .venv leads there.
export STREAMWARD_CACHE ?= $(HOME)/.cache/streamward
ENVIRONMENT := $(STREAMWARD_CACHE)/venv/$(shell { cat requirements*.txt constraints.txt; $(PYTHON) -VV; } 2>&1 | sha256sum | cut -c 1-12)
VENV := .venv
BIN := $(ENVIRONMENT)/bin
COLLECTION := .collections/ansible_collections/streamward/antmedia
READY := $(VENV) $(COLLECTION) $(ENVIRONMENT)/dev.ok
export PATH := $(BIN):$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.collections

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

# A file NAME.ok in the environment says that requirements-NAME.txt is installed in it.
$(ENVIRONMENT)/%.ok:
	@tests/tools/environment.sh "$(PYTHON)" $(ENVIRONMENT) $*

.PRECIOUS: $(ENVIRONMENT)/%.ok

# A folder of that name is yours and stays.
.PHONY: $(VENV)
$(VENV):
	@test -e $@ -a ! -L $@ || ln -sfn $(ENVIRONMENT) $@

$(COLLECTION):
	@mkdir -p $(dir $@) && ln -s ../../.. $@

.PHONY: demo demo-down
demo: $(VENV) $(COLLECTION) $(ENVIRONMENT)/demo.ok ## secure a real server on this machine and show that it is secured
	@$(BIN)/python -m demo

demo-down: $(ENVIRONMENT)/demo.ok ## stop the demo's server
	@$(BIN)/python -m demo down

.PHONY: test test-unit
test: ## everything; as root on Debian or Ubuntu it installs the system packages it needs
	@$(PYTHON) tests/tools/system.py
	@$(MAKE) --no-print-directory test-tiers

.PHONY: test-tiers
test-tiers: $(READY)
	@$(BIN)/python tests/tools/tiers.py

test-unit: $(READY) ## pure logic, without a server and without root
	$(BIN)/python -m pytest tests/unit

.PHONY: coverage
PARTS := module_utils plugin_utils modules action lookup filter
coverage: $(READY) ## which lines and branches the pure tests reach, edges too
	$(BIN)/python -m pytest -q -m "not long" tests/unit $(PARTS:%=--cov=plugins/%) --cov-branch \
		--cov-report=term:skip-covered

.PHONY: test-long
test-long: $(READY) ## what takes an hour: figures, many boots, every kill point (root, podman, chromium)
	LIVE_ROTATE_HOSTS=10 $(BIN)/python -m pytest tests/live/test_rotate.py
	ORACLE_DOCUMENTS=50000 $(BIN)/python -m pytest -m "long or oracle" --ignore=tests/live/test_rotate.py \
		tests/live tests/rotation tests/oracle tests/sandbox tests/stores

LINTS := lint-yaml lint-ansible lint-python lint-types lint-shell lint-changelog lint-docs lint-sanity
.PHONY: lint $(LINTS)
lint: $(LINTS) ## every static check

lint-yaml: $(READY)
	$(BIN)/yamllint --strict .

lint-ansible: $(READY)
	$(BIN)/ansible-lint --offline --strict --nocolor

lint-python: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-types: $(READY)
	$(BIN)/mypy

lint-shell:
	git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck

lint-changelog: $(READY)
	$(BIN)/antsibull-changelog lint

lint-docs: $(READY)
	$(BIN)/antsibull-docs lint-collection-docs --plugin-docs .

lint-sanity: $(READY)
	$(BIN)/python -m tests.tools.sanity

.PHONY: build docs
build: $(READY) ## the collection as a tarball, in dist/
	$(BIN)/ansible-galaxy collection build --force --output-path dist

docs: $(READY) ## the reference of modules and roles as HTML, in dist/docs/
	tests/tools/docs.sh dist/docs

.PHONY: images
images: $(READY) ## what test hosts are made of: the image and the real distributions (root, podman)
	$(BIN)/python -m tests.kit.image.build --prune

.PHONY: molecule
molecule: $(READY) ## scenarios on real servers in containers, or one of them: make molecule S=secure (root, podman)
	MOLECULE_GLOB='molecule/*/molecule.yml' $(BIN)/molecule test $(if $(S),--scenario-name $(S),--all)

BENCHES := $(wildcard bench/[a-z]*.py)
.PHONY: bench $(BENCHES)
bench: $(BENCHES) ## figures, each a ratio to a floor measured in the same run
$(BENCHES): $(READY)
	$(BIN)/python $@
