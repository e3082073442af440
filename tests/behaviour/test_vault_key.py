"""A registry gets another vault key while it works, and again; wherever it stops meanwhile, it starts with both."""
import json
import signal
import threading
import time
import unittest

from faulty_disk import FaultyDiskTest
from harness import OwnInstanceTest, tool

OK, UNUSABLE, CONFIGURATION = 0, 73, 78


class VaultKey(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.keys = self.registry.directory / 'keys'
        self.bsn = self.person()
        self.granted(self.bsn)
        self.decision = self.permitted()

    def permitted(self):
        reply = self.client('kernteam').check(self.bsn)
        self.assertPermit(reply)
        return reply.check.decision

    def ctl(self, *arguments, expected=OK):
        ran = tool('ctl/consentctl', '--json', '--key', self.registry.key_file('operator'), *arguments)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return json.loads(ran.stdout) if expected == OK else ran.stderr

    def new_key(self, name):
        return self.ctl('keys', 'vault', self.keys / name)['vault']

    def configure(self, vault, former=None):
        path = self.registry.directory / 'consentd.conf'
        kept = [line for line in path.read_text().splitlines(True) if 'vault-former =' not in line]
        at = next(i for i, line in enumerate(kept) if line.startswith('    vault = '))
        kept[at] = f'    vault = "keys/{vault}"\n' + (f'    vault-former = "keys/{former}"\n' if former else '')
        path.write_text(''.join(kept))

    def reload(self, refused=''):
        self.registry.reload()
        self.assertRegex(self.client('operator').ask('status').status_report.last_reload, refused or '^ok$')

    def listed(self):
        return self.ctl('keys', 'list')['keys_list']

    def works(self):
        self.permitted()
        self.assertOk(self.client('kernteam').ask('decision_show', number=self.decision))

    def restart(self, **killed):
        self.registry.kill() if killed else self.registry.stop()
        self.shared.clear()
        self.registry.start()
        self.works()

    def refused_start(self):
        self.registry.stop()
        self.shared.clear()
        said = self.registry.run()
        self.assertEqual(said.returncode, CONFIGURATION, said.stderr)
        self.assertIn('another vault key', said.stderr)

    def test_the_key_changes_under_load_and_the_one_before_opens_nothing_any_more(self):
        self.assertTrue(self.listed()['own_root'])
        first, second, third = self.listed()['vault'], self.new_key('vault-2.key'), self.new_key('vault-3.key')
        self.assertEqual(len({first, second, third}), 3)
        self.assertIn('cannot make', self.ctl('keys', 'vault', self.keys / 'vault-2.key', expected=UNUSABLE))
        self.configure('vault-2.key')  # the one in use is not named
        self.reload(refused='vault-former does not name that')
        self.configure('vault-2.key', 'vault-3.key')
        self.reload(refused='vault-former does not name that')
        self.assertEqual(self.listed()['vault'], first)
        self.configure('vault-2.key', 'vault.key')
        with self.load() as answered:
            self.reload()
        self.assertGreater(answered[0], 5)
        self.assertEqual((self.listed()['vault'], self.listed()['vault_former']), (second, first))
        self.configure('vault-2.key')
        self.reload()
        self.assertEqual((self.listed()['vault'], self.listed()['vault_former']), (second, ''))
        (self.keys / 'vault.key').rename(self.keys / 'away')
        self.restart()
        self.configure('away')
        self.refused_start()
        self.configure('vault-3.key', 'vault-2.key')  # and again, by a start
        self.registry.start()
        self.works()
        self.configure('vault-3.key')
        self.restart()
        self.configure('vault-2.key')
        self.refused_start()
        self.configure('vault-3.key')
        self.registry.start()
        lines = [(line.action, line.result) for line in self.client('operator').audit()]
        self.assertEqual(lines.count(('vault-key', 'changes')), 2)
        self.assertEqual(self.listed()['subjects'], 1)

    def load(self):
        test = self

        class Load:
            def __enter__(self):
                self.answered, self.failed, self.ended = [0], [], False
                self.client = test.registry.client('kernteam')
                self.thread = threading.Thread(target=self.go_on)
                self.thread.start()
                while self.answered[0] < 3:
                    time.sleep(0.005)
                return self.answered

            def go_on(self):
                while not self.ended:
                    reply = self.client.check(test.bsn)
                    if reply.status != 1 or reply.check.verdict != 1:
                        self.failed.append(reply)
                    self.answered[0] += 1

            def __exit__(self, *unused):
                before = self.answered[0]
                while self.answered[0] < before + 3:
                    time.sleep(0.005)
                self.ended = True
                self.thread.join()
                test.assertEqual(self.failed, [])
        return Load()

    def test_a_registry_that_is_killed_while_the_key_changes_starts_with_both(self):
        self.new_key('vault-2.key')
        pair = ['vault.key', 'vault-2.key']
        for wait in (0.002, 0.01):
            self.configure(pair[1], pair[0])
            self.registry.signal(1)
            time.sleep(wait)
            self.restart(killed=True)
            pair.reverse()
        self.in_another_directory(pair[0])

    def in_another_directory(self, in_use):
        """It is refused, as the keyring would not be found there."""
        (self.registry.directory / 'other').mkdir(mode=0o700)
        self.ctl('keys', 'vault', self.registry.directory / 'other' / 'vault.key')
        self.configure('../other/vault.key', in_use)
        self.reload(refused='not in the directory of the key in use')
        self.configure(in_use)
        self.restart()


class KeyOnTheDisk(FaultyDiskTest):
    def test_a_start_that_cannot_change_the_key_goes_on_under_the_former_one_and_says_so(self):
        bsn = self.person()
        self.granted(bsn)
        new, both = 'vault = "keys/vault-2.key"', 'vault = "keys/vault-2.key"\n    vault-former = "keys/vault.key"'
        made = tool('ctl/consentctl', 'keys', 'vault', self.registry.directory / 'keys' / 'vault-2.key')
        self.assertEqual(made.returncode, 0, made.stderr)
        self.registry.set_in_configuration('vault = "keys/vault.key"', both)
        self.registry.stop()
        self.becomes('unsynced', 'subjects.keys')
        self.start()
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertRegex(self.client('operator').status().status_report.last_reload, 'subjects.keys: cannot be written')
        self.registry.stop()
        self.becomes_sound()
        self.start()  # and now it is changed
        self.assertEqual(self.client('operator').status().status_report.last_reload, 'ok')
        self.registry.set_in_configuration(both, new)
        self.registry.restart()
        self.shared.clear()
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_no_key_counts_before_its_line_of_the_log_is_on_the_disk(self):
        bsn = self.person()
        self.granted(bsn)
        keys = self.registry.directory / 'keys'
        made = tool('ctl/consentctl', 'keys', 'vault', keys / 'vault-2.key')
        self.assertEqual(made.returncode, 0, made.stderr)
        self.registry.set_in_configuration('vault = "keys/vault.key"', 'vault = "keys/vault-2.key"\n    vault-former = "keys/vault.key"')
        self.becomes('unsynced', 'consentd.journal')
        self.registry.signal(signal.SIGHUP)
        self.assertEqual(self.registry.ended(), 70)
        self.becomes_sound()
        self.registry.set_in_configuration('vault = "keys/vault-2.key"\n    vault-former = "keys/vault.key"', 'vault = "keys/vault.key"')
        self.start()  # with the key of before alone
        self.assertPermit(self.client('kernteam').check(bsn))


if __name__ == '__main__':
    unittest.main()
