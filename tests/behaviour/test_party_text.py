"""Parties as text: shown, exported, applied all or none; keys added and removed; where key files lead to."""
import os
import re
import subprocess
import unittest

import zmq

import envelope_pb2 as wire
from harness import PARTIES, OwnInstanceTest, today, tool

HORIZON = 'zorgaanbieder-horizon'


class PartyTextTest(OwnInstanceTest):
    def ctl(self, *arguments, stdin=''):
        return tool('ctl/consentctl', '--key', self.registry.key_file('operator'), *arguments, stdin=stdin)

    def done(self, *arguments):
        result = self.ctl(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ''), result.stdout)
        return result.stdout

    def refused(self, code, *arguments):
        result = self.ctl(*arguments)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stderr

    @property
    def directory(self):
        return self.registry.directory / 'text'

    def export(self):
        self.done('party', 'export', self.directory)
        return {path.name: path.read_text() for path in self.directory.iterdir()}

    def edit(self, party, old, new):
        path = self.directory / f'{party}.party'
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def lines_of_log(self):
        return [(line.party, line.result, line.user, line.details) for line in self.client('operator').audit()
                if line.action == 'party' and line.result != 'taken-up']


class Text(PartyTextTest):
    def test_what_is_exported_changes_nothing_when_applied_and_is_exported_again_byte_for_byte(self):
        self.registry.change_party(HORIZON, 'zorgaanbieder', 'partner', **{
            'agreement-from': '2020-01-01', 'agreement-until': '2031-01-01', 'agreement-reference': 'convenant-4',
            'contact': "Stichting 'De Brug' #2 = groot, €5 ", 'agb': '12345678', 'oin': '00000001234567890000'})
        first = self.export()
        self.assertEqual(len(first), len(PARTIES))
        self.assertEqual(self.done('party', 'show', HORIZON), first[f'{HORIZON}.party'])
        before = self.client('operator').status()
        self.assertEqual(self.done('party', 'apply', self.directory), 'Nothing changes.\n')
        self.assertEqual(self.client('operator').status().revision, before.revision)
        self.directory.rename(self.registry.directory / 'first')
        self.assertEqual(self.export(), first)

    def test_every_setting_is_applied_and_shown_as_it_was_written(self):
        self.registry.keys['huisarts-west'] = zmq.curve_keypair()
        key = self.registry.keys['huisarts-west'][0].decode()
        text = ('active = "yes"\nkind = "huisarts"\nrole = "partner"\nsecrecy = "official"\n'
                'agreement-from = "2026-01-01"\nagreement-until = "2030-01-01"\nagreement-reference = "convenant-7"\n'
                'contact = "Praktijk West"\nidentifiers\n    agb = "01234567"\n    gemeentecode = "1884"\n'
                '    oin = "00000004000000000000"\nlimits\n    requests-per-second = "5"\n    requests-burst = "50"\n'
                '    log-per-second = "64"\n    log-burst = "256"\n    connections = "3"\n    subjects-per-hour = "100"\n'
                f'keys\n    2026\n        public-key = "{key}"\n        since = "2026-01-01"\n'
                '        until = "2040-01-01"\n')
        path = self.registry.write('huisarts-west.party', text)
        said = self.done('party', 'apply', path, '--yes')
        self.assertTrue(said.startswith('huisarts-west: added: kind huisarts, role partner'), said)
        self.assertEqual(self.done('party', 'show', 'huisarts-west'), text)
        self.registry.restart()
        self.shared.clear()
        self.assertEqual(self.done('party', 'show', 'huisarts-west'), text)
        self.assertOk(self.registry.client('huisarts-west').whoami())

    def test_what_changes_is_shown_and_asked_and_without_an_answer_nothing_happens(self):
        self.export()
        self.edit('cak', 'role = "partner"', 'role = "sociale-team"')
        result = self.ctl('party', 'apply', self.directory)
        self.assertEqual(result.returncode, 64, result.stderr)  # nobody can be asked here
        self.assertEqual(result.stdout, 'cak: changed: role partner -> sociale-team\n')
        self.assertEqual(self.done('party', 'apply', self.directory, '--trial'), result.stdout)
        self.assertEqual(self.client('cak').whoami().whoami.role, 'partner')
        self.assertIn('1 party is changed', self.done('party', 'apply', self.directory, '--yes', '--user', 'beheer-7'))
        self.assertEqual(self.client('cak').whoami().whoami.role, 'sociale-team')
        (party, change, user, details), = self.lines_of_log()
        self.assertEqual((party, change, user), ('operator', 'changed', 'beheer-7'))
        self.assertIn('cak: role partner -> sociale-team', details)

    def test_all_of_a_directory_is_applied_or_none_of_it(self):
        before = self.export()
        self.edit('cak', 'role = "partner"', 'role = "sociale-team"')
        self.edit('svb', 'role = "partner"', 'role = "koning"')
        said = self.refused(65, 'party', 'apply', self.directory, '--yes')
        self.assertIn('party_apply.parties[1].role', said)
        self.assertRegex(said, r'parties\[1\] is .*svb\.party')
        self.assertEqual(self.client('cak').whoami().whoami.role, 'partner')
        self.edit('svb', 'role = "koning"', 'rol = "koning"')
        said = self.refused(65, 'party', 'apply', self.directory, '--yes')
        self.assertRegex(said, r'svb\.party:3: ')
        (self.directory / 'svb.party').write_text(before['svb.party'])
        self.done('party', 'apply', self.directory, '--yes')
        self.assertEqual(self.client('cak').whoami().whoami.role, 'sociale-team')

    def test_a_file_says_no_to_remove_and_a_party_without_one_stays_unless_it_is_pruned(self):
        self.export()
        for party in ('svb', 'cak'):
            self.assertOk(self.client(party).whoami())
        self.edit('svb', 'active = "yes"', 'active = "no"')
        (self.directory / 'cak.party').unlink()
        said = self.done('party', 'apply', self.directory, '--yes')
        self.assertIn('svb: removed: key first removed\n', said)
        self.assertIn('1 active party has no file here', said)
        self.assertStatus(self.client('svb').whoami(), 'FORBIDDEN')
        self.assertOk(self.client('cak').whoami())
        self.assertIn('cak: removed', self.done('party', 'apply', self.directory, '--prune', '--yes'))
        self.assertStatus(self.client('cak').whoami(), 'FORBIDDEN')
        (self.directory / 'operator.party').unlink()
        self.refused(65, 'party', 'apply', self.directory, '--prune', '--yes')  # not who asks
        self.assertOk(self.client('operator').status())

    def test_what_was_changed_since_it_was_looked_at_is_not_overwritten(self):
        operator = self.client('operator')
        seen = operator.ask('party_list').party_list
        self.registry.change_party('cak', 'cak', 'sociale-team')
        request = wire.Request()
        changed = request.party_apply.parties.add()
        changed.CopyFrom(next(party for party in seen.parties if party.id == 'svb'))
        changed.role = 'sociale-team'
        request.party_apply.table = seen.table
        self.assertInvalid(operator.call(request), 'party_apply.table')
        self.assertEqual(self.client('svb').whoami().whoami.role, 'partner')
        again = wire.Request()
        again.CopyFrom(request)
        again.idempotency_key = b''
        again.party_apply.table = operator.ask('party_list').party_list.table
        self.assertOk(operator.call(again))
        self.assertEqual(self.client('svb').whoami().whoami.role, 'sociale-team')
        self.assertEqual(self.client('cak').whoami().whoami.role, 'sociale-team')

    def test_hundreds_of_parties_come_in_one_request_and_more_are_refused_whole(self):
        self.directory.mkdir()
        for number in range(400):
            public = zmq.curve_keypair()[0].decode()
            (self.directory / f'huisarts-{number}.party').write_text(
                f'kind = "huisarts"\nrole = "partner"\npublic-key = "{public}"\n')
        said = self.refused(65, 'party', 'apply', self.directory, '--yes')
        self.assertIn('400 parties change', said)
        self.assertEqual(self.client('operator').status().status_report.parties, len(PARTIES))
        for number in range(250, 400):
            (self.directory / f'huisarts-{number}.party').rename(self.registry.directory / f'huisarts-{number}.party')
        self.assertIn('250 parties are changed', self.done('party', 'apply', self.directory, '--yes'))
        self.assertEqual(self.client('operator').status().status_report.parties, len(PARTIES) + 250)
        for number in range(250, 400):  # what is so already takes no room
            (self.registry.directory / f'huisarts-{number}.party').rename(self.directory / f'huisarts-{number}.party')
        self.assertIn('150 parties are changed', self.done('party', 'apply', self.directory, '--yes'))
        listed = self.done('party', 'list')
        self.assertEqual(len(re.findall('^huisarts-[0-9]', listed, re.M)), 400)


