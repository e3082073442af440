"""What a spool would do is told before it does it, and how far it is: --dry-run, and the progress at a terminal."""
import json
import os
import pty
import subprocess
import unittest

from spooling import D1, message
from test_spool import HORIZON, SpoolTest


def everything(path):
    """All files under a directory, with what is in them and when they were changed."""
    return {str(one.relative_to(path)): (one.stat().st_mtime_ns, one.read_bytes() if one.is_file() else None)
            for one in sorted([path, *path.rglob('*')])}


class DryRun(SpoolTest):
    def filled(self):
        """A spool with one of each."""
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        spool.put('goes.xml', message(bsn))
        spool.put('held.xml', message(self.person(), 2))
        spool.put('broken.xml', '<w:Bericht')
        return bsn, spool

    def test_it_says_what_would_become_of_each_and_changes_nothing(self):
        bsn, spool = self.filled()
        before = everything(spool.path)
        result = spool.once('--dry-run')
        self.assertEqual(result.returncode, 0, result.stderr)
        said = dict(line.split(': would ', 1) for line in result.stdout.splitlines())
        self.assertEqual(said['goes.xml'], f'go to {HORIZON}, without what may not')
        self.assertEqual(said['held.xml'], 'be held: DENIED')
        self.assertTrue(said['broken.xml'].startswith('fail: '), said)
        self.assertIn('sent 1, held 1, failed 1', result.stderr)
        self.assertIn('held, DENIED: 1', result.stderr)
        self.assertNotIn(bsn, result.stdout + result.stderr)
        self.assertEqual(everything(spool.path), before)
        self.assertEqual(self.disclosures(), [])

    def test_beside_a_ledger_too_and_what_it_said_comes_true(self):
        bsn, spool = self.filled()
        self.assertEqual(spool.once().returncode, 0)
        spool.put('again.xml', message(bsn, 3))
        before = everything(spool.path)
        *reports, summary = [json.loads(line) for line in spool.once('--dry-run', '--json', '--request').stdout.splitlines()]
        self.assertEqual([(one['file'], one['would'], one['outcome']) for one in reports], [('again.xml', 'SENT', 'THINNED')])
        self.assertEqual(summary, {'sent': 1, 'held': 0, 'failed': 0, 'waits': 0, 'held_by_code': {}})
        self.assertEqual(everything(spool.path), before)
        self.assertEqual(spool.once().returncode, 0)
        self.assertIn('again.xml', spool.names('sent'))

    def test_it_is_said_when_there_is_no_spool_or_another_has_it_or_the_registry_is_away(self):
        _, spool = self.filled()
        running = self.started()
        running.wait_for(lambda: (running.path / 'ledger').exists(), 'the spool does not begin')
        taken = running.once('--dry-run')
        self.assertEqual((taken.returncode, 'another process has this spool' in taken.stderr), (66, True), taken.stderr)
        self.registry.stop()
        away = spool.once('--dry-run')
        self.assertEqual((away.returncode, 'the registry is not there' in away.stderr), (69, True), away.stderr)
        spool.command[spool.command.index('--spool') + 1] = spool.directory / 'nowhere'
        self.assertEqual(spool.once('--dry-run').returncode, 66)
        self.assertFalse((spool.directory / 'nowhere').exists())


class Progress(SpoolTest):
    def at_a_terminal(self, spool, *options):
        near, far = pty.openpty()
        with subprocess.Popen([*map(str, spool.command), '--once', *options], stderr=far, stdout=subprocess.DEVNULL,
                              env=spool.environment()) as running:
            os.close(far)
            said = b''
            try:
                while data := os.read(near, 4096):
                    said += data
            except OSError:
                pass  # the other end is closed
            self.assertEqual(running.wait(120), 0, said)
        os.close(near)
        return said.decode()

    def test_it_is_shown_at_a_terminal_alone_and_not_if_quiet(self):
        spool, count = self.spool('--limit', '1'), 600  # more than one group
        for number in range(count):
            spool.put(f'{number}.xml', '<x')
        self.assertIn(f'512 of {count} messages: sent 0, held 0, failed 512', self.at_a_terminal(spool, '--dry-run'))
        self.assertEqual(self.at_a_terminal(spool, '--dry-run', '--quiet'), '')
        self.assertNotIn(' of 600 messages', spool.once('--dry-run').stderr)
        self.assertIn(f'512 of {count} messages', self.at_a_terminal(spool))
        self.assertEqual(len(spool.names('failed')), count)


if __name__ == '__main__':
    unittest.main()
