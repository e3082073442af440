"""What a spool makes of time: how long a disclosure is remembered, and clocks that are set to another one (libfaketime)."""
import unittest

from harness import PLAIN, Instance
from spooling import D1, message
from test_clock import LIBRARY, can_be_told_a_time
from test_spool_key import KeyTest

YEAR = '+365d'


def told(time):
    return {'LD_PRELOAD': str(LIBRARY), 'FAKETIME': time, 'FAKETIME_DONT_FAKE_MONOTONIC': '1'}


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Time(KeyTest):
    build = PLAIN

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.registry.start()
        self.shared = {}

    def later(self, time):
        """The registry, so much later than now."""
        self.registry.stop()
        self.registry.start(told(time))
        self.shared.clear()

    def test_of_what_may_have_been_disclosed_too_long_ago_nobody_can_say_so_it_does_not_go(self):
        _, spool = self.interrupted()
        self.later('+25h')
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('failed'), spool.names('sent')), (0, ['a.xml'], []), result.stderr)
        self.assertEqual(spool.report('failed', 'a.xml')['code'], 'IN_DOUBT')
        self.assertEqual(len(self.disclosures()), 1)

    def test_within_the_day_it_goes_as_it_was_decided_whatever_this_machine_thinks_it_is(self):
        for number, (ours, theirs) in enumerate([(YEAR, '+0h'), ('-1h', '+0h'), (YEAR, '+22h')]):
            _, spool = self.interrupted(f'{number}.xml')
            if theirs != '+0h':
                self.later(theirs)
            spool.told = told(ours)
            result = spool.once()
            self.assertEqual((result.returncode, spool.names('sent')), (0, [f'{number}.xml']), result.stderr)
            self.assertEqual(len(self.disclosures()), number + 1)

    def test_what_is_held_does_not_end_because_this_machine_is_told_another_year(self):
        bsn, spool = self.person(), self.spool()
        spool.put('a.xml', message(bsn))
        self.assertEqual(spool.once().returncode, 0)
        spool.told = told(YEAR)
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(spool.names('held'), ['a.xml'])
        spool.told = {}
        self.later('+31d')
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual((spool.names('held'), spool.report('failed', 'a.xml')['code']), ([], 'EXPIRED'))

    def test_a_clock_that_jumps_under_a_running_spool_costs_nothing(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        clock = spool.directory / 'clock'
        clock.write_text('+0')
        spool.told = {'LD_PRELOAD': str(LIBRARY), 'FAKETIME_TIMESTAMP_FILE': str(clock), 'FAKETIME_NO_CACHE': '1',
                      'FAKETIME_DONT_FAKE_MONOTONIC': '1'}
        spool.start()
        spool.put('held.xml', message(self.person(), 9))
        spool.wait_until_in('held', 'held.xml')
        for number, time in enumerate(('+0', YEAR, '-1h', '+0')):
            clock.write_text(time)
            spool.put(f'{number}.xml', message(bsn, number))
            spool.wait_until_in('sent', f'{number}.xml')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual((spool.names('held'), spool.names('failed'), len(self.disclosures())), (['held.xml'], [], 4))


if __name__ == '__main__':
    unittest.main()
