# Everything here works on a machine that has only Python 3.10 to 3.13, make and git.
#   make demo    train a TF1 program on TensorFlow 2
#   make test    lint, types and the whole test suite
# Choose another Python with, say, `make demo PYTHON=python3.12`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := -m pip install -qq --disable-pip-version-check
SUPPORTED := (3, 10) <= sys.version_info[:2] <= (3, 13)
# A process for each core; the tests of one file stay in one.
PARALLEL := -n auto --dist loadfile

# The oldest TensorFlow supported, and a Python that it has wheels for. make oldest TESTS="tests/test_graph.py …" runs some.
OLDEST := 2.16
OLDEST_VENV := .venv-oldest
OLDEST_SUPPORTED := (3, 10) <= sys.version_info[:2] <= (3, 12)
OLDEST_PYTHON ?= $(shell for python in $(PYTHON) python3.12 python3.11 python3.10 \
	$(HOME)/.pyenv/versions/3.1[012].*/bin/python; do \
	"$$python" -c 'import sys; sys.exit(not $(OLDEST_SUPPORTED))' >/dev/null 2>&1 && echo "$$python" && break; done)

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types oldest soak crash corpus gpu ported examples benchmark goldens compared confusion functions migrated timed fuzz pictures site clean

help:
	@sed -n '2,4s/^# *//p' Makefile
	@echo "also: lint types oldest soak crash corpus gpu ported examples benchmark goldens compared confusion migrated timed fuzz pictures site clean"

# The stamp is younger than pyproject.toml once the installation went through: a second run reuses it.
$(VENV)/.installed: pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.10 to 3.13," \
		"or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not $(SUPPORTED))' || { echo "tf1compat needs Python 3.10 to 3.13," \
		"and $(PYTHON) is `$(PYTHON) --version 2>&1`. Name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "==> Making $(VENV) with $(PYTHON) (`$(PYTHON) --version 2>&1`)"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@echo "==> Installing tf1compat, TensorFlow and the test tools into $(VENV): some minutes, this once"
	@$(BIN)/python $(PIP) -e '.[test,examples]'
	@touch $@

$(OLDEST_VENV)/.installed: pyproject.toml
	@test -n "$(OLDEST_PYTHON)" || { echo "TensorFlow $(OLDEST) needs Python 3.10, 3.11 or 3.12, and none was" \
		"found. Name one: make oldest OLDEST_PYTHON=/path/to/python3.11"; exit 1; }
	@echo "==> Making $(OLDEST_VENV) with $(OLDEST_PYTHON) (`$(OLDEST_PYTHON) --version 2>&1`)"
	@"$(OLDEST_PYTHON)" -m venv --clear $(OLDEST_VENV)
	@echo "==> Installing tf1compat and TensorFlow $(OLDEST) into $(OLDEST_VENV): some minutes, this once"
	@$(OLDEST_VENV)/bin/python $(PIP) -e '.[test,examples]' 'tensorflow==$(OLDEST).*'
	@touch $@

install: $(VENV)/.installed

demo: install
	@$(BIN)/python examples/demo.py

test: lint types
	@echo "==> Running the tests"
	@$(BIN)/python -m pytest -q $(PARALLEL)

lint: install
	@echo "==> Checking style with ruff"
	@$(BIN)/python -m ruff check .

types: install
	@echo "==> Checking types with mypy"
	@$(BIN)/python -m mypy

oldest: $(OLDEST_VENV)/.installed
	@echo "==> Running the tests on TensorFlow $(OLDEST)"
	@$(OLDEST_VENV)/bin/python -m pytest -q $(PARALLEL) $(TESTS)

soak crash corpus: install
	@echo "==> Running the tests marked $@: some minutes"
	@$(BIN)/python -m pytest -q -m $@

gpu: install
	@echo "==> Running the tests that need a GPU (TensorFlow sees one where pip installed tensorflow[and-cuda])"
	@$(BIN)/python -m pytest -q -m gpu -rs

ported: install
	@echo "==> One program in five ways: examples/five_ways"
	@mkdir -p data
	@$(BIN)/python examples/five_ways/compare.py --plot data/five_ways.png

# make examples ORACLE=/path/to/python, a Python 3.7 with TensorFlow 1.15.5, gym 0.17, matplotlib and tqdm, runs them there too.
examples: install
	@echo "==> The pairs of examples/, run to write examples/README.md: some minutes"
	@mkdir -p data
	@$(BIN)/python tools/examples_table.py $(if $(ORACLE),--oracle "$(ORACLE)") $(if $(MNIST),--data "$(MNIST)")

benchmark: install
	@echo "==> Measuring, side by side with tf.compat.v1"
	@$(BIN)/python benchmarks/session.py
	@$(BIN)/python benchmarks/session_functions.py
	@$(BIN)/python benchmarks/run_steps.py
	@$(BIN)/python benchmarks/first_run.py
	@$(BIN)/python benchmarks/import_time.py
	@$(BIN)/python benchmarks/optimizers.py
	@$(BIN)/python benchmarks/keras_callbacks.py
	@$(BIN)/python benchmarks/lstm.py

