"""A subject beside the rules: what happens to him over the wire is kept for the oracle too, which judges each answer.

The oracle (tests/oracle) was written from the specification alone. At random a social team, partners and a subject do
what they do; what the daemon answers must be what the rules say. Nothing here knows how the daemon comes to it.
judged_statements.py goes on with consents, refusals and restrictions, judged_checks.py with checks.
"""
import datetime
import pathlib
import random
import sys
import time

import envelope_pb2 as wire

from client import Client
from harness import PARTIES, today

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'oracle'))

import facts  # noqa: E402
import packs  # noqa: E402
import people  # noqa: E402
import rules  # noqa: E402
import statements  # noqa: E402

KINDS = {party: kind for party, (kind, _, _) in PARTIES.items() if party not in ('toezicht', 'operator')}
EXPLAINS = ('kernteam', 'wmo-team', 'toezicht')
REPRESENTATIVES = ('mother', 'father', 'money')
MOST = 2_000_000_000_000_000


def days_on(number):
    return today() + datetime.timedelta(number)


def rules_for(pack, provider, recipient, purpose, category, under_secrecy=False):
    """The same of parties: every one here is active, has its kind's secrecy, and an agreement where it needs one."""
    return facts.rules_of(pack, KINDS[provider], KINDS[recipient], purpose, category, under_secrecy)


class Differs(AssertionError):
    """The daemon and the rules do not say the same."""


class JudgedSubject:
    """One subject. `clients` gives a connection by party."""

    def __init__(self, seed, pack, bsn, clients):
        self.random = random.Random(seed)
        self.pack, self.bsn, self.clients = pack, bsn, clients
        self.order = 0
        self.person = people.Person()
        self.given = []         # statements as the oracle knows them, in the order of recording
        self.ids = []           # theirs
        self.corrected = {}     # by their number, those that were recorded wrongly, as they were; `given` has nothing of them
        self.restrictions = {}  # category, or None for the whole -> order
        self.informed = set()   # what informing is done once for (C10)
        self.told = []          # what happened, in words

    # --- What both need -----------------------------------------------------------------------------------------------

    def next_order(self):
        self.order += 1
        return self.order

    def call(self, party, request, said):
        reply = self.clients(party).call(request)
        said = ' '.join(said.split())
        self.told.append(f'{said} -> {wire.Status.Name(reply.status)} {reply.field} {Client.codes(reply.refusals)}')
        return reply

    def differs(self, what, got, expected):
        story = '\n  '.join(self.told)
        raise Differs(f'{what}: the daemon says {got}, the rules say {expected}, after\n  {story}\n  {self.person}')

    def must_be(self, what, got, expected):
        if got != expected:
            self.differs(what, got, expected)

    def some(self, values, most):
        values = sorted(values)
        return self.random.sample(values, self.random.randint(1, min(most, len(values))))

    def standing(self):
        """The statements that were not recorded wrongly."""
        return [s for number, s in enumerate(self.given) if number not in self.corrected]

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def facts(self, at, category=None):
        orders = [order for restricted, order in self.restrictions.items() if restricted in (None, category)]
        return rules.Facts(self.pack, self.person, tuple(self.given), max(orders, default=None), at)

    # --- The subject --------------------------------------------------------------------------------------------------

    def new_representative(self, name):
        kind = 'bewindvoerder' if name == 'money' else self.random.choice(['ouder-met-gezag', 'voogd', 'curator'])
        since = self.random.choice([days_on(-4000), days_on(-4000), days_on(-20), days_on(0)])
        until = self.random.choice([None, None, None, days_on(-10), days_on(0), days_on(30)])
        refused = self.random.choice([None, None, None, days_on(-5), days_on(0)])
        return people.Representative(name, kind, since, until if until is None or until > since else None,
                                     refused if refused is None or refused >= since else None)

    def new_person(self):
        ages = (8, 11, 12, 12, 14, 15, 16, 17, 30, 80)
        birth = None
        if not self.chance(8):
            birth = days_on(-self.random.randint(0, 364)).replace(day=1)
            birth = birth.replace(year=birth.year - self.random.choice(ages))
        representatives = tuple(self.new_representative(name) for name in REPRESENTATIVES if self.chance(60))
        capabilities = ()
        if self.chance(25):
            days = sorted(self.random.sample([-3000, -40, -20, -3, 0, 20], self.random.randint(1, 3)))
            capabilities = tuple(people.Capability(days_on(day), self.chance(40)) for day in days)
        death = days_on(self.random.choice([-30, -1, 0])) if self.chance(5) else None
        return people.Person(birth, death, representatives, capabilities)

    def change_person(self):
        """One thing changes, or all: a correction, or a change of today."""
        fresh = self.new_person()
        part = self.random.choice(['birth', 'death', 'representatives', 'capabilities', 'all'])
        return fresh if part == 'all' else self.person._replace(**{part: getattr(fresh, part)})

    def recorded(self, person, at):
        """The same with the moments of recording: of what was already recorded the old one."""
        def known(old, new, field):
            return old is not None and getattr(old, field) == getattr(new, field)

        def of(one):
            old = next((other for other in self.person.representatives if other.reference == one.reference), None)
            return one._replace(
                since_recorded=old.since_recorded if known(old, one, 'since') else at,
                until_recorded=old.until_recorded if known(old, one, 'until') else at,
                refused_recorded=old.refused_recorded if known(old, one, 'refused') else at)

        def change_of(one):
            old = next((other for other in self.person.capabilities if other[:2] == one[:2]), None)
            return one._replace(recorded=old.recorded if old else at)

        return person._replace(
            representatives=tuple(of(one) for one in person.representatives),
            capabilities=tuple(change_of(one) for one in person.capabilities),
            death_recorded=self.person.death_recorded if known(self.person, person, 'death') else at)

    def set_person(self):
        person = self.change_person() if self.given else self.new_person()
        representatives = [dict({'reference': one.reference, 'kind': one.kind, 'from': str(one.since)},
                                **({'until': str(one.until)} if one.until else {}),
                                **({'refused_from': str(one.refused), 'refused_reason': 'belang van het kind'}
                                   if one.refused else {})) for one in person.representatives]
        reply = self.clients('kernteam').subject_set(
            self.bsn, person.birth, representatives=representatives, died=person.death,
            capabilities=[(one.since, one.capable) for one in person.capabilities])
        self.told.append(f'person {person} -> {wire.Status.Name(reply.status)} {reply.field} {reply.message}')
        self.must_be('subject_set', wire.Status.Name(reply.status), 'OK')
        before = self.granted_now(reply.time)
        self.person = self.recorded(person, reply.time)
        after = self.granted_now(reply.time)
        self.must_be('ended', set(reply.subject_show.ended), before - after)
        self.must_be('restored', set(reply.subject_show.restored), after - before)
        time.sleep(0.002)

    def granted_now(self, at):
        """The ids of the consents that are in the state granted."""
        known = self.facts(at)
        return {self.ids[i] for i, s in enumerate(self.given) if isinstance(s, facts.Consent)
                and not statements.superseded(known, s) and statements.granted_at(known, s, at, MOST)}
