"""The model against rows that were calculated by hand, and the page against the model."""

import json
import re
import unittest
from contextlib import redirect_stdout
from io import StringIO
from xml.etree import ElementTree

import command
import inputs
import plot
import run
import tables
from model import HERE, Model

ROOT = HERE.parent.parent


def units(**actions):
    """Units of a site in which only these actions take any: (records read, records write, sessions read, sessions write)."""
    names = ["home", "first_sign_in", "sign_in", "my_data", "my_data_after_minutes", "save", "profile", "activity", "export", "sign_out",
             "deletion"]

    def of(name):
        values = actions.get(name, (0, 0, 0, 0))
        return {"operations": {}, "units": {
            "records": {"read": values[0], "write": values[1]}, "sessions": {"read": values[2], "write": values[3]},
            "by_citizen": {"read": 0, "write": 0}}}

    sizes = {"message": 900, "entry": 300, "row": 150, "session": 2_700, "state": 150}
    return {"sizes": sizes, "actions": {name: of(name) for name in names}}


def measured(**milliseconds):
    cost = {name: {"cpu_ms": ms, "bytes_out": 10_000, "log_bytes": 500, "pool_calls": 0} for name, ms in milliseconds.items()}
    return {"actions": cost, "run": {}}


# One visit: home, sign-in, two views, one save. Nothing else happens.
PLAIN = {one.name: 0 for one in inputs.VISIT} | {"home": 1, "sign_in": 1, "my_data": 2, "save": 1}


def plain(**changes):
    site = units(sign_in=(0, 6, 0, 8), my_data=(1, 1, 1, 0), my_data_after_minutes=(1, 1, 1, 3), save=(0, 4, 1, 0))
    return Model(PLAIN | changes, site, measured(home=1, sign_in=4, my_data=2, save=1))


class OneVisit(unittest.TestCase):
    def test_its_units_are_those_of_its_actions(self):
        # Reads of records 2 × 1; writes 6 + 2 × 1 + 4. Reads of sessions 2 × 1 + 1; writes 8.
        self.assertEqual(plain().visit_units(), {"records": (2, 12), "sessions": (3, 8), "by_citizen": (0, 0)})

    def test_a_page_that_comes_later_adds_only_the_session(self):
        # A half of a view with 3 more write units.
        self.assertEqual(plain(later=0.5).visit_units()["sessions"], (3, 9.5))

    def test_its_requests_and_processor_time_add_up(self):
        # 1 + 2 + 2 × 1 + 1 requests; 1 + 4 + 2 × 2 + 1 ms, twice as slow on Fargate.
        self.assertEqual(plain().visit_requests(), 6)
        self.assertAlmostEqual(plain(vcpu_slowdown=2).visit_cpu_seconds(), 0.020)

    def test_its_price_is_that_of_its_units(self):
        # 5 reads × $0.1415 and 20 writes × $0.705, a million of each.
        self.assertAlmostEqual(plain().visit_usd() * 1_000_000, 0.7075 + 14.1)


