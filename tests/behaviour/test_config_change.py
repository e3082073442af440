"""What a reload would change is said before it, and is what it then changes."""
import json
import unittest

from harness import OwnInstanceTest, tool

OK, WRONG_DATA, WRONG_CONFIGURATION = 0, 65, 78


class ConfigDiff(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.file = self.registry.directory / 'consentd.conf'

    def ctl(self, *arguments, expected=OK):
        ran = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), *arguments)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == OK else ran.stderr

    def diff(self):
        """setting: (in force, in the file, from when)."""
        reply = json.loads(self.ctl('--json', 'config', 'diff'))['config_diff']
        self.assertEqual((reply['refused'], reply['path']), ('', str(self.file)))
        return {change['setting']: (change['in_force'], change['in_file'], change['counts']) for change in reply['changes']}

    def change(self, *pairs):
        for old, new in pairs:
            self.registry.set_in_configuration(old, new)

    def test_what_differs_is_shown_with_when_it_counts_and_a_reload_takes_up_that_alone(self):
        self.assertStatus(self.client('cak').ask('config_diff'), 'FORBIDDEN')
        self.assertEqual(self.diff(), {})
        self.assertIn('what is in force is what', self.ctl('config', 'diff'))
        self.change(('cache = "16"', 'cache = "32"'), ('turn = "256"', 'turn = "512"'), ('size = "64"', 'size = "32"'),
                    ('reserve = "8"', 'reserve = "9"'), ('overdue = "24"', 'overdue = "48"'),
                    ('partner = "check request events"', 'partner = "check events"'),
                    ('    monitor = "health"', '    loket = "grant"'), ('connections = "64"', 'connections = "32"'))
        at_reload = {'store/reserve': ('8', '9', 'reload'), 'events/overdue': ('24', '48', 'reload'),
                     'roles/partner': ('check events request', 'check events', 'reload'),
                     'roles/monitor': ('health', '', 'reload'), 'roles/loket': ('', 'grant', 'reload'),
                     'limits/connections': ('64', '32', 'reload'),
                     'limits/log-burst': ('8192', '4096', 'reload')}  # it follows the size
        later = {'limits/cache': ('16', '32', 'start'), 'limits/turn': ('256', '512', 'start'),
                 'store/size': ('64', '32', 'never')}
        self.assertEqual(self.diff(), at_reload | later)
        said = self.ctl('config', 'diff')
        self.assertIn('7 of 10 would count from a reload, 2 from a start, 1 never: a store does not become smaller', said)
        self.registry.reload()
        self.assertEqual(self.diff(), later)
        self.registry.restart()
        self.assertEqual(self.diff(), {})

    def test_addresses_are_not_in_force_before_a_start_and_a_pack_of_which_one_word_changed_is_another(self):
        endpoint = self.registry.endpoints['events']
        self.change((endpoint, f'{endpoint} ipc://run/events'))
        self.registry.reload()
        self.assertEqual(list(self.diff()), ['listen/events'])
        self.assertEqual(self.client('operator').ask('status').status_report.listen_events, endpoint)
        self.change((f'{endpoint} ipc://run/events', endpoint))
        notices = self.registry.directory / 'policies' / 'kaag-en-braassem-2015' / 'notices.txt'
        notices.write_text(notices.read_text() + '# a remark\n')
        (name, (before, after, counts)), = self.diff().items()
        self.assertEqual((name, counts), ('policy pack', 'reload'))
        self.assertNotEqual(before, after)
        self.assertEqual(before.split(',')[0], after.split(',')[0])
        self.registry.reload()
        self.assertEqual(self.diff(), {})
        self.refused()
        self.refused_keys()

    def assertRefused(self, named):
        """Why a reload would be refused is said as the reload says it."""
        said = self.ctl('config', 'diff', expected=WRONG_CONFIGURATION)
        self.registry.reload()
        refused = self.client('operator').ask('status').status_report.last_reload
        self.assertEqual(said, f'consentctl: a reload would be refused: {refused}\n')
        self.assertIn(named, said)

    def refused_keys(self):
        """The key files are opened as a reload opens them."""
        keys, one = self.registry.directory / 'keys', 'vault = "keys/vault.key"'
        self.ctl('keys', 'vault', keys / 'vault-2.key')
        (keys / 'nothing').write_text('nothing\n')
        (keys / 'nothing').chmod(0o600)
        (keys / 'open').write_bytes((keys / 'vault.key').read_bytes())
        (keys / 'open').chmod(0o644)
        for other, named in (('vault = "keys/vault-2.key"', 'vault-former does not name that'), ('vault = "keys/none"', 'keys/none'),
                             ('vault = "keys/open"', '0600'), (f'{one}\n    vault-former = "keys/nothing"', 'keys/nothing'),
                             (f'{one}\n    server-next = "keys/nothing"', 'keys/nothing')):
            self.change((one, other))
            self.assertRefused(named)
            self.change((other, one))
        both = 'vault = "keys/vault-2.key"\n    vault-former = "keys/vault.key"'
        self.change((one, both))
        changes = self.diff()
        self.assertEqual(set(changes), {'keys/vault', 'keys/vault-former', 'vault key'})
        self.assertEqual(changes['vault key'][0], json.loads(self.ctl('--json', 'keys', 'list'))['keys_list']['vault'])
        self.change((both, one))
        next_one = f'{one}\n    server-next = "keys/server-2.key"'
        made = json.loads(self.ctl('--json', 'keys', 'server', keys / 'server-2.key'))
        self.change((one, next_one))
        self.assertEqual(self.diff()['server key to come'], ('', made['server_key'], 'reload'))
        self.change((next_one, one))

    def refused(self):
        for old, new in (('cache = "16"', 'cache = "none"'), ('    partner = "', '    partners = "'),
                         ('policies/kaag-en-braassem-2015', 'policies/none')):
            self.change((old, new))
            self.assertRefused('')
            self.change((new, old))
        self.change(('cache = "16"', 'cash = "16"'), ('turn = "256"', 'turn = "0"'))
        self.assertRefused('(and 1 more: consentctl config check)')
        self.change(('cash = "16"', 'cache = "16"'), ('turn = "0"', 'turn = "256"'))
        self.registry.reload()
        self.assertEqual(self.diff(), {})

    def test_a_configuration_is_checked_without_the_registry(self):
        self.registry.stop()
        self.assertIn('ok: policy kaag-en-braassem-2015/', self.ctl('config', 'check', self.file))
        vault = self.registry.directory / 'keys' / 'vault.key'
        vault.chmod(0o640)
        self.assertIn('vault.key: the key file is open to others', self.ctl('config', 'check', self.file, expected=WRONG_CONFIGURATION))
        vault.unlink()  # as on a machine that has no keys
        self.assertIn(f'ok: policy kaag-en-braassem-2015/2, 5 roles. Not opened, since not here or another user\'s: {vault}\n',
                      self.ctl('config', 'check', self.file))
        self.change(('cache = "16"', 'cash = "16"'))
        self.assertRegex(self.ctl('config', 'check', self.file, expected=WRONG_CONFIGURATION), r'consentd\.conf:\d+: ')
        self.change(('cash = "16"', 'cache = "16"'))
        (self.registry.directory / 'policies' / 'kaag-en-braassem-2015' / 'flows.txt').write_text('nonsense\n')
        self.assertIn('flows.txt:1', self.ctl('config', 'check', self.file, expected=WRONG_DATA))


if __name__ == '__main__':
    unittest.main()
