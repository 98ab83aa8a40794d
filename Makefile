# `make run` serves the page and the API, `make test` checks everything; both set up what they need by themselves.
#
#   make run      http://HOST:PORT/ (127.0.0.1:5000), with MODEL=name[,name] for models of yours in weights/; videos too,
#                 whose worker runs beside it (PAGESIGHT_JOBS=off: photographs alone)
#   make page-preview   the page alone, as site/site.json and site/examples/ make it; what you save shows at once
#                 VIDEO=no: without PyAV, whose package has codecs under the GPL in it (docs/supply-chain.md)
#   make setup    only sets up what `make run` needs, for a server that something else starts
#   make test     lint, types, the page's tests, the API's tests, and the two together in a real browser
#   make models   lists the models that MODEL=name fetches by itself, with size, accuracy and licence
#   make detect   IMAGE=photo.jpg: writes photo-detected.jpg beside it and prints what was found
#   make check-model MODEL=name: says what is right and what is wrong with a model, and how it runs here
#   make convert MODEL=name: makes ahead what the first start of a model makes, and says which precision was chosen
#   make quantize MODEL=name DATA=folder: writes name-int8, which is quicker, with photographs without labels
#   make split-boxes DATA=folder TO=new-folder: photographs with boxes as Ultralytics, RF-DETR, YOLOX and Darknet want them
#   make site-model MODEL=name: writes the model that the page itself runs on a visitor's device (without MODEL: the one of
#                 site/site.json), if it finds what the API finds in DATA=folder (without DATA: in the example photographs)
#   make key      NAME=frigate: makes a key for a program, says it once, and gives the line for PAGESIGHT_API_KEYS
#                 (PER_MINUTE=60: how often it may ask)
#   make telegram the Telegram bot, whose token is in PAGESIGHT_BOT_TOKEN (docs/telegram.md); it asks the server that
#                 `make run` started, or PAGESIGHT_SERVER. `make telegram-setup` only sets it up
#   make train    DATA=folder NAME=mine: a classifier of your own, from a folder with photographs for each label, or a
#                 detector, from photographs with boxes (docs/train-detector.md)
#                 (BACKBONE=efficientnet_b0, EPOCHS=20, SIZE=224, SEED=1); docs/train.md
#   make clean-data DATA=folder NAME=mine: a page on this machine that corrects the labels which the training of NAME doubts
#                 (without NAME: all); with MODEL=name in place of NAME: boxes, beginning with those that the model finds
#                 (CLEAN_PORT=number: where; OPEN=no: opens no browser)
#   make doctor   URL=https://... ORIGIN=https://you.github.io: looks at a server from outside, says what is wrong
#   make evaluate DATA=folder: accuracy on photographs with known boxes, outlines, key points, labels or masks (COMPARE=1: a
#                 reference beside it; of a detector CANVAS=both: letterboxed and stretched, and what follows from it; PAGE_MODEL=1: of
#                 what `make site-model` wrote)
#   make bench    speed beside other programs, in turns (QUICK=1: three minutes; DATA=folder: int8's accuracy, too)
#   make soak     tries to bring the server down, for hours (QUICK=1: minutes; MODEL=name: one of yours in weights/), and
#                 writes docs/robustness.md
#   make lint     only ruff, mypy and tsc
#   make lock     writes requirements/*.txt anew, with hashes, after a change of pyproject.toml
#   make audit    lists known vulnerabilities of the packages in use, Python's and the page's
#   make clean    forget what was built and installed (weights and photographs stay)

HOST ?= 127.0.0.1
PORT ?= 5000
PYTHON ?= python3
MODEL ?=
IMAGE ?=
BACKBONE ?=

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run page-preview models test test-page lint detect convert check-model key doctor evaluate quantize site-model bench soak clean screenshot tools lock audit telegram telegram-setup train split-boxes clean-data

