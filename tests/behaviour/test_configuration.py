"""A bad configuration is refused in one line that names file and line, with exit code 78."""
import os
import re
import unittest

import zmq

from harness import Instance, tool


class Configuration(unittest.TestCase):
    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)
        self.path = self.registry.directory / 'consentd.conf'

    def assertRefused(self, *parts):
        """Both the check and the start refuse, in one line that holds these parts."""
        for arguments in (('--check',), ()):
            result = self.registry.run(*arguments)
            self.assertEqual(result.returncode, 78, result.stderr)
            lines = result.stderr.strip().splitlines()
            self.assertEqual(len(lines), 1, result.stderr)
            self.assertTrue(lines[0].startswith('consentd: '), lines[0])
            for part in parts:
                self.assertIn(part, lines[0])
            self.assertEqual(result.stdout, '')

    def line_of(self, text):
        return 1 + next(number for number, line in enumerate(self.path.read_text().splitlines()) if text in line)

    def change(self, old, new):
        self.assertIn(old, self.path.read_text())
        self.path.write_text(self.path.read_text().replace(old, new, 1))

    def test_a_good_configuration_passes_the_check(self):
        result = self.registry.run('--check')
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_an_unknown_setting_is_named_with_its_line(self):
        self.change('limits\n', 'limits\n    spoed = "1"\n')
        self.assertRefused(f'consentd.conf:{self.line_of("spoed")}: ', 'spoed')

    def test_a_bad_value_is_named_with_its_line(self):
        for old, new in (('size = "64"', 'size = "veel"'), ('turn = "256"', 'turn = "0"'),
                         ('connections = "64"', 'connections = "99999"'),
                         ('clock-jump = "24"', 'clock-jump = "721"'),
                         ('sociale-team = "check', 'sociale-team = "checken'),
                         ('requests = "tcp', 'requests = "udp'),
                         ('requests = "tcp', 'requests = "ipc:/// tcp'),
                         ('operators = "ipc://run/operators"', 'operators = "  "'),
                         ('controller = "Gemeente Voorbeeld"', 'controller = " \t "'),
                         ('operators = "ipc://run/operators"', 'operators = "tcp://127.0.0.1:1"')):
            with self.subTest(new):
                original = self.path.read_text()
                self.change(old, new)
                self.assertRefused(f'consentd.conf:{self.line_of(new)}: ')
                self.path.write_text(original)

    def test_copies_of_the_log_are_a_few_names(self):
        self.change('log\n    origin', 'log\n    copies = "een"\n    copy-lag = "60"\n    origin')
        for good in ('een', 'een twee drie vier', 'een-2', 'x' * 32):
            self.path.write_text(self.path.read_text().replace('copies = "een"', f'copies = "{good}"'))
            self.assertEqual(self.registry.run('--check').returncode, 0, good)
            self.path.write_text(self.path.read_text().replace(f'copies = "{good}"', 'copies = "een"'))
        for old, new in [('copies = "een"', f'copies = "{bad}"') for bad in
                         ('', 'a b c d e', 'een een', 'Een', '2een', 'een/twee', 'x' * 33)] + [
                             ('copy-lag = "60"', 'copy-lag = "0"'), ('copy-lag = "60"', 'copy-lag = "86401"')]:
            with self.subTest(new):
                original = self.path.read_text()
                self.change(old, new)
                self.assertRefused(f'consentd.conf:{self.line_of(new)}: ')
                self.path.write_text(original)

    def test_a_missing_setting_is_named(self):
        lines = self.path.read_text().splitlines(True)
        self.path.write_text(''.join(line for line in lines if not line.startswith('controller')))
        self.assertRefused('consentd.conf', 'controller')

    def test_a_missing_setting_is_named_with_the_line_where_it_should_stand(self):
        self.path.write_text(re.sub(r'(?m)^ +events = .*\n', '', self.path.read_text()))
        self.assertRefused(f'consentd.conf:{self.line_of("listen")}: ', '"listen/events" is missing')

    def refusals(self):
        """What is said of each fault: the lines, the same of the daemon and of `consentctl config check`."""
        ran = self.registry.run('--check')
        self.assertEqual((ran.returncode, ran.stdout), (78, ''), ran.stderr)
        said = [line.removeprefix(f'consentd: {self.path}:') for line in ran.stderr.splitlines()]
        checked = tool('ctl/consentctl', 'config', 'check', self.path)
        self.assertEqual(checked.returncode, 78)
        self.assertEqual([line.removeprefix(f'consentctl: {self.path}:') for line in checked.stderr.splitlines()], said)
        return said

    def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file(self):
        for old, new in (('requests = "tcp', 'requests = "udp://127.0.0.1:1 tcp'), ('size = "64"', 'size = "veel"'),
                         ('sociale-team = "check', 'sociale-team = "checken'), ('turn = "256"', 'turn = "0"'),
                         ('limits\n', 'limits\n    spoed = "1"\n')):
            self.change(old, new)
        self.path.write_text(re.sub(r'(?m)^ +(vault|events) = .*\n', '', self.path.read_text()))
        said = self.refusals()
        wrong = ('listen/events" is missing', 'udp://127.0.0.1:1', 'keys/vault" is missing', 'store/size', 'checken',
                 'unknown setting "limits/spoed"', 'limits/turn')
        self.assertEqual(len(said), len(wrong), said)
        for line, part in zip(said, wrong):
            self.assertIn(part, line)
        numbers = [int(line.split(':')[0]) for line in said]
        self.assertEqual(numbers, sorted(numbers))

    def test_a_mistyped_setting_is_named_as_it_was_meant_and_what_was_meant_is_not_missing(self):
        """Each setting of the example, with its first two letters changed about; the roles have names of their own."""
        for half in (0, 1):
            lines, sections, meant = self.path.read_text().splitlines(), [], []
            for number, line in enumerate(lines):
                found = re.match(r'( *)([a-z-]+) = ', line)
                if re.match('[a-z]', line):
                    sections = [line.split()[0]]
                if found and sections[0] != 'roles' and (number < len(lines) // 2) == (half == 0):
                    indent, name = found.groups()
                    lines[number] = indent + name[1] + name[0] + line[len(indent) + 2:]
                    path = f'{sections[0]}/{name}' if indent else name
                    meant.append((number + 1, path))
            original = self.path.read_text()
            self.path.write_text('\n'.join(lines) + '\n')
            said = self.refusals()
            self.path.write_text(original)
            self.assertGreater(len(meant), 8)
            self.assertEqual(len(said), len(meant), said)
            for line, (number, path) in zip(said, meant):
                self.assertRegex(line, rf'^{number}: unknown setting ".*"; did you mean "{path}"[?]$')

    def test_of_more_faults_than_have_room_it_is_said_that_there_are_more(self):
        self.change('limits\n', 'limits\n' + ''.join(f'    zzz{number} = "1"\n' for number in range(80)))
        said = self.refusals()
        self.assertGreater(len(said), 20)
        self.assertIn('unknown setting "limits/zzz', said[-2])
        self.assertEqual(said[-1], ' there is more: mend these first')

    def test_a_mistyped_section_is_named_and_what_stands_in_it_is_neither_unknown_nor_missing(self):
        self.change('\nlimits\n', '\nlimts\n')
        said = self.refusals()
        self.assertEqual(len(said), 1, said)
        self.assertIn('unknown setting "limts"; did you mean "limits"?', said[0])

    def test_a_line_that_is_no_setting_is_named(self):
        self.change('limits\n', 'limits\n  = onzin\n')
        self.assertRefused(f'consentd.conf:{self.line_of("onzin")}: ')

    def test_a_setting_given_twice_is_named_with_its_line(self):
        self.change('store\n', 'controller = "Gemeente Twee"\nstore\n')
        self.assertRefused(f'consentd.conf:{self.line_of("Gemeente Twee")}: ')

    def test_a_configuration_that_is_not_there_is_named(self):
        self.path.unlink()
        self.assertRefused('consentd.conf')

    def test_a_key_file_that_others_can_read_is_refused(self):
        for name in ('keys/server.key', 'keys/vault.key'):
            for mode in (0o644, 0o640, 0o604):
                with self.subTest(name=name, mode=oct(mode)):
                    path = self.registry.directory / name
                    path.chmod(mode)
                    self.assertRefused(name)
                    path.chmod(0o600)
        self.assertEqual(self.registry.run('--check').returncode, 0)

    def test_a_key_file_that_is_missing_or_no_key_is_refused_without_its_content(self):
        for name in ('keys/server.key', 'keys/vault.key'):
            with self.subTest(name):
                path = self.registry.directory / name
                original = path.read_text()
                path.write_text('geheim-dat-geen-sleutel-is\n')
                self.assertRefused(name)
                self.assertNotIn('geheim', self.registry.run().stderr)
                path.unlink()
                self.assertRefused(name)
                self.registry.write(name, original, 0o600)

    def test_a_party_file_that_is_wrong_is_named_with_its_line(self):
        cases = (('kind = "cak"', 'kind = "kapper"'), ('role = "partner"', 'role = "koning"'),
                 ('agreement-from = "2020-01-01"', 'agreement-from = "2020-02-30"'), ('public-key', 'publik-key'))
        party = self.registry.directory / 'parties' / 'cak.party'
        original = party.read_text()
        for old, new in cases:
            with self.subTest(new):
                self.assertIn(old, original)
                text = original.replace(old, new)
                party.write_text(text)
                line = 1 + next(number for number, one in enumerate(text.splitlines()) if new in one)
                self.assertRefused('cak.party', f':{line}: ' if new != 'publik-key' else ': ')
                party.write_text(original)

    def test_a_party_file_without_a_kind_or_a_role_says_so(self):
        party = self.registry.directory / 'parties' / 'cak.party'
        original = party.read_text()
        for name in ('kind', 'role'):
            with self.subTest(name):
                lines = original.splitlines(True)
                party.write_text(''.join(line for line in lines if not line.startswith(name)))
                self.assertRefused('cak.party', f'"{name}" is missing')
                party.write_text(original)

    def test_two_parties_with_one_key_are_refused(self):
        self.registry.keys['svb'] = self.registry.keys['cak']
        self.registry.write_party('svb', 'svb', 'partner')
        self.assertRefused('.party')

    def test_a_policy_that_is_wrong_is_refused_whole_with_file_and_line(self):
        flows = self.registry.directory / 'policies' / 'kaag-en-braassem-2015' / 'flows.txt'
        text = flows.read_text() + '\nonzin zonder betekenis\n'
        flows.write_text(text)
        self.assertRefused(f'flows.txt:{len(text.splitlines())}: ')
        flows.unlink()
        self.assertRefused('flows.txt')

    def test_an_endpoint_that_is_taken_stops_the_start_with_one_line(self):
        squatter = zmq.Context.instance().socket(zmq.ROUTER)
        squatter.linger = 0
        self.addCleanup(squatter.close)
        squatter.bind(self.registry.endpoints['requests'])
        result = self.registry.run()
        self.assertEqual(result.returncode, 69)
        self.assertIn(self.registry.endpoints['requests'].split('//')[1], result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)

    def test_an_archive_is_named_and_takes_no_line_of_the_last_days(self):
        for text, named in (('archive-after = "730"', '"log/archive" is missing'), ('archive = ""', '"log/archive" is empty'),
                            ('archive = "a"\n    archive-after = "1"', 'a number from 2 to 36500'),
                            ('archive = "a"\n    archive-after = "2 years"', 'a number from 2 to 36500')):
            with self.subTest(text):
                self.change('log\n', f'log\n    {text}\n')
                self.assertRefused(named)
                self.change(f'log\n    {text}\n', 'log\n')
        self.change('log\n', 'log\n    archive = "not-there-yet"\n    archive-after = "2"\n')
        self.assertEqual(self.registry.run('--check').returncode, 0)

    def test_wrong_arguments_are_a_usage_error(self):
        self.assertEqual(self.registry.run('--onbekend').returncode, 64)

    def test_files_of_the_store_are_for_the_daemon_alone(self):
        self.registry.start()
        for path in (self.registry.directory / 'data').iterdir():
            self.assertEqual(os.stat(path).st_mode & 0o077, 0, path)


if __name__ == '__main__':
    unittest.main()
