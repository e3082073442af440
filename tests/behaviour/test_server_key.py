"""The registry gets another server key: programs that know both go over by themselves, in whichever order it happens."""
import json
import subprocess
import time
import unittest

from harness import BUILD, OwnInstanceTest, tool

HORIZON = 'zorgaanbieder-horizon'
OK, CONFIGURATION = 0, 78


class ServerKey(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.keys = self.registry.directory / 'keys'
        self.bsn = self.person()
        self.granted(self.bsn)
        made = tool('ctl/consentctl', '--json', 'keys', 'server', self.keys / 'server-2.key')
        self.assertEqual(made.returncode, OK, made.stderr)
        self.next_key = json.loads(made.stdout)['server_key']
        self.assertIn(self.next_key, (self.keys / 'server-2.key').read_text())

    def key_file(self, party, name, **more):
        """Of somebody who knows these server keys."""
        path = self.registry.key_file(party)
        lines = ''.join(f'    {key.replace("_", "-")} = "{value}"\n' for key, value in more.items())
        text = path.read_text().replace('metadata\n', 'metadata\n' + lines)
        return self.registry.write(f'{name}.key', text, 0o600)

    def ctl(self, key, *arguments, expected=OK):
        ran = tool('ctl/consentctl', '--key', key, *arguments)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stderr

    def change(self):
        self.registry.stop()
        self.shared.clear()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('keys/server.key', 'keys/server-2.key'))
        self.registry.start()

    def test_who_knows_both_goes_over_without_a_failure_and_who_does_not_is_told(self):
        both, one = self.key_file('operator', 'both', server_key_next=self.next_key), self.registry.key_file('operator')
        wrong = self.key_file('operator', 'wrong', server_key_next='0' * 39)
        self.assertIn('server-key-next is not a key', self.ctl(wrong, 'whoami', expected=CONFIGURATION))
        self.ctl(both, 'whoami')
        self.change()
        self.ctl(both, 'whoami')
        self.assertIn('is not its key', self.ctl(one, 'whoami', expected=CONFIGURATION))
        stranger = self.key_file('operator', 'stranger', server_key_next=self.registry.server_key.decode())
        began = time.monotonic()
        self.assertIn('is not its key', self.ctl(stranger, 'whoami', expected=CONFIGURATION))
        self.assertLess(time.monotonic() - began, 5)

    def test_a_subscriber_is_told_of_the_key_to_come_and_goes_over(self):
        self.announce()
        self.assertEqual(self.client('cak').whoami().whoami.server_key_next, self.next_key)
        run = self.hear(self.registry.key_file(HORIZON), '--ack', 'none')
        self.assertIn(f'put it into the key file as server-key-next: {self.next_key}', run.stderr.readline())
        run.terminate()
        run.communicate(timeout=60)
        run = self.hear(self.key_file(HORIZON, 'subscriber', server_key_next=self.next_key))
        self.registry.wait_for(lambda: self.heard.read_text().count('\n') == 1, 'the first event')
        self.change()
        self.registry.server_key = self.next_key.encode()  # for the test's own clients
        self.granted(self.bsn, categories=['email'])
        said = run.communicate(timeout=60)[1]
        self.assertEqual(run.returncode, OK, said)
        self.assertNotIn('server-key-next', said)  # which it knows
        self.assertEqual(self.heard.read_text().count('\n'), 2)

    def announce(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('    vault = ', '    server-next = "keys/server-2.key"\n    vault = '))
        self.registry.reload()

    def hear(self, key, *options):
        """consent-watch, from the beginning, until it has heard two events."""
        self.heard = self.registry.directory / 'heard'
        with open(self.heard, 'wb') as out:
            return subprocess.Popen([BUILD / 'clients' / 'watch' / 'consent-watch', '--key', key, '--from', '1', '--count', '2',
                                     *options],
                                    stdout=out, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


if __name__ == '__main__':
    unittest.main()
