"""The templates keep the rules, each rule notices when it is broken, and no value can change unnoticed."""

import re
import unittest

import tools
from mutations import mutations, place
from templates import INFRA, NAMES, changed, faults, is_noticed, loaded, module, rules_of

TEMPLATES = {name: loaded(name) for name in NAMES}


# From the reference of intrinsic functions. Those that only rules know, such as `Fn::Contains`, have none there.
SHORT_FORMS = set("And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If ImportValue Join Not Or Ref Select Split Sub Transform".split())


class Templates(unittest.TestCase):
    def test_each_short_form_is_one_of_cloudformation(self):
        for name in NAMES:
            found = set(re.findall(r"(?<=[\s\[,{]!)[A-Za-z]+", (INFRA / f"{name}.yaml").read_text()))
            self.assertEqual(found - SHORT_FORMS, set(), name)

    def test_they_keep_every_rule(self):
        for name, template in TEMPLATES.items():
            self.assertEqual(faults(rules_of(name), template), {}, name)

    def test_each_mistake_is_noticed(self):
        by_rules = set()
        for name, template in TEMPLATES.items():
            for path, value, expected in module("mistakes", name).MISTAKES:
                with self.subTest(template=name, path=place(path), value=value):
                    names = set(expected.split())
                    broken = changed(template, path, value)
                    found = set(faults(rules_of(name), broken))
                    self.assertLessEqual(names - tools.NAMES, found)
                    for tool in names & tools.NAMES:
                        self.assertTrue(tools.problems(tool, broken), f"{tool} does not notice it")
                    by_rules |= found
        self.assertEqual(by_rules, {rule.__name__ for name in NAMES for rule in rules_of(name)}, "rules without a mistake")

    def test_no_value_can_change_unnoticed(self):
        """Except where the mistakes of a template say that any value is right (`FREE`)."""
        for name, template in TEMPLATES.items():
            free, rules, unnoticed, used = module("mistakes", name).FREE, rules_of(name), [], set()
            for path, value in mutations(template):
                broken = changed(template, path, value)
                if is_noticed(rules, broken):
                    continue
                reasons = {start for start in free if place(path) == start or place(path).startswith(f"{start}.")}
                used |= reasons
                if not reasons and not tools.problems("cfn-lint", broken):
                    unnoticed.append(f"{place(path)}: {'removed' if value is None else value}")
            self.assertEqual(unnoticed, [], name)
            self.assertEqual(set(free) - used, set(), f"{name}: places that are not free")


if __name__ == "__main__":
    unittest.main()
