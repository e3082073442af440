"""How a start ends that cannot be: at once, with one line, and with the code by which a supervisor knows whether another
try may help. And what a start trusts: files and directories that nobody else can change."""
import os
import pathlib
import shutil
import unittest

import zmq

from faulty_disk import environment, needs_faulty_disk
from harness import CERTIFICATE, PLAIN, Instance, free_port

UNAVAILABLE, IO_ERROR, CONFIGURATION = 69, 74, 78


class StartTest(unittest.TestCase):
    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)
        self.path = self.registry.directory / 'consentd.conf'

    def ends(self, code, *parts, arguments=()):
        """It ends with this code and one line that holds these parts, and waits for nothing."""
        result = self.registry.run(*arguments)
        self.assertEqual(result.returncode, code, result.stderr)
        lines = result.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        for part in parts:
            self.assertIn(part, lines[0])
        self.assertNotRegex(lines[0], r'\((-?\d+)\)|[Uu]nknown error')
        self.assertEqual(result.stdout, '')
        return lines[0]

    def change(self, old, new):
        self.assertIn(old, self.path.read_text())
        self.path.write_text(self.path.read_text().replace(old, new, 1))

    def line_of(self, text):
        return 1 + next(number for number, line in enumerate(self.path.read_text().splitlines()) if text in line)


class ExitCodes(StartTest):
    def test_an_endpoint_that_is_taken_may_be_free_later(self):
        squatter = zmq.Context.instance().socket(zmq.ROUTER)
        squatter.linger = 0
        squatter.bind(self.registry.endpoints['requests'])
        self.addCleanup(squatter.close)
        self.ends(UNAVAILABLE, self.registry.endpoints['requests'], 'Address already in use')
        squatter.close()
        self.registry.start()

    def test_an_address_that_the_machine_does_not_have_may_come(self):
        self.change(self.registry.endpoints['events'], f'tcp://192.0.2.1:{free_port()}')
        self.ends(UNAVAILABLE, '192.0.2.1')

    def test_a_store_that_is_in_use_may_be_free_later(self):
        self.registry.start()
        self.ends(UNAVAILABLE, 'consentd.mdb', 'in use')
        self.registry.restart()

    def test_a_store_under_another_key_is_a_matter_of_configuration(self):
        self.registry.start()
        self.registry.stop()
        self.registry.write('keys/vault.key', os.urandom(32).hex() + '\n', 0o600)
        self.ends(CONFIGURATION, 'another vault key')

    def test_a_damaged_store_is_not_tried_again_and_again(self):
        self.registry.start()
        self.registry.stop()
        store = self.registry.directory / 'data' / 'consentd.mdb'
        store.write_bytes(b'x' * 16384)
        self.ends(CONFIGURATION, 'consentd.mdb', 'not a store')

    @needs_faulty_disk
    def test_a_disk_that_fails_is_an_input_or_output_error(self):
        self.registry.program = PLAIN / 'daemon' / 'consentd'
        disk = self.registry.directory / 'disk'
        for name, value in environment(disk).items():
            os.environ[name] = value
            self.addCleanup(os.environ.pop, name)
        fails = pathlib.Path(f'{disk}.fail')
        fails.touch()
        self.ends(IO_ERROR, 'Input/output error')
        fails.unlink()
        self.assertFalse((self.registry.directory / 'data' / 'consentd.mdb.new').exists())
        self.registry.start()

    @needs_faulty_disk
    def test_a_file_of_the_store_that_cannot_be_read_is_an_input_or_output_error(self):
        self.registry.program = PLAIN / 'daemon' / 'consentd'
        disk = self.registry.directory / 'disk'
        for name, value in environment(disk).items():
            os.environ[name] = value
            self.addCleanup(os.environ.pop, name)
        self.registry.start()
        self.registry.stop()
        unreadable = pathlib.Path(f'{disk}.unreadable')
        for name in ('consentd.mdb', 'consentd.journal', 'consentd.witness'):
            with self.subTest(name):
                unreadable.write_text(name)
                self.ends(IO_ERROR, f'{self.registry.directory}/data/', name, 'Input/output error')
        unreadable.unlink()
        self.registry.start()


