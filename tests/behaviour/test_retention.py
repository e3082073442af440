"""Periods of retention (T1, T2, KB 20), with a daemon that is told a time (libfaketime): what is past is destroyed, and
what is in force or open is not.

The sanitizers and libfaketime do not go together: these tests use the build that CONSENTD_PLAIN names, but for those that
need no time to pass.
"""
import json
import subprocess
import time
import unittest

from client import USER
from harness import BUILD, PLAIN, Instance, OwnInstanceTest, RegistryTest, tool
from test_clock import LIBRARY, can_be_told_a_time
from test_rights import opening

HORIZON = 'zorgaanbieder-horizon'
YEARS = 365.25
REASON = 'er loopt een zaak'


class RetentionTest(RegistryTest):
    def ctl(self, *arguments, expected=0, party='operator'):
        result = tool('ctl/consentctl', 'retention', *arguments, '--key', self.registry.key_file(party))
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        return result.stdout

    def found(self, *arguments):
        return json.loads(self.ctl(*arguments, '--json'))['retention']

    def reasons(self, *arguments):
        """Of each entry by the operator's pseudonym why it is kept."""
        return {one['subject_ref']: one['kept_by'] for one in self.found(*arguments)['entries']}

    def ref(self, bsn):
        return self.client('operator').subject_show(bsn).subject_show.subject_ref.hex()

    def known(self, bsn):
        return self.client('kernteam').subject_show(bsn).subject_show.known

    def wait_for_erasure(self, bsn):
        for _ in range(200):
            reply = self.client('kernteam').subject_show(bsn)
            if reply.status == 1 and not reply.subject_show.known:
                return
            time.sleep(0.05)
        self.fail('not erased')


