"""Keys and roles: who gets in, and what each endpoint is for."""
import unittest

import zmq

from client import KIND
from harness import PARTIES, OwnInstanceTest, RegistryTest
from partner import NoAnswer


class Keys(RegistryTest):
    def assertNoAnswer(self, client):
        client.send_frames(b'')
        with self.assertRaises(NoAnswer):
            client.receive(0.5)

    def test_an_unknown_key_is_refused_at_every_endpoint(self):
        for endpoint in ('requests', 'requests-ipc', 'events', 'operators'):
            with self.subTest(endpoint):
                stranger = self.registry.client_with(*zmq.curve_keypair(), endpoint)
                self.assertNoAnswer(stranger)
                self.assertTrue(stranger.was_refused())
        self.assertOk(self.client('kernteam').whoami())

    def test_without_curve_nobody_gets_in(self):
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.linger = 0
        self.addCleanup(socket.close)
        socket.connect(self.registry.endpoints['requests'])
        socket.send(b'\x08\x01')
        self.assertFalse(socket.poll(700))

    def test_another_server_key_is_not_this_registry(self):
        other, _ = zmq.curve_keypair()
        real, self.registry.server_key = self.registry.server_key, other
        try:
            client = self.registry.client('kernteam')
        finally:
            self.registry.server_key = real
        self.assertNoAnswer(client)

    def test_the_caller_is_the_party_of_its_key(self):
        for party in ('kernteam', 'cak'):
            self.assertEqual(self.client(party).whoami().whoami.party, party)
        self.assertEqual(self.client('operator').whoami().whoami.party, 'operator')

    def test_admin_verbs_are_refused_off_the_operator_endpoint(self):
        at_requests = self.registry.client('operator')
        for verb in ('status', 'party_list', 'audit_list', 'events_lag'):
            with self.subTest(verb):
                self.assertStatus(at_requests.ask(verb), 'FORBIDDEN')
                self.assertOk(self.client('operator').ask(verb))
        for verb in ('clock_confirm', 'clock_reset'):
            with self.subTest(verb):
                self.assertStatus(at_requests.ask(verb, user='beheer-1'), 'FORBIDDEN')
        self.assertStatus(at_requests.party_remove('cak'), 'FORBIDDEN')
        self.assertStatus(at_requests.party_add('nieuw', 'school', 'partner', zmq.curve_keypair()[0]), 'FORBIDDEN')

    def test_a_party_without_admin_does_not_get_in_where_operators_do(self):
        client = self.registry.client('kernteam', 'operators')
        self.assertNoAnswer(client)
        self.assertTrue(client.was_refused())
        self.assertOk(self.client('operator').status())