class Keys(PartyTextTest):
    def test_a_rollover_needs_no_minute_without_a_key(self):
        old = self.client(HORIZON)
        self.assertOk(old.whoami())
        out = self.registry.directory / 'new.key'
        said = self.done('party', 'key', 'add', HORIZON, '--name', '2027', '--out', out)
        self.assertIn(f'{HORIZON}: changed: key 2027 added since {today()}', said)
        public = re.search('public-key = "(.{40})"', out.read_text()).group(1)
        secret = re.search('secret-key = "(.{40})"', out.read_text()).group(1)
        new = self.registry.client_with(public.encode(), secret.encode())
        self.assertOk(new.whoami())
        self.assertOk(old.whoami())  # both, on connections that are open and on new ones
        self.assertOk(self.registry.client(HORIZON).whoami())
        listed = self.done('party', 'key', 'list', HORIZON)
        self.assertIn('first', listed)
        self.assertIn(public, listed)
        self.done('party', 'key', 'remove', HORIZON, 'first')
        self.assertOk(new.whoami())
        self.assertStatus(old.whoami(), 'FORBIDDEN')

    def test_a_party_may_make_its_pair_itself(self):
        self.registry.keys['own'] = public, _ = zmq.curve_keypair()
        self.done('party', 'key', 'add', HORIZON, '--name', 'own', '--public-key', public.decode())
        self.assertEqual(self.registry.client('own').whoami().whoami.party, HORIZON)

    def test_a_key_that_is_not_taken_leaves_no_file(self):
        out = self.registry.directory / 'new.key'
        self.refused(65, 'party', 'key', 'add', HORIZON, '--name', 'first', '--out', out)
        self.refused(66, 'party', 'key', 'add', 'niemand', '--name', '2027', '--out', out)
        self.refused(65, 'party', 'add', 'cak', '--kind', 'cak', '--role', 'partner', '--out', out)
        self.refused(64, 'party', 'key', 'add', HORIZON, '--name', '2027')
        self.assertFalse(out.exists())
        self.refused(66, 'party', 'key', 'remove', HORIZON, '2027')
        self.refused(65, 'party', 'key', 'remove', HORIZON, 'first')  # its last one
        self.assertOk(self.client(HORIZON).whoami())

    def test_an_operator_does_not_lose_the_key_that_he_uses(self):
        out = self.registry.directory / 'new.key'
        self.done('party', 'key', 'add', 'operator', '--name', '2027', '--out', out)
        self.assertIn('the key that it asks with', self.refused(65, 'party', 'key', 'remove', 'operator', 'first'))
        result = tool('ctl/consentctl', '--key', out, 'party', 'key', 'remove', 'operator', 'first')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(tool('ctl/consentctl', '--key', out, 'status').returncode, 0)

    def test_a_key_past_its_last_day_is_refused_on_an_open_connection_too(self):
        horizon = self.client(HORIZON)
        self.assertOk(horizon.whoami())
        request = wire.Request()
        party = request.party_apply.parties.add()
        party.CopyFrom(self.client('operator').ask('party_list', id=HORIZON).party_list.parties[0])
        party.keys[0].until = str(today())
        self.assertOk(self.client('operator').call(request))
        self.assertStatus(horizon.whoami(), 'FORBIDDEN')
        late = self.registry.client(HORIZON)
        late.send_frames(b'')
        self.assertTrue(late.was_refused())

    def test_one_key_is_of_one_active_party(self):
        cak = self.registry.keys['cak'][0].decode()
        said = self.refused(65, 'party', 'key', 'add', HORIZON, '--name', 'geleend', '--public-key', cak)
        self.assertIn('party_apply.parties[0].keys[1].public_key', said)
        self.assertOk(self.client('operator').party_remove('cak'))
        self.done('party', 'key', 'add', HORIZON, '--name', 'geleend', '--public-key', cak)
        self.assertEqual(self.registry.client('cak').whoami().whoami.party, HORIZON)


