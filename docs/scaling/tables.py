"""The tables of docs/scaling.md, as Markdown."""

import inputs
import run
from model import MILLION, REQUESTS, SIZES, TABLES, Model


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" if i == 0 else "---:" for i in range(len(head))) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def text_table(head, rows):
    return table(head, rows).replace("---:", "---")


def number(value):
    """Three digits that mean something."""
    if value == 0:
        return "0"
    if abs(value) < 1:
        return f"{value:.2g}"
    if abs(value) < 10:
        return f"{value:.1f}".removesuffix(".0")
    if abs(value) < 1_000:
        return f"{value:.0f}"
    digits = len(str(int(abs(value)))) - 3
    return f"{round(value, -digits):,.0f}"


def usd(value):
    return f"${value:.2f}" if abs(value) < 1 else f"${number(value)}"


def exact(value):
    return f"{value:,.3f}".rstrip("0").rstrip(".") if value != int(value) else f"{value:,.0f}"


def given(value):
    """An input as it is, so that the arithmetic can be checked."""
    return f"{value:,}"


def difference(part):
    text = f"{part:+.0%}".replace("-", "−")
    return text[1:] if text[1:] == "0%" else text


def count(value, what):
    return f"{exact(value)} {what}" if value == 1 else f"{exact(value)} {what}s"


def size(citizens):
    return f"{citizens // MILLION} million" if citizens >= MILLION else f"{citizens:,}"


def limits(model):
    rows = [
        (row.name + (" – guess" if row.guess else ""), number(row.sign_ins), row.action)
        for row in model.limits()
        if row.sign_ins < 2_000
    ]
    return text_table(["limit", "reached at, sign-ins a second", "what to do"], rows)


def peaks(model):
    rows = []
    for citizens in SIZES:
        for peak in model.peaks():
            rate = model.rate(citizens, peak)
            first = model.first_limit(rate)
            visits = citizens * peak.share
            hours = max(peak.seconds, visits / model.federation_quota) / 3_600
            units = model.visit_units()
            rows.append((
                size(citizens), peak.name, number(rate), number(rate * model.visit_requests()),
                number(rate * units["records"][1]), number(rate * units["sessions"][1]), model.tasks(rate),
                "none" if first is None else first.name.split(" (")[0], f"{number(hours)} h",
            ))
    head = ["citizens", "peak", "sign-ins a second", "requests a second", "writes to records", "writes to sessions", "servers",
            "first limit", "all are in after"]
    return table(head, rows)


def months(model):
    lines = list(model.month(SIZES[0], False))
    columns = [(citizens, is_tax) for citizens in SIZES for is_tax in (False, True)]
    costs = [model.month(*column) for column in columns]
    head = [""] + [f"{size(citizens)}, {'tax month' if is_tax else 'normal'}" for citizens, is_tax in columns]
    rows = [[line] + [usd(cost[line]) for cost in costs] for line in lines]
    rows.append(["**all**"] + [f"**{usd(sum(cost.values()))}**" for cost in costs])
    rows.append(["part of Cognito"] + [f"{cost['Cognito'] / sum(cost.values()):.0%}" for cost in costs])
    return table(head, rows)


LABELS = {
    "first_sign_in": "a citizen's first sign-in", "sign_in": "a sign-in", "my_data": "`/my-data`", "profile": "`/profile`",
    "my_data_after_minutes": "`/my-data`, more than 90 s after the page before", "save": "a save", "activity": "`/activity`, a full page",
    "export": "an export of 30 entries", "sign_out": "a sign-out", "deletion": "a deletion of 30 entries", "home": "the home page",
}


def units(model):
    rows = []
    for action, label in LABELS.items():
        measured = model.units["actions"][action]
        operations = ", ".join(f"{count} {name}" for name, count in measured["operations"].items())
        pairs = [measured["units"][name] for name in TABLES]
        reads, writes = (sum(pair[way] for pair in pairs) for way in ("read", "write"))
        rows.append((label, operations or "none", *(f"{exact(p['read'])} / {exact(p['write'])}" for p in pairs),
                     usd(model.dynamodb_usd(reads * MILLION, writes * MILLION))))
    return table(["action", "requests", "records", "sessions", "index", "a million"], rows)


