"""The key of a spool's party is replaced: what was begun under the one before is finished, and nothing goes twice."""
import unittest

from harness import tool
from spooling import D1, FIXTURE_BSN, FIXTURES, Gate, message
from test_spool import HORIZON, SpoolTest


class KeyTest(SpoolTest):
    def replaced(self, name='2027'):
        """A second key of the kernteam; the first is removed. Returns the new key file."""
        path = self.registry.directory / f'{name}.key'
        for words in (('add', 'kernteam', '--name', name, '--out', path), ('remove', 'kernteam', 'first')):
            ran = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'party', 'key', *words)
            self.assertEqual(ran.returncode, 0, ran.stderr)
        return path

    def interrupted(self, name='a.xml'):
        """A spool that was killed after the registry recorded its disclosure, and before it heard of that."""
        bsn, spool, before = self.person(), self.spool(), len(self.disclosures())
        self.granted(bsn, categories=D1, one_time=True)
        gate = Gate(self.registry, lambda: list((spool.path / 'work').glob('*.out')))
        self.addCleanup(gate.close)
        spool.use_key(gate.key_file('kernteam'))
        spool.start()
        spool.put(name, message(bsn))
        spool.wait_for(lambda: len(self.disclosures()) > before, 'nothing is disclosed')
        spool.kill()
        gate.close()
        self.assertEqual(spool.names('sent'), [])
        spool.use_key(self.registry.key_file('kernteam'))
        return bsn, spool


class Rotation(KeyTest):
    def test_what_was_disclosed_under_the_former_key_goes_as_it_was_decided(self):
        _, spool = self.interrupted()
        spool.use_key(self.replaced())
        refused = spool.once()
        self.assertEqual(refused.returncode, 78)
        self.assertIn('give the key file before as --former-key', refused.stderr)
        result = spool.once('--former-key', self.registry.key_file('kernteam'))
        self.assertEqual((result.returncode, spool.names('sent'), len(self.disclosures())), (0, ['a.xml'], 1), result.stderr)
        self.assertEqual(spool.report('sent', 'a.xml')['decision'], self.disclosures()[0].number)

    def test_also_when_the_first_run_under_the_new_key_found_no_registry(self):
        _, spool = self.interrupted()
        new = self.replaced()
        self.registry.stop()
        spool.use_key(new)
        self.assertEqual(spool.once('--former-key', self.registry.key_file('kernteam')).returncode, 69)
        self.registry.start()
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('sent')), (0, ['a.xml']), result.stderr)
        self.shared = {}
        self.assertEqual(len(self.disclosures()), 1)

    def test_what_went_and_is_held_under_it_is_known_under_the_new_one(self):
        bsn, spool = self.person(), self.spool()
        consent = self.granted(bsn, categories=D1)
        spool.put('a.xml', message(bsn))
        spool.put('b.xml', message(self.person(), 2))
        self.assertEqual(spool.once().returncode, 0)
        spool.use_key(self.replaced())
        self.assertOk(self.client('operator').revoke(consent))
        result = spool.once('--former-key', self.registry.key_file('kernteam'))
        self.assertEqual((result.returncode, spool.names('held')), (0, ['b.xml']), result.stderr)
        self.assertEqual(spool.once('--quiet').returncode, 0)
        notice, = self.notices(spool)
        self.assertEqual([one['file'] for one in notice['messages']], ['a.xml'])
        self.assertIn('b.xml', spool.held('list').stdout)


class OneMessage(KeyTest):
    def run_one(self, key, *options):
        return tool('sociale-team/sociale-team', '--key', key, '--to', HORIZON, *options, FIXTURES / 'wmo301.xml')

    def test_a_message_that_was_begun_under_the_former_key_is_finished_with_it(self):
        self.bsns = iter([FIXTURE_BSN])
        self.granted(self.person(), categories=D1, one_time=True)
        former, ledger = self.registry.key_file('kernteam'), ('--ledger', self.registry.directory / 'ledger')
        self.assertEqual(self.run_one(former, *ledger, '--out', '/dev/full').returncode, 74)
        new = self.replaced()
        self.assertEqual(self.run_one(new, *ledger).returncode, 78)
        finished = self.run_one(new, *ledger, '--former-key', former)
        self.assertEqual((finished.returncode, len(self.disclosures())), (0, 1), finished.stderr)
        self.assertIn(FIXTURE_BSN, finished.stdout)
        self.assertEqual(self.run_one(new, *ledger).returncode, 1)  # another decision: its consent is used up

    def test_one_that_was_not_begun_under_it_is_decided_once_under_the_new_one(self):
        self.bsns = iter([FIXTURE_BSN])
        self.granted(self.person(), categories=D1, one_time=True)
        former, new = self.registry.key_file('kernteam'), self.replaced()
        for options in (('--former-key', former), (), ('--former-key', former)):
            ran = self.run_one(new, *options)
            self.assertEqual((ran.returncode, len(self.disclosures())), (0, 1), ran.stderr)


if __name__ == '__main__':
    unittest.main()