class Trust(StartTest):
    """Whoever can change one of these decides what the registry permits, or reads what it holds."""
    FILES = ('consentd.conf', 'policies/kaag-en-braassem-2015/flows.txt', 'parties/cak.party')
    DIRECTORIES = ('policies/kaag-en-braassem-2015', 'policies', 'parties', 'data', 'run', 'keys')

    def assertNamed(self, path, mode):
        before = path.stat().st_mode
        path.chmod(mode)
        for arguments in (('--check',), ()):
            self.ends(CONFIGURATION, 'consentd.conf', str(path), 'written by others', arguments=arguments)
        path.chmod(before)

    def test_what_others_may_write_is_named_and_refused(self):
        for name in self.FILES:
            for mode in (0o664, 0o646):
                with self.subTest(name=name, mode=oct(mode)):
                    self.assertNamed(self.registry.directory / name, mode)
        for name in self.DIRECTORIES:
            for mode in (0o770, 0o707):
                with self.subTest(name=name, mode=oct(mode)):
                    self.assertNamed(self.registry.directory / name, mode)
        self.assertEqual(self.registry.run('--check').returncode, 0)

    def test_it_is_named_with_the_line_that_brings_it_in(self):
        for name, setting in (('policies', 'policy = '), ('data', 'directory = '), ('keys', 'server = '),
                              ('parties', 'parties = '), ('run', 'requests = ')):
            with self.subTest(name):
                (self.registry.directory / name).chmod(0o777)
                self.ends(CONFIGURATION, f'consentd.conf:{self.line_of(setting)}: ', arguments=('--check',))
                (self.registry.directory / name).chmod(0o700)

    def test_a_directory_above_counts_unless_only_owners_can_replace_what_is_in_it(self):
        above = self.registry.directory / 'above'
        above.mkdir(mode=0o700)
        shutil.move(self.registry.directory / 'policies', above / 'policies')
        self.change('policies/kaag', 'above/policies/kaag')
        self.assertNamed(above, 0o777)
        above.chmod(0o1777)
        self.assertEqual(self.registry.run('--check').returncode, 0)

    def test_a_reload_refuses_it_too_and_goes_on_as_before(self):
        self.registry.start()
        (self.registry.directory / 'policies').chmod(0o777)
        self.registry.reload()
        self.assertIn('written by others', self.registry.log().splitlines()[-1])
        self.assertTrue(self.registry.is_alive())


class Waiting(StartTest):
    """Nothing that lies in the place of a file makes the daemon wait."""

    def test_no_file_that_is_a_pipe_a_device_or_a_link_to_one_is_waited_for(self):
        for name in ('consentd.conf', 'keys/server.key', 'keys/vault.key', 'parties/cak.party',
                     'policies/kaag-en-braassem-2015/flows.txt'):
            path = self.registry.directory / name
            kept = path.read_bytes()
            for make in (lambda place: os.mkfifo(place, 0o600),
                         lambda place: os.symlink('/dev/zero', place),
                         lambda place: (os.mkfifo(f'{place}.pipe', 0o600), os.symlink(f'{place}.pipe', place))):
                with self.subTest(name):
                    path.unlink()
                    make(path)
                    for arguments in (('--check',), ()):
                        line = self.ends(CONFIGURATION, arguments=arguments)
                        self.assertTrue(path.name in line or '/dev/zero can be written' in line, line)
                    path.unlink()
                    pathlib.Path(f'{path}.pipe').unlink(missing_ok=True)
                    path.write_bytes(kept)
                    path.chmod(0o600)
        self.assertEqual(self.registry.run('--check').returncode, 0)

    def test_a_store_that_is_a_pipe_is_not_waited_for(self):
        self.registry.start()
        self.registry.stop()
        for name in ('consentd.journal', 'consentd.mdb'):
            with self.subTest(name):
                path = self.registry.directory / 'data' / name
                kept = path.read_bytes()
                path.unlink()
                os.mkfifo(path, 0o600)
                result = self.registry.run()
                self.assertEqual(result.returncode, CONFIGURATION, result.stderr)
                self.assertIn(f'{path}: not a regular file', result.stderr)
                path.unlink()
                path.write_bytes(kept)
                path.chmod(0o600)


