"""A backup from before an erasure, put back with the newest keys (R7): of the erased nothing is there, of all others
nothing is lost, and nothing counts as damaged."""
import functools
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, OwnInstanceTest, tool, valid_bsns, years_ago
from test_erasure import ErasureTest

DAMAGE = 'is missing, damaged or older than it must be'


class RestoredTest(OwnInstanceTest, ErasureTest):
    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='restored-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.keys = self.registry.directory / 'keys' / 'subjects'
        self.erased_one, self.mate = self.pair()
        self.other = next(bsn for bsn, bucket in self.buckets().items() if bucket != self.buckets()[self.mate])
        self.decisions = {bsn: self.live(bsn) for bsn in (self.erased_one, self.mate, self.other)}
        self.back_up()

    @functools.cache
    def buckets(self):
        """By BSN the first bytes of its pseudonym."""
        bsns = list(valid_bsns())
        said = subprocess.run([BUILD / 'tests' / 'unit' / 'pseudonyms', self.registry.directory / 'consentd.conf'],
                              input='\n'.join(bsns), capture_output=True, text=True, check=True)
        return dict(zip(bsns, (pseudonym[:4] for pseudonym in said.stdout.split())))

    def pair(self):
        """Two whose keys are wrapped under the same key."""
        found = {}
        for bsn, bucket in self.buckets().items():
            if (other := found.setdefault(bucket, bsn)) != bsn:
                return other, bsn
        raise AssertionError('no two share a bucket')

    def live(self, bsn):
        """Something of each sort; returns the decision on a check."""
        kernteam = self.client('kernteam')
        self.assertOk(kernteam.subject_set(bsn, years_ago(40)))
        self.granted(bsn)
        self.assertOk(self.client('zorgaanbieder-horizon').ask_for(bsn, categories=['email']))
        self.opened(bsn, 'ACCESS')
        reply = kernteam.check(bsn)
        self.assertPermit(reply)
        return reply.check.decision

    def back_up(self):
        done = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'backup', self.place / 'copy')
        self.assertEqual(done.returncode, 0, done.stderr)

    def erase_one(self):
        """To the end of the round: the list is there before the former keys are destroyed, in one turn after it."""
        self.erased(self.asked(self.erased_one), self.erased_one)
        self.registry.wait_for(lambda: (self.keys / 'subjects.list').exists(), 'the list')
        for _ in range(3):
            self.assertPermit(self.client('kernteam').check(self.other))

    def put_back(self):
        self.registry.stop()
        self.shared.clear()
        target = self.registry.directory / 'data' / 'consentd.mdb'
        shutil.copy(self.place / 'copy' / 'consentd.mdb', target)
        target.chmod(0o600)

    def assertLives(self, bsn):
        kernteam = self.client('kernteam')
        self.assertPermit(kernteam.check(bsn))
        self.assertEqual(len(kernteam.consent_list(bsn).consent_list.consents), 1)
        self.assertEqual(len(kernteam.waiting(bsn)), 1)
        self.assertEqual(len(self.numbers(bsn)), 1)
        self.assertOk(kernteam.ask('decision_show', number=self.decisions[bsn]))

    def assertNothingIsDamaged(self):
        self.assertLogWhole()
        self.assertNotIn(DAMAGE, self.registry.log())
        self.assertEqual([line for line in self.client('operator').audit() if line.action == 'alarm'], [])


class Restored(RestoredTest):
    def test_r7_of_the_erased_nothing_is_left_and_of_all_others_nothing_is_lost(self):
        self.erase_one()
        self.put_back()
        self.registry.start(options=['--restored'])
        self.assertIn('who was erased since is taken out (1), and keys of others are put in (1)', self.registry.log())
        for _ in range(2):
            self.assertUnknown(self.erased_one)
            self.assertStatus(self.client('kernteam').ask('decision_show', number=self.decisions[self.erased_one]),
                              'NOT_FOUND')
            for bsn in (self.mate, self.other):
                self.assertLives(bsn)
            self.assertNothingIsDamaged()
            self.registry.stop()
            self.shared.clear()
            self.registry.start()  # from then on as always
        self.assertOk(self.client('kernteam').subject_set(self.erased_one, years_ago(40)))  # who may come back
        self.granted(self.erased_one)
        self.assertPermit(self.client('kernteam').check(self.erased_one))

    def test_without_the_list_it_is_refused_unless_somebody_says_so(self):
        """The control: without it the other one would be lost."""
        self.erase_one()
        self.put_back()
        (self.keys / 'subjects.list').unlink()
        for options in ([], ['--restored']):
            said = self.registry.run(*options)
            self.assertEqual(said.returncode, 78, said.stderr)
        self.assertIn('subjects.list: the list of what erasures changed is missing, and the store is from before an erasure: '
                      'put the newest copy there, or start with --without-list', said.stderr)
        self.registry.start(options=['--restored', '--without-list'])
        for bsn in (self.erased_one, self.mate):
            self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
        self.assertLives(self.other)

    def test_old_keys_are_refused_beside_the_newest_list(self):
        before = self.place / 'subjects.keys'
        shutil.copy2(self.keys / 'subjects.keys', before)
        self.erase_one()
        self.put_back()
        shutil.copy2(before, self.keys / 'subjects.keys')
        said = self.registry.run('--restored')
        self.assertEqual(said.returncode, 78)
        self.assertIn('the keys beside it are older', said.stderr)

    def test_a_registry_that_never_erased_has_no_list_and_needs_none(self):
        self.put_back()
        self.registry.start(options=['--restored'])
        self.assertFalse((self.keys / 'subjects.list').exists())
        for bsn in (self.erased_one, self.mate, self.other):
            self.assertLives(bsn)
        self.assertNothingIsDamaged()


if __name__ == '__main__':
    unittest.main()
