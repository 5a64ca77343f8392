"""AWS CloudFormation Guard: our own promises, and AWS Control Tower's rules for the kinds of resources that we have."""

import json
import re
import tempfile
import unittest
from datetime import date, timedelta
from pathlib import Path

import tools
from templates import NAMES, expanded, loaded

EXCEPTIONS = json.loads((tools.OWN_RULES / "exceptions.json").read_text())
TEMPLATES = {name: expanded(loaded(name)) for name in NAMES}


def broken(rules):
    """Which rules each template breaks, and which rules applied anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, template in TEMPLATES.items():
            files.append(Path(folder) / f"{name}.json")
            files[-1].write_text(json.dumps(template))
        reports = tools.evaluated(rules, files)
    found, applied = set(), set()
    for report in reports:
        name = Path(report["name"]).stem
        rules_broken = {one["Rule"]["name"] for one in report["not_compliant"]}
        found |= {(name, rule) for rule in rules_broken}
        applied |= rules_broken | set(report["compliant"])
    return found, applied


class Promises(unittest.TestCase):
    def test_every_template_keeps_them_and_each_applies_somewhere(self):
        found, applied = broken([tools.OWN_RULES])
        self.assertEqual(found, set())
        declared = set(re.findall(r"^rule (\w+)", (tools.OWN_RULES / "promises.guard").read_text(), re.M))
        self.assertEqual(applied, declared)


class ControlTower(unittest.TestCase):
    def test_every_rule_holds_but_for_exceptions_with_a_reason_and_a_date(self):
        found, applied = broken(sorted(tools.CONTROL_TOWER.rglob("*.guard")))
        self.assertGreater(len(applied), 30)
        accepted = {(template, rule) for rule, one in EXCEPTIONS.items() for template in one["templates"]}
        self.assertEqual(found - accepted, set(), "broken rules")
        self.assertEqual(accepted - found, set(), "exceptions that are not needed any more")

    def test_each_exception_has_a_reason_and_ends_within_a_year(self):
        for rule, one in EXCEPTIONS.items():
            with self.subTest(rule=rule):
                self.assertRegex(one["reason"], r"^[A-Z].{20,}\.$")
                until = date.fromisoformat(one["until"])
                self.assertLessEqual(date.today(), until, "it has ended: fix what it accepts, or review its reason")
                self.assertLessEqual(until, date.today() + timedelta(days=366), "it must end within a year")


if __name__ == "__main__":
    unittest.main()
