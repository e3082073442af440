#!/usr/bin/env python3
"""An oracle for the disclosure check, written from the rules and not from the daemon's code.

It was written beside the specification of the rules and of the two policy packs alone: no line of the daemon, of its
unit tests or of the shipped pack files was read for it, so that a mistake of one is not a mistake of both. The packs
are tables typed from their specification (packs.py); each rule is one small function that bears its id (people.py for
section 4, statements.py for G10 and the conditions of C7, rules.py for the check); the facts of a subject (which
statements, who signed, what is restricted) are named scenarios (situations.py; in words: scenarios.md), which go into
the table too, so that the driver test-exhaustive.c gives the daemon's rules the same facts.

    oracle.py --self-check      cases computed by hand from the text of the rules
    oracle.py PACK OUT          writes the table of every outcome under PACK to the file OUT

The file OUT is text, up to a line `arrays`, and then binary:

    oracle 2 PACK
    dimension NAME COUNT        eight times: agreement restriction age scenario, which choose a block, then claim mode
    VALUE                         manager origin, which choose an outcome within it; COUNT lines follow, one a value
    list NAME COUNT             five times: provider recipient purpose category listener; COUNT lines follow, one a
                                  code; a provider is a kind, or a kind and what becomes of it: KIND:raised,
                                  KIND:inactive
    situations COUNT            every age and scenario, the last runs fastest: lines of words, up to a line `end`; see
                                  facts_lines.py
    outcomes COUNT              then COUNT lines, numbered from 0:
    permit KIND CODE STATEMENT AGAINST
                                KIND is consent, statute, written-request or urgent-reasons; CODE is the statute or
                                  the urgent reason, or -; STATEMENT is which of the scenario's statements is the
                                  consent that it rests on, counted from 1, or 0; AGAINST are the listeners who hear
                                  that it is against the subject's will, joined by commas, or -
    deny REASON REASON ... | REASON ... | ...
                                what each listener hears, in order; who may explain hears all
    classes COUNT
    blocks COUNT
    arrays                      then, each number little-endian: the class of every cell (provider, recipient, purpose,
                                  category; the last runs fastest; 16 bits), for every class the block of each of its
                                  situations (the first four dimensions; 32 bits), and the outcomes of every block
                                  (the other four dimensions; 16 bits)

A cell is a provider kind, a recipient kind, a purpose and a category. Cells that are alike in all that the rules look
at form a class, and so share their blocks.
"""

import itertools
import operator
import struct
import sys
from collections import defaultdict

from by_hand import self_check
from facts import Asked, rules_of
from facts_lines import lines_of
from packs import CATEGORIES, COMPATIBLE, KINDS, PACKS, PROVIDERS, PURPOSES
from rules import (Facts, c3_c5, c6_statute, c7_consent, c8_without_consent, c9_heard, c9_hears, c15_against, conclude,
                   no_flow, Permit)
from situations import (AGES, AGREEMENTS, CLAIMS, ITEM_ORIGINS, LISTENERS, MANAGERS, MODES, NOW, RESTRICTIONS,
                        SCENARIOS, claim_of, person_of, restriction_of, statements_of)

OF_BLOCK = [
    ('agreement', AGREEMENTS),
    ('restriction', RESTRICTIONS),
    ('age', AGES),
    ('scenario', [s.name for s in SCENARIOS]),
]
IN_BLOCK = [
    ('claim', list(CLAIMS)),
    ('mode', MODES),
    ('manager', MANAGERS),
    ('origin', [o or '-' for o in ITEM_ORIGINS]),
]
# Purposes that a compatible one serves, or which serve one, are told apart; every other is like any other.
TOLD_APART = {purpose for pair in COMPATIBLE for purpose in pair}
LISTS = [('provider', PROVIDERS), ('recipient', KINDS), ('purpose', PURPOSES), ('category', CATEGORIES),
         ('listener', LISTENERS)]


class Numbers:
    """Numbers what is distinct in the order in which it comes up."""

    def __init__(self):
        self.number = {}

    def __getitem__(self, thing):
        return self.number.setdefault(thing, len(self.number))


def cell_of(pack, provider, recipient, purpose, category):
    """The rules of a cell, and its purpose as far as it matters."""
    kind, _, own = provider.partition(':')
    rules = rules_of(pack, kind, recipient, purpose, category, own == 'raised', own != 'inactive')
    return rules, purpose if purpose in TOLD_APART and not rules.gate else 'asked'


def listener_name(listener):
    return None if listener == 'explain' else listener