RUNTIME := .venv/.runtime
DEV := .venv/.dev
NODE := node_modules/.installed
PAGE := site/dist/index.html
CLEAN_PAGE := site/clean/dist/index.html
EXAMPLES := site/examples/.tried
EVALUATE := .venv/.evaluate
QUANTIZE := .venv/.quantize
SITE_MODEL := .venv/.site
TELEGRAM := .venv/.telegram
AUDIT := .venv/.audit
BENCH := .venv-bench/.installed
PROGRAMS := .venv/.test-programs
TEST_MODELS := .venv/.test-models/.tried
SOAK := corpus videos fuzz overload refusals two_models many_models raw_http crowd lifecycle canary marks soak
OWN_MODELS := videos two_models many_models marks
# As deploy/systemd/pagesight.service sets it; only glibc reads it.
ALLOCATOR := MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=8388608 MALLOC_TRIM_THRESHOLD_=16777216 MALLOC_TOP_PAD_=4194304 \
	GLIBC_TUNABLES=glibc.malloc.hugetlb=1
CHOOSE_MODEL = MODEL="$(MODEL)" PYTHON="$(PYTHON)" scripts/choose_model.sh

help:
	@sed -n 's/^#   //p' Makefile

tools:
	@scripts/check_tools.sh "$(PYTHON)" "$(MAKE_VERSION)"

$(RUNTIME): requirements/runtime.txt requirements/video.txt requirements/jobs.txt requirements/torch.txt requirements/openvino.txt scripts/setup_python.sh | tools
	@scripts/setup_python.sh "$(PYTHON)" runtime
	@touch $@

$(DEV): requirements/dev.txt requirements/torch.txt requirements/openvino.txt scripts/setup_python.sh | tools
	@scripts/setup_python.sh "$(PYTHON)" dev
	@touch $@ $(RUNTIME) $(SITE_MODEL) $(TELEGRAM)

$(EVALUATE): requirements/evaluate.txt scripts/setup_python.sh | $(RUNTIME)
	@scripts/setup_python.sh "$(PYTHON)" evaluate
	@touch $@

$(QUANTIZE): requirements/quantize.txt scripts/setup_python.sh | $(RUNTIME)
	@scripts/setup_python.sh "$(PYTHON)" quantize
	@touch $@

$(SITE_MODEL): requirements/site.txt requirements/torch.txt requirements/openvino.txt scripts/setup_python.sh | tools
	@scripts/setup_python.sh "$(PYTHON)" site
	@touch $@

$(TELEGRAM): requirements/telegram.txt scripts/setup_python.sh | tools
	@scripts/setup_python.sh "$(PYTHON)" telegram
	@touch $@

$(AUDIT): requirements/audit.txt scripts/setup_python.sh | tools
	@scripts/setup_python.sh "$(PYTHON)" audit
	@touch $@

$(BENCH): requirements/bench.txt scripts/setup_bench.sh | $(EVALUATE) $(QUANTIZE)
	@scripts/setup_bench.sh "$(PYTHON)"
	@touch $@

$(NODE): package.json package-lock.json | tools
	@echo "pagesight: installing the page's build tools" >&2
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Everything else works without the photographs, so a failure here is not an error.
$(EXAMPLES): scripts/download_examples.sh | tools
	@mkdir -p $(@D)
	@scripts/download_examples.sh || echo "pagesight: the page goes without example photographs" >&2
	@touch $@

$(PAGE): $(NODE) $(EXAMPLES) vite.config.js $(shell find site -path site/dist -prune -o -path site/clean -prune -o -type f -print 2>/dev/null)
	@echo "pagesight: building the page" >&2
	@npm run --silent build -- --logLevel warn
	@touch $@

$(CLEAN_PAGE): $(NODE) vite.clean.config.js $(shell find site/clean site/src site/build -path site/clean/dist -prune -o -type f -print 2>/dev/null)
	@echo "pagesight: building the page of make clean-data" >&2
	@npm run --silent build:clean -- --logLevel warn
	@touch $@

$(PROGRAMS): scripts/setup_test_programs.sh | $(DEV)
	@scripts/setup_test_programs.sh
	@touch $@

# A test whose model cannot be had is skipped, so a failure here is not an error.
$(TEST_MODELS): weights/catalogue.toml tests/models.toml harness/real_models.py | $(DEV)
	@.venv/bin/python -m harness.real_models
	@touch $@