class Changes(OwnInstanceTest):
    def test_a_removed_party_is_refused_at_its_next_message_and_at_its_next_connection(self):
        horizon = self.client('zorgaanbieder-horizon')
        self.assertOk(horizon.whoami())
        reply = self.client('operator').party_remove('zorgaanbieder-horizon')
        self.assertOk(reply)
        reply = horizon.whoami()
        self.assertStatus(reply, 'FORBIDDEN')
        self.assertEqual((reply.epoch.strip(b'\0'), reply.revision), (b'', 0))  # nothing of the registry
        again = self.registry.client('zorgaanbieder-horizon')
        again.send_frames(b'')
        self.assertTrue(again.was_refused())
        self.assertOk(self.client('kernteam').whoami())

    def test_a_removed_party_that_goes_on_asking_does_not_fill_the_log(self):
        horizon = self.client('zorgaanbieder-horizon')
        self.assertOk(horizon.whoami())
        self.assertOk(self.client('operator').party_remove('zorgaanbieder-horizon'))
        for _ in range(100):
            horizon.send_frames(b'')
        try:
            while True:
                self.assertStatus(horizon.receive(1.0), 'FORBIDDEN')
        except NoAnswer:
            pass  # its connection is closed
        lines = self.client('operator').audit()
        self.assertLess(len([entry for entry in lines if entry.result == 'refused']), 4)  # counted together

    def test_a_removed_party_stays_known_by_its_id_and_hears_nothing(self):
        bsn = self.person()
        self.granted(bsn)
        stream = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertOk(stream.subscribe())
        self.assertOk(self.client('operator').party_remove('zorgaanbieder-horizon'))
        parties = {party.id: party for party in self.client('operator').ask('party_list').party_list.parties}
        self.assertFalse(parties['zorgaanbieder-horizon'].active)
        self.assertTrue(parties['zorgaanbieder-delta'].active)
        self.assertDenied(self.client('kernteam').check(bsn), 'AGREEMENT_MISSING')
        consent = self.client('kernteam').consent_list(bsn).consent_list.consents[0].consent_id
        self.assertOk(self.client('kernteam').revoke(consent))
        with self.assertRaises(NoAnswer):
            while stream.next_push(1.0).event.kind != KIND('CONSENT_REVOKED'):
                pass

    def test_a_party_is_taken_up_without_a_restart(self):
        public, secret = self.registry.keys['huisarts-west'] = zmq.curve_keypair()
        early = self.registry.client('huisarts-west')
        early.send_frames(b'')
        self.assertTrue(early.was_refused())
        reply = self.client('operator').party_add('huisarts-west', 'huisarts', 'partner', public)
        self.assertOk(reply)
        self.assertTrue(reply.party_list.parties[0].active)
        self.assertEqual(self.registry.client('huisarts-west').whoami().whoami.kind, 'huisarts')
        self.registry.restart()
        self.assertEqual(self.registry.client('huisarts-west').whoami().whoami.kind, 'huisarts')

    def test_a_removed_party_comes_back_with_a_new_key_only(self):
        self.assertOk(self.client('operator').party_remove('zorgaanbieder-horizon'))
        old = self.registry.keys['zorgaanbieder-horizon']
        new = self.registry.keys['zorgaanbieder-horizon'] = zmq.curve_keypair()
        self.assertOk(self.client('operator').party_add('zorgaanbieder-horizon', 'zorgaanbieder', 'partner', new[0],
                                                        agreement_from='2020-01-01'))
        self.assertOk(self.registry.client('zorgaanbieder-horizon').whoami())
        late = self.registry.client_with(*old)
        late.send_frames(b'')
        self.assertTrue(late.was_refused())

    def test_what_is_wrong_with_a_new_party_is_named_and_nothing_changes(self):
        operator, public = self.client('operator'), zmq.curve_keypair()[0]
        before = operator.status().status_report.parties
        self.assertInvalid(operator.party_add('a/../b', 'school', 'partner', public), 'party_add.party.id')
        self.assertInvalid(operator.party_add('nieuw', 'kapper', 'partner', public), 'party_add.party.kind')
        self.assertInvalid(operator.party_add('nieuw', 'school', 'koning', public), 'party_add.party.role')
        self.assertInvalid(operator.party_add('nieuw', 'school', 'partner', public[:39]), 'party_add.party.keys[0].public_key')
        self.assertInvalid(operator.party_add('nieuw', 'school', 'partner', self.registry.keys['cak'][0]),
                           'party_add.party.keys[0].public_key')
        self.assertInvalid(operator.party_add('nieuw', 'school', 'partner', public, agreement_from='gisteren'),
                           'party_add.party.agreement_from')
        self.assertNotEqual(operator.status_name(operator.party_add('cak', 'school', 'partner', public)), 'OK')
        self.assertStatus(operator.party_remove('nieuw'), 'NOT_FOUND')
        self.assertEqual(operator.status().status_report.parties, before)

    def test_an_operator_cannot_lock_out_the_last_operator(self):
        reply = self.client('operator').party_remove('operator')
        if self.client('operator').status_name(reply) == 'OK':
            self.fail('the last operator was removed')
        self.assertOk(self.client('operator').status())

    def test_party_files_are_taken_up_once_and_said_so(self):
        self.assertRegex(self.registry.log(), rf'parties taken up from .*/parties, .*: {len(PARTIES)}\n')
        lines = [entry for entry in self.client('operator').audit() if entry.action == 'party']
        self.assertEqual([line.result for line in lines], ['taken-up'] * len(PARTIES))
        self.registry.keys['huisarts-west'] = zmq.curve_keypair()
        self.registry.write_party('huisarts-west', 'huisarts', 'partner')
        (self.registry.directory / 'parties' / 'svb.party').unlink()
        (self.registry.directory / 'parties' / 'cak.party').write_text('onzin zonder betekenis')
        self.registry.reload()
        self.assertRegex(self.registry.log(), r'the party files in .* are not read; 2 changed since the start')
        self.registry.restart()
        self.shared.clear()
        self.assertEqual(self.registry.log().count('parties taken up from'), 1)
        unread = self.registry.client('huisarts-west')
        unread.send_frames(b'')
        self.assertTrue(unread.was_refused())
        for party in ('svb', 'cak'):
            self.assertOk(self.client(party).whoami())

    def test_a_reload_of_something_invalid_changes_nothing_and_says_why(self):
        bsn = self.person()
        self.granted(bsn)
        flows = self.registry.directory / 'policies' / 'kaag-en-braassem-2015' / 'flows.txt'
        original = flows.read_text()
        before = self.client('operator').status().status_report
        flows.write_text(original + '\nonzin zonder betekenis\n')
        self.registry.reload()
        after = self.client('operator').status().status_report
        self.assertIn('flows.txt', after.last_reload)
        self.assertEqual(after.policy_hash, before.policy_hash)
        self.assertPermit(self.client('kernteam').check(bsn))
        flows.write_text(original)
        self.registry.reload()
        self.assertEqual(self.client('operator').status().status_report.last_reload, 'ok')

    def assertForbidden(self, client):
        client.send_frames(b'')
        self.assertStatus(client.receive(), 'FORBIDDEN')

    def test_a_removed_key_is_refused_while_the_policy_is_being_edited(self):
        flows = self.registry.directory / 'policies' / 'kaag-en-braassem-2015' / 'flows.txt'
        flows.write_text(flows.read_text() + '\nonzin zonder betekenis\n')
        horizon = self.client('zorgaanbieder-horizon')
        self.assertOk(horizon.whoami())
        self.assertOk(self.client('operator').party_remove('zorgaanbieder-horizon'))
        self.assertForbidden(horizon)

    def test_a_party_whose_key_was_replaced_hears_nothing_on_the_old_connection(self):
        consent = self.granted(self.person())
        stream = self.listen('zorgaanbieder-horizon')
        self.registry.keys['zorgaanbieder-horizon'] = zmq.curve_keypair()
        self.registry.change_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner', **{'agreement-from': '2020-01-01'})
        self.assertOk(self.client('kernteam').revoke(consent))
        push = stream.next_event()
        self.assertEqual(push.event.kind, KIND('ENDED'), push)


if __name__ == '__main__':
    unittest.main()