def million(model):
    """The arithmetic of a million sign-ins and of a million saves."""
    blocks = []
    for action, title in (("sign_in", "sign-ins"), ("save", "saves")):
        units = model.action_units(action)
        reads, writes = (sum(pair[way] for pair in units.values()) for way in (0, 1))
        parts = " + ".join(exact(units[name][1]) for name in TABLES)
        lines = [
            (f"DynamoDB writes: {parts} = {count(writes, 'unit')}", f"{exact(writes)} M × ${model.usd_write_million}",
             writes * model.usd_write_million),
            (f"DynamoDB reads: {count(reads, 'unit')}", f"{exact(reads)} M × ${model.usd_read_million}", reads * model.usd_read_million),
        ]
        cost = model.measured["actions"][action]
        checked = REQUESTS[action] + (model.pool_requests if action == "sign_in" else 0)
        cpu_hours = cost["cpu_ms"] / 1_000 * model.vcpu_slowdown * MILLION / 3_600 / model.cpu_target
        per_vcpu_hour = model.usd_vcpu_hour + model.usd_task_gb_hour * model.task_gb / model.task_vcpu
        log_gb = cost["log_bytes"] * MILLION / 1e9
        lines += [
            (f"firewall: {count(checked, 'request')}", f"{exact(checked)} M × ${model.usd_checked_million}",
             checked * model.usd_checked_million),
            (f"servers: {exact(cost['cpu_ms'])} ms × {exact(model.vcpu_slowdown)}, half busy",
             f"{number(cpu_hours)} vCPU hours × ${per_vcpu_hour:.4f}", cpu_hours * per_vcpu_hour),
            (f"logs: {number(cost['log_bytes'])} bytes", f"{number(log_gb)} GB × ${model.usd_log_gb}", log_gb * model.usd_log_gb),
            (f"traffic: {number(cost['bytes_out'])} bytes", f"{number(cost['bytes_out'] / 1e3)} GB × ${model.usd_egress_gb}",
             cost["bytes_out"] / 1e3 * model.usd_egress_gb),
        ]
        if action == "sign_in":
            nat_gb = model.nat_bytes / 1e3
            lines.append((f"NAT: {number(model.nat_bytes)} bytes", f"{number(nat_gb)} GB × ${model.usd_nat_gb}", nat_gb * model.usd_nat_gb))
        lines = [line for line in lines if line[2]]
        total = sum(line[2] for line in lines)
        rows = [(what, how, usd(cost)) for what, how, cost in lines] + [("**all**", "", f"**{usd(total)}**")]
        blocks.append(f"**A million {title}**, without the pages around them:\n\n" + table(["what", "arithmetic", "cost"], rows))
    citizens = exact(round(MILLION / model.visits_each))
    blocks.append(
        f"A million sign-ins are {citizens} citizens who sign in {exact(model.visits_each)} times in the month. "
        f"Cognito takes {citizens} × ${model.usd_active} = {usd(MILLION / model.visits_each * model.usd_active)} for them."
    )
    return "\n\n".join(blocks)


def task(model):
    rows = []
    for action, cost in model.measured["actions"].items():
        label = "the files of a first visit" if action == "files" else LABELS[action]
        rows.append((label, exact(cost["cpu_ms"]), number(1_000 / cost["cpu_ms"]), number(cost["bytes_out"]), number(cost["log_bytes"])))
    cpu, size, logs = (model.visit_measured(name) for name in ("cpu_ms", "bytes_out", "log_bytes"))
    rows.append(("**a visit**", f"**{number(cpu)}**", f"**{number(1_000 / cpu)}**", f"**{number(size)}**", f"**{number(logs)}**"))
    memory = " and ".join(f"{megabytes:.0f}" for megabytes in model.measured["memory_mb"])
    where = f"The {model.measured['build']} build, on a machine with {model.measured['cpus']} cores. Afterwards the servers had {memory} MB of memory."
    return where + "\n\n" + table(["action", "processor time, ms", "of these a second on one core", "bytes to the browser", "bytes of logs"], rows)


def measured(model):
    rows = [(what, *(f"{value:,.{0 if value >= 100 else 2}f}" for value in (predicted, found)), difference(found / predicted - 1))
            for what, predicted, found in run.predictions(model, model.measured)]
    return table(["in the peak hour of 10,000 citizens", "model", "measured", "difference"], rows)


def guesses(_):
    rows = [(f"`{one.name}`", "unknown" if one.value is None else given(one.value), one.what, one.source) for one in inputs.ALL if one.guess]
    return text_table(["input", "value", "meaning", "basis"], rows)


def known(_):
    rows = [(f"`{one.name}`", given(one.value), one.what, one.source) for one in inputs.ALL if not one.guess]
    return text_table(["input", "value", "meaning", "source"], rows)


ALL = {"limits": limits, "peaks": peaks, "months": months, "units": units, "million": million, "task": task, "measured": measured,
       "guesses": guesses, "known": known}


def of_page(model=None):
    model = model or Model()
    return {name: make(model) for name, make in ALL.items()}