class Rates(unittest.TestCase):
    def test_a_tenth_of_a_million_in_an_hour_is_28_a_second(self):
        model = plain(burst=1)
        self.assertAlmostEqual(model.rate(1_000_000, model.peaks()[1]), 100_000 / 3_600)
        self.assertAlmostEqual(plain(burst=1.3).rate(1_000_000, model.peaks()[1]), 36.11, places=2)

    def test_servers_are_enough_for_processor_time_and_for_requests(self):
        # 20 ms each at 0.25 busy vCPU: 12.5 sign-ins a second. 6 requests at 100 a second: 16.7 sign-ins a second.
        model = plain(vcpu_slowdown=2)
        self.assertEqual([model.tasks(rate) for rate in (1, 25, 25.1, 125)], [2, 2, 3, 10])
        # 2 ms each: now the requests decide.
        self.assertEqual(plain(vcpu_slowdown=0.2).tasks(100), 6)

    def test_limits_come_in_the_order_in_which_they_are_reached(self):
        model = plain(vcpu_slowdown=0.001)
        reached = {limit.name: limit.sign_ins for limit in model.limits()}
        # 1,000 units through 12 and through 8; 2,000 through 2; 4,000 through 3; 50 new users, a fifth of the visits.
        self.assertAlmostEqual(reached["DynamoDB: write ceiling of records"], 83.33, places=2)
        self.assertEqual(reached["DynamoDB: write ceiling of sessions"], 125)
        self.assertEqual(reached["DynamoDB: read ceiling of records"], 1_000)
        # 6 vCPU are 12 servers, each with 100 requests a second.
        self.assertEqual(reached["Fargate: servers of the whole account"], 200)
        self.assertEqual(reached["Cognito: new users (`UserCreation`)"], 250)
        self.assertEqual(list(reached.values()), sorted(reached.values()))
        self.assertEqual(model.limits()[0].name, "Cognito: sign-ins with a provider (`UserFederation`)")

    def test_the_first_limit_is_one_that_is_exceeded(self):
        model = plain()
        self.assertIsNone(model.first_limit(25))
        self.assertEqual(model.first_limit(25.1).name, "Cognito: sign-ins with a provider (`UserFederation`)")
        self.assertNotEqual(plain(federation_quota=500).first_limit(450).name, "Cognito: sign-ins with a provider (`UserFederation`)")

    def test_an_unknown_quota_is_left_out_until_it_is_given(self):
        name = "Cognito: calls from all NAT gateways"
        self.assertNotIn(name, [limit.name for limit in plain().limits()])
        self.assertEqual([limit.sign_ins for limit in plain(pool_address_quota=10).limits() if limit.name == name], [20])


class Months(unittest.TestCase):
    def test_a_normal_month_of_a_million(self):
        month = plain(active_share=0.2, visits_each=2).month(1_000_000, False)
        # 200,000 citizens, 50 of them free.
        self.assertAlmostEqual(month["Cognito"], 199_950 * 0.015)
        # 400,000 visits of 14.8075 dollars a million; two servers are checked from two zones every ten seconds and look for
        # deletions every minute: 730 h × 2 × 3,600 × (0.2 + 1 / 60) reads.
        self.assertAlmostEqual(month["DynamoDB, requests"], 0.4 * 14.8075 + 730 * 2 * 3_600 * (0.2 + 1 / 60) / 1e6 * 0.1415)
        # 730 h × 2 × (half a vCPU and 1 GB). The busiest hours need no third server.
        self.assertAlmostEqual(month["Servers"], 730 * 2 * (0.5 * 0.03238 + 0.00356))
        # 400,000 × (6 + 5) requests.
        self.assertAlmostEqual(month["Firewall"], 10 + 5 + 4.4 * 0.60)
        # 400,000 × 14,000 bytes to the user pool and × 4 actions with 500 bytes of logs each.
        self.assertAlmostEqual(month["NAT and addresses"], 730 * 2 * 0.058 + (5.6 + 1.0) * 0.048)

    def test_traffic_and_logs_of_a_million(self):
        month = plain(active_share=0.2, visits_each=2, connections=2, tls_bytes=5_000).month(1_000_000, False)
        # 400,000 visits: 10,000 bytes of home, sign-in, two views and a save, and two handshakes of 5,000. That is 24 GB.
        self.assertAlmostEqual(month["Traffic to browsers"], 24 * 0.09)
        # 24 GB are more capacity units than 800,000 connections: those are 8.9 by number and 8.9 by time.
        self.assertAlmostEqual(month["Balancer"], 730 * 0.0252 + 24 * 0.008)
        # 5 × 500 bytes a visit: 1 GB of logs, kept for 12 months; 38 metrics of alarms, and 49 of our own.
        self.assertAlmostEqual(month["Logs and alarms"], 0.57 + 12 * 0.03 + 3.8 + 14.7)

    def test_a_balancer_is_paid_for_connections_if_they_are_the_most(self):
        often = plain(active_share=0.2, visits_each=2, connections=25, tls_bytes=0, connection_seconds=1)
        self.assertAlmostEqual(often.month(1_000_000, False)["Balancer"], 730 * 0.0252 + 400_000 / 3_600 * 0.008)
        long = plain(active_share=0.2, visits_each=2, connections=3, tls_bytes=0, connection_seconds=1_000)
        self.assertAlmostEqual(long.month(1_000_000, False)["Balancer"], 730 * 0.0252 + 400_000 / 3_600 * 0.008)

    def test_a_tax_month_pays_the_servers_of_its_peak_by_the_hour(self):
        model = plain(vcpu_slowdown=2, tax_hours=10)
        # 36.1 sign-ins a second need 3 servers, one more than usual.
        self.assertEqual(model.tasks(model.rate(1_000_000, model.peaks()[1])), 3)
        self.assertAlmostEqual(model.month(1_000_000, True)["Servers"], (730 * 2 + 10) * (0.5 * 0.03238 + 0.00356))

    def test_storage_counts_messages_entries_and_sessions(self):
        # 700 messages of 1,000 bytes; 300 visits × 12 months × 2 entries of 400; 20 sessions of two days: 2,800 + 250 + 250.
        stored = plain(stored_share=0.7).stored_gb(1_000, 300)
        self.assertAlmostEqual(stored * 1e9, 700_000 + 300 * 12 * 2 * 400 + 20 * 3_300)

    def test_a_service_that_nobody_uses_costs_what_stands(self):
        month = plain().month(0, False)
        self.assertEqual((month["Cognito"], month["Traffic to browsers"], month["DynamoDB, storage and backup"]), (0, 0, 0))
        self.assertAlmostEqual(month["Balancer"], 730 * 0.0252)

    def test_cognito_is_most_of_the_bill_from_a_hundred_thousand_citizens_on(self):
        for citizens in (100_000, 1_000_000, 10_000_000):
            month = Model().month(citizens, False)
            self.assertGreater(month["Cognito"], sum(month.values()) / 2)


