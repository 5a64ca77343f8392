"""Every number that the model starts from, in one table: its value, what it means, and where it comes from.

A guess is a number that nobody has measured for your service, or that AWS does not publish. Replace it by your own:

    python3 docs/scaling/model.py --set active_share=0.3 --set federation_quota=150
"""

from dataclasses import dataclass

PRICES = "AWS price list of eu-west-1, September 2026, in US dollars"
QUOTAS = "Service Quotas"
DYNAMODB = "Developer Guide of DynamoDB"
CHOICE = "how we think citizens use such a service"


@dataclass(frozen=True)
class Input:
    name: str
    value: float | None
    """None: unknown. What depends on it is left out."""
    what: str
    source: str
    guess: bool = False


def guess(name, value, what, source=CHOICE):
    return Input(name, value, what, source, guess=True)


CITIZENS = [
    guess("active_share", 0.2, "part of all citizens who sign in during a normal month"),
    guess("active_share_tax_month", 0.6, "the same, in the month of the tax day"),
    guess("visits_each", 1.5, "visits of each of them in that month; a visit is one sign-in and what follows"),
    guess("stored_share", 0.7, "part of all citizens who have a message"),
    guess("first_share", 0.2, "part of the visits that are a citizen's first"),
    guess("busy_hour_share", 0.012, "part of a normal month's visits that fall into its busiest hour"),
    guess("busy_hours", 90, "hours of a normal month that are as busy as that"),
    guess("tax_hours", 12, "hours of the tax month that are as busy as its peak"),
    guess("burst", 1.3, "the busiest minute of an hour, compared with its average minute"),
]

# How often each action happens in one visit. sign_in, home and my_data once at least.
VISIT = [
    Input("home", 1, "home page before the sign-in", "README, how a sign-in works"),
    guess("files", 0.4, "browsers that do not have the style, script and icon yet"),
    Input("sign_in", 1, "sign-in, from /login to the callback", "by definition"),
    guess("my_data", 1.8, "views of /my-data: after the sign-in, after each save, and others"),
    guess("save", 0.5, "saves of the message"),
    guess("profile", 0.3, "views of /profile"),
    guess("activity", 0.1, "views of /activity"),
    guess("export", 0.02, "exports"),
    guess("sign_out", 0.4, "sign-outs; other sessions end by themselves"),
    guess("deletion", 0.001, "deletions of everything"),
    guess("later", 0.5, "pages that come more than 90 seconds after the one before: the session's end is written again"),
]

TRAFFIC = [
    guess("connections", 3, "connections that a visit opens to the balancer"),
    guess("connection_seconds", 120, "how long each stays open"),
    guess("tls_bytes", 6_000, "bytes of TLS handshakes for each connection", "certificate chain of Amazon, rounded"),
    guess("nat_bytes", 14_000, "bytes between server and user pool for a sign-in, with TLS, in both directions",
          "tokens of Cognito are 2 to 6 KB"),
    guess("pool_requests", 5, "requests of browser and server to the user pool for a sign-in", "README, how a sign-in works"),
    guess("vcpu_slowdown", 2, "processor time of a vCPU of Fargate, compared with that of the machine that measured",
          "no measurement on Fargate"),
    guess("kms_requests", 60_000, "requests to KMS in a month, at any size: DynamoDB keeps keys for five minutes", DYNAMODB),
]

# Requests a second, unless they say otherwise.
LIMITS = [
    Input("federation_quota", 25, "Cognito: sign-ins with a provider (UserFederation, L-BB3E7CCF)", QUOTAS),
    Input("authentication_quota", 120, "Cognito: sign-ins (UserAuthentication, L-026ADBA3)", QUOTAS),
    guess("federation_authenticates", 1, "UserAuthentication that a sign-in with a provider uses up: 1 or 0",
          "AWS does not say; an answer on re:Post says 1 for the code of a hosted sign-in"),
    Input("token_quota", 120, "Cognito: calls of the token endpoint", QUOTAS + "; answer of AWS on re:Post"),
    Input("creation_quota", 50, "Cognito: new users (UserCreation)", QUOTAS),
    guess("federation_creates", 1, "UserCreation that a citizen's first sign-in uses up: 1 or 0", "AWS does not say"),
    Input("pool_address_quota", None, "Cognito: calls of the token endpoint from one address, such as a NAT gateway's",
          "AWS publishes none; there may be one", guess=True),
    Input("partition_writes", 1_000, "DynamoDB: write units of one partition, so of one citizen", DYNAMODB),
    Input("fresh_writes", 4_000, "DynamoDB: write units that a new table takes at once", DYNAMODB),
    Input("fresh_reads", 12_000, "DynamoDB: read units that a new table takes at once", DYNAMODB),
    Input("table_units", 40_000, "DynamoDB: read or write units of a table", QUOTAS),
    Input("records_reads", 2_000, "ceiling: recordsMaxReadRequestUnits", "infra/data.yaml"),
    Input("records_writes", 1_000, "ceiling: recordsMaxWriteRequestUnits", "infra/data.yaml"),
    Input("sessions_reads", 4_000, "ceiling: sessionsMaxReadRequestUnits", "infra/data.yaml"),
    Input("sessions_writes", 1_000, "ceiling: sessionsMaxWriteRequestUnits", "infra/data.yaml"),
    guess("fargate_vcpu", 6, "Fargate: vCPU of an account (L-3032A538); AWS raises it by itself as an account is used",
          "usual for a new account; look up yours in Service Quotas"),
    Input("nat_connections", 55_000, "NAT gateway: simultaneous connections to one address and port",
          "Developer Guide of Amazon VPC"),
    Input("address_requests", 2_000, "firewall: requests of one address in five minutes (requestsPerAddress)", "infra/app.yaml"),
    Input("address_sign_ins", 20, "server: sign-ins of one address, after a burst of 200", "docs/LIMITS.md"),
]

