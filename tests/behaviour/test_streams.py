"""A program whose standard streams are closed: none of their numbers goes to a socket or a file, into which it would write
what is meant for people."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

from bridge import Bridge
from harness import BUILD, SOURCE, OwnInstanceTest, tool

CLIENTS = BUILD / 'clients'
STREAMS = (0, 1, 2)


def opened(process):
    """What each number of the process is, as far as it is something."""
    files = {}
    for path in pathlib.Path(f'/proc/{process.pid}/fd').iterdir():
        try:
            files[int(path.name)] = os.readlink(path)
        except FileNotFoundError:
            pass
    return files


def without_streams(*command, streams='<&- >&- 2>&-'):
    """The command for a program that finds these of its streams closed."""
    return ['sh', '-c', f'exec "$@" {streams}', 'sh', *map(str, command)]


class ClosedStreams(OwnInstanceTest):
    def watched(self, *command):
        """The process, once it has opened what it needs."""
        process = subprocess.Popen(without_streams(*command), env=dict(os.environ, CONSENTD_ADAPTERS=str(SOURCE / 'config' / 'adapters')))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        end = time.monotonic() + 30
        while sum(what.startswith('socket:') for what in opened(process).values()) < 1:
            self.assertIsNone(process.poll(), f'{command[0]} has ended')
            self.assertLess(time.monotonic(), end, f'{command[0]} opens nothing: {opened(process)}')
            time.sleep(0.02)
        return process

    def assertHeld(self, process):
        files = opened(process)
        self.assertEqual([files.get(number) for number in STREAMS], ['/dev/null'] * 3, files)

    def test_no_client_lets_a_socket_have_the_number_of_a_stream(self):
        key, partner = self.registry.key_file('kernteam'), self.registry.key_file('cak')
        form, at = SOURCE / 'config' / 'toestemmingsformulier.json', self.registry.directory
        message = SOURCE / 'tests' / 'fixtures' / 'wmo301.xml'
        server = socket.create_server(('127.0.0.1', 0))  # it says nothing
        self.addCleanup(server.close)
        nats = f'nats://127.0.0.1:{server.getsockname()[1]}'
        self.registry.signal(signal.SIGSTOP)  # who asks it something, waits
        self.addCleanup(self.registry.signal, signal.SIGCONT)
        for name, *options in (('ctl/consentctl', 'status', '--key', self.registry.key_file('operator')),
                               ('sociale-team/sociale-team', 'consent', form, '--key', key),
                               ('sociale-team/sociale-team', '--key', key, '--spool', at / 'spool'),
                               ('cak/cak', '--key', key, '--out', at / 'cak.xml', message),
                               ('svb/svb', '--key', key, '--out', at / 'svb.xml', message),
                               ('adapter/consent-adapter', '--key', key, '--mapping', SOURCE / 'config/adapters/wmo301.map', '--out',
                                at / 'out.xml', message),
                               ('watch/consent-watch', '--key', partner, '--exec', 'true'),
                               ('view/consent-view', '--key', partner, '--wait', '60000'),
                               ('conformance/consent-conformance', '--team', key, '--partner', partner, '--', 'true'),
                               ('http/consent-http', Bridge(self.registry).directory / 'bridge.conf'),
                               ('relay/consent-relay', '--key', partner, '--position', at / 'position', '--url', nats,
                                '--stream', 'EVENTS', '--source', 'urn:nld:oin:00000001234567890000:systeem:toestemmingen')):
            if not (CLIENTS / name).exists():
                continue  # not built here: its library is missing
            with self.subTest(name, options=options[0]):
                self.assertHeld(self.watched(CLIENTS / name, *options))

    def test_the_registry_answers_all_the_same(self):
        self.registry.stop()
        process = self.watched(BUILD / 'daemon' / 'consentd', self.registry.directory / 'consentd.conf')
        status = tool('ctl/consentctl', 'status', '--json', '--key', self.registry.key_file('operator'))
        self.assertEqual(status.returncode, 0, status.stderr)
        self.assertTrue(json.loads(status.stdout))
        self.assertHeld(process)

    def test_what_is_told_does_not_get_into_a_key_that_is_made(self):
        made = self.registry.directory / 'nieuw.key'
        result = subprocess.run(without_streams(CLIENTS / 'ctl' / 'consentctl', 'party', 'add', 'nieuw', '--kind', 'school', '--role', 'partner',
                                                '--out', made, '--key', self.registry.key_file('operator'), streams='>&- 2>&-'),
                                capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 74)  # the party is there; that it is could not be told
        self.assertNotIn(b'nieuw added', made.read_bytes())
        self.assertEqual(tool('ctl/consentctl', 'party', 'list', '--key', self.registry.key_file('operator')).returncode, 0)

    def test_a_view_without_questions_ends(self):
        ended = subprocess.run(without_streams(CLIENTS / 'view' / 'consent-view', '--key', self.registry.key_file('cak')), timeout=60, check=False)
        self.assertEqual(ended.returncode, 0)

    def test_every_program_holds_them_before_anything_else(self):
        """Also the next one that is written."""
        mains = [*SOURCE.glob('clients/*/main.c'), SOURCE / 'daemon' / 'main.c']
        self.assertGreater(len(mains), 8)
        for path in mains:
            body = re.search(r'^int main \(.*?^}', path.read_text(), re.MULTILINE | re.DOTALL).group()
            self.assertRegex(body, r'\n    streams_hold \(\);\n', path)


if __name__ == '__main__':
    unittest.main()
