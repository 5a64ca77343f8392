"""What the templates cost in a month, at rest. `python cost.py --write` puts the tables into docs.

The counts come from the templates. Prices are those of eu-west-1 in dollars, without tax, from AWS's price list of September 2026."""

import json
import re
import sys

from templates import INFRA, loaded

# The templates of a deployment without the Lambda function and without case workers.
DEPLOYED = ["data", "user-pool", "network", "app", "watch"]
HOURS = 730
# Per hour
VCPU, GIGABYTE, BALANCER, NAT, ADDRESS = 0.03238, 0.00356, 0.0252, 0.048, 0.005
# Per month
KEY, SECRET, FIREWALL, FIREWALL_RULE, ALARM, METRIC = 1.0, 0.40, 5.0, 1.0, 0.10, 0.30
# What Container Insights reports for one cluster with one service, roughly.
INSIGHTS = 40
# Per unit of reading
READ = 0.1415e-6


def resources(kind, names=DEPLOYED):
    """The properties of all resources of a kind, but for those under a condition that does not hold with itsme alone."""
    for name in names:
        if (INFRA / f"{name}.yaml").exists():
            for resource in loaded(name)["Resources"].values():
                if resource["Type"] == kind and resource.get("Condition", "HasItsme") == "HasItsme":
                    yield resource.get("Properties", {})


def count(kind):
    return len(list(resources(kind)))


def default(template, parameter):
    return loaded(template)["Parameters"][parameter]["Default"]


def alarm_metrics():
    """AWS charges for each metric that an alarm watches."""
    return sum(max(1, sum("MetricStat" in one for one in values.get("Metrics", []))) for values in resources("AWS::CloudWatch::Alarm"))


def rows(nat=None):
    """Each component: its name, the arithmetic and dollars a month."""
    tasks, cpu, memory = default("app", "minTasks"), int(default("app", "taskCpu")) / 1024, int(default("app", "taskMemory")) / 1024
    nat = default("network", "natGateways") if nat is None else nat
    zones = 2
    acls = list(resources("AWS::WAFv2::WebACL"))
    rules = sum(len(one["Rules"]) for one in acls)
    # One is the provider's, which people bring.
    secrets = count("AWS::SecretsManager::Secret") + 1
    alarms, filters = alarm_metrics(), count("AWS::Logs::MetricFilter")
    checks = tasks * zones * HOURS * 3600 / 10
    yield "servers", f"{tasks} × ({cpu:g} vCPU × {VCPU} + {memory:g} GB × {GIGABYTE}) × {HOURS} h", tasks * (cpu * VCPU + memory * GIGABYTE) * HOURS
    yield "load balancer", f"{BALANCER} × {HOURS} h", BALANCER * HOURS
    yield "NAT gateways", f"{nat} × {NAT} × {HOURS} h", nat * NAT * HOURS
    yield "public addresses", f"({zones} of the balancer + {nat} of NAT) × {ADDRESS} × {HOURS} h", (zones + nat) * ADDRESS * HOURS
    yield "firewalls", f"{len(acls)} × {FIREWALL:g} + {rules} rules × {FIREWALL_RULE:g}", len(acls) * FIREWALL + rules * FIREWALL_RULE
    yield "alarms", f"{alarms} metrics × {ALARM:.2f}", alarms * ALARM
    yield "counts in the log", f"{filters} metrics × {METRIC:.2f}", filters * METRIC
    yield "Container Insights", f"about {INSIGHTS} metrics × {METRIC:.2f}", INSIGHTS * METRIC
    yield "dashboard", f"{count('AWS::CloudWatch::Dashboard')}; an account has three for nothing", 0.0
    yield "secrets", f"{secrets} × {SECRET:.2f}", secrets * SECRET
    yield "key", f"{count('AWS::KMS::Key')} × {KEY:g}", count("AWS::KMS::Key") * KEY
    yield "health checks", f"{checks / 1e6:.1f} million × 2 tables × ½ read unit × {READ * 1e6:.4f} per million", checks * READ
    yield "DynamoDB, Cognito, log", "nothing without use; see below", 0.0


def amount(dollars):
    return f"{dollars:,.2f}"


def at_rest():
    found = list(rows())
    lines = ["| component | arithmetic | dollars a month |", "|---|---|---:|"]
    lines += [f"| {name} | {arithmetic} | {amount(dollars)} |" for name, arithmetic, dollars in found]
    one = sum(dollars for _, _, dollars in rows(nat=1))
    lines.append(f"| **total** | | **{amount(sum(dollars for _, _, dollars in found))}** |")
    lines.append(f"| with one NAT gateway | `natGateways=1`: sign-ins stop while its zone is down | {amount(one)} |")
    return "\n".join(lines)


def summary():
    """The largest components, and the rest in one row."""
    found = sorted(((dollars, name) for name, _, dollars in rows()), reverse=True)
    lines = ["| component | dollars a month |", "|---|---:|"]
    lines += [f"| {name} | {amount(dollars)} |" for dollars, name in found if dollars >= 10]
    lines.append(f"| everything else | {amount(sum(dollars for dollars, _ in found if dollars < 10))} |")
    lines.append(f"| **together** | **{amount(sum(dollars for dollars, _ in found))}** |")
    lines.append(f"| with one NAT gateway | {amount(sum(dollars for _, _, dollars in rows(nat=1)))} |")
    return "\n".join(lines)


TABLES = {"at rest": at_rest, "summary": summary}
PAGES = [INFRA.parent / "docs/cost.md", INFRA.parent / "docs/deploy.md"]


def filled(page):
    """The page with the tables between their marks, such as `<!-- cost at rest -->`, as they should be."""
    for name, table in TABLES.items():
        mark = f"<!-- cost {name} -->"
        page = re.sub(rf"{mark}\n(.*?\n)??<!-- end -->", lambda _: f"{mark}\n{table()}\n<!-- end -->", page, flags=re.S)
    return page


if __name__ == "__main__":
    if "--write" in sys.argv:
        for path in PAGES:
            path.write_text(filled(path.read_text()))
    else:
        print(json.dumps({name: dollars for name, _, dollars in rows()}, indent=2))
