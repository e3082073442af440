"""consentd --restore: a backup takes the place of the store in one command; rehearsed from the crash to subscribers that are
started anew."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from faulty_disk import FaultyDiskTest, environment
from harness import BUILD, PLAIN, OwnInstanceTest, tool, watch, years_ago

NOT_NOW, CANNOT, GAP = 69, 78, 76
HORIZON = 'zorgaanbieder-horizon'


class Restore(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='restore-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.data = self.registry.directory / 'data'
        self.backup = self.place / 'copy'
        self.bsn = self.person()
        self.granted(self.bsn)

    def ctl(self, *arguments):
        ran = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', *arguments)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout

    def restore(self, backup, expected=0):
        said = subprocess.run([BUILD / 'daemon' / 'consentd', '--restore', backup, self.registry.directory / 'consentd.conf'],
                              capture_output=True, text=True, timeout=100, check=False)
        self.assertEqual(said.returncode, expected, said.stderr)
        return said.stderr

    def beside(self):
        return sorted(path.name for path in self.registry.directory.iterdir() if path.name.startswith('data'))

    def hear(self, *options):
        return watch('--key', self.registry.key_file(HORIZON), '--position', self.place / 'position', *options)

    def refused(self):
        """Whatever is refused leaves the store what it was, and nothing beside it."""
        before = (self.data / 'consentd.mdb').stat().st_ino
        self.assertIn('in use: stop the daemon first', self.restore(self.backup, NOT_NOW))
        self.registry.kill()
        self.shared.clear()
        self.assertIn('has no consentd.mdb', self.restore(self.place / 'none', 71))
        damaged = self.place / 'damaged.mdb'
        damaged.write_bytes((self.backup / 'consentd.mdb').read_bytes()[:40960])
        said = self.restore(damaged, CANNOT)
        self.assertIn(f'{damaged} cannot be put back, and nothing was changed: truncated', said)
        self.assertNotIn('data.restored-', said)  # which is there no more
        whole = bytearray((self.backup / 'consentd.mdb').read_bytes())
        whole[2 * 4096:] = bytes(len(whole) - 2 * 4096)  # but for its first pages
        damaged.write_bytes(whole)
        self.assertNotIn('witness', self.restore(damaged, CANNOT))  # a backup has none
        other = self.place / 'other'
        other.write_text('no store')
        self.restore(other, CANNOT)
        self.assertEqual((self.data / 'consentd.mdb').stat().st_ino, before)
        self.assertEqual(self.beside(), ['data'])

    def test_a_backup_takes_the_place_of_the_store_and_subscribers_stop_and_start_anew(self):
        self.assertEqual(self.hear('--from', '1', '--count', '1').returncode, 0)
        epoch = self.client('operator').status().epoch
        made = self.ctl('backup', self.backup)
        later = self.person()
        self.granted(later)
        self.assertEqual(self.hear('--count', '1').returncode, 0)
        self.refused()
        said = self.restore(self.backup)
        self.assertIn('1 subjects, 1 statements', said)
        self.assertIn(made.split('its hash ')[1].split()[0], said)  # the hash that the backup said
        self.assertIn('a new epoch begins', said)
        aside, = [name for name in self.beside() if name != 'data']
        self.assertRegex(aside, r'^data\.before-\d{8}T\d{6}Z$')
        self.assertIn(aside, said)
        self.assertTrue((self.registry.directory / aside / 'consentd.journal').exists())
        self.registry.start()  # as always
        self.assertNotEqual(self.client('operator').status().epoch, epoch)
        self.assertPermit(self.client('kernteam').check(self.bsn))
        self.assertDenied(self.client('kernteam').check(later), 'NO_CONSENT')
        self.assertIn('chain whole', self.ctl('audit', 'verify'))
        self.assertIn(('restore', 'ok'), [(line.action, line.result) for line in self.client('operator').audit()])
        self.assertEqual(self.hear('--count', '1').returncode, GAP)
        self.assertOk(self.client('kernteam').subject_set(later, years_ago(40)))  # recorded again, from the form
        self.granted(later)
        self.assertEqual(self.hear('--from', '2', '--count', '1').returncode, 0)
        self.without_a_store()

    def without_a_store(self):
        """As on a new machine: nothing is put aside. And the file itself may be named."""
        self.registry.stop()
        self.shared.clear()
        for name in self.beside():
            shutil.rmtree(self.registry.directory / name)
        self.assertNotIn('what was the store', self.restore(self.backup / 'consentd.mdb'))
        self.assertEqual(self.beside(), ['data'])
        self.registry.start()
        self.assertPermit(self.client('kernteam').check(self.bsn))


class LastSync(FaultyDiskTest):
    def test_a_restore_of_which_only_the_last_sync_fails_has_happened_and_says_so(self):
        bsn = self.person()
        self.granted(bsn)
        backup = self.registry.directory / 'copy'
        made = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'backup', backup)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.registry.stop()
        self.becomes('unsynced', self.registry.directory.name)  # in which the directories change places
        said = subprocess.run([PLAIN / 'daemon' / 'consentd', '--restore', backup, self.registry.directory / 'consentd.conf'],
                              capture_output=True, text=True, timeout=100, check=False, env={**os.environ, **environment(self.disk)})
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn('cannot sync its directory: Input/output error; the store is the backup all the same', said.stderr)
        self.assertIn('a new epoch begins', said.stderr)
        aside, = self.registry.directory.glob('data.before-*')
        self.assertIn(aside.name, said.stderr)
        self.becomes_sound()
        self.start()
        self.assertPermit(self.client('kernteam').check(bsn))


if __name__ == '__main__':
    unittest.main()
