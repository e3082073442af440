"""Draws the curves of scripts/bench as SVG.

Usage: plot.py POINTS SVG         POINTS: lines of chart, curve, x, y, with tabs between
"""
import collections
import math
import pathlib
import sys
from xml.sax.saxutils import escape

TITLES = {  # of each chart: what it is by, what is shown, and the unit of it
    'consents': ('consents', 'Checks a second; 8 clients, 64 outstanding on each', 'a second'),
    'start': ('consents', 'A start after a clean stop, and memory beside the cache and what is mapped of files', 'ms, MiB'),
    'clients': ('clients', 'Checks a second; one outstanding on each', 'a second'),
}
COLOURS = {'echo': '#767676', 'memory, MiB': '#5b9bd5', 'PostgreSQL': '#b3541e', 'consentd, first since start': '#5b9bd5',
           'consentd, first ever': '#9dc3e6'}
COLOUR = '#1f4e8c'
WIDTH, HEIGHT = 780, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 210, 62, 56  # round the field of a chart


class Axis:
    """A range of numbers on a line of pixels; each step of the same length is the same factor."""

    def __init__(self, values, pixels, base):
        self.base = base
        self.low = math.floor(self.log(min(values)) + 1e-9)
        self.high = max(math.ceil(self.log(max(values)) - 1e-9), self.low + 1)
        self.begin, self.end = pixels

    def log(self, value):
        return math.log(value) / math.log(self.base)

    def at(self, value):
        return self.begin + (self.log(value) - self.low) / (self.high - self.low) * (self.end - self.begin)

    def marks(self):
        return [self.base ** power for power in range(self.low, self.high + 1)]

    def lesser_marks(self):
        """Between those of ten."""
        return [mark * times for mark in self.marks()[:-1] for times in range(2, self.base)] if self.base == 10 else []


def short(number):
    """1000000 is "1 M"."""
    for unit, name in ((1_000_000, ' M'), (1_000, ' k')):
        if number >= unit:
            return f'{number / unit:g}{name}'
    return f'{number:g}'


def text(x, y, words, size=13, anchor='start', more=''):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" {more}>{escape(words)}</text>'


def line(x1, y1, x2, y2, colour, width=1.0):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def grid(x_axis, y_axis, x_name, y_name):
    """The field: thin lines with their numbers, and what the numbers are of."""
    left, right, bottom, top = x_axis.begin, x_axis.end, y_axis.begin, y_axis.end
    for value in y_axis.lesser_marks():
        yield line(left, y_axis.at(value), right, y_axis.at(value), '#f0f0f0')
    for value in y_axis.marks():
        yield line(left, y_axis.at(value), right, y_axis.at(value), '#cccccc')
        yield text(left - 8, y_axis.at(value) + 4, short(value), anchor='end')
    for value in x_axis.marks():
        yield line(x_axis.at(value), bottom, x_axis.at(value), top, '#cccccc')
        yield text(x_axis.at(value), bottom + 20, short(value), anchor='middle')
    yield text((left + right) / 2, bottom + 42, x_name, anchor='middle')
    middle = (bottom + top) / 2
    yield text(left - 56, middle, y_name, anchor='middle', more=f'transform="rotate(-90 {left - 56} {middle})"')


def spread(places, gap=16):
    """The same places, so far apart that no name covers another."""
    moved, last = {}, -math.inf
    for name, place in sorted(places.items(), key=lambda entry: entry[1]):
        last = moved[name] = max(place, last + gap)
    return moved


def curves(chart, x_axis, y_axis):
    """Each with its points, and its name behind the last of them."""
    names = spread({name: y_axis.at(points[-1][1]) for name, points in chart.items()})
    for name, points in chart.items():
        colour = COLOURS.get(name, COLOUR)
        places = [(x_axis.at(x), y_axis.at(y)) for x, y in points]
        path = ' '.join(f'{x:.1f},{y:.1f}' for x, y in places)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in places:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        yield text(x_axis.end + 10, names[name] + 4, name, more=f'fill="{colour}"')


def draw_chart(kind, chart, top):
    by, what, unit = TITLES[kind]
    points = [point for curve in chart.values() for point in curve]
    x_axis = Axis([x for x, _ in points], (LEFT, WIDTH - RIGHT), 10 if by == 'consents' else 2)
    y_axis = Axis([y for _, y in points], (top + HEIGHT - BOTTOM, top + TOP), 10)
    yield text(LEFT, top + 28, f'By number of {by}', size=17, more='font-weight="bold"')
    yield text(LEFT, top + 48, what, more='fill="#555555"')
    yield from grid(x_axis, y_axis, by, unit)
    yield from curves(chart, x_axis, y_axis)


def draw(charts):
    height = HEIGHT * len(charts) + 10
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
           'font-family="sans-serif">')
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    for number, (kind, chart) in enumerate(charts.items()):
        yield from draw_chart(kind, chart, number * HEIGHT)
    yield '</svg>'


def main():
    charts = collections.defaultdict(lambda: collections.defaultdict(list))
    for entry in pathlib.Path(sys.argv[1]).read_text().splitlines():
        kind, curve, x, y = entry.split('\t')
        charts[kind][curve].append((float(x), float(y)))
    pathlib.Path(sys.argv[2]).write_text('\n'.join(draw(charts)) + '\n')


if __name__ == '__main__':
    main()