setup: $(RUNTIME) $(PAGE)

run: setup
	@model=$$($(CHOOSE_MODEL)) && \
	echo "pagesight: starting on http://$(HOST):$(PORT)/ (Ctrl+C stops it)" >&2 && \
	PAGESIGHT_MODELS=$$model $(ALLOCATOR) exec scripts/serve.sh .venv/bin/gunicorn --config python:api.server.gunicorn_conf --bind "$(HOST):$(PORT)"

models:
	@"$(PYTHON)" scripts/catalogue.py table "$${PAGESIGHT_WEIGHTS_DIR:-weights}"

# Asks the server that `make run` started in another shell, if there is one.
page-preview: $(NODE) $(EXAMPLES)
	@npm run --silent dev -- --host "$(HOST)"

detect: $(RUNTIME)
	@test -n "$(IMAGE)" || { echo "Say which picture: make detect IMAGE=photo.jpg" >&2; exit 2; }
	@model=$$($(CHOOSE_MODEL)) && PAGESIGHT_MODELS=$$model .venv/bin/python -m api.commands.detect_file "$(IMAGE)" $(ASK)

check-model: $(RUNTIME) $(EXAMPLES)
	@test -n "$(MODEL)" || { echo "Say which model: make check-model MODEL=name" >&2; exit 2; }
	@model=$$($(CHOOSE_MODEL)) && PAGESIGHT_MODELS=$$model \
	.venv/bin/python -m api.commands.check_model $(or $(IMAGE),$(wildcard site/examples/dog.jpg))

convert: $(RUNTIME)
	@model=$$($(CHOOSE_MODEL)) && PAGESIGHT_MODELS=$$model .venv/bin/python -m api.commands.convert

key:
	@"$(PYTHON)" -m api.commands.make_key "$(NAME)" $(if $(PER_MINUTE),"$(PER_MINUTE)")

# Needs only Python, so that any computer can look. PAGE_URL: where the page is, if not at ORIGIN; OPTIONS: --json, ...
doctor:
	@test -n "$(URL)" || { echo "Say which server: make doctor URL=https://... ORIGIN=https://you.github.io" >&2; exit 2; }
	@"$(PYTHON)" -m deploy.doctor $(if $(PAGE_URL),--page "$(PAGE_URL)") $(OPTIONS) "$(URL)" $(if $(ORIGIN),"$(ORIGIN)")

evaluate: $(EVALUATE) $(if $(PAGE_MODEL),$(SITE_MODEL))
	@test -n "$(DATA)" || { echo "Say where the photographs are: make evaluate DATA=folder" >&2; exit 2; }
	@model=$$($(CHOOSE_MODEL)) && PAGESIGHT_MODELS=$$model \
	.venv/bin/python -m benchmarks.evaluate "$(DATA)" $(if $(COMPARE),--compare) $(if $(CANVAS),--canvas "$(CANVAS)") $(if $(PAGE_MODEL),--page site/device)

quantize: $(QUANTIZE)
	@test -n "$(MODEL)" || { echo "Say which model: make quantize MODEL=name DATA=folder" >&2; exit 2; }
	@test -d "$(DATA)" || { echo "Say where photographs are: make quantize MODEL=$(MODEL) DATA=folder" >&2; exit 2; }
	@model=$$($(CHOOSE_MODEL)) && PAGESIGHT_MODELS=$$model .venv/bin/python -m api.commands.quantize "$(DATA)"

train: $(RUNTIME)
	@test -n "$(DATA)" -a -n "$(NAME)" || { echo "Say where the photographs are, and a name: make train DATA=folder NAME=mine" >&2; exit 2; }
	@network=$(or $(BACKBONE),$$(.venv/bin/python -m api.commands.train_network "$(DATA)")) && \
	{ scripts/download_weights.sh --keep "$$network" || true; } && \
	.venv/bin/python -m api.commands.train "$(DATA)" "$(NAME)" --backbone "$$network" \
		$(if $(EPOCHS),--epochs "$(EPOCHS)") $(if $(SIZE),--size "$(SIZE)") $(if $(SEED),--seed "$(SEED)")

