"""The retry rule (G11) and revisions (C13)."""
import os
import time
import unittest

import envelope_pb2 as wire

from client import check_request, grant_request, revoke_request
from harness import RegistryTest


class Replay(RegistryTest):
    def again(self, party, request):
        """Sends what was sent before; the key is set already."""
        time.sleep(0.01)
        return self.client(party).call(request)

    def assertReplayed(self, replay, original):
        self.assertTrue(replay.replayed)
        replay.replayed = replay.revoked_since = False
        self.assertEqual(replay, original)  # the original time and revision included

    def test_a_grant_that_is_sent_again_is_recorded_once(self):
        bsn = self.person()
        request = grant_request(bsn)
        original = self.client('kernteam').call(request)
        self.assertFalse(original.replayed)
        self.person()  # the registry moves on
        self.assertReplayed(self.again('kernteam', request), original)
        self.assertEqual(len(self.client('kernteam').consent_list(bsn).consent_list.consents), 1)

    def test_a_disclosure_that_is_sent_again_uses_a_one_time_consent_once(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        request = check_request(bsn, mode='DISCLOSE')
        original = self.client('kernteam').call(request)
        self.assertPermit(original)
        replay = self.again('kernteam', request)
        self.assertPermit(replay)
        self.assertFalse(replay.revoked_since)
        self.assertReplayed(replay, original)

    def test_a_replayed_permit_says_that_its_consent_was_revoked_since(self):
        bsn = self.person()
        consent = self.granted(bsn)
        request = check_request(bsn, mode='DISCLOSE')
        original = self.client('kernteam').call(request)
        self.assertPermit(original)
        self.assertOk(self.client('kernteam').revoke(consent))
        replay = self.again('kernteam', request)
        self.assertTrue(replay.revoked_since)
        self.assertReplayed(replay, original)

    def test_a_replayed_grant_says_that_it_was_revoked_since(self):
        request = grant_request(self.person())
        original = self.client('kernteam').call(request)
        self.assertOk(self.client('kernteam').revoke(original.consent_recorded.consent_id))
        replay = self.again('kernteam', request)
        self.assertTrue(replay.replayed and replay.revoked_since)

    def test_a_revocation_that_is_sent_again_makes_no_second_event(self):
        consent = self.granted(self.person())
        request = revoke_request(consent)
        original = self.client('kernteam').call(request)
        self.assertReplayed(self.again('kernteam', request), original)
        self.assertFalse(original.revoke.already)

    def test_a_key_with_another_body_is_a_conflict_and_changes_nothing(self):
        bsn = self.person()
        request = grant_request(bsn)
        self.assertOk(self.client('kernteam').call(request))
        other = grant_request(bsn, categories=['budget'])
        other.idempotency_key = request.idempotency_key
        self.assertStatus(self.again('kernteam', other), 'CONFLICT')
        self.assertDenied(self.client('kernteam').check(bsn, ['budget']), 'CATEGORY_NOT_CONSENTED')
        revoke = revoke_request(b'\x05' * 16)
        revoke.idempotency_key = request.idempotency_key
        self.assertStatus(self.again('kernteam', revoke), 'CONFLICT')

    def test_the_keys_of_two_parties_have_nothing_to_do_with_each_other(self):
        bsn = self.person()
        request = check_request(bsn, mode='DISCLOSE')
        original = self.client('kernteam').call(request)
        reply = self.client('zorgaanbieder-horizon').call(request)
        self.assertFalse(reply.replayed)
        self.assertNotEqual(reply.check.decision, original.check.decision)

    def test_advice_is_never_replayed(self):
        bsn = self.person()
        request = check_request(bsn)
        self.assertDenied(self.client('kernteam').call(request), 'NO_CONSENT')
        self.granted(bsn)
        reply = self.again('kernteam', request)
        self.assertPermit(reply)
        self.assertFalse(reply.replayed)

    def test_a_rejected_statement_is_judged_again_or_answered_the_same(self):
        request = grant_request(self.person(), form='ORAL')
        self.assertRejected(self.client('kernteam').call(request), 'FORM_INSUFFICIENT')
        self.assertRejected(self.again('kernteam', request), 'FORM_INSUFFICIENT')

    def test_many_that_are_sent_twice_at_once_are_each_recorded_once(self):
        bsn = self.person()
        request = grant_request(bsn)
        key = self.client('kernteam').send(request)
        second = self.registry.client('kernteam')
        second.send(request)
        replies = [self.client('kernteam').reply_to(key), second.reply_to(key)]
        self.assertEqual(sorted(reply.replayed for reply in replies), [False, True])
        self.assertEqual(len(self.client('kernteam').consent_list(bsn).consent_list.consents), 1)


class Revisions(RegistryTest):
    # C13
    def asked_at_least(self, revision, epoch):
        request = check_request(self.bsn)
        request.at_least_revision, request.at_least_epoch = revision, epoch
        return self.client('kernteam').call(request)

    def setUp(self):
        self.bsn = self.person()

    def test_a_revision_rises_with_every_change_and_never_goes_back(self):
        revisions = [self.client('kernteam').whoami().revision]
        for _ in range(3):
            reply = self.client('kernteam').grant(self.bsn)
            self.assertGreater(reply.revision, revisions[-1])
            revisions.append(reply.revision)
        self.assertGreaterEqual(self.client('kernteam').check(self.bsn).revision, revisions[-1])

    def test_a_check_can_ask_for_at_least_the_revision_of_a_revocation(self):
        consent = self.granted(self.bsn)
        revoked = self.client('kernteam').revoke(consent)
        self.assertDenied(self.asked_at_least(revoked.revision, revoked.epoch), 'REVOKED')

    def test_a_revision_that_is_not_reached_is_answered_with_retry(self):
        now = self.client('kernteam').whoami()
        reply = self.asked_at_least(now.revision + 1000, now.epoch)
        self.assertStatus(reply, 'RETRY')
        self.assertEqual(reply.WhichOneof('body'), None)

    def test_a_revision_of_another_epoch_is_invalid(self):
        now = self.client('kernteam').whoami()
        self.assertInvalid(self.asked_at_least(now.revision, os.urandom(16)), 'at_least_epoch')
        self.assertInvalid(self.asked_at_least(now.revision, b''), 'at_least_epoch')

    def test_whoami_tells_what_the_key_may_do(self):
        who = self.client('zorgaanbieder-horizon').whoami().whoami
        self.assertEqual((who.party, who.kind, who.role), ('zorgaanbieder-horizon', 'zorgaanbieder', 'partner'))
        self.assertEqual(sorted(who.permissions), ['check', 'events', 'request'])
        self.assertEqual(who.policy, 'kaag-en-braassem-2015/2')
        self.assertEqual(len(who.policy_hash), 32)
        self.assertTrue(who.server)

    def test_the_idempotency_key_is_required_and_not_all_zero(self):
        for key in (b'', b'\0' * 16, b'short', b'x' * 17):
            with self.subTest(key):
                request = check_request(self.bsn)
                request.version, request.idempotency_key = 1, key
                client = self.client('kernteam')
                client.send_frames(request.SerializeToString())
                reply = client.receive()
                self.assertInvalid(reply, 'idempotency_key')

    def test_another_version_is_invalid(self):
        request = check_request(self.bsn)
        request.version = 2
        self.assertInvalid(self.client('kernteam').call(request), 'version')
        self.assertEqual(wire.OK, self.client('kernteam').whoami().status)


if __name__ == '__main__':
    unittest.main()
