# Every command of this project. Each target is one script under scripts/, which says what it does.

.DEFAULT_GOAL := help
.PHONY: help run test check fuzz release bench soak screenshots

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: ## set up what is missing, then serve on this machine and rebuild on every change
	@scripts/run.sh

test: ## set up what is missing, then run every check and every test
	@scripts/test.sh

check: ## formatting, lints and the supply chain only
	@scripts/check.sh

fuzz: ## a minute of hostile input for each fuzz target (FUZZ_SECONDS for longer)
	@scripts/fuzz.sh

release: ## the server and the site for production: target/release/server, target/site
	@scripts/release.sh

bench: ## measure the release build on this machine (needs wrk)
	@scripts/bench.sh

soak: ## 500 citizens for five minutes, while the user pool and DynamoDB come and go
	@scripts/soak.sh

screenshots: ## pictures of every page at three widths, and the one in the README
	@scripts/screenshots.sh