# Runs every recorder of goldens again: make goldens ORACLE=/path/to/python, a Python 3.7 with TensorFlow 1.15.5 and
# gym 0.17; with ORACLE27=/path/to/python, a Python 2.7 with TensorFlow 1.15.0, those of Python 2 too.
RECORDERS := goldens/guide.py goldens/input_data.py goldens/checkpoints/record.py goldens/metagraphs/record.py goldens/random/streams.py goldens/compared/record.py reinforcement/record.py
RECORDER_MODULES := goldens.session.record goldens.training.record goldens.contrib.record goldens.rnn.record goldens.seq2seq.record goldens.layers.record goldens.estimator.record goldens.plumbing.record goldens.keras.record names.recording names.contrib_names

goldens: install
	@"$(ORACLE)" -c 'import tensorflow as tf; assert tf.__version__ == "1.15.5"' 2>/dev/null || { echo "Name a" \
		"Python that has TensorFlow 1.15.5: make goldens ORACLE=/path/to/python"; exit 1; }
	@set -e; digits=`mktemp -d`; trap 'rm -rf "$$digits"' EXIT; export TF_CPP_MIN_LOG_LEVEL=3; \
	$(BIN)/python -m tf1compat run examples/digits_as_mnist.py "$$digits"; cd tests; \
	echo "==> goldens/examples.py"; "$(ORACLE)" goldens/examples.py "$$digits"; \
	for script in $(RECORDERS); do echo "==> $$script"; "$(ORACLE)" $$script; done; \
	for module in $(RECORDER_MODULES); do echo "==> $$module"; "$(ORACLE)" -W ignore -m $$module; done
	@test -z "$(ORACLE27)" || { echo "==> python2/record.py"; $(BIN)/python tests/python2/record.py "$(ORACLE27)"; }
	@git status --short tests

# What check says of each script in a list, against what run does with it:
# make confusion CORPUS=folder SCRIPTS=list MNIST=folder-with-the-archives; RUNS=file takes the results of an earlier run.
confusion: install
	@$(BIN)/python tools/confusion.py "$(CORPUS)" "$(SCRIPTS)" $(if $(MNIST),--mnist "$(MNIST)") \
		$(if $(RUNS),--runs "$(RUNS)") $(if $(KEEP),--keep "$(KEEP)")

# The time of each script in a list under `tf1compat run` and under TensorFlow 1.15:
# make timed CORPUS=folder SCRIPTS=list ORACLE=/path/to/python MNIST=folder-with-the-archives
timed: install
	@$(BIN)/python benchmarks/scripts.py "$(SCRIPTS)" --corpus "$(CORPUS)" --oracle "$(ORACLE)" \
		$(if $(MNIST),--mnist "$(MNIST)")

# Each script in a list, migrated, under plain Python against the script under tf1compat run:
# make migrated CORPUS=folder SCRIPTS=list MNIST=folder-with-the-archives
migrated: install
	@$(BIN)/python tools/migrated.py "$(CORPUS)" "$(SCRIPTS)" $(if $(MNIST),--mnist "$(MNIST)") $(if $(LIMIT),--limit $(LIMIT))

# Coverage-guided fuzzing by Atheris, which has wheels for Linux. SECONDS_EACH is for each of the programs in tests/fuzz.
SECONDS_EACH ?= 300
fuzz: install
	@$(BIN)/python $(PIP) -e '.[fuzz]'
	@set -e; for program in tests/fuzz/*.py; do echo "==> $$program"; mkdir -p "data/fuzz/`basename $$program .py`"; \
		$(BIN)/python $$program -max_total_time=$(SECONDS_EACH) "data/fuzz/`basename $$program .py`"; done

# The loss curves of the scripts in a list before and after `migrate --to functions`, and of examples/legacy:
# make functions CORPUS=folder SCRIPTS=list MNIST=folder-with-the-archives; STEPS=60 runs of each are enough.
functions: install
	@$(BIN)/python tools/functions.py "$(CORPUS)" "$(SCRIPTS)" $(if $(MNIST),--mnist "$(MNIST)") \
		$(if $(STEPS),--runs "$(STEPS)") $(if $(KEEP),--keep "$(KEEP)")

# The first steps of each script in a list, under TensorFlow 1 and here, into migration_guide/compared.md:
# make compared CORPUS=folder SCRIPTS=list ORACLE=/path/to/python MNIST=folder-with-the-archives
compared: install
	@$(BIN)/python tools/compared.py "$(CORPUS)" "$(SCRIPTS)" "$(ORACLE)" $(if $(MNIST),--mnist "$(MNIST)") --write

pictures: install
	@echo "==> Drawing the guide's pictures"
	@$(BIN)/python migration_guide/pictures/draw.py

site: install
	@echo "==> Building the migration guide as a web site: site/index.html"
	@$(BIN)/python -m mkdocs build --quiet --strict

clean:
	rm -rf site $(VENV) $(OLDEST_VENV) .pytest_cache .mypy_cache .ruff_cache