DEPLOYMENT = [
    Input("min_tasks", 2, "smallest number of servers (minTasks)", "infra/app.yaml"),
    Input("max_tasks", 8, "largest number of servers (maxTasks)", "infra/app.yaml"),
    Input("task_vcpu", 0.5, "vCPU of a server (taskCpu / 1024)", "infra/app.yaml"),
    Input("task_gb", 1, "memory of a server, GB (taskMemory / 1024)", "infra/app.yaml"),
    Input("cpu_target", 0.5, "part of its processor time from which another server starts", "infra/app.yaml"),
    Input("requests_target", 100, "requests a second to one server from which another starts (6,000 a minute)", "infra/app.yaml"),
    Input("zones", 2, "zones, each with a NAT gateway and a part of the balancer", "infra/network.yaml"),
    Input("health_seconds", 10, "seconds between two health checks of a server from each zone", "infra/app.yaml"),
    Input("retention_months", 12, "months that an entry of the activity is kept", "activity.retention_days"),
    Input("log_months", 12, "months that logs are kept (logRetentionDays)", "infra/app.yaml"),
    Input("web_acls", 2, "firewalls: before the balancer and before the user pool", "infra"),
    Input("web_acl_rules", 5, "rules of both", "infra"),
    Input("alarms", 38, "metrics that alarms watch", "docs/cost.md"),
    Input("log_counts", 9, "metrics that are counted in the log", "docs/cost.md"),
    guess("insights", 40, "metrics of Container Insights", "docs/cost.md"),
    Input("secrets", 4, "secrets, with itsme as the only provider", "docs/cost.md"),
]

HOURS = Input("month_hours", 730, "hours of a month", "calendar")

# US dollars.
COSTS = [
    HOURS,
    Input("usd_active", 0.015, "Cognito: citizen who signs in with a provider during a month (Essentials)", "Cognito's price page"),
    Input("free_active", 50, "Cognito: such citizens without charge", "Cognito's price page"),
    Input("usd_write_million", 0.705, "DynamoDB: million write request units", PRICES),
    Input("usd_read_million", 0.1415, "DynamoDB: million read request units", PRICES),
    Input("usd_table_gb", 0.283, "DynamoDB: GB stored for a month", PRICES),
    Input("usd_backup_gb", 0.22, "DynamoDB: GB of point-in-time recovery", PRICES),
    Input("usd_vcpu_hour", 0.03238, "Fargate on ARM: vCPU for an hour", PRICES),
    Input("usd_task_gb_hour", 0.00356, "Fargate on ARM: GB of memory for an hour", PRICES),
    Input("usd_balancer_hour", 0.0252, "balancer: hour", PRICES),
    Input("usd_lcu_hour", 0.008, "balancer: capacity unit for an hour", PRICES),
    Input("lcu_connections", 25, "new connections a second of one capacity unit", "price page of the balancer"),
    Input("lcu_open", 3_000, "open connections of one capacity unit", "price page of the balancer"),
    Input("lcu_gb", 1, "GB an hour of one capacity unit", "price page of the balancer"),
    Input("usd_nat_hour", 0.048, "NAT gateway: hour", PRICES),
    Input("usd_nat_gb", 0.048, "NAT gateway: GB in either direction", PRICES),
    Input("usd_address_hour", 0.005, "public IPv4 address: hour", PRICES),
    Input("usd_web_acl", 5, "firewall: month", PRICES),
    Input("usd_rule", 1, "firewall: rule for a month", PRICES),
    Input("usd_checked_million", 0.60, "firewall: million requests", PRICES),
    Input("usd_log_gb", 0.57, "CloudWatch: GB of logs written", PRICES),
    Input("usd_log_kept_gb", 0.03, "CloudWatch: GB of logs kept for a month", PRICES),
    Input("usd_alarm", 0.10, "CloudWatch: metric of an alarm for a month", PRICES),
    Input("usd_metric", 0.30, "CloudWatch: metric of our own for a month", PRICES),
    Input("usd_egress_gb", 0.09, "GB to the internet", PRICES),
    Input("usd_secret", 0.40, "Secrets Manager: secret for a month", PRICES),
    Input("usd_key", 1, "KMS: key for a month", PRICES),
    Input("usd_kms_10_thousand", 0.03, "KMS: ten thousand requests", PRICES),
]

GROUPS = {
    "Citizens": CITIZENS,
    "A visit": VISIT,
    "Traffic": TRAFFIC,
    "Quotas and ceilings": LIMITS,
    "The deployment": DEPLOYMENT,
    "Prices": COSTS,
}
ALL = [one for group in GROUPS.values() for one in group]
