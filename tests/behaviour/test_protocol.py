"""What docs/protocol.md says and no other module is about: malformed messages, the order of judging, the limits."""
import os
import unittest

import envelope_pb2 as wire
import events_pb2

from client import check_request, grant_request, revoke_request
from harness import OwnInstanceTest, RegistryTest
from test_batch import batch_request

LIMIT = 65_536
D1 = ['naw', 'burgerlijke-staat', 'geboortedatum', 'geslacht', 'correspondentie', 'telefoon', 'email', 'bsn',
      'vertegenwoordiger', 'behandelaar', 'doel', 'deskundigenadvies', 'gespreksverslag', 'integraal-plan', 'toewijzing',
      'periode', 'soort-voorziening', 'omvang', 'budget']


class Malformed(RegistryTest):
    def answer_to(self, *frames):
        """Sends frames as they are on a connection of its own, and returns the one reply."""
        client = self.registry.client('kernteam')
        client.send_frames(*frames)
        return client.receive()

    def test_each_malformed_message_is_answered_as_the_protocol_says(self):
        key = os.urandom(16)
        keyed = b'\x08\x01\x12\x10' + key
        table = {
            'too many frames': ((b'a', b'b'), 'request', b''),
            'no protobuf': ((b'\xff\xff\xff',), 'request', b''),
            'an empty frame': ((b'',), 'version', b''),
            'another version': ((b'\x08\x02\x12\x10' + key,), 'version', key),
            'no key': ((b'\x08\x01\x82\x01\x00',), 'idempotency_key', b''),
            'a key of zeroes': ((b'\x08\x01\x12\x10' + bytes(16) + b'\x82\x01\x00',), 'idempotency_key', None),
            'no body': ((keyed,), 'body', key),
            'an unknown field': ((keyed + b'\x82\x01\x00' + b'\xf8\x07\x01',), 'request', key),
        }
        for name, (frames, field, key_of_reply) in table.items():
            with self.subTest(name):
                reply = self.answer_to(*frames)
                self.assertInvalid(reply, field)
                self.assertEqual(reply.version, 1)
                if key_of_reply is not None:
                    self.assertEqual(reply.idempotency_key, key_of_reply)

    def test_a_little_over_the_limit_is_invalid_and_much_over_it_ends_the_connection(self):
        for more in (1, 0):  # a batch that is not all or nothing is no larger either
            large = batch_request(*[check_request('999900006', mode='DISCLOSE')] * 200)
            large.batch.all_or_nothing = not more
            large.batch.checks[7].purpose = 'x' * LIMIT
            large.version, large.idempotency_key = 1, os.urandom(16)
            reply = self.answer_to(large.SerializeToString())
            self.assertEqual((reply.status, reply.field), (wire.INVALID, 'request') if more else (wire.OK, ''))
        self.assertInvalid(self.answer_to(bytes(LIMIT + 1)), 'request')
        client = self.registry.client('kernteam')
        client.send_frames(bytes(2 * 1_048_576))
        self.assertTrue(client.was_disconnected())

    def test_a_reply_never_repeats_what_was_wrong(self):
        for text in ('mevrouw-De-Vries', '999900006'):
            request = check_request(self.person(), purpose=text)
            self.assertNotIn(text.encode(), self.client('kernteam').call(request).SerializeToString())


class Order(RegistryTest):
    """The first judgement that fails gives the answer: syntax, permission, revision, key, the request itself."""

    def call(self, party, request, **envelope):
        for name, value in envelope.items():
            setattr(request, name, value)
        return self.client(party).call(request)

    def test_syntax_goes_before_permission(self):
        self.assertInvalid(self.call('cak', grant_request('1')), 'grant.bsn')

    def test_permission_goes_before_revision(self):
        request = grant_request(self.person())
        reply = self.call('cak', request, at_least_revision=1, at_least_epoch=os.urandom(16))
        self.assertStatus(reply, 'FORBIDDEN')

    def test_revision_goes_before_the_key(self):
        request = grant_request(self.person())
        self.assertOk(self.call('kernteam', request))
        epoch = self.client('kernteam').whoami().epoch
        self.assertStatus(self.call('kernteam', request, at_least_revision=10**9, at_least_epoch=epoch), 'RETRY')

    def test_the_key_goes_before_the_request(self):
        request = grant_request(self.person())
        self.assertOk(self.call('kernteam', request))
        other = grant_request(self.person(), categories=[])  # would be a blanket consent
        self.assertStatus(self.call('kernteam', other, idempotency_key=request.idempotency_key), 'CONFLICT')

    def test_what_was_not_ok_is_judged_again_with_the_same_key(self):
        bsn = self.person(born=None)
        request = grant_request(bsn)
        self.assertRejected(self.call('kernteam', request), 'REPRESENTATION_MISSING')
        self.assertOk(self.client('kernteam').subject_set(bsn, '1980-05-17'))
        reply = self.call('kernteam', request)
        self.assertOk(reply)
        self.assertFalse(reply.replayed)