split-boxes: $(RUNTIME)
	@test -d "$(DATA)" -a -n "$(TO)" || { echo "Say where they are, and where to: make split-boxes DATA=folder TO=new-folder" >&2; exit 2; }
	@.venv/bin/python -m api.commands.split_boxes "$(DATA)" "$(TO)"
clean-data: $(RUNTIME) $(CLEAN_PAGE)
	@test -d "$(DATA)" || { echo "Say where the photographs are: make clean-data DATA=folder NAME=mine" >&2; exit 2; }
	@$(if $(MODEL),model=$$($(CHOOSE_MODEL)) && PAGESIGHT_MODELS=$$model) \
	exec .venv/bin/python -m api.commands.clean_data $(if $(MODEL),--boxes) --port $(or $(CLEAN_PORT),0) \
		$(if $(filter no,$(OPEN)),--no-open) -- "$(DATA)" $(if $(NAME),"$(NAME)")

site-model: $(SITE_MODEL) $(EXAMPLES)
	@MODEL="$(MODEL)" PYTHON="$(PYTHON)" scripts/site_model.sh $(if $(DATA),"$(DATA)")

telegram-setup: $(TELEGRAM)

telegram: $(TELEGRAM)
	@exec .venv/bin/python -m clients.telegram

bench: $(BENCH) $(EXAMPLES)
	@scripts/download_weights.sh yolov3-tiny
	$(if $(OTHERS),@scripts/setup_other_servers.sh "$(OTHERS)" "$(PYTHON)")
	@.venv-bench/bin/python -m benchmarks.bench $(if $(QUICK),--quick) $(if $(PARTS),--parts $(PARTS)) \
		$(if $(DATA),--data "$(DATA)") $(if $(OTHERS),--others "$(OTHERS)") $(if $(WORK),--work "$(WORK)")

soak: $(DEV) $(EXAMPLES) $(PROGRAMS)
	$(if $(MODEL),@$(CHOOSE_MODEL) >/dev/null,@scripts/download_weights.sh yolov3-tiny)
	@export SOAK_MODEL=$(or $(MODEL),yolov3-tiny); failed=; \
	for program in $(filter-out $(if $(MODEL),$(OWN_MODELS)),$(SOAK)); do \
		echo "pagesight: $$program" >&2; \
		.venv/bin/python -m benchmarks.robustness.$$program $(if $(QUICK),--quick) || failed="$$failed $$program"; \
	done; \
	.venv/bin/python -m benchmarks.robustness.report $(if $(QUICK),,--write-docs); \
	test -z "$$failed" || { echo "pagesight: not all targets were met:$$failed" >&2; exit 1; }

lint: $(DEV) $(NODE)
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet
	@.venv/bin/mypy --no-error-summary
	@npm run --silent check
	@echo "pagesight: ruff, mypy and tsc have no complaint" >&2

test-page: $(NODE)
	@npm run --silent test

# mypy takes one core and the page's tests the other. On a busy machine a browser or a server is now and then late: a test
# that failed is run once more, which the closing line counts.
test: $(DEV) $(PAGE) $(CLEAN_PAGE) $(PROGRAMS) $(TEST_MODELS)
	@$(MAKE) --no-print-directory --jobs=2 lint test-page
	@scripts/download_weights.sh yolov3-tiny
	@.venv/bin/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder --reruns=1 -raR $(PYTEST)

lock: $(AUDIT)
	@.venv/bin/python scripts/lock_python.py

audit: $(AUDIT)
	@.venv/bin/python scripts/audit.py

screenshot: $(DEV) $(PAGE) $(PROGRAMS)
	@scripts/download_weights.sh yolov3-tiny
	@.venv/bin/python -m tests.e2e.screenshots
	@.venv/bin/python -m tests.e2e.other_browsers.screenshots

clean:
	rm -rf .venv .venv-bench node_modules site/dist site/clean/dist site/device tests/screenshots .mypy_cache .pytest_cache .ruff_cache
	rm -rf weights/converted $(EXAMPLES)
