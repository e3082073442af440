"""The story that scripts/quickstart tells, with the build that is tested."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from harness import BUILD, SOURCE


class Quickstart(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix='consentd-test-'))
        self.addCleanup(shutil.rmtree, self.scratch)

    def run_script(self, *arguments):
        environment = dict(os.environ, CONSENTD_BUILD=str(BUILD), TMPDIR=str(self.scratch))
        return subprocess.run([SOURCE / 'scripts' / 'quickstart', *arguments], capture_output=True, text=True,
                              env=environment, stdin=subprocess.DEVNULL, timeout=200, check=False)

    def assertTold(self, result):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        story = ['BLANKET_CONSENT', 'message is held', 'PERMIT', 'DENY', 'left out', 'EigenBijdrage', 'Pgb',
                 'toestemming-ingetrokken', 'REVOKED', 'verzoek-beantwoord', 'the answer to a request', 'next.xml.report.json', '"messages"', 'chain whole',
                 'Overzicht van uw gegevens', 'Heeft het bericht gezien: ja', 'The letter is in']
        places = [result.stdout.find(word) for word in story]
        self.assertNotIn(-1, places, story[places.index(-1)] if -1 in places else '')
        self.assertEqual(places, sorted(places))
        self.assertKeysAreShown(result.stdout)
        letter = pathlib.Path(re.search('The letter is in (.*): open', result.stdout)[1])
        self.assertIn('Overzicht van uw gegevens', letter.read_text())

    def assertKeysAreShown(self, story):
        """Every command that leaves its key to CONSENT_KEY stands below the change of key by which it was run."""
        keys = {}
        for line in re.findall(r'(?m)^    \$ (.*)$', story):
            changed = re.fullmatch(r'export CONSENT_KEY=\$instance/keys/(\w+)\.key', line)
            if changed:
                key = changed[1]
            elif line.startswith('consentctl ') and ' setup ' not in line and ' --key ' not in line:
                keys.setdefault(' '.join(line.split()[1:3]), key)
        self.assertEqual((keys['status'], keys['party add'], keys['subject add'], keys['audit list'], keys['overview --bsn-file']),
                         ('operator', 'operator', 'kernteam', 'operator', 'kernteam'))

    def test_it_works_twice_and_leaves_nothing_behind(self):
        for _ in range(2):
            self.assertTold(self.run_script())
            self.assertEqual(list(self.scratch.iterdir()), [])

    def test_kept_it_goes_on_running_and_a_second_one_moves_the_first_aside(self):
        instance = self.scratch / 'instance'
        for _ in range(2):
            self.assertTold(self.run_script('--keep', str(instance)))
            pid = int((instance / 'consentd.pid').read_text())
            self.addCleanup(self.stop, pid)
            os.kill(pid, 0)
        consentctl = [BUILD / 'clients' / 'ctl' / 'consentctl', 'status', '--key', instance / 'keys' / 'operator.key']
        self.assertEqual(subprocess.run(consentctl, capture_output=True, check=False).returncode, 0)
        self.assertEqual(len(list(self.scratch.glob('instance.before-*'))), 1)
        for path in (instance / 'keys').iterdir():
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        self.stop(pid)
        self.assertIn('consentd: ready', (instance / 'log').read_text().splitlines())

    @staticmethod
    def stop(pid):
        """Nobody's child any more: gone when its process is."""
        end = time.monotonic() + 20
        try:
            os.kill(pid, signal.SIGTERM)
            while time.monotonic() < end:
                os.kill(pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            return
        raise AssertionError(f'{pid} did not stop')

    def test_a_directory_that_is_something_else_is_left_alone(self):
        other = self.scratch / 'other'
        other.mkdir()
        (other / 'thesis.txt').write_text('mine')
        self.assertNotEqual(self.run_script('--keep', str(other)).returncode, 0)
        self.assertEqual([path.name for path in other.iterdir()], ['thesis.txt'])

    def test_wrong_usage_is_said(self):
        self.assertEqual(self.run_script('--onbekend').returncode, 64)


if __name__ == '__main__':
    unittest.main()
