"""The command line of the model."""

import argparse
import json
import re
import sys
from pathlib import Path

import plot
import run
import tables
from model import HERE, Model

PAGE = HERE.parent / "scaling.md"
BLOCK = re.compile(r"<!-- table: (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def page(model):
    """docs/scaling.md with the tables of `model`."""
    made = tables.of_page(model)
    return BLOCK.sub(lambda block: f"<!-- table: {block[1]} -->\n\n{made[block[1]]}\n\n<!-- end -->", PAGE.read_text())


def change(text):
    name, _, value = text.partition("=")
    return name, None if value == "unknown" else float(value)


def main():
    parser = argparse.ArgumentParser(description="What limits the growth of My Data, and what it costs.")
    parser.add_argument("--set", metavar="INPUT=VALUE", type=change, action="append", default=[], help="another value of an input")
    parser.add_argument("--write", action="store_true", help="update docs/scaling.md and the plots")
    parser.add_argument("--plan", action="store_true", help="print the plan for `make scale`")
    parser.add_argument("--compare", metavar="RESULT", type=Path, help="compare a result of `make scale`")
    parser.add_argument("--keep", metavar="RESULT", type=Path, help="calculate with this result from now on")
    options = parser.parse_args()
    try:
        model = Model(dict(options.set))
    except KeyError as error:
        parser.error(error.args[0])
    if options.plan:
        json.dump(run.plan(model), sys.stdout)
        return 0
    if options.compare:
        return 0 if run.compare(model, json.loads(options.compare.read_text())) else 1
    if options.keep:
        model = run.keep(json.loads(options.keep.read_text()))
    if options.write or options.keep:
        PAGE.write_text(page(model))
        for name, drawing in plot.drawings(model).items():
            (HERE / name).write_text(drawing)
        return 0
    for name in ("limits", "peaks", "months"):
        print(tables.ALL[name](model) + "\n")
    return 0
