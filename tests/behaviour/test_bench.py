"""The bench runs, and prints each figure that it promises. Nothing is said of how fast anything is."""
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from harness import BUILD, SOURCE

BENCH = SOURCE / 'scripts' / 'bench'
NUMBER = r'-?\d+(\.\d+)?'
FEW = ['--build', str(BUILD), '--consents', '100', '--seconds', '0.02']


def run(*options):
    return subprocess.run([BENCH, *options], capture_output=True, text=True, timeout=300, check=False)


def promised(which=0):
    """What --help says of the last lines: those without an option, with --events, 1, with --adapter, 2, with --http, 3, or with --import, 4."""
    figures = run('--help').stdout.split('ast lines are name=value:\n')[1 + which]
    return re.findall(r'(?m)^    (\w+) +\S', figures.split('\n\nWith ')[0])


def has_peer():
    return any(pathlib.Path('/usr/lib/postgresql').glob('*/bin/initdb'))


class Bench(unittest.TestCase):
    def figures(self, *options):
        """The last lines of a run, as many as are promised at most."""
        ran = run(*FEW, *options)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        found = [line.split('=') for line in ran.stdout.splitlines() if re.fullmatch(rf'\w+={NUMBER}', line)]
        self.assertEqual([f'{name}={value}' for name, value in found], ran.stdout.splitlines()[-len(found):])
        return [name for name, _ in found], ran.stderr

    @unittest.skipUnless(has_peer(), 'PostgreSQL is not installed')
    def test_every_figure_that_the_help_names_is_printed_in_that_order(self):
        names, said = self.figures()
        if 'built without libpq-dev' in said:
            self.skipTest('built without libpq-dev')
        self.assertEqual(names, promised())

    def test_messages_go_through_an_adapter_and_each_figure_is_printed(self):
        names, _ = self.figures('--adapter', '20')
        self.assertEqual(names, promised(2))

    def test_questions_go_through_consent_http_and_each_figure_is_printed(self):
        names, _ = self.figures('--http')
        self.assertEqual(names, promised(3))

    def test_papers_are_imported_through_a_kill_and_each_figure_is_printed(self):
        names, _ = self.figures('--import', '2000')
        self.assertEqual(names, promised(4))

    def test_without_postgresql_it_says_so_and_prints_and_draws_the_others(self):
        with tempfile.TemporaryDirectory() as nothing:
            names, said = self.figures('--plot', '--postgresql', nothing)
        self.assertEqual(names, [name for name in promised() if 'peer' not in name])
        self.assertIn('PostgreSQL is not installed', said)
        words = [element.text for element in xml.etree.ElementTree.parse(BUILD / 'bench.svg').getroot().iter()]
        for curve in ('echo', 'consentd', 'consentd, seen before', 'consentd, first since start',
                      'consentd, first ever'):
            self.assertIn(curve, words)
        self.assertNotIn('PostgreSQL', words)

    def test_with_events_every_figure_that_the_help_names_is_printed_in_that_order(self):
        names, _ = self.figures('--events', '--consumers', '100')
        self.assertEqual(names, promised(1))

    def test_numbers_that_it_cannot_take_are_refused(self):
        for options in (['--consents', '9'], ['--consents', '10000001'], ['--seconds', 'x'], ['--seconds'], ['--fast'],
                        ['--consumers', '9'], ['--consumers', '1009']):
            with self.subTest(options=options):
                self.assertEqual(run(*options).returncode, 64)


if __name__ == '__main__':
    unittest.main()
