"""A partner in another language gets along with docs/protocol.md and proto/ alone, over every kind of connection."""
import hashlib
import unittest

import zmq

import envelope_pb2 as wire

from client import check_request
from harness import RegistryTest


class PartnerClient(RegistryTest):
    def test_a_req_client_is_served_like_a_dealer(self):
        bsn = self.person()
        self.granted(bsn)
        for endpoint in ('requests', 'requests-ipc'):
            for socket_type in (zmq.REQ, zmq.DEALER):
                with self.subTest(endpoint=endpoint, socket_type=socket_type):
                    client = self.registry.client('zorgaanbieder-horizon', endpoint, socket_type)
                    self.assertPermit(client.check(bsn))
                    self.assertDenied(client.check(bsn, ['budget']), 'CATEGORY_NOT_CONSENTED')
                    self.assertInvalid(client.check('1'), 'check.bsn')

    def test_an_empty_delimiter_frame_is_returned_to_those_that_send_one(self):
        client = self.registry.client('kernteam')
        request = check_request(self.person())
        request.version, request.idempotency_key = 1, b'k' * 16
        client.send_frames(b'', request.SerializeToString())
        frames = client.receive_frames()
        self.assertEqual(frames[0], b'')
        self.assertEqual(len(frames), 2)
        self.assertEqual(wire.Reply.FromString(frames[1]).idempotency_key, b'k' * 16)
        request.idempotency_key = b'l' * 16
        client.send_frames(request.SerializeToString())
        self.assertEqual(len(client.receive_frames()), 1)

    def test_an_operator_verifies_the_chain_of_the_log_by_itself(self):
        self.granted(self.person())
        entries = self.client('operator').audit(raw=True)
        self.assertGreater(len(entries), 2)
        before = bytes(32)
        for number, entry in enumerate(entries, 1):
            self.assertEqual(entry.number, number)
            self.assertEqual(entry.hash, hashlib.blake2b(before + entry.raw, digest_size=32).digest())
            before = entry.hash
        newest = self.client('operator').ask('audit_list', after=len(entries) - 1).audit_list
        self.assertGreaterEqual(newest.newest, len(entries))
        self.assertEqual(len(newest.newest_hash), 32)


if __name__ == '__main__':
    unittest.main()
