# Each target is a thin line over one tool. `make` alone lists them.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
COLLECTION := .collections/ansible_collections/streamward/antmedia
export PATH := $(BIN):$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

$(VENV)/%.ok: requirements.txt requirements-demo.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements$*.txt
	@touch $@

$(COLLECTION):
	@mkdir -p $(dir $@) && ln -s ../../.. $@

.PHONY: test-unit
test-unit: $(VENV)/-dev.ok $(COLLECTION) ## pure logic, without a server and without root
	$(BIN)/python -m pytest tests/unit

.PHONY: images
images: $(VENV)/-dev.ok $(COLLECTION) ## what test hosts are made of: the image and the real distributions (root, podman)
	molecule/shared/image/build.py --prune