class Addresses(PartyTextTest):
    def test_a_new_key_file_leads_to_the_registry_as_it_is_configured_now(self):
        path = self.registry.directory / 'operator.key'
        key = self.registry.key_file('operator')
        key.write_text(re.sub('(requests|events) = "[^"]*"', r'\1 = "tcp://127.0.0.1:9"', key.read_text()))
        out = self.registry.directory / 'new.key'
        result = tool('ctl/consentctl', '--key', path, 'party', 'add', 'huisarts-west', '--kind', 'huisarts', '--role',
                      'partner', '--out', out)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f'requests = "{self.registry.endpoints["requests"]}"', out.read_text())
        self.assertIn(f'events = "{self.registry.endpoints["events"]}"', out.read_text())
        self.assertNotIn('operators', out.read_text())

    def test_where_the_registry_listens_everywhere_somebody_must_say_its_address(self):
        config = self.registry.directory / 'consentd.conf'
        port = self.registry.endpoints['events'].rsplit(':', 1)[1]
        config.write_text(config.read_text().replace(f'events = "tcp://127.0.0.1:{port}"',
                                                     f'events = "tcp://0.0.0.0:{port}"'))
        self.registry.restart()
        self.shared.clear()
        out = self.registry.directory / 'new.key'
        add = ('party', 'add', 'huisarts-west', '--kind', 'huisarts', '--role', 'partner', '--out', out)
        self.assertIn('--events', self.refused(64, *add))
        self.assertFalse(out.exists())
        self.done(*add, '--events', f'tcp://registry.example:{port}')
        self.assertIn(f'events = "tcp://registry.example:{port}"', out.read_text())


class SecretFiles(PartyTextTest):
    def test_a_secret_key_that_does_not_fit_is_not_said_to_be_written_and_the_party_is_not_added(self):
        if os.geteuid() != 0:
            self.skipTest('a file system of a limited size needs root')
        small = self.registry.directory / 'small'
        small.mkdir()
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=4k', 'none', small], check=True)
        self.addCleanup(subprocess.run, ['umount', small], check=True)
        (small / 'full').write_bytes(b'x' * 4096)
        said = self.refused(74, 'party', 'add', 'huisarts-west', '--kind', 'huisarts', '--role', 'partner', '--out',
                            small / 'new.key')
        self.assertIn('No space left', said)
        self.assertEqual([path.name for path in small.iterdir()], ['full'])
        listed = self.client('operator').ask('party_list').party_list.parties
        self.assertNotIn('huisarts-west', [party.id for party in listed])

    def test_a_file_that_is_there_is_not_replaced(self):
        out = self.registry.write('new.key', 'van een ander')
        self.refused(73, 'party', 'add', 'huisarts-west', '--kind', 'huisarts', '--role', 'partner', '--out', out)
        self.assertEqual(out.read_text(), 'van een ander')


if __name__ == '__main__':
    unittest.main()
