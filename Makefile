# The only list of commands. `make` alone shows it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := $(CURDIR)/.local/venv/bin
LOCAL := infra/local
# The demos and benches use the modules of the local cloud.
export PYTHONPATH := $(CURDIR)/$(LOCAL)

# Processor of the deployable.
ARCH ?= arm64

# The environment may have a LANGUAGE of its own (gettext): only what stands on the command line counts.
ifneq ($(origin LANGUAGE),command line)
LANGUAGE := en
endif
KEYWORD ?= How bees make honey
DURATION ?= 30
ASPECT ?= 9:16
OUT ?= demo.mp4
# By the environment and not by the shell's words: a keyword may hold quotes.
export KEYWORD DURATION LANGUAGE ASPECT OUT

.PHONY: help tools docs new-function fmt lint test check soak soak-mutations bench bench-ledger bench-captions bench-build build up down demo demo-billing faults openapi gallery package deploy e2e invoke clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

tools: ## install the pinned tools into .local
	@$(PYTHON) $(LOCAL)/tools.py

fmt: tools ## format Rust and Python
	cargo fmt --all
	@$(VENV)/ruff format --quiet infra

lint: ## format, spelling, Python, templates, manifests, licences, clippy, documentation
	@$(PYTHON) $(LOCAL)/checks.py lint

test: ## everything that is checked, end to end included, with its counts
	@$(PYTHON) $(LOCAL)/checks.py test

check: test ## what CI runs

e2e: ## only the end-to-end tests, on a stack of their own
	@$(PYTHON) $(LOCAL)/checks.py e2e

bench: ## RUNS=5 PEERS=1 PAIRS=5000: cost of our frames against the bare encode (and Remotion, MoviePy), and of the ledger; writes target/bench/summary.json
	@$(PYTHON) infra/bench/bench.py
	@$(PYTHON) infra/bench/bench_ledger.py
	@$(PYTHON) infra/bench/bench_captions.py

# Optimised, because histories are many; ADR 0028 has the figures.
SIMULATION := cargo run --quiet --locked --profile simulation -p simulation --

soak: ## RUNS= SEED=: random histories of accounts on the real store; a SEED alone replays one
	@$(SIMULATION) $(or $(RUNS),$(if $(SEED),1,10000)) $(or $(SEED),1)

soak-mutations: ## RUNS=3000: switch off the guards of the store one by one, and see whether the soak notices
	@$(SIMULATION) mutations $(or $(RUNS),3000)

bench-ledger: ## PAIRS=5000: only the part of `make bench` about holds, settlements and quota checks
	@$(PYTHON) infra/bench/bench_ledger.py

bench-captions: tools ## SHOW=1: only the part of `make bench` about odd texts: what is lost on the frames, and what Whisper hears
	@$(PYTHON) infra/bench/bench_captions.py

bench-build: ## PARTS=edit,size,ci RUNS=3: today's build beside that of an earlier commit; writes target/bench/build.json
	@$(PYTHON) infra/bench/bench_build.py

build: ## compile every function
	cargo build --workspace --bins

up: ## start the local cloud, deploy, seed; keys are in .local/stack.json
	@$(PYTHON) $(LOCAL)/up.py

down: ## stop what `make up` started; the state stays
	@$(PYTHON) $(LOCAL)/down.py

demo: ## KEYWORD= DURATION= LANGUAGE= ASPECT= OUT=: one video, with its receipt
	@$(PYTHON) infra/demo/demo.py

demo-billing: ## SEED=: a pack and a subscription at each fake provider, unruly webhooks, half a refund, and the ledger
	@$(PYTHON) infra/demo/demo_billing.py

faults: ## ROWS=A10,C3: what strangers once found wrong, asked again of the running stack
	@$(PYTHON) infra/faults/faults.py

invoke: ## FN= CASE=: send events/FN/CASE.json to a function of the running stack
	@$(VENV)/python $(LOCAL)/invoke.py "$(FN)" "$(CASE)"

openapi: ## write docs/openapi.json and docs/generated/ERRORS.md from the code
	UPDATE_OPENAPI=1 cargo test --quiet -p contract -- openapi::the_committed errors::the_page

docs: tools openapi ## write every generated page: docs/generated/ from the manifests and templates, and what `make openapi` writes
	@$(VENV)/python infra/tools/pages.py

new-function: tools ## NAME= AREA= KIND=route|step|worker: a crate with manifest, template, sample and test that compiles and is tidy
	@$(VENV)/python infra/tools/new_function.py "$(NAME)" "$(AREA)" "$(KIND)"
	cargo fmt --all
	@$(MAKE) --no-print-directory docs

gallery: ## every caption preset in every script, every template, transitions and overlays: target/gallery.png, and docs/gallery.jpg for the README
	cargo run --quiet -p engine -- gallery target/gallery.png
	cargo run --quiet -p engine -- gallery docs/gallery.jpg

package: tools ## ARCH=arm64|x86_64: the deployable for AWS, in target/lambda and target/media-layer
	PATH="$(VENV):$$PATH" cargo lambda build --release --workspace $(if $(filter arm64,$(ARCH)),--arm64,--x86-64)
	@$(VENV)/python $(LOCAL)/package_layer.py $(ARCH)

deploy: package ## the guided deploy to AWS
	$(VENV)/sam deploy --guided --template infra/template.yaml --config-file samconfig.toml \
		--parameter-overrides Arch=$(ARCH)

clean: ## stop both stacks, forget their state, remove everything that was built
	@$(PYTHON) $(LOCAL)/down.py --wipe
	@$(PYTHON) $(LOCAL)/down.py --test --wipe
	rm -rf .local
	cargo clean
