"""Files that hold secrets: written whole or not at all, printed by nobody; and a file that is none is waited for by
nobody."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, SOURCE, RegistryTest, tool

CONSENTCTL = BUILD / 'clients' / 'ctl' / 'consentctl'
CONFIG = SOURCE / 'config'
PACK = CONFIG / 'policies' / 'kaag-en-braassem-2015'
CANNOT_CREATE, FAILED = 73, 74


class FullDisk(RegistryTest):
    """A file system of its own, with no page left."""

    def full(self, left=0):
        place = pathlib.Path(tempfile.mkdtemp(prefix='consentd-full-'))
        self.addCleanup(shutil.rmtree, place, ignore_errors=True)
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', place], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f'no file system can be mounted here: {mounted.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '-l', place], check=False)
        with open(place / 'fill', 'wb', buffering=0) as fill:
            try:
                while True:
                    fill.write(b'x' * 4096)
            except OSError:
                pass
            fill.truncate(max(0, fill.tell() - left * 4096))
        return place

    def add(self, party, key):
        return tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'party', 'add', party, '--kind',
                    'zorgaanbieder', '--role', 'partner', '--out', key)

    def parties(self):
        return tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'party', 'list').stdout

    def test_a_key_that_does_not_fit_is_said_and_nothing_is_left_of_it(self):
        place = self.full()
        result = self.add('zorgaanbieder-vol', place / 'vol.key')
        self.assertEqual(result.returncode, FAILED, result.stdout + result.stderr)
        self.assertIn('no key is written', result.stderr)
        self.assertEqual(result.stdout, '')
        self.assertEqual([path.name for path in place.iterdir()], ['fill'])
        self.assertNotIn('zorgaanbieder-vol', self.parties())

    def test_a_key_that_fits_is_whole(self):
        place = self.full(left=2)
        key = place / 'past.key'
        result = self.add('zorgaanbieder-past', key)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        self.assertEqual([path.name for path in place.iterdir() if path.name != 'fill'], ['past.key'])
        self.assertEqual(tool('ctl/consentctl', '--key', key, 'consent', 'show', '0' * 32).returncode, 66)

    def test_a_registry_that_does_not_fit_is_said_to_be_none(self):
        for left in range(0, 40, 3):
            place = self.full(left)
            made = tool('ctl/consentctl', 'setup', place / 'registry', '--template', CONFIG / 'consentd.conf', '--policy', PACK)
            with self.subTest(left=left):
                if made.returncode == 0:
                    keys = [place / 'registry' / 'keys' / name for name in ('server.key', 'operator.key', 'vault.key')]
                    self.assertTrue(all(key.stat().st_size > 60 for key in keys))
                    return
                self.assertIn(made.returncode, (CANNOT_CREATE, FAILED), made.stderr)
                self.assertEqual(made.stdout, '')
                if (place / 'registry').exists():
                    self.assertIn('remove it before you try again', made.stderr)


class Printed(RegistryTest):
    def test_a_key_file_that_cannot_be_read_is_named_with_its_line_and_never_shown(self):
        secret = self.registry.keys['kernteam'][1].decode()
        good = self.registry.key_file('kernteam').read_text()
        lines = good.splitlines()
        at = next(number for number, line in enumerate(lines, 1) if 'secret-key' in line)
        wrongs = {'a quote too few': good.replace(f'"{secret}"', f'"{secret}'), 'no equals sign': good.replace('secret-key =', 'secret-key'),
                  'something behind it': good.replace(f'"{secret}"', f'"{secret}" {secret}'),
                  'no name': good.replace('secret-key =', f'= "{secret}"')}
        for name, text in wrongs.items():
            key = self.registry.write('wrong.key', text, 0o600)
            runs = {'consentctl': tool('ctl/consentctl', '--key', key, 'subject', 'show', stdin='999900006'),
                    'consent-watch': tool('watch/consent-watch', '--key', key, '--once', '--ack', 'none'),
                    'sociale-team': tool('sociale-team/sociale-team', '--key', key, '--to', 'cak', '/dev/null'),
                    'the form': tool('sociale-team/sociale-team', 'consent', CONFIG / 'toestemmingsformulier.json', '--key', key)}
            for program, result in runs.items():
                with self.subTest(name, program=program):
                    self.assertGreaterEqual(result.returncode, 64)
                    self.assertNotIn(secret[:20], result.stdout + result.stderr)
            self.assertIn(f'{key}:{at}: ', runs['consentctl'].stderr)
            self.assertEqual(runs['consentctl'].returncode, 78)

    def test_the_registrys_own_key_is_never_shown_either(self):
        path = self.registry.directory / 'keys' / 'server.key'
        good = path.read_text()
        self.addCleanup(self.registry.write, 'keys/server.key', good, 0o600)
        secret = good.split('secret-key = "')[1].split('"')[0]
        at = next(number for number, line in enumerate(good.splitlines(), 1) if 'secret-key' in line)
        for text in (good.replace(f'"{secret}"', f'"{secret}'), good.replace('secret-key =', 'secret-key'), good.replace(secret, secret[:30])):
            self.registry.write('keys/server.key', text, 0o600)
            checked = self.registry.run('--check')
            self.assertEqual(checked.returncode, 78)
            self.assertIn(f'keys/server.key:{at}: ', checked.stderr)
            self.assertNotIn(secret[:20], checked.stdout + checked.stderr)


class Waiting(RegistryTest):
    """What opens for ever where it is waited for: a FIFO that nobody writes to, and devices."""

    def wrong_files(self):
        fifo = self.registry.directory / 'fifo'
        if not fifo.exists():
            os.mkfifo(fifo, 0o600)
            (self.registry.directory / 'link').symlink_to(fifo)
        return fifo, self.registry.directory / 'link', pathlib.Path('/dev/zero'), pathlib.Path('/dev/tty'), self.registry.directory

    def assertEnds(self, program, *arguments, stdin=''):
        result = subprocess.run([BUILD / 'clients' / program, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                                timeout=20, check=False, env=dict(os.environ, CONSENTD_ADAPTERS=str(CONFIG / 'adapters')))
        self.assertGreaterEqual(result.returncode, 64, f'{program} {arguments}: {result.stdout}{result.stderr}')

    def test_no_command_waits_for_a_file_that_is_none(self):
        key, bsn = self.registry.key_file('kernteam'), self.registry.write('bsn', '999900006', 0o600)
        scope = ['--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose', 'toekenning']
        check = ['--key', key, 'check', '--bsn-file', bsn, *scope, '--item', 'naw']
        ask = ['--key', key, 'request', 'make', '--bsn-file', bsn, *scope, '--category', 'naw']
        message = SOURCE / 'tests' / 'fixtures' / 'wmo301.xml'
        for file in self.wrong_files():
            with self.subTest(file=file):
                self.assertEnds('ctl/consentctl', '--key', file, 'subject', 'show', '--bsn-file', bsn)
                self.assertEnds('ctl/consentctl', '--key', key, 'subject', 'show', '--bsn-file', file)
                self.assertEnds('ctl/consentctl', *ask, '--motivation-file', file)
                self.assertEnds('ctl/consentctl', '--key', key, 'restriction', 'set', '--whole', '--bsn-file', bsn, '--reason-file', file)
                self.assertEnds('ctl/consentctl', *check, '--urgent-reason', 'vitaal-belang', '--triage', file)
                self.assertEnds('ctl/consentctl', *check, '--written-request-by', 'subject', '--evidence-reference', 'd',
                                '--evidence-file', file)
                self.assertEnds('ctl/consentctl', '--key', key, 'check', '--batch', file)
                self.assertEnds('ctl/consentctl', 'setup', self.registry.directory / 'new', '--policy', PACK, '--template', file)
                shutil.rmtree(self.registry.directory / 'new', ignore_errors=True)
                self.assertEnds('watch/consent-watch', '--key', file, '--once', '--ack', 'none')
                self.assertEnds('watch/consent-watch', '--key', key, '--once', '--position', file, '--exec', 'true')
                self.assertEnds('sociale-team/sociale-team', 'consent', file, '--key', key)
                self.assertEnds('sociale-team/sociale-team', '--key', key, '--to', 'zorgaanbieder-horizon', file)
                for option in ('--mapping', '--schema'):
                    self.assertEnds('sociale-team/sociale-team', '--key', key, '--to', 'zorgaanbieder-horizon', option, file,
                                    message)

    def test_no_message_waits_for_a_reader_for_ever(self):
        fifo = self.wrong_files()[0]
        self.assertEnds('cak/cak', '--key', self.registry.key_file('kernteam'), '--out', fifo,
                        SOURCE / 'tests' / 'fixtures' / 'wmo301.xml')

    def test_a_file_that_a_shell_makes_of_a_command_is_read(self):
        bsn, key = self.person(), self.registry.key_file('kernteam')
        result = subprocess.run(['bash', '-c', f'{CONSENTCTL} --key {key} subject show --bsn-file <(sleep 0.2; echo {bsn})'],
                                capture_output=True, text=True, timeout=20, check=False)
        self.assertIn('1980-05-17', result.stdout, result.stderr)


if __name__ == '__main__':
    unittest.main()