class Commands(RetentionTest):
    def test_only_operators_may(self):
        for command in ('list', 'run'):
            self.ctl(command, party='kernteam', expected=77)

    def lines(self):
        actions = [entry.action for entry in self.client('operator').audit()]
        return actions.count('retention-list'), actions.count('retention-run')

    def test_what_is_said_in_words_and_what_is_wrong(self):
        bsn = self.person()
        self.granted(bsn)
        lists, runs = self.lines()
        self.assertRegex(self.ctl('list'), r'(?m)^0 would be destroyed\.$')
        self.assertRegex(self.ctl('run', '--dry-run'), r'(?m)^[1-9]\d* have a consent in force\.$')
        self.assertRegex(self.ctl('run'), r'(?m)^0 are destroyed\.$')
        self.ctl('list', '--until', 'ooit', expected=64)
        self.assertTrue(self.known(bsn))
        self.assertEqual(self.lines(), (lists + 2, runs + 1))

    def test_by_a_day_far_away_whoever_has_nothing_in_force_is_listed_with_nobody_named(self):
        bsn = self.person()
        self.assertNotIn(self.ref(bsn), self.reasons('list'))
        text = self.ctl('list', '--until', '2099-12-31')
        self.assertIn(self.ref(bsn), text)
        self.assertNotIn(bsn, text)
        self.assertTrue(self.known(bsn))

    def subject(self, verb, bsn, *arguments, expected=0):
        result = tool('ctl/consentctl', 'subject', verb, *arguments, '--key', self.registry.key_file('kernteam'),
                      stdin=bsn)
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def test_t1_the_end_of_care_is_recorded_shown_and_taken_away(self):
        bsn = self.person()
        change = ['--care-ended', 'wmo:2026-01-31', '--care-ended', 'jeugdwet:2020-12-31', '--yes']
        self.assertRegex(self.subject('set', bsn, *change), r'care ended, wmo +- +2026-01-31')
        self.assertRegex(self.subject('show', bsn), r'care ended +wmo, 2026-01-31\n *care ended +jeugdwet, 2020-12-31')
        letter = tool('ctl/consentctl', 'overview', '--format', 'text', '--key',
                      self.registry.key_file('kernteam'), stdin=bsn)
        self.assertIn('Zorg gestopt: op 31 januari 2026 (Wet maatschappelijke ondersteuning 2015)',
                      ' '.join(letter.stdout.split()))
        self.assertIn('Nothing changes', self.subject('set', bsn, *change))
        self.assertRegex(self.subject('set', bsn, '--remove-care-ended', 'jeugdwet', '--yes'),
                         r'care ended, jeugdwet +2020-12-31 +-')
        self.assertNotIn('2020-12-31', self.subject('show', bsn))
        wrong = {'wmo': (64, '--care-ended'), 'wmo:2026-02-29': (64, '--care-ended'), ':2026-01-31': (64, '--care-ended'),
                 'wet:2026-01-31': (65, 'care_ended[0].law'), 'wmo:2999-01-01': (65, 'care_ended[0].day')}
        for text, (code, field) in wrong.items():
            self.assertIn(field, self.subject('set', bsn, '--care-ended', text, '--yes', expected=code), text)
        self.assertIn('care_ended[1].law', self.subject('set', bsn, *['--care-ended', 'wmo:2026-01-31'] * 2, '--yes',
                                                        expected=65))
        self.assertIn('remove.care_ended[0]', self.subject('set', bsn, '--remove-care-ended', 'jeugdwet', '--yes',
                                                           expected=65))
        self.assertIn('2026-01-31', self.subject('show', bsn))


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class YearsLater(OwnInstanceTest, RetentionTest):
    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.registry.start()
        self.shared = {}

    def move(self, years):
        """Restarts the daemon so many years from now, which an operator confirms."""
        self.registry.stop()
        self.start(years)
        self.client('operator').ask('clock_confirm', user='beheer-1')

    def start(self, years):
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME': f'{round(years * YEARS * 24):+}h',
                             'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
        self.shared.clear()

    def disclosed(self, bsn):
        self.granted(bsn, days=30)
        self.assertPermit(self.client('kernteam').disclose(bsn))
        return bsn

    def hear_all(self):
        for party in ('kernteam', HORIZON):
            stream = self.registry.client(party, 'events')
            self.assertOk(stream.acknowledge(stream.subscribe().subscribe.newest))

    def test_t2_what_is_past_is_destroyed_and_what_is_in_force_or_open_is_not(self):
        people = {name: self.disclosed(self.person()) for name in ('control', 'held', 'restricted', 'refusal', 'asking')}
        refs = {name: self.ref(bsn) for name, bsn in people.items()}
        kernteam = self.client('kernteam')
        self.assertOk(kernteam.ask('hold_set', bsn=people['held'], reference='zaak-1', reason=REASON, user=USER))
        self.assertOk(kernteam.ask('restrict_data', bsn=people['restricted'], whole=True, reason=REASON, user=USER))
        self.assertOk(kernteam.refuse(people['refusal']))
        self.move(14.9)
        self.hear_all()
        self.assertEqual(self.reasons('list'), {})
        self.move(15.1)
        self.assertOk(self.client('kernteam').ask('rights_open', **opening(people['asking'])))
        self.assertEqual(set(self.reasons('list')), set(refs.values()))
        self.hear_all()
        expected = {'control': [], 'held': ['BY_HOLD'], 'restricted': ['BY_RESTRICTION'], 'refusal': ['BY_REFUSAL'],
                    'asking': ['BY_REQUEST']}
        expected = {refs[name]: by for name, by in expected.items()}
        self.assertEqual(self.reasons('list'), expected)
        self.assertEqual(self.reasons('run', '--dry-run'), expected)
        self.assertTrue(self.known(people['control']))
        self.assertRegex(self.ctl('run'), r'(?m)^1 are destroyed\.$')
        self.wait_for_erasure(people['control'])
        self.assertTrue(all(self.known(people[name]) for name in people if name != 'control'))
        actions = [entry.action for entry in self.client('operator').audit()]
        self.assertEqual((actions.count('retention-run'), actions.count('erase')), (1, 1))
        self.assertNotIn(refs['control'], self.reasons('list'))

    def test_t2_an_event_that_a_party_has_not_acknowledged_keeps_it(self):
        bsn = self.disclosed(self.person())
        ref = self.ref(bsn)
        self.move(15.1)
        self.assertEqual(self.reasons('run'), {ref: ['BY_EVENT']})
        self.hear_all()
        self.assertEqual(self.reasons('run'), {ref: []})
        self.wait_for_erasure(bsn)

    def test_t2_a_daemon_killed_in_the_middle_of_a_run_goes_on(self):
        people = [self.disclosed(self.person()) for _ in range(24)]
        self.move(15.1)
        self.hear_all()
        for goal in (0, 1, 2, 4, 8, 12):
            before = self.client('operator').status().status_report.audit_entries
            run = subprocess.Popen([BUILD / 'clients' / 'ctl' / 'consentctl', 'retention', 'run', '--timeout', '2', '--key',
                                    self.registry.key_file('operator')], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.registry.wait_for(lambda: self.client('operator').status().status_report.audit_entries >= before + goal
                                   or run.poll() is not None, 'lines of the run')
            self.registry.kill()
            run.kill()
            run.wait()
            self.start(15.1)
        self.ctl('run')
        for bsn in people:
            self.wait_for_erasure(bsn)
        self.assertEqual(self.found('list')['entries'], [])


if __name__ == '__main__':
    unittest.main()
