"""A registry that is not there, or is another, is told at once, with its address and the key; a silent one is waited for,
and that is told too."""
import os
import re
import signal
import socket
import subprocess
import time
import unittest

import zmq

from harness import BUILD, Instance, OwnInstanceTest, RegistryTest, is_plain

UNAVAILABLE, FORBIDDEN, CONFIGURATION = 69, 77, 78
TRIES = 12
SOON = 0.3 if is_plain(BUILD) else 3.0  # seconds; the sanitizers take longer to start than all else that is done here


def ctl(*arguments, key=None, stdin='', **more):
    environment = {name: value for name, value in os.environ.items() if name != 'CONSENT_KEY'}
    if key:
        environment['CONSENT_KEY'] = str(key)
    return subprocess.Popen([BUILD / 'clients/ctl/consentctl', *map(str, arguments)], text=True, env=environment,
                            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **more)


class Failing(unittest.TestCase):
    """The best of a few: the machine may have other things to do."""

    def fails(self, what, key, code, *words, command=('status',)):
        taken = []
        while len(taken) < TRIES and min(taken, default=SOON) >= SOON:
            begun = time.monotonic()
            run = ctl(*command, key=key)
            out, said = run.communicate(timeout=60)
            taken.append(time.monotonic() - begun)
            self.assertEqual((run.returncode, out), (code, ''), said)
        self.assertEqual(said.count('\n'), 1, said)
        for word in (*words, str(key)):
            self.assertIn(str(word), said)
        if 'CONSENTD_TIMINGS' in os.environ:
            print(f'{what:<34} {min(taken) * 1000:5.0f} ms  exit {code}  {said}', end='')
        self.assertLess(min(taken), SOON)
        return said


class Absent(Failing):
    @classmethod
    def setUpClass(cls):
        cls.registry = Instance()
        cls.addClassCleanup(cls.registry.destroy)

    def key(self, **endpoints):
        text = self.registry.key_file('operator').read_text()
        for name, endpoint in endpoints.items():
            text = re.sub(rf'(?m)^    {name} = .*$', f'    {name} = "{endpoint}"' if endpoint else '', text)
        return self.registry.write('other.key', text, 0o600)

    def test_a_socket_that_is_not_there(self):
        said = self.fails('no socket', self.key(), UNAVAILABLE, self.registry.endpoints['operators'], 'No such file',
                          'nothing was sent', 'CONSENT_KEY', '--wait')
        self.assertNotIn('idempotency-key', said)

    def test_a_socket_that_nobody_listens_at_any_more(self):
        path = self.registry.directory / 'left'
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
        self.fails('socket left behind', self.key(operators=f'ipc://{path}'), UNAVAILABLE, path, 'nobody listens')

    def test_a_port_at_which_nobody_listens(self):
        self.fails('port refused', self.key(operators=''), UNAVAILABLE, self.registry.endpoints['requests'], 'nobody listens')

    def test_a_machine_that_nobody_knows(self):
        self.fails('unknown name', self.key(operators='tcp://bestaat-niet.invalid:7511'), UNAVAILABLE,
                   'bestaat-niet.invalid', 'no machine is known')

    def test_a_recording_command_says_that_nothing_was_sent(self):
        said = self.fails('recording, no socket', self.key(), UNAVAILABLE, 'nothing was sent',
                          command=('consent', 'revoke', '0' * 32, '--withdrawn-by', 'subject'))
        self.assertNotIn('it is not known', said)

    def test_events_are_not_waited_for_either(self):
        out = self.registry.directory / 'events'
        self.fails('events, port refused', self.key(), UNAVAILABLE, self.registry.endpoints['events'],
                   command=('export', 'cloudevents', '--source', 'urn:nld:oin:1:systeem:x', '--out', out))

    def test_a_key_that_is_not_there_says_who_named_it(self):
        run = ctl('status', key='/nergens/sleutel')
        self.assertIn('/nergens/sleutel: No such file or directory (CONSENT_KEY)', run.communicate()[1])
        self.assertEqual(run.returncode, CONFIGURATION)
        run = ctl('status', '--key', '/nergens/andere', key='/nergens/sleutel')
        self.assertIn('/nergens/andere: No such file or directory (--key)', run.communicate()[1])

    def test_who_waits_is_told_for_what_and_for_so_long_only(self):
        begun = time.monotonic()
        run = ctl('status', '--wait', '2', key=self.key())
        said = run.communicate()[1].splitlines()
        self.assertGreater(time.monotonic() - begun, 1.9)
        self.assertEqual(run.returncode, UNAVAILABLE)
        self.assertIn(f'waiting for the registry at {self.registry.endpoints["operators"]}', said[0])
        self.assertIn('No such file', said[1])


class Starting(OwnInstanceTest):
    def test_who_waits_is_answered_by_a_registry_that_starts_meanwhile(self):
        self.registry.stop()
        run = ctl('status', '--wait', '60', key=self.registry.key_file('operator'))
        self.assertIn('waiting for the registry', run.stderr.readline())
        self.registry.start()
        out, said = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 0, said)
        self.assertIn('decisions', out)


class Others(RegistryTest, Failing):
    def test_a_registry_with_another_key(self):
        text = self.registry.key_file('operator').read_text()
        other = zmq.curve_keypair()[0].decode()
        key = self.registry.write('stranger.key', re.sub('server-key = .*', lambda _: f'server-key = "{other}"', text), 0o600)
        self.fails('wrong server key', key, CONFIGURATION, 'server-key', self.registry.endpoints['operators'])

    def test_a_key_that_is_not_let_in(self):
        public, secret = zmq.curve_keypair()
        text = self.registry.key_file('operator').read_text()
        text = re.sub('public-key = .*', lambda _: f'public-key = "{public.decode()}"', text)
        key = self.registry.write('unknown.key', re.sub('secret-key = .*', lambda _: f'secret-key = "{secret.decode()}"', text),
                                  0o600)
        self.fails('key not admitted', key, FORBIDDEN, 'does not admit', self.registry.endpoints['operators'])

    def test_a_silent_registry_is_waited_for_and_that_is_said(self):
        self.registry.signal(signal.SIGSTOP)
        try:
            run = ctl('status', key=self.registry.key_file('operator'))
            said = run.stderr.readline()
        finally:
            self.registry.signal(signal.SIGCONT)
        self.assertIn(f'waiting for the registry at {self.registry.endpoints["operators"]}', said)
        out, more = run.communicate(timeout=60)
        self.assertEqual((run.returncode, more), (0, ''))
        self.assertIn('decisions', out)


if __name__ == '__main__':
    unittest.main()
