"""The measured run: its plan, and its comparison with the model.

The run is the peak hour of the smallest service: 10 % of 10,000 citizens sign in. It does the work of that hour in `SECONDS`, because
its totals do not depend on the pace.
"""

import json

from model import HERE, REQUESTS, SIZES, TABLES, Model

CITIZENS = SIZES[0]
SECONDS = 120
# How often each action is repeated by itself: enough for a processor time that is counted in hundredths of a second, and few enough for
# the limits of one address.
REPEATED = {"home": 1_000, "files": 400, "sign_in": 240, "my_data": 600, "save": 400, "profile": 600, "activity": 240, "export": 48,
            "sign_out": 240}
TOLERANCE = 0.2


def visits_of(model):
    return round(CITIZENS * model.peaks()[1].share)


def counts(model, visits):
    """How often each action happens in so many visits. `later` takes minutes, and a deletion ends a citizen's visits."""
    return {action: int(visits * times + 1e-9) for action, times in model.visit.items() if action in REPEATED}


def plan(model):
    visits = visits_of(model)
    citizens = max(1, round(visits * model.first_share))
    planned = []
    for number in range(visits):
        actions = []
        for action, times in model.visit.items():
            if action in REPEATED:
                # A fraction of the visits, evenly spread.
                actions += [action] * (int((number + 1) * times + 1e-9) - int(number * times + 1e-9))
        planned.append({"at": round(number * SECONDS / visits, 3), "citizen": number % citizens + 1, "actions": in_order(actions)})
    repeated = [{"action": action, "times": times} for action, times in REPEATED.items()]
    return {"seconds": SECONDS, "actions": repeated, "visits": planned}


def in_order(actions):
    """Home page, files and sign-in come first, and the sign-out last. The first view of /my-data shows the version for a save."""
    order = ["home", "files", "sign_in", "my_data", "profile", "activity", "export", "save", "sign_out"]
    rank = {action: number for number, action in enumerate(order)}
    ordered = sorted(actions, key=rank.__getitem__)
    views, saves = ordered.count("my_data"), ordered.count("save")
    # A view after each save, as far as there are views left.
    moved = min(max(views - 1, 0), saves)
    rest = [action for action in ordered if action not in ("my_data", "save", "sign_out")]
    pairs = ["save", "my_data"] * moved + ["save"] * (saves - moved)
    return rest + ["my_data"] * (views - moved) + pairs + ["sign_out"] * ordered.count("sign_out")


def predictions(model, result):
    """[(what, predicted, measured)] of a run. Processor time is that of the machine, so its cost for each action is the run's own."""
    visits, run = visits_of(model), result["run"]
    done = counts(model, visits)

    def total(of_action):
        return sum(times * of_action(action) for action, times in done.items())

    def units(table, way):
        return total(lambda action: model.action_units(action)[table][way])

    def cost(name, actions):
        return total(lambda action: actions[action][name])

    rows = [
        ("sign-ins", visits, run["milliseconds"]["sign_in"]["count"]),
        ("requests to the site", total(REQUESTS.__getitem__), run["requests"]),
        ("calls of the token endpoint", total(lambda action: action == "sign_in"), run["pool_calls"]),
    ]
    for table in TABLES:
        for way, name in enumerate(("read", "write")):
            if units(table, way) >= visits / 10:
                found = run["units"].get(names(table), [0, 0])[way]
                rows.append((f"{name} units of {table}", units(table, way), found))
    return rows + [
        ("bytes to browsers", cost("bytes_out", model.measured["actions"]), run["bytes_out"]),
        ("bytes of logs", cost("log_bytes", model.measured["actions"]), run["log_bytes"]),
        ("processor seconds of both servers", cost("cpu_ms", result["actions"]) / 1_000, run["cpu_seconds"]),
    ]


def names(table):
    return table if table == "by_citizen" else f"mydata-{table}"


def compare(model, result):
    """Prints the comparison. Returns whether every number is within the tolerance."""
    fits = True
    for what, predicted, found in predictions(model, result):
        off = found / predicted - 1 if predicted else float("inf")
        is_near = abs(off) <= TOLERANCE
        fits = fits and is_near
        print(f"{'ok    ' if is_near else 'MISSED'}  {what}: {found:,.0f} measured, {predicted:,.0f} predicted ({off:+.0%})")
    return fits


def keep(result):
    """Makes a result the measurement that the model calculates with."""
    (HERE / "measured.json").write_text(json.dumps(result, indent=2) + "\n")
    return Model()
