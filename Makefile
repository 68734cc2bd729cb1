PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RAW ?= data/raw
PROCESSED ?= data/processed
ARGS ?=

.DEFAULT_GOAL := help

help: ## explain the targets
	@echo "Communique: who met, called or said what to whom, from news in three languages"
	@echo
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24
	@echo
	@echo "  RAW=DIR and PROCESSED=DIR name other folders; ARGS='...' hands options on."

$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev,notebooks]'
	touch $@

$(VENV)/.notebooks: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[notebooks]'
	touch $@

extract: $(VENV)/.installed ## read data/raw, write data/processed; only what is new or changed
	@$(BIN)/communique extract --raw $(RAW) --processed $(PROCESSED) $(ARGS)

test: $(VENV)/.dev ## lint, check types and run the tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

test-stanza: $(VENV)-stanza/.installed ## what needs PyTorch: the Stanza engine on tiny models trained here, and the training
	$(VENV)-stanza/bin/python -m pytest tests/entities/engines/test_stanza_engine.py tests/test_models.py tests/model/test_role_scorer.py tests/training

$(VENV)-stanza/.installed: pyproject.toml
	test -x $(VENV)-stanza/bin/python || $(PYTHON) -m venv $(VENV)-stanza || python3 -m venv $(VENV)-stanza
	$(VENV)-stanza/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-stanza/bin/python -m pip install --quiet --editable '.[stanza,train]' 'pytest>=8' 'pytest-timeout>=2.3'
	touch $@

test-ray: $(VENV)-ray/.installed ## test the Ray engine on a local cluster of two nodes
	$(VENV)-ray/bin/python -m pytest tests/run/test_ray_engine.py

# Ray apart, everything comes from the first environment: a .pth line shows it, and pip adds what is missing.
$(VENV)-ray/.installed: $(VENV)/.dev
	$(BIN)/python -m venv --without-pip $(VENV)-ray
	$(VENV)-ray/bin/python -c "import pathlib, sysconfig; of = sysconfig.get_path; \
		shared = of('purelib', vars={'base': '$(abspath $(VENV))'}); \
		pathlib.Path(of('purelib'), 'shared.pth').write_text(f'import site; site.addsitedir({shared!r})\n')"
	$(BIN)/python -m pip --python $(VENV)-ray/bin/python install --quiet --editable '.[ray]'
	touch $@

report: $(VENV)/.installed ## write data/processed as one HTML page: make report OUT=report.html
	@$(BIN)/communique report --processed $(PROCESSED) --out $(or $(OUT),report.html) $(ARGS)

test-report: $(VENV)/.browser ## test the report page in headless Chromium (as root: installs Debian's)
	COMMUNIQUE_BROWSER=required $(BIN)/python -m pytest tests/report

pictures: $(VENV)/.browser ## take the pictures of docs/images anew from data/processed
	$(BIN)/python docs/make_pictures.py --processed $(PROCESSED)
	$(BIN)/python docs/make_terminal_picture.py $(PROCESSED)
	$(BIN)/python -m pipeline.plots.pictures --processed $(PROCESSED)

report-assets: ## build the report's script and style from pipeline/report/web (needs npm)
	cd pipeline/report/web && npm ci --ignore-scripts && npm run build

$(VENV)/.browser: $(VENV)/.dev pipeline/report/web/package-lock.json
	sh tests/report/install-browser.sh
	cd pipeline/report/web && npm ci --ignore-scripts
	$(BIN)/python -m pip install --quiet --editable '.[browser]'
	touch $@

evaluate: $(VENV)/.installed ## score against annotated text: make evaluate GOLD=DIR
	@$(BIN)/communique evaluate --gold $(or $(GOLD),benchmarks/gold) $(ARGS)

benchmark: $(VENV)-bench/.installed ## measure articles and words a second, memory and reruns, beside spaCy
	@$(VENV)-bench/bin/python -m benchmarks.throughput $(ARGS)

$(VENV)-bench/.installed: pyproject.toml
	test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench || python3 -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-bench/bin/python -m pip install --quiet --editable '.[bench]'
	touch $@

kill-test: $(VENV)/.dev ## kill 200 runs at random moments and compare the tables
	@$(BIN)/python benchmarks/kills.py $(ARGS)

docs: $(VENV)/.dev ## print the tables of README.md and docs/ anew from the code
	@$(BIN)/python -m pipeline.docs