def text_of(facts, decision):
    if isinstance(decision, Permit):
        kind, code, statement = decision.ground
        against = [name for name in LISTENERS if decision.against is not None
                   and c9_hears(facts, listener_name(name), [decision.against])]
        return 'permit %s %s %d %s' % (kind, code, 0 if statement is None else statement + 1, ','.join(against) or '-')
    heard = [c9_heard(facts, listener_name(name), decision.reasons) for name in LISTENERS]
    return 'deny ' + ' | '.join(' '.join(codes) for codes in heard)


class Outcomes(Numbers):
    """Numbers of outcomes; what the same decision on the same statements is in words is worked out once."""

    def __init__(self):
        super().__init__()
        self.told = {}

    def of(self, situation, facts, decision):
        key = (situation.number, decision)
        if key not in self.told:
            self.told[key] = self[text_of(facts, decision)]
        return self.told[key]


class Situation:
    """A subject and his statements, for all cells whose statements are alike and of which the same is asked."""

    def __init__(self, pack, purpose, one_time, age, scenario, interned, without_consent_under):
        self.person = person_of(scenario, age)
        self.given = Facts(pack, self.person, statements_of(scenario, age, pack, purpose, one_time), None, NOW)
        self.restricted = self.given._replace(restriction=restriction_of(scenario))
        self.claims = {name: claim_of(name, pack, self.person) for name in CLAIMS}
        self.asked = Asked('provider', 'recipient', purpose, 'asked', None, scenario.case, None, None, None)
        self.number = interned[self.given.statements]
        self.consents_under, self.without_consent_under = {}, without_consent_under[self.person]
        self.interned = interned

    def facts(self, gates):
        return self.restricted if gates.restriction_fails else self.given

    def consents(self, rules, gates):
        """What C7 and C15 come to, for each origin; and a number for that."""
        key = (bool(rules.special), rules.third_party, rules.admits_consent, gates)
        if key not in self.consents_under:
            facts = self.facts(gates)
            asked = [self.asked._replace(origin=origin) for origin in ITEM_ORIGINS]
            found = tuple((c7_consent(facts, rules, one, gates), c15_against(facts, one)) for one in asked)
            self.consents_under[key] = found, self.interned[found]
        return self.consents_under[key]

    def without_consent(self, rules, gates):
        """What C8 comes to, for each claim and manager; and a number for that. No statement matters to it: it is worked out
        once a person."""
        key = (rules.written_request, rules.urgent_reasons, rules.special, rules.secrecy, gates)
        if key not in self.without_consent_under:
            found = tuple(c8_without_consent(self.facts(gates), rules, claim, manager_of(manager), gates)
                          for claim in self.claims.values() for manager in MANAGERS)
            self.without_consent_under[key] = found, self.interned[found]
        return self.without_consent_under[key]


def manager_of(name):
    return None if name == 'none' else name


class Concluded:
    """From what each ground came to, the outcomes of a block; what comes to the same is concluded once."""

    def __init__(self, outcomes):
        self.outcomes, self.numbers = outcomes, Numbers()
        self.decided, self.blocks = {}, {}

    def decisions(self, situation, rules, gates, mode, found):
        """The decisions over claim and manager, and what picks of them the one of each. Of the subject's facts they depend on
        nothing but the moment of the refusal that C15 asks about."""
        without_consent, number = situation.without_consent(rules, gates)
        statute, (consent, against) = found
        facts = situation.facts(gates)
        refused = None if against is None else facts.statements[against].recorded
        key = (number, rules.manager_first, gates, mode, found, refused)
        if key not in self.decided:
            distinct, places = Numbers(), []
            for (name, manager), claimed in zip(itertools.product(CLAIMS, MANAGERS), without_consent):
                results = {'statute': statute, 'consent': consent, 'without-consent': claimed}
                places.append(distinct[conclude(facts, rules, situation.claims[name], mode, manager_of(manager), gates,
                                                results, against)])
            self.decided[key] = list(distinct.number), operator.itemgetter(*places)
        return self.decided[key]

    def column(self, situation, rules, gates, mode, found):
        """The outcomes over claim and manager, as a number."""
        decisions, each = self.decisions(situation, rules, gates, mode, found)
        facts = situation.facts(gates)
        outcomes = [self.outcomes.of(situation, facts, decision) for decision in decisions]
        return self.numbers[each(outcomes)]

    def block(self, situation, rules, gates):
        """The outcomes over claim, mode, manager and origin."""
        consents, _ = situation.consents(rules, gates)
        columns = tuple(self.column(situation, rules, gates, mode, (c6_statute(rules, mode, origin, gates), consent))
                        for mode in MODES for origin, consent in zip(ITEM_ORIGINS, consents))
        if columns not in self.blocks:
            self.blocks[columns] = self.packed(columns)
        return self.blocks[columns]

    def packed(self, columns):
        """A column is one mode and origin, the origins fastest."""
        outcomes = list(self.numbers.number)
        by_mode = [[outcomes[column] for column in columns[i * len(ITEM_ORIGINS):(i + 1) * len(ITEM_ORIGINS)]]
                   for i in range(len(MODES))]
        numbers = [column[claim * len(MANAGERS) + manager] for claim in range(len(CLAIMS)) for of_mode in by_mode
                   for manager in range(len(MANAGERS)) for column in of_mode]
        return struct.pack('<%dH' % len(numbers), *numbers)


