# Every command of this project. Each is one script under scripts/, which first installs the tools that are missing.

.DEFAULT_GOAL := help
.PHONY: help run watch test check fuzz release dist test-release image deploy-plan bench scale lighthouse soak load rotate drills screenshots

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: ## serve on this machine; needs only Rust and a C compiler
	@scripts/run.sh

watch: ## serve on this machine and rebuild on every change
	@scripts/watch.sh

test: ## run every check and every test
	@scripts/test.sh

check: ## check formatting, lints, the templates for AWS, the alert rules and the supply chain
	@scripts/check.sh

fuzz: ## run each fuzz target for a minute, or for FUZZ_SECONDS
	@scripts/fuzz.sh

release: ## build for production: target/release/server and target/site
	@scripts/release.sh

dist: ## make the release of this commit: archives for Linux with SBOMs, and their SHA256SUMS
	@scripts/dist.sh

test-release: ## run the drills of the alerts, build the release twice and the image, and test both; takes hours
	@scripts/test-release.sh

image: ## prepare target/image for `docker build`: a static server for Linux on ARM, and the site
	@scripts/image.sh

deploy-plan: ## print the commands that deploy to AWS with the values of SETTINGS (my-data.settings)
	@scripts/deploy-plan.sh $(SETTINGS)

bench: ## measure the release build on this machine
	@scripts/bench.sh

scale: ## measure two servers behind a balancer, and compare them with the model of docs/scaling.md
	@scripts/scale.sh

lighthouse: ## score the main pages with Lighthouse (mobile)
	@scripts/lighthouse.sh

soak: ## simulate 500 citizens for five minutes, with outages
	@scripts/soak.sh

load: ## simulate 500 citizens for a minute, while hostile clients hold 2,400 connections
	@SOAK_SECONDS=60 SOAK_IDLE=2000 SOAK_SLOW_BODIES=200 SOAK_UNREAD=200 scripts/soak.sh

rotate: ## simulate 500 citizens for two minutes: rolling restarts that change the keys, then a server is killed
	@SOAK_SECONDS=120 SOAK_KEYS=1 scripts/soak.sh

drills: ## cause each fault that has an alert: the alert fires, and ends by the step in docs/operations.md
	@scripts/drills.sh

screenshots: ## take screenshots of every page at three widths, and the README's picture
	@scripts/screenshots.sh
