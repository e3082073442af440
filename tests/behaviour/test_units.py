"""The units of systemd: they hold, they are confined as docs/operations.md says, and one source makes a registry of each."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, SOURCE

MOST = {'consentd.service': 1.1, 'consentd@.service': 1.1, 'consentd-export.service': 1.1,
        'consentd-retention.service': 0.6, 'consentd-retention@.service': 0.6, 'consentd-log-copy@.service': 0.6,
        'consent-http.service': 1.1}
PROGRAM = re.compile(r'(?m)^(Exec\w+=)\S+/s?bin/(consent[\w-]+)')

# What a template has of its own, of each setting that is not the same.
STATE = '/var/lib/consentd-registries/%i'
EACH = {'Description': '{}: %i'.format, 'User': '{}-%i'.format, 'Group': '{}-%i'.format,
        'StateDirectory': '{}-registries/%i'.format, 'RuntimeDirectory': '{}-registries/%i'.format,
        'After': lambda value: value.replace('consentd.service', 'consentd@%i.service'),
        'Requisite': lambda value: value.replace('consentd.service', 'consentd@%i.service'),
        'ReadOnlyPaths': lambda value: STATE, 'ConditionPathExists': lambda value: f'{STATE}/consentd.conf'}


def units():
    return sorted(path for path in (BUILD / 'config' / 'systemd').iterdir() if '.' in path.name and path.suffix != '.p')


def settings(text):
    return re.findall(r'(?m)^(\w+)=(.*)$', re.sub(r'\\\n\s*', '', text))


@unittest.skipUnless(shutil.which('systemd-analyze'), 'systemd-analyze is not here')
class Judged(unittest.TestCase):
    """As systemd judges them, with the programs where they are now."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='consentd-units-'))
        self.addCleanup(shutil.rmtree, self.folder)
        for unit in units():
            (self.folder / unit.name).write_text(PROGRAM.sub(self.here, unit.read_text()))

    @staticmethod
    def here(line):
        place = {'consentd': 'daemon', 'consentctl': 'clients/ctl', 'consent-http': 'clients/http'}[line[2]]
        return f'{line[1]}{BUILD}/{place}/{line[2]}'

    def analyze(self, *arguments):
        return subprocess.run(['systemd-analyze', '--no-pager', *map(str, arguments)], capture_output=True, text=True,
                              timeout=60, check=False, cwd=self.folder)

    def complaints(self, *names):
        """Those about our own units: what else this machine has is its own."""
        ran = self.analyze('verify', '--man=no', *(self.folder / name for name in names))
        return [line for line in ran.stderr.splitlines() if re.search(r'\bconsentd|' + re.escape(str(self.folder)), line)]

    def test_systemd_has_nothing_to_say_of_any(self):
        names = [unit.name.replace('@.', '@leiden.') for unit in units()]
        self.assertGreater(len(names), 7)
        self.assertEqual(self.complaints(*names), [])

    def test_it_would_say_what_is_wrong(self):
        unit = self.folder / 'consentd.service'
        unit.write_text(unit.read_text().replace('ProtectSystem=strict', 'ProtectSystem=perhaps'))
        self.assertIn('protect system value', ''.join(self.complaints('consentd.service')))

    def test_none_is_more_exposed_than_it_says(self):
        services = [unit.name for unit in units() if unit.suffix == '.service']
        self.assertEqual(sorted(services), sorted(MOST))
        for name in services:
            ran = self.analyze('security', '--offline=yes', '--json=short', f'--threshold={MOST[name] * 10:.0f}',
                               self.folder / name)
            counted = [line['name'] for line in json.loads(ran.stdout) if float(line['exposure'] or 0) > 0]
            self.assertEqual(ran.returncode, 0, f'{name}: {counted}')


class Made(unittest.TestCase):
    """What is in them."""

    def test_a_template_is_the_unit_with_a_registry_of_its_own(self):
        for name in ('consentd', 'consentd-retention'):
            one, each = ((BUILD / 'config' / 'systemd' / f'{name}{at}.service').read_text() for at in ('', '@'))
            expected = [(key, EACH.get(key, lambda value: value)(value).replace('/var/lib/consentd/', f'{STATE}/'))
                        for key, value in settings(one)]
            self.assertEqual(settings(each), expected)

    def test_nothing_is_left_to_fill_in(self):
        for unit in units():
            self.assertNotRegex(unit.read_text(), r'@[a-z]+@')

    def test_each_ends_for_good_only_where_another_try_is_of_no_use(self):
        codes = dict(settings((BUILD / 'config' / 'systemd' / 'consentd.service').read_text()))
        self.assertEqual(codes['RestartPreventExitStatus'], '64 78')
        page = (SOURCE / 'docs' / 'operations.md').read_text()
        self.assertIn('after each of these but 64 and 78', page)

    def test_the_user_and_the_directories_are_those_of_the_units(self):
        folder = SOURCE / 'config' / 'systemd'
        unit = dict(settings((BUILD / 'config' / 'systemd' / 'consentd.service').read_text()))
        self.assertRegex((folder / 'consentd.sysusers').read_text(), rf'(?m)^u {unit["User"]} - ".*" /var/lib/consentd$')
        made = re.findall(r'(?m)^d (\S+) (\d+) (\S+)', (folder / 'consentd.tmpfiles').read_text())
        self.assertIn(('/var/lib/' + unit['StateDirectory'], unit['StateDirectoryMode'], unit['User']), made)


if __name__ == '__main__':
    unittest.main()