class TheRun(unittest.TestCase):
    def test_the_plan_does_what_the_model_counts(self):
        model = Model()
        plan = run.plan(model)
        self.assertEqual(len(plan["visits"]), 1_000)
        planned = [action for visit in plan["visits"] for action in visit["actions"]]
        for action, times in run.counts(model, 1_000).items():
            self.assertEqual(planned.count(action), times, action)
        self.assertEqual(max(visit["citizen"] for visit in plan["visits"]), 1_000 * model.first_share)

    def test_a_visit_begins_with_the_sign_in_and_ends_with_the_sign_out(self):
        for visit in run.plan(Model())["visits"]:
            actions = visit["actions"]
            first = [action for action in actions if action not in ("home", "files")]
            self.assertEqual(first[0], "sign_in")
            self.assertIn("my_data", actions)
            if "sign_out" in actions:
                self.assertEqual(actions[-1], "sign_out")

    def test_a_number_that_is_too_far_off_is_noticed(self):
        model = Model()
        names = {"requests": "requests to the site", "bytes_out": "bytes to browsers", "log_bytes": "bytes of logs",
                 "cpu_seconds": "processor seconds of both servers", "pool_calls": "calls of the token endpoint"}
        predicted = {what: value for what, value, _ in run.predictions(model, model.measured)}
        for name, what in names.items():
            for factor, is_far in ((0.75, True), (0.85, False), (1.15, False), (1.25, True)):
                result = json.loads(json.dumps(model.measured))
                result["run"] |= {other: predicted[label] for other, label in names.items()}
                result["run"][name] = predicted[what] * factor
                with redirect_stdout(StringIO()) as printed:
                    self.assertEqual(run.compare(model, result), not is_far, f"{name} × {factor}")
                missed = [line for line in printed.getvalue().splitlines() if line.startswith("MISSED")]
                self.assertEqual([what in line for line in missed], [True] if is_far else [], missed)

    def test_what_was_measured_fits_the_model(self):
        model = Model()
        rows = run.predictions(model, model.measured)
        self.assertGreaterEqual(len(rows), 10)
        for what, predicted, found in rows:
            self.assertLessEqual(abs(found / predicted - 1), run.TOLERANCE, what)


