#!/usr/bin/env python3
"""An oracle for the disclosure check, written from the rules and not from the daemon's code.

It was written beside the specification of the rules and of the two policy packs alone: no line of the daemon, of its
unit tests or of the shipped pack files was read for it, so that a mistake of one is not a mistake of both. The packs
are tables typed from their specification (packs.py); each rule is one small function that bears its id (rules.py); the
facts of a subject (which statements, who signed, what is restricted) are named scenarios (situations.py), and
scenarios.md says what each holds, so that the driver test-exhaustive.c can build the same facts.

    oracle.py --self-check      cases computed by hand from the text of the rules
    oracle.py PACK OUT          writes the table of every outcome under PACK to the file OUT

The file OUT is text, up to a line `arrays`, and then binary:

    oracle 1 PACK
    dimension NAME COUNT        seven times, outermost first: agreement restriction age scenario claim mode origin;
    VALUE                         COUNT lines follow, one a value, in order
    list NAME COUNT             four times: provider recipient purpose category; COUNT lines follow, one a code; a
                                  provider is a kind, or a kind and what its own setting says: KIND:professional,
                                  KIND:inactive
    outcomes COUNT              then COUNT lines, numbered from 0:
    permit KIND CODE STATEMENT    KIND is consent, statute, written-request or urgent-reasons; CODE is the statute or
                                  the urgent reason, or -; STATEMENT is which of the scenario's statements is the
                                  consent that it rests on, counted from 1, or 0
    deny REASON REASON ...        in order, as one hears them who may hear everything
    classes COUNT
    arrays                      then, each number a little-endian unsigned 16-bit one:
                                  the class of every cell (provider, recipient, purpose, category; the last runs
                                  fastest), then of every class the outcomes of all its situations (the dimensions
                                  above; the last runs fastest)

A cell is a provider kind, a recipient kind, a purpose and a category. Cells that are alike in all that the rules look
at form a class, and so share an array.
"""

import itertools
import struct
import sys

from by_hand import self_check
from packs import CATEGORIES, KINDS, PACKS, PROVIDERS, PURPOSES
from rules import c3_c5, c6_statute, c7_consent, c8_without_consent, cell_of, judge, no_flow
from situations import AGES, AGREEMENTS, CLAIMS, ITEM_ORIGINS, MODES, RESTRICTIONS, SCENARIOS

DIMENSIONS = [
    ('agreement', AGREEMENTS),
    ('restriction', RESTRICTIONS),
    ('age', AGES),
    ('scenario', [s.name for s in SCENARIOS]),
    ('claim', [c.name for c in CLAIMS]),
    ('mode', MODES),
    ('origin', [o or '-' for o in ITEM_ORIGINS]),
]


class Outcomes:
    """Numbers the distinct outcomes in the order in which they come up."""

    def __init__(self):
        self.number = {}

    def __getitem__(self, outcome):
        return self.number.setdefault(outcome, len(self.number))


def block(cell, gates, consents, claims, outcomes):
    """The outcomes over claim, mode and origin of one scenario: what they rest on is worked out beforehand."""
    numbers = []
    for claim, mode, (index, origin) in itertools.product(claims, MODES, enumerate(ITEM_ORIGINS)):
        results = {'statute': c6_statute(cell, mode, origin, gates), 'consent': consents[index],
                   'without-consent': claim}
        numbers.append(outcomes[judge(cell, gates, results)])
    return struct.pack('<%dH' % len(numbers), *numbers)


def array_under(cell, gates, outcomes):
    """The outcomes over age, scenario, claim, mode and origin."""
    if cell.gate:
        count = len(AGES) * len(SCENARIOS) * len(CLAIMS) * len(MODES) * len(ITEM_ORIGINS)
        return struct.pack('<H', outcomes[no_flow(cell, gates)]) * count
    blocks, parts = {}, []
    for age, scenario in itertools.product(AGES, SCENARIOS):
        consents = tuple(c7_consent(cell, scenario, age, origin, gates) for origin in ITEM_ORIGINS)
        claims = tuple(c8_without_consent(cell, claim, scenario, age, gates) for claim in CLAIMS)
        key = (consents, claims)
        if key not in blocks:
            blocks[key] = block(cell, gates, consents, claims, outcomes)
        parts.append(blocks[key])
    return b''.join(parts)


def array_of(cell, outcomes):
    under = {}
    parts = []
    for agreement, restriction in itertools.product(AGREEMENTS, RESTRICTIONS):
        gates = c3_c5(cell, agreement, restriction)
        if gates not in under:
            under[gates] = array_under(cell, gates, outcomes)
        parts.append(under[gates])
    return b''.join(parts)


def write_table(pack, path):
    outcomes, classes, cells = Outcomes(), {}, []
    for names_of_cell in itertools.product(PROVIDERS, KINDS, PURPOSES, CATEGORIES):
        cells.append(classes.setdefault(cell_of(pack, *names_of_cell), len(classes)))
    arrays = [array_of(cell, outcomes) for cell in classes]
    lines = ['oracle 1 ' + pack]
    for name, values in DIMENSIONS:
        lines += ['dimension %s %d' % (name, len(values))] + values
    for name, values in (('provider', PROVIDERS), ('recipient', KINDS), ('purpose', PURPOSES), ('category', CATEGORIES)):
        lines += ['list %s %d' % (name, len(values))] + values
    lines += ['outcomes %d' % len(outcomes.number)] + [' '.join(map(str, o)) for o in outcomes.number]
    lines += ['classes %d' % len(arrays), 'arrays', '']
    with open(path, 'wb') as out:
        out.write('\n'.join(lines).encode())
        out.write(struct.pack('<%dH' % len(cells), *cells))
        out.writelines(arrays)
    situations = len(arrays[0]) // 2
    print('%s: %d cells in %d classes, %d situations each, %d outcomes'
          % (pack, len(cells), len(classes), situations, len(outcomes.number)))


def main(arguments):
    if arguments == ['--self-check']:
        return self_check()
    if len(arguments) != 2 or arguments[0] not in PACKS:
        print('usage: oracle.py --self-check | oracle.py PACK OUT, with PACK one of ' + ' '.join(PACKS),
              file=sys.stderr)
        return 2
    write_table(*arguments)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
