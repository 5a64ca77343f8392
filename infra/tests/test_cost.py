"""docs/cost.md says what the templates cost."""

import unittest
from unittest import mock

import cost
import templates


class Cost(unittest.TestCase):
    def test_the_pages_have_the_tables_of_these_templates(self):
        self.assertIn("<!-- cost at rest -->", cost.PAGES[0].read_text())
        for path in cost.PAGES:
            page = path.read_text()
            self.assertEqual(page, cost.filled(page), f"run: cd infra/tests && python cost.py --write ({path.name})")

    def test_a_second_nat_gateway_and_a_second_alarm_are_counted(self):
        def total(**others):
            return sum(dollars for _, _, dollars in cost.rows(**others))

        self.assertAlmostEqual(total(nat=2) - total(nat=1), cost.HOURS * (cost.NAT + cost.ADDRESS))
        before = total()
        app = templates.loaded("app")
        more = templates.changed(app, ("Resources", "Second"), app["Resources"]["Crashes"])
        with mock.patch.object(cost, "loaded", lambda name: more if name == "app" else templates.loaded(name)):
            self.assertAlmostEqual(total() - before, cost.ALARM)

    def test_what_exists_only_for_some_is_not_counted(self):
        self.assertEqual(list(cost.resources("AWS::EC2::VPCEndpoint")), [])
        self.assertEqual(len(list(cost.resources("AWS::EC2::NatGateway"))), 1)


if __name__ == "__main__":
    unittest.main()
