"""The plots of docs/scaling.md, as SVG without any library. Each has a background of its own, so it can be read on any page."""

import math
from xml.sax.saxutils import escape

from model import SIZES

WIDTH, HEIGHT = 860, 480
LEFT, RIGHT, TOP, BOTTOM = 78, 250, 56, 56
STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 12px; fill: #59636e }
  .grid { stroke: #d8dee4; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  .limit { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 6 4 }
  .c0 { stroke: #0969da } .c1 { stroke: #bc4c00 } .c2 { stroke: #1a7f37 } .c3 { stroke: #8250df }
  .t0 { fill: #0969da } .t1 { fill: #bc4c00 } .t2 { fill: #1a7f37 } .t3 { fill: #8250df }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .grid { stroke: #2a313c }
    .limit { stroke: #9198a1 }
    .c0 { stroke: #4493f8 } .c1 { stroke: #f0883e } .c2 { stroke: #3fb950 } .c3 { stroke: #ab7df8 }
    .t0 { fill: #4493f8 } .t1 { fill: #f0883e } .t2 { fill: #3fb950 } .t3 { fill: #ab7df8 }
  }
"""


class Chart:
    """A chart with two logarithmic axes."""

    def __init__(self, title, x_range, y_range, x_label, y_label):
        self.x_range, self.y_range = [[math.log10(value) for value in pair] for pair in (x_range, y_range)]
        self.title, self.parts, self.labels = title, [], []
        self.add(f'<text class="title" x="{LEFT}" y="30">{escape(title)}</text>')
        for power in range(round(self.x_range[0]), round(self.x_range[1]) + 1):
            x = self.x(10**power)
            self.add(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
            self.add(f'<text class="small" x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{big(10**power)}</text>')
        for power in range(math.ceil(self.y_range[0]), math.floor(self.y_range[1]) + 1):
            y = self.y(10**power)
            self.add(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
            self.add(f'<text class="small" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{y_label.format(big(10.0**power))}</text>')
        middle = (LEFT + WIDTH - RIGHT) / 2
        self.add(f'<text class="small" x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{escape(x_label)}</text>')

    def add(self, part):
        self.parts.append(part)

    def x(self, value):
        low, high = self.x_range
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        low, high = self.y_range
        return HEIGHT - BOTTOM - (math.log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def line(self, colour, points, label):
        path = "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in points)
        self.add(f'<path class="line c{colour}" d="M{path}"/>')
        self.labels.append((self.y(points[-1][1]), label, f"t{colour}"))

    def limit(self, value, label):
        y = self.y(value)
        self.add(f'<path class="limit" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        self.labels.append((y, label, "small"))

    def svg(self):
        previous = -math.inf
        for y, label, kind in sorted(self.labels):
            # Labels keep their order and do not overlap.
            previous = max(y + 4, previous + 17)
            self.add(f'<text class="{kind}" x="{WIDTH - RIGHT + 10}" y="{previous:.1f}">{escape(label)}</text>')
        body = "\n  ".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(self.title)}">\n'
            f"  <style>{STYLE}  </style>\n"
            f'  <rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="6"/>\n  {body}\n</svg>\n'
        )


def big(value):
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def along():
    """Sizes between the smallest and the largest of the tables."""
    low, high = math.log10(SIZES[0]), math.log10(SIZES[-1])
    return [10 ** (low + (high - low) * step / 24) for step in range(25)]


def peaks(model):
    chart = Chart("Sign-ins a second in the busiest minute", (SIZES[0], SIZES[-1]), (0.01, 1_000), "citizens", "{}")
    for colour, peak in enumerate(model.peaks()):
        chart.line(colour, [(citizens, model.rate(citizens, peak)) for citizens in (SIZES[0], SIZES[-1])], peak.name)
    chart.limit(model.federation_quota, f"Cognito's quota: {model.federation_quota:g}")
    ceiling = next(row for row in model.limits() if "ceiling" in row.name)
    chart.limit(ceiling.sign_ins, f"first ceiling of a table: {ceiling.sign_ins:.0f}")
    return chart.svg()


def costs(model):
    chart = Chart("Cost of a month in US dollars", (SIZES[0], SIZES[-1]), (10, 200_000), "citizens", "${}")
    for colour, (is_tax, name) in enumerate([(False, "Cognito, normal month"), (True, "Cognito, tax month")]):
        chart.line(colour, [(size, model.month(size, is_tax)["Cognito"]) for size in along()], name)
    for colour, (is_tax, name) in enumerate([(False, "all the rest, normal month"), (True, "all the rest, tax month")], 2):
        month = [(size, model.month(size, is_tax)) for size in along()]
        chart.line(colour, [(size, sum(cost.values()) - cost["Cognito"]) for size, cost in month], name)
    return chart.svg()


def drawings(model):
    return {"peaks.svg": peaks(model), "costs.svg": costs(model)}
