"""Randomised histories of subjects over the real socket, each answer judged by the oracle of the rules.

A history that differs is told step by step, with its seed: JUDGED_SEED=SEED runs that one alone. JUDGED_SECONDS says
how long each pack is tried, JUDGED_STEPS how much happens to each subject.
"""
import os
import re
import time
import unittest

from harness import Instance, RegistryTest, valid_bsns
from judged import Differs
from judged_checks import History

SECONDS = float(os.environ.get('JUDGED_SECONDS', '8'))
STEPS = int(os.environ.get('JUDGED_STEPS', '40'))
SEED = os.environ.get('JUDGED_SEED')


class Judged(RegistryTest):
    """Under the pack of 2015."""
    pack = 'kaag-en-braassem-2015'

    @classmethod
    def setUpClass(cls):
        cls.bsns, cls.shared, cls.registry = valid_bsns(), {}, Instance()
        cls.addClassCleanup(cls.registry.destroy)
        text = (cls.registry.directory / 'consentd.conf').read_text()
        cls.registry.write('consentd.conf', re.sub(r'policies/[^"]+', f'policies/{cls.pack}', text))
        cls.registry.lift_limits()
        cls.registry.start()

    def tell(self, seed):
        return History(seed, self.pack, next(self.bsns), self.client).run(STEPS)

    def test_what_the_daemon_answers_is_what_the_rules_say(self):
        end, first, told = time.monotonic() + SECONDS, int(SEED or time.time_ns() % 1_000_000_000), 0
        while told == 0 or (time.monotonic() < end and not SEED):
            try:
                self.tell(first + told)
            except Differs as differs:
                self.fail(f'seed {first + told} under {self.pack}: {differs}')
            told += 1
        print(f'{told} subjects of {STEPS} steps under {self.pack}, seeds from {first}')


class JudgedOf2026(Judged):
    """Under the pack of 2026, whose statutes come first."""
    pack = 'wmo-jeugdwet-2026'


if __name__ == '__main__':
    unittest.main()