class Secrets(StartTest):
    def test_no_line_of_a_key_that_cannot_be_read_is_shown(self):
        public, secret = (key.decode() for key in zmq.curve_keypair())
        good = CERTIFICATE.format(public=public, secret=secret)
        for wrong in (good.replace('    secret-key', '  secret-key'), good.replace('secret-key = ', 'secret-key '),
                      good.replace(f'"{secret}"', f'"{secret}'), good.replace('curve\n', f'curve {secret}\n'),
                      good.replace(f'"{secret}"', f'"{secret}{secret}"'), f'{secret}\n', f'= {secret}\n'):
            with self.subTest(wrong.replace(secret, '...')):
                self.registry.write('keys/server.key', wrong, 0o600)
                for arguments in (('--check',), ()):
                    line = self.ends(CONFIGURATION, 'server.key', arguments=arguments)
                    self.assertNotIn(secret, line)

    def test_the_line_of_a_key_file_that_is_wrong_is_named(self):
        self.registry.write('keys/server.key', 'metadata\ncurve\n    secret-key = "kort"\n', 0o600)
        self.ends(CONFIGURATION, 'server.key:3: ')


class Endpoints(StartTest):
    def test_an_endpoint_that_cannot_be_is_named_with_its_line(self):
        before = self.path.read_text()
        events = self.registry.endpoints['events']
        for wrong in ('tcp://*:77310', 'tcp://*:75x1', 'tcp://*:-1', 'tcp://*:0', 'tcp://*:', 'tcp://:7511', 'tcp://*:*',
                      'tcp://127.0.0.1:7511,tcp://127.0.0.1:7512', 'tcp://127.0.0.1:7511;127.0.0.2:7511',
                      'tcp://127.0.0.1:7511tcp://127.0.0.1:7512', 'tcp://::1:7511', 'tcp://[::1:7511', 'tcp://[::g]:7511',
                      'tcp://[127.0.0.1]:7511', 'tcp://127.0.0.256:7511', 'tcp://nergens.example:7511', 'tcp://*', 'ipc://',
                      'udp://127.0.0.1:7511', 'ipc://' + 'x' * 108, self.registry.endpoints['requests']):
            with self.subTest(wrong):
                self.change(f'"{events}"', f'"{wrong}"')
                for arguments in (('--check',), ()):
                    self.ends(CONFIGURATION, f'consentd.conf:{self.line_of("events = ")}: ', arguments=arguments)
                self.path.write_text(before)

    def test_addresses_that_can_be_pass_the_check(self):
        for right in ('tcp://*:7511', 'tcp://127.0.0.1:65535', 'tcp://[::1]:7511', 'tcp://[::]:1', 'tcp://lo:7511',
                      'tcp://127.0.0.1:7513 tcp://[::1]:7513 ipc://run/events'):
            with self.subTest(right):
                before = self.path.read_text()
                self.change(f'"{self.registry.endpoints["events"]}"', f'"{right}"')
                result = self.registry.run('--check')
                self.assertEqual(result.returncode, 0, result.stderr)
                self.path.write_text(before)

    def test_it_serves_IPv6_beside_IPv4(self):
        here = f'tcp://[::1]:{free_port()}'
        old = self.registry.endpoints['requests']
        self.change(old, f'{old} {here}')
        self.registry.start()
        for endpoint in (old, here):
            self.registry.endpoints['requests'] = endpoint
            client = self.registry.client('kernteam')
            self.assertEqual(client.status_name(client.ask('whoami')), 'OK')


if __name__ == '__main__':
    unittest.main()