notebooks: $(VENV)/.notebooks ## run the notebooks on the tables; pages with their plots go to build/notebooks
	@test -d $(PROCESSED)/events || { echo "there are no tables in $(PROCESSED); run make extract first"; exit 2; }
	@PROCESSED=$(abspath $(PROCESSED)) $(BIN)/python -m nbconvert --log-level WARN --execute --to html \
		--output-dir build/notebooks notebooks/*.ipynb
	@echo "open build/notebooks/02_who_meets_whom.html in a browser; make lab opens the notebooks themselves"

lab: $(VENV)/.notebooks ## open the notebooks in JupyterLab
	$(BIN)/python -m pip install --quiet 'jupyterlab>=4'
	PROCESSED=$(abspath $(PROCESSED)) $(BIN)/python -m jupyterlab notebooks

clean: ## remove the tables and the virtual environment
	rm -rf $(PROCESSED) $(VENV)

# The training corpora come from their own sites (training/README.md); DOWNLOADS holds the five packages.
DOWNLOADS ?= downloads
NAMES ?= corpora/names
NTREX ?= corpora/ntrex

# Minutes of the trainings; the defaults are about those of the shipped model (model card, Recipe).
NAMES_MINUTES ?= 55
JOINT_MINUTES ?= 40
LAST_MINUTES ?= 66
BRANCH_MINUTES ?= 64
NEWS_MINUTES ?= 52
WITNESS_MINUTES ?= 55
WITH = --start build/names --names $(NAMES) --events build/ntrex.jsonl $(NTREX) --events training/corpus/events.jsonl training/corpus/text
NEWS = --downloads $(DOWNLOADS) --names $(NAMES)
TAGGED = $(NEWS) --guesses build/guesses.npz
BRANCH = $(VENV)-train/bin/python -m training.branch $(WITH) --downloads $(DOWNLOADS) --joint build/last/joint.pt --mixture zh.msra 3 --mixture zh.gsd 3 --mixture ar.newsfane 5 --mixture ar.wojood 5
JOINT = $(VENV)-train/bin/python -m training.joint $(WITH)

train: $(VENV)-train/.installed ## train the shipped model anew: make train DOWNLOADS=DIR NAMES=DIR NTREX=DIR
	$(VENV)-train/bin/python -m training.offsets unpack training/ntrex/offsets.jsonl $(NTREX) build/ntrex.jsonl
	$(VENV)-train/bin/python -m training.names --encoder $(DOWNLOADS) --names $(NAMES) --texts $(NTREX) --out build/names --minutes $(NAMES_MINUTES)
	$(JOINT) --out build/joint --minutes $(JOINT_MINUTES)
	$(JOINT) --resume build/joint/joint.pt --out build/last --minutes $(LAST_MINUTES) --rate 1.2e-4 --head-rate 5e-4 --mixture zh.msra 3 --mixture ar.newsfane 4 --event-share 0.25 --seed 23
	$(BRANCH) --out build/branch --minutes $(BRANCH_MINUTES)
	$(VENV)-train/bin/python -m training.guess --start build/names --checkpoint build/branch/branch.pt $(NEWS) --out build/guesses.npz
	$(BRANCH) --resume build/branch/branch.pt $(TAGGED) --out build/news --minutes $(NEWS_MINUTES) --rate 1.5e-4
	$(VENV)-train/bin/python -m training.witness --start build/names $(TAGGED) --out build/witness --minutes $(WITNESS_MINUTES)
	$(VENV)-train/bin/python -m training.export --checkpoint build/news/branch.pt --witness build/witness/witness.pt --words build/names --calibrate $(NAMES) --out build/multilingual
	@echo "The model is in build/multilingual; COMMUNIQUE_MODEL=build/multilingual uses it, and a copy over models/multilingual ships it."

$(VENV)-train/.installed: pyproject.toml
	test -x $(VENV)-train/bin/python || $(PYTHON) -m venv $(VENV)-train || python3 -m venv $(VENV)-train
	$(VENV)-train/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-train/bin/python -m pip install --quiet --editable '.[train]'
	mkdir -p build && touch $@

fuzz: $(VENV)/.dev ## 10,000 hostile inputs through the whole pipeline
	@$(BIN)/python benchmarks/fuzz.py $(ARGS)

evaluate-names: $(VENV)/.installed ## score the shipped model on name corpora: make evaluate-names NAMES=DIR
	@$(BIN)/python -m training.evaluate_names $(NAMES)

.PHONY: kill-test help extract test test-stanza test-ray report test-report pictures report-assets train evaluate-names evaluate benchmark docs clean notebooks lab fuzz
