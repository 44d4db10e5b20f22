# Everything that is needed comes from package-index wheels; `make run` and `make test` start from nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run chat test check format models index eval gate native lock clean

help:  ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(INSTALLED): requirements.lock pyproject.toml
	@echo "Installing Pincite and what it needs into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^pip==' requirements.lock)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

setup: $(INSTALLED) models index  ## Install, fetch and verify the models, build the index

models: $(INSTALLED)
	@$(BIN)/pincite models fetch

index: $(INSTALLED) models  ## Bring the index up to date with corpus/
	@$(BIN)/pincite index

run: setup  ## Set up and serve the web chat and the API
	@$(BIN)/pincite serve

chat: setup  ## Set up and chat in the terminal
	@$(BIN)/pincite chat

test: setup  ## Set up and run the tests, with the real models
	@$(BIN)/pincite models fetch smollm2-135m-instruct-q4_1
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not models"
	@$(BIN)/python -m pytest -m models
	@$(BIN)/python -m eval gate --subset

check: $(INSTALLED)  ## Format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(INSTALLED)  ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

eval: setup  ## Score the fixed questions of eval/qa over corpus/
	@$(BIN)/python -m eval run

gate: setup  ## Fail when the scores fall under eval/gate.toml
	@$(BIN)/python -m eval gate

# What would be fetched from elsewhere than the package index, and is not used, is left out.
native: export CMAKE_ARGS = -DLLAMA_BUILD_BORINGSSL=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_LLGUIDANCE=OFF
native: $(INSTALLED)  ## Build llama.cpp for this processor (minutes; takes a C++ compiler and CMake)
	@command -v cmake > /dev/null && command -v c++ > /dev/null || { echo "make native takes CMake and a C++ compiler; install both first."; exit 1; }
	@echo "Building llama.cpp, for some minutes ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps --no-binary xllamacpp \
		"$$(grep '^xllamacpp==' requirements.lock)"

lock: $(INSTALLED)  ## Write requirements.lock from the installed versions
	@$(BIN)/python -m pip freeze --all --exclude-editable --exclude setuptools > requirements.lock.new
	@sed -i.old -E 's/\+cpu$$//' requirements.lock.new && rm requirements.lock.new.old
	@mv requirements.lock.new requirements.lock

clean:  ## Remove the environment, the index and caches; fetched models stay
	rm -rf $(VENV) .pincite build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