class Table:
    def __init__(self, pack):
        self.pack = pack
        self.outcomes, self.classes, self.blocks = Outcomes(), Numbers(), Numbers()
        self.concluded = Concluded(self.outcomes)
        self.situations, self.known, self.interned = {}, {}, Numbers()
        self.without_consent_under = defaultdict(dict)
        self.cells = [self.classes[cell_of(pack, *cell)] for cell in
                      itertools.product(PROVIDERS, KINDS, PURPOSES, CATEGORIES)]
        self.block_of = [number for rules, purpose in self.classes.number for number in self.of_class(rules, purpose)]

    def of_class(self, rules, purpose):
        if rules.gate:
            return self.without_flow(rules)
        situations = self.situations_of(purpose, rules.one_time)
        under, numbers = {}, []
        for agreement, restriction in itertools.product(AGREEMENTS, RESTRICTIONS):
            gates = c3_c5(rules, agreement == 'missing', restriction != 'none')
            if gates not in under:
                statutes = [c6_statute(rules, mode, origin, gates) for mode in MODES for origin in ITEM_ORIGINS]
                key = (tuple(statutes), rules.manager_first, gates)
                under[gates] = [self.block(situation, rules, gates, key) for situation in situations]
            numbers += under[gates]
        return numbers

    def situations_of(self, purpose, one_time):
        key = (purpose, one_time)
        if key not in self.situations:
            self.situations[key] = [Situation(self.pack, purpose, one_time, age, scenario, self.interned,
                                              self.without_consent_under)
                                    for age, scenario in itertools.product(AGES, SCENARIOS)]
        return self.situations[key]

    def block(self, situation, rules, gates, key):
        """The number of the block; the same is worked out once."""
        key = (situation.number, situation.consents(rules, gates)[1], situation.without_consent(rules, gates)[1], key)
        if key not in self.known:
            self.known[key] = self.blocks[self.concluded.block(situation, rules, gates)]
        return self.known[key]

    def without_flow(self, rules):
        facts = Facts(self.pack, None, (), None, NOW)
        count = 1
        for _, values in IN_BLOCK:
            count *= len(values)
        numbers = []
        for agreement, restriction in itertools.product(AGREEMENTS, RESTRICTIONS):
            gates = c3_c5(rules, agreement == 'missing', restriction != 'none')
            outcome = self.outcomes[text_of(facts, no_flow(rules, gates))]
            numbers += [self.blocks[struct.pack('<H', outcome) * count]] * (len(AGES) * len(SCENARIOS))
        return numbers

    def write(self, path):
        lines = ['oracle 2 ' + self.pack]
        for name, values in OF_BLOCK + IN_BLOCK:
            lines += ['dimension %s %d' % (name, len(values))] + values
        for name, values in LISTS:
            lines += ['list %s %d' % (name, len(values))] + values
        lines += ['situations %d' % (len(AGES) * len(SCENARIOS))]
        for age, scenario in itertools.product(AGES, SCENARIOS):
            lines += lines_of(self.pack, scenario, age)
        lines += ['outcomes %d' % len(self.outcomes.number)] + list(self.outcomes.number)
        lines += ['classes %d' % len(self.classes.number), 'blocks %d' % len(self.blocks.number), 'arrays', '']
        with open(path, 'wb') as out:
            out.write('\n'.join(lines).encode())
            out.write(struct.pack('<%dH' % len(self.cells), *self.cells))
            out.write(struct.pack('<%dI' % len(self.block_of), *self.block_of))
            out.writelines(self.blocks.number)
        print('%s: %d cells in %d classes, %d situations each in %d blocks, %d outcomes'
              % (self.pack, len(self.cells), len(self.classes.number),
                 len(self.block_of) // len(self.classes.number), len(self.blocks.number), len(self.outcomes.number)))


def main(arguments):
    if arguments == ['--self-check']:
        return self_check()
    if len(arguments) != 2 or arguments[0] not in PACKS:
        print('usage: oracle.py --self-check | oracle.py PACK OUT, with PACK one of ' + ' '.join(PACKS),
              file=sys.stderr)
        return 2
    Table(arguments[0]).write(arguments[1])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
