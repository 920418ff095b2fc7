# Everything is `cargo`; this file installs what cargo cannot and names the usual errands.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test bench bench-peers system system-test

DEMO := demo-out
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
INSTALL := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

help: ## Show the errands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

# Without GDAL, one file: what the demo falls back to.
LEAN := --no-default-features --features parquet

demo: ## Build, make the sample county, analyse it, say where the map lies
	@features=(); \
	if ! $(MAKE) --no-print-directory system > /dev/null 2>&1; then features=($(LEAN)); \
	  echo "GDAL is not here and cannot be installed: this is the lean build, which does without it."; fi; \
	set -x; cargo build --release --locked "$${features[@]}"
	@sencheng="$$(cargo metadata --locked --no-deps --format-version 1 \
	  | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')/release/sencheng"; \
	rm -rf $(DEMO)/sample $(DEMO)/result; \
	set -x; \
	"$$sencheng" sample $(DEMO)/sample; \
	"$$sencheng" run $(DEMO)/sample/project.toml --out $(DEMO)/result
	@echo; echo "The map lies at $(CURDIR)/$(DEMO)/result/map.png (and map.svg); the tables lie beside it."

# The tests of the build with GDAL, then those of the lean one; a test that is skipped is named with its build.
test: system-test ## Run every test of both builds; the last line counts passed, failed and skipped
	@log="$$(mktemp)"; skips="$$(mktemp)"; trap 'rm -f "$$log" "$$skips"*' EXIT; code=0; \
	build() { : > "$$skips.build"; : > "$$log.build"; \
	  SENCHENG_SKIPS="$$skips.build" cargo test --locked --no-fail-fast "$${@:2}" 2>&1 | tee "$$log.build" || code=$$?; \
	  sed -nE 's/^test (.*) \.\.\. ignored.*/\1/p' "$$log.build" >> "$$skips.build"; \
	  sort -u "$$skips.build" | sed "s/$$/$$1/" >> "$$skips"; cat "$$log.build" >> "$$log"; rm -f "$$log.build"; }; \
	build ""; build " (lean)" $(LEAN); \
	awk -v skips="$$(paste -sd, "$$skips" | sed 's/,/, /g')" ' \
	  /^test result:/ { for (i = 1; i < NF; i++) { if ($$(i+1) == "passed;") passed += $$i; \
	    if ($$(i+1) == "failed;") failed += $$i; if ($$(i+1) == "ignored;") ignored += $$i } } \
	  END { if (!passed && !failed) print "no test ran"; n = split(skips, names, ", "); passed -= n - ignored; \
	    printf "%d passed, %d failed, %d skipped: %s\n", passed, failed, n, n ? skips : "none" }' "$$log"; \
	exit $$code

bench: system ## Measure the kernels and the whole of tabulate (criterion)
	cargo bench --locked

# Rounds of the county and of the province (0 leaves it out), and an expression that chooses rows by job and name.
ROUNDS := 3
PROVINCE_ROUNDS := 1
ONLY :=
PEERS := target/bench-peers

bench-peers: system ## Run sencheng and its peers over the same layers and write the table into the README
	cargo build --release --locked
	@test -x $(PEERS)/venv/bin/python || python3 -m venv $(PEERS)/venv
	$(PEERS)/venv/bin/pip install --quiet --disable-pip-version-check -r benches/peers/requirements.txt
	@sencheng="$$(cargo metadata --locked --no-deps --format-version 1 \
	  | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')/release/sencheng"; \
	python=$(PEERS)/venv/bin/python; \
	$$python benches/peers/data.py "$$sencheng" $(PEERS)/layers $(if $(filter 0,$(PROVINCE_ROUNDS)),,--province); \
	$$python benches/peers/race.py "$$sencheng" $(PEERS)/layers --rounds $(ROUNDS) \
	  --province-rounds $(PROVINCE_ROUNDS) --only '$(ONLY)' $(if $(ONLY),,--readme README.md README.zh-CN.md)

# Through apt, and only what is missing: a compiler, and GDAL with what finds it.
system:
	@missing=(); \
	command -v cargo > /dev/null || { echo "Rust is missing: https://rustup.rs" >&2; exit 2; }; \
	command -v cc > /dev/null || missing+=(build-essential); \
	command -v pkg-config > /dev/null || missing+=(pkg-config); \
	pkg-config --exists gdal 2> /dev/null || missing+=(libgdal-dev); \
	if [ $${#missing[@]} -gt 0 ]; then $(INSTALL) update -q; $(INSTALL) install -q -y "$${missing[@]}"; fi

# The tests take GEOS as their oracle.
system-test: system
	@if ! command -v geos-config > /dev/null; then $(INSTALL) update -q; $(INSTALL) install -q -y libgeos-dev; fi
