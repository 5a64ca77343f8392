#!/usr/bin/env python3
"""The model behind docs/scaling.md: what limits growth, and what it costs.

    python3 docs/scaling/model.py                       print the tables
    python3 docs/scaling/model.py --set visits_each=3   with other inputs (inputs.py lists them)
    python3 docs/scaling/model.py --write               write them into docs/scaling.md, and draw the plots
    python3 docs/scaling/model.py --plan                print the plan for `make scale`
    python3 docs/scaling/model.py --compare RESULT      compare a result of `make scale` with the model
    python3 docs/scaling/model.py --keep RESULT         make it the measurement that the model calculates with

It needs Python 3.10 and nothing else.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import inputs

HERE = Path(__file__).resolve().parent
TABLES = ("records", "sessions", "by_citizen")
# How many requests to the site an action is.
REQUESTS = {"home": 1, "files": 3, "sign_in": 2, "my_data": 1, "save": 1, "profile": 1, "activity": 1, "export": 1, "sign_out": 2,
            "deletion": 2}
# Entries of the activity that an action leaves.
ENTRIES = {"sign_in": 1, "save": 1, "export": 1, "sign_out": 1}
GB = 1e9
MILLION = 1_000_000
SIZES = (10_000, 1_000_000, 10_000_000)


def units_file():
    return json.loads((HERE / "units.json").read_text())


def measured_file():
    return json.loads((HERE / "measured.json").read_text())


@dataclass(frozen=True)
class Peak:
    """So many citizens sign in within this time."""

    name: str
    share: float
    seconds: float


@dataclass(frozen=True)
class Limit:
    name: str
    sign_ins: float
    """How many sign-ins a second reach it."""
    action: str
    guess: bool = False


class Model:
    def __init__(self, changes=None, units=None, measured=None):
        self.values = {one.name: one.value for one in inputs.ALL}
        for name, value in (changes or {}).items():
            if name not in self.values:
                raise KeyError(f"unknown input: {name}")
            self.values[name] = value
        self.units = units or units_file()
        self.measured = measured or measured_file()

    def __getattr__(self, name):
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None

    # --- One visit ---

    @property
    def visit(self):
        """How often each action happens in a visit."""
        return {one.name: self.values[one.name] for one in inputs.VISIT}

    def action_units(self, action):
        """The units of one action: {table: (read, write)}. `later` is what it adds to a page."""
        actions = self.units["actions"]

        def of(name):
            return {table: (actions[name]["units"][table]["read"], actions[name]["units"][table]["write"]) for table in TABLES}

        if action == "later":
            later, page = of("my_data_after_minutes"), of("my_data")
            return {table: tuple(a - b for a, b in zip(later[table], page[table])) for table in TABLES}
        if action == "files":
            return of("home")
        return of(action)

    def visit_units(self):
        """The units of a visit: {table: (read, write)}."""
        total = {table: [0.0, 0.0] for table in TABLES}
        for action, times in self.visit.items():
            for table, pair in self.action_units(action).items():
                for way in (0, 1):
                    total[table][way] += times * pair[way]
        return {table: tuple(pair) for table, pair in total.items()}

    def visit_sum(self, of_action):
        return sum(times * of_action.get(action, 0) for action, times in self.visit.items())

    def visit_requests(self):
        return self.visit_sum(REQUESTS)

    def visit_measured(self, name):
        """What a visit takes of something that `make scale` measured for each action."""
        return self.visit_sum({action: cost[name] for action, cost in self.measured["actions"].items()})

    def visit_cpu_seconds(self):
        """Of a vCPU of Fargate."""
        return self.visit_measured("cpu_ms") / 1_000 * self.vcpu_slowdown

    def visit_bytes(self):
        return self.visit_measured("bytes_out") + self.connections * self.tls_bytes

    # --- Rates ---

    def peaks(self):
        return [
            Peak("busiest hour of a normal month", self.active_share * self.visits_each * self.busy_hour_share, 3_600),
            Peak("tax day: 10 % in one hour", 0.10, 3_600),
            Peak("last evening: 25 % in four hours", 0.25, 14_400),
            Peak("a letter to all: 2 % in ten minutes", 0.02, 600),
        ]

    def rate(self, citizens, peak):
        """Sign-ins a second in the busiest minute."""
        return citizens * peak.share / peak.seconds * self.burst

    def tasks(self, rate):
        """How many servers autoscaling starts for this many sign-ins a second, if nothing limits it."""
        by_cpu = rate * self.visit_cpu_seconds() / (self.task_vcpu * self.cpu_target)
        by_requests = rate * self.visit_requests() / self.requests_target
        return max(self.min_tasks, math.ceil(max(by_cpu, by_requests)))

    def limits(self):
        """Every limit, the first to be reached first."""
        units = self.visit_units()
        request = "request more in Service Quotas"
        rows = [
            Limit("Cognito: sign-ins with a provider (`UserFederation`)", self.federation_quota, request),
            Limit("Cognito: calls of the token endpoint", self.token_quota, request),
        ]
        if self.federation_authenticates:
            authentications = self.authentication_quota / self.federation_authenticates
            rows.append(Limit("Cognito: sign-ins (`UserAuthentication`)", authentications, request, True))
        if self.federation_creates:
            creations = self.creation_quota / (self.federation_creates * self.first_share)
            rows.append(Limit("Cognito: new users (`UserCreation`)", creations, request, True))
        if self.pool_address_quota is not None:
            rows.append(Limit("Cognito: calls from all NAT gateways", self.pool_address_quota * self.zones, "add addresses", True))
        # The index takes less than its table, and has the same ceilings.
        for table in ("records", "sessions"):
            for way, name in enumerate(("read", "write")):
                ceiling, fresh = self.values[f"{table}_{name}s"], (self.fresh_reads, self.fresh_writes)[way]
                if units[table][way] > 0:
                    rows += [
                        Limit(f"DynamoDB: {name} ceiling of {table}", ceiling / units[table][way],
                              f"raise `{table}Max{name.capitalize()}RequestUnits`"),
                        Limit(f"DynamoDB: {name}s of {table}, when the table is new", fresh / units[table][way], "warm it up"),
                        Limit(f"DynamoDB: {name} quota of {table}", self.table_units / units[table][way], request),
                    ]
        busy = self.task_vcpu / self.visit_cpu_seconds()
        at_target = min(self.cpu_target * busy, self.requests_target / self.visit_requests())
        return sorted(rows + [
            Limit(f"{self.max_tasks:g} servers, as busy as they should be", self.max_tasks * at_target, "raise `maxTasks`", True),
            Limit(f"{self.max_tasks:g} servers, fully busy", self.max_tasks * busy, "raise `maxTasks` or `taskCpu`", True),
            Limit("Fargate: servers of the whole account", self.fargate_vcpu / self.task_vcpu * at_target, request, True),
        ], key=lambda row: row.sign_ins)

    def first_limit(self, rate):
        """The first limit that this many sign-ins a second reach; None if they reach none."""
        return next((row for row in self.limits() if row.sign_ins < rate), None)

    # --- Money ---

    def dynamodb_usd(self, reads, writes):
        return reads / MILLION * self.usd_read_million + writes / MILLION * self.usd_write_million

    def visit_usd(self):
        units = self.visit_units()
        return self.dynamodb_usd(sum(read for read, _ in units.values()), sum(write for _, write in units.values()))

    def stored_gb(self, citizens, visits):
        """GB of both tables, with the 100 bytes that DynamoDB adds to each item."""
        sizes = {name: size + 100 for name, size in self.units["sizes"].items()}
        messages = citizens * self.stored_share * sizes["message"]
        entries = visits * self.retention_months * self.visit_sum(ENTRIES) * sizes["entry"]
        # DynamoDB deletes expired items within two days.
        sessions = visits / 30 * 2 * (sizes["session"] + sizes["row"] + sizes["state"])
        return (messages + entries + sessions) / GB

    def month(self, citizens, is_tax_month):
        """What a month costs: {line: US dollars}."""
        share = self.active_share_tax_month if is_tax_month else self.active_share
        active = citizens * share
        visits = active * self.visits_each
        normal, tax = self.peaks()[:2]
        peak, peak_hours = (tax, self.tax_hours) if is_tax_month else (normal, self.busy_hours)
        tasks = self.tasks(visits / (self.month_hours * 3_600))
        task_hours = tasks * self.month_hours + (self.tasks(self.rate(citizens, peak)) - tasks) * peak_hours
        upkeep_reads = task_hours * 3_600 * (self.zones / self.health_seconds + 1 / 60)
        stored = self.stored_gb(citizens, visits)
        traffic_gb = visits * self.visit_bytes() / GB
        log_gb = visits * self.visit_measured("log_bytes") / GB
        nat_gb = visits * self.nat_bytes / GB + log_gb
        lcu_hours = max(
            visits * self.connections / self.lcu_connections / 3_600,
            visits * self.connections * self.connection_seconds / self.lcu_open / 3_600,
            traffic_gb / self.lcu_gb,
        )
        checked = visits * (self.visit_requests() + self.pool_requests)
        return {
            "Cognito": max(0.0, active - self.free_active) * self.usd_active,
            "DynamoDB, requests": visits * self.visit_usd() + self.dynamodb_usd(upkeep_reads, 0),
            "DynamoDB, storage and backup": stored * (self.usd_table_gb + self.usd_backup_gb),
            "Servers": task_hours * (self.task_vcpu * self.usd_vcpu_hour + self.task_gb * self.usd_task_gb_hour),
            "Balancer": self.month_hours * self.usd_balancer_hour + lcu_hours * self.usd_lcu_hour,
            "NAT and addresses": self.month_hours * self.zones * (self.usd_nat_hour + 2 * self.usd_address_hour)
            + nat_gb * self.usd_nat_gb,
            "Firewall": self.web_acls * self.usd_web_acl + self.web_acl_rules * self.usd_rule
            + checked / MILLION * self.usd_checked_million,
            "Logs and alarms": log_gb * (self.usd_log_gb + self.log_months * self.usd_log_kept_gb)
            + self.alarms * self.usd_alarm + (self.log_counts + self.insights) * self.usd_metric,
            "Traffic to browsers": traffic_gb * self.usd_egress_gb,
            "Keys and secrets": self.usd_key + self.kms_requests / 10_000 * self.usd_kms_10_thousand + self.secrets * self.usd_secret,
        }


if __name__ == "__main__":
    import command

    raise SystemExit(command.main())
