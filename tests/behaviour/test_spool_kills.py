"""A spool and its registry, killed at any moment any number of times: every message has one outcome and one disclosure.

CONSENTD_SPOOL_KILLS says for how many seconds (15).
"""
import collections
import os
import random
import shutil
import time
import unittest

from harness import PLAIN, OwnInstanceTest
from spooling import D1, Gate, Spool, message

HORIZON = 'zorgaanbieder-horizon'
SECONDS = float(os.environ.get('CONSENTD_SPOOL_KILLS', 15))
MESSAGES = int(40 * max(1, SECONDS / 15))
KINDS = ['reusable', 'one-time', 'one-time', 'none']
ENDS = ('sent', 'held', 'failed')


def judge(ends, kinds, reports, disclosed):
    """What is not as it must be: of each message where it ended and its report, and the lines of the log that disclose."""
    faults = []
    for name, kind in kinds.items():
        expected = ['held'] if kind == 'none' else ['sent']
        if ends[name] != expected:
            faults.append(f'{name} ({kind}) ended in {ends[name]}, and not in {expected}')
    decisions = [report['decision'] for report in reports.values()]
    if sorted(decisions) != sorted(disclosed):
        faults.append(f'decisions {sorted(decisions)} went, and {sorted(disclosed)} are in the log')
    return faults


class Kills(OwnInstanceTest):
    def prepare(self):
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
        self.spool = Spool(self.registry, '--to', HORIZON, build=PLAIN)
        self.addCleanup(self.spool.destroy)
        self.kinds, self.kills = {}, collections.Counter()

    def made(self, count, kinds):
        """So many messages about as many people, as (name, text)."""
        messages = []
        for number in range(len(self.kinds), len(self.kinds) + count):
            kind, bsn, name = kinds[number % len(kinds)], self.person(), f'{number:04}.xml'
            if kind != 'none':
                self.granted(bsn, categories=D1, one_time=kind == 'one-time')
            self.kinds[name] = kind
            messages.append((name, message(bsn, number)))
        return messages

    def found(self):
        ends = collections.defaultdict(list)
        for folder in ENDS:
            for name in self.spool.names(folder):
                ends[name.split('~')[0]].append(folder)
        reports = {name: self.spool.report('sent', name) for name in self.spool.names('sent')}
        disclosed = [entry.number for entry in self.client('operator').audit()
                     if entry.action == 'check' and 'DISCLOSE' in entry.details and entry.result == 'permit']
        return judge(ends, self.kinds, reports, disclosed)

    def finish(self):
        """Lets it do all that is left."""
        if self.spool.process:
            self.spool.kill()
        result = self.spool.once('--quiet')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.spool.names('in') + list((self.spool.path / 'work' / 'in').iterdir()), [], result.stderr)

    def kill_one(self):
        """The spool, or the registry, or both."""
        victim = random.choice(['spool', 'spool', 'spool', 'registry', 'both'])
        self.kills[victim] += 1
        if victim != 'registry':
            self.spool.kill()
        if victim != 'spool':
            self.registry.kill()
            self.registry.start()
            self.shared = {}
        if victim != 'registry':
            self.spool.start()

    def test_whatever_is_killed_each_message_has_one_outcome_and_one_disclosure(self):
        messages = self.made(MESSAGES, KINDS)
        self.spool.start()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for name, text in [messages.pop() for _ in range(min(len(messages), random.randrange(1, 9)))]:
                self.spool.put(name, text)
            time.sleep(random.choice([0.02, 0.1, 0.3]) * random.random())
            self.kill_one()
        for name, text in messages:
            self.spool.put(name, text)
        self.finish()
        self.assertEqual(self.found(), [])
        self.assertGreater(sum(self.kills.values()), 3)
        print(f'{sum(self.kills.values())} kills, {len(self.kinds)} messages')

    def test_a_spool_that_forgets_what_is_under_way_is_found_out(self):
        """The control: as above, but at each kill the ledger and what was stored are lost."""
        stored = lambda: len(list((self.spool.path / 'work').glob('*.out'))) == 8
        gate = Gate(self.registry, stored)  # it is not told what it may disclose
        self.addCleanup(gate.close)
        for name, text in self.made(8, ['one-time']):
            self.spool.put(name, text)
        before = len(self.client('operator').audit())
        self.spool.use_key(gate.key_file('kernteam'))
        self.spool.start()
        self.spool.wait_for(lambda: any('DISCLOSE' in entry.details for entry in self.client('operator').audit(after=before)),
                            'nothing is disclosed')
        self.spool.kill()
        self.spool.use_key(self.registry.key_file('kernteam'))
        shutil.rmtree(self.spool.path / 'ledger')
        for path in (self.spool.path / 'work').glob('*.*'):
            path.unlink()
        self.finish()
        self.assertNotEqual(self.found(), [], 'nobody noticed that what was disclosed did not go')


if __name__ == '__main__':
    unittest.main()