class Endpoints(OwnInstanceTest):
    def test_verbs_belong_to_their_endpoints(self):
        events = self.registry.client('kernteam', 'events')
        self.assertStatus(events.check(self.person()), 'FORBIDDEN')
        self.assertStatus(self.client('kernteam').subscribe(), 'FORBIDDEN')
        self.assertStatus(self.client('kernteam').acknowledge(1), 'FORBIDDEN')
        for endpoint, party in (('requests', 'kernteam'), ('events', 'kernteam'), ('operators', 'operator')):
            self.assertOk(self.registry.client(party, endpoint).whoami())

    def test_a_removed_key_hears_forbidden_and_nothing_of_the_registry(self):
        horizon = self.client('zorgaanbieder-horizon')
        stream = self.listen('zorgaanbieder-horizon')
        self.assertOk(horizon.whoami())
        self.assertOk(self.client('operator').party_remove('zorgaanbieder-horizon'))
        request_key = horizon.send(check_request('999900006'))
        reply = horizon.receive()
        self.assertStatus(reply, 'FORBIDDEN')
        self.assertEqual((reply.idempotency_key, reply.revision, reply.time), (request_key, 0, 0))
        self.assertEqual(reply.epoch.strip(b'\0'), b'')
        self.assertEqual(stream.next_event().event.kind, events_pb2.ENDED)

    def test_what_was_acknowledged_is_gone(self):
        for _ in range(2):
            self.assertOk(self.client('kernteam').revoke(self.granted(self.person())))
        stream = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertOk(stream.subscribe())
        self.assertEqual([stream.next_event(every=True).event.number for _ in range(2)], [1, 2])
        self.assertOk(stream.acknowledge(1))
        self.assertInvalid(stream.subscribe(number=1), 'subscribe.from')
        self.assertOk(stream.subscribe(number=2))


class Limits(RegistryTest):
    def test_a_subject_has_at_most_512_statements(self):
        bsn, client = self.person(), self.client('kernteam')
        keys = [client.send(grant_request(bsn, days=30 + number % 30)) for number in range(512)]
        self.assertEqual({client.reply_to(key, 60).status for key in keys}, {wire.OK})
        self.assertInvalid(client.grant(bsn), 'grant.bsn')
        self.assertPermit(client.check(bsn))
        self.assertOk(client.grant(self.person()))

    def test_a_consent_is_withdrawn_in_at_most_64_parts_and_then_whole(self):
        providers, recipients = ['kernteam', 'wmo-team'], ['zorgaanbieder-horizon', 'zorgaanbieder-delta']
        consent = self.granted(self.person(), providers=providers, recipients=recipients, categories=D1)
        parts = [dict(providers=[provider], recipients=[recipient], categories=[category])
                 for provider in providers for recipient in recipients for category in D1]
        for part in parts[:64]:
            self.assertOk(self.client('kernteam').revoke(consent, **part))
        self.assertInvalid(self.client('kernteam').revoke(consent, **parts[64]), 'revoke.categories')
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertTrue(self.client('kernteam').revoke(consent).revoke.already)

    def test_a_part_is_named_in_the_consent(self):
        consent = self.granted(self.person())
        for field, value in (('providers', 'wmo-team'), ('recipients', 'cak'), ('categories', 'budget')):
            request = revoke_request(consent, **{field: [value]})
            self.assertInvalid(self.client('kernteam').call(request), f'revoke.{field}[0]')

    def test_a_refusal_is_not_revoked_but_lifted_by_a_consent(self):
        bsn = self.person()
        refusal = self.client('kernteam').refuse(bsn).consent_recorded.consent_id
        self.assertInvalid(self.client('kernteam').revoke(refusal), 'revoke.consent_id')
        self.assertDenied(self.client('kernteam').check(bsn), 'REFUSED')
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_free_text_has_a_thousand_bytes(self):
        request = grant_request(self.person())
        request.grant.motivation = 'é' * 500
        self.assertOk(self.client('kernteam').call(request))
        request = grant_request(self.person())
        request.grant.motivation = 'é' * 501
        self.assertInvalid(self.client('kernteam').call(request), 'grant.motivation')

    def test_sixty_four_items_are_judged_in_one_answer(self):
        request = check_request(self.person(), [])
        for origin in ('wmo', 'jeugdwet', 'zvw', 'brp'):
            for category in D1[:16]:
                request.check.items.add(category=category, origin=origin)
        reply = self.client('kernteam').call(request)
        self.assertDenied(reply, 'NO_CONSENT')
        self.assertEqual(list(reply.check.denied), list(range(64)))


if __name__ == '__main__':
    unittest.main()