class ThePage(unittest.TestCase):
    def test_its_tables_and_plots_are_those_of_the_model(self):
        model = Model()
        self.assertEqual(command.PAGE.read_text(), command.page(model), "run python3 docs/scaling/model.py --write")
        for name, drawing in plot.drawings(model).items():
            self.assertEqual((HERE / name).read_text(), drawing, f"{name}: run python3 docs/scaling/model.py --write")
            ElementTree.fromstring(drawing)

    def test_it_has_every_table_once(self):
        self.assertEqual(sorted(re.findall(r"<!-- table: (\w+) -->", command.PAGE.read_text())), sorted(tables.ALL))

    def test_it_names_the_size_of_a_session(self):
        self.assertIn(f"A session has {Model().units['sizes']['session'] / 1_000:.1f} KB", command.PAGE.read_text())

    def test_it_counts_the_units_of_a_sign_in(self):
        writes = [units["write"] for units in Model().units["actions"]["sign_in"]["units"].values()]
        self.assertIn(f"{sum(writes):g} units", command.PAGE.read_text())

    def test_inputs_are_on_it_as_they_are(self):
        # Rounded ones could not be checked against AWS's price list, nor the arithmetic with them.
        self.assertIn("| `usd_vcpu_hour` | 0.03238 |", tables.known(None))
        self.assertIn("| `nat_connections` | 55,000 |", tables.known(None))

    def test_a_difference_of_nothing_has_no_sign(self):
        self.assertEqual([tables.difference(part) for part in (-0.003, 0, 0.004, -0.05, 0.15)], ["0%", "0%", "0%", "−5%", "+15%"])

    def test_every_guess_and_every_unknown_is_marked(self):
        names = [one.name for one in inputs.ALL]
        self.assertEqual(len(names), len(set(names)))
        for one in inputs.ALL:
            self.assertTrue(one.what and one.source, one.name)
            self.assertTrue(one.guess or one.value is not None, f"{one.name} is unknown, so it is a guess")


class TheTemplates(unittest.TestCase):
    """Inputs that are defaults of our templates."""

    def default(self, template, parameter):
        text = (ROOT / "infra" / template).read_text()
        found = re.search(rf'^  {parameter}:\n(?:    .*\n)*?    Default: "?(\d+)"?$', text, re.MULTILINE)
        self.assertIsNotNone(found, f"{template} has no {parameter}")
        return int(found[1])

    def test_the_ceilings_are_those_of_data_yaml(self):
        model = Model()
        for name in ("records", "sessions"):
            for way in ("Read", "Write"):
                ours = getattr(model, f"{name}_{way.lower()}s")
                self.assertEqual(ours, self.default("data.yaml", f"{name}Max{way}RequestUnits"))

    def test_the_servers_are_those_of_app_yaml(self):
        model = Model()
        self.assertEqual(model.min_tasks, self.default("app.yaml", "minTasks"))
        self.assertEqual(model.max_tasks, self.default("app.yaml", "maxTasks"))
        self.assertEqual(model.task_vcpu, self.default("app.yaml", "taskCpu") / 1_024)
        self.assertEqual(model.task_gb, self.default("app.yaml", "taskMemory") / 1_024)
        self.assertEqual(model.address_requests, self.default("app.yaml", "requestsPerAddress"))
        self.assertEqual(model.log_months, round(self.default("app.yaml", "logRetentionDays") / 30.4))

    def test_servers_are_added_as_app_yaml_says(self):
        text, model = (ROOT / "infra" / "app.yaml").read_text(), Model()
        self.assertIn(f"TargetValue: {model.cpu_target * 100:.0f}\n", text)
        self.assertIn(f"TargetValue: {model.requests_target * 60:.0f}\n", text)
        self.assertIn(f"HealthCheckIntervalSeconds: {model.health_seconds:g}\n", text)

    def test_a_service_that_nobody_uses_costs_what_cost_md_says(self):
        model, page = Model(), (ROOT / "docs" / "cost.md").read_text()
        # cost.md counts neither requests to KMS nor the search for unfinished deletions.
        searches = 2 * model.month_hours * 3_600 / 60 / 1e6 * model.usd_read_million
        more = searches + model.kms_requests / 10_000 * model.usd_kms_10_thousand
        total = sum(model.month(0, False).values()) - more
        self.assertIn(f"| **total** | | **{total:.2f}** |", page)


if __name__ == "__main__":
    unittest.main()
