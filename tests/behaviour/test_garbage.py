"""Bytes that are no requests, from a peer that has a key: no crash, no permit, and the others are served."""
import os
import random
import unittest

import zmq

import envelope_pb2 as wire

from client import check_request, grant_request
from harness import RegistryTest
from partner import NoAnswer

SEED = 20150101
LIMIT = 65_536
LARGEST = 1_048_576  # of a batch that discloses all or nothing


class Garbage(RegistryTest):
    def assertServes(self):
        self.assertOk(self.client('kernteam').whoami())

    def drain(self, client, count):
        """Takes so many replies, and sees that none of them permits or records anything."""
        for _ in range(count):
            reply = wire.Reply.FromString(client.receive_frames()[-1])
            self.assertStatus(reply, 'INVALID')
            self.assertIsNone(reply.WhichOneof('body'))

    def test_ten_thousand_random_messages_are_each_invalid(self):
        chance = random.Random(SEED)
        client = self.registry.client('kernteam')
        for _ in range(100):
            for _ in range(100):
                client.send_frames(chance.randbytes(chance.randint(1, 200)))
            self.drain(client, 100)
        self.assertServes()

    def test_a_request_that_is_cut_off_is_invalid_wherever_it_is_cut(self):
        request = grant_request(self.person())
        request.version, request.idempotency_key = 1, os.urandom(16)
        whole = request.SerializeToString()
        client = self.registry.client('kernteam')
        for size in range(len(whole)):
            client.send_frames(whole[:size])
        self.drain(client, len(whole))
        self.assertServes()

    def test_a_request_with_flipped_bits_is_answered(self):
        chance = random.Random(SEED)
        bsn = self.person()
        client = self.registry.client('zorgaanbieder-horizon')
        for _ in range(500):
            request = check_request(bsn)
            request.version, request.idempotency_key = 1, os.urandom(16)
            data = bytearray(request.SerializeToString())
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            client.send_frames(bytes(data))
        for _ in range(500):
            reply = wire.Reply.FromString(client.receive_frames()[-1])
            self.assertNotEqual(reply.check.verdict, 1)
        self.assertServes()

    def test_an_empty_message_is_invalid(self):
        client = self.registry.client('kernteam')
        client.send_frames(b'')
        reply = client.receive()
        self.assertStatus(reply, 'INVALID')
        self.assertEqual(reply.idempotency_key, b'')

    def test_messages_of_too_many_frames_do_no_harm(self):
        client = self.registry.client('kernteam')
        for frames in ((b'', b''), (b'a', b'b')):
            client.send_frames(*frames)
            self.assertStatus(client.receive(), 'INVALID')
        for frames in ((b'', b'a', b'b'), (b'',) * 50, (b'x',) * 500, (b'', b'', b'')):
            client = self.registry.client('kernteam')
            client.send_frames(*frames)
            self.assertTrue(client.was_disconnected())
        self.assertServes()

    def test_a_message_over_the_limit_drops_its_sender_only(self):
        client = self.registry.client('zorgaanbieder-horizon')
        self.assertOk(client.whoami())
        client.send_frames(bytes(2 * LARGEST))
        self.assertTrue(client.was_disconnected())
        with self.assertRaises(NoAnswer):
            client.receive(0.3)
        self.assertServes()
        self.assertOk(self.registry.client('zorgaanbieder-horizon').whoami())

    def test_a_message_of_many_large_frames_is_not_collected_without_end(self):
        client = self.registry.client('zorgaanbieder-horizon')
        client.send_frames(*[bytes(60_000)] * 200)
        self.assertServes()
        self.assertOk(self.registry.client('zorgaanbieder-horizon').whoami())

    def test_a_message_just_under_the_limit_is_answered(self):
        client = self.registry.client('kernteam')
        client.send_frames(bytes(LIMIT - 1000))
        self.assertStatus(client.receive(), 'INVALID')

    def test_garbage_on_the_other_endpoints_does_no_harm(self):
        chance = random.Random(SEED)
        for party, endpoint in (('kernteam', 'events'), ('operator', 'operators'), ('kernteam', 'requests-ipc')):
            client = self.registry.client(party, endpoint)
            for _ in range(200):
                client.send_frames(chance.randbytes(chance.randint(1, 300)))
            self.drain(client, 200)
        self.assertOk(self.client('operator').status())

    def test_bytes_that_are_no_zeromq_do_no_harm(self):
        socket = zmq.Context.instance().socket(zmq.STREAM)
        socket.linger = 0
        self.addCleanup(socket.close)
        socket.connect(self.registry.endpoints['requests'])
        peer, _ = socket.recv_multipart()
        socket.send_multipart([peer, os.urandom(4096)])
        self.assertServes()

    def test_replies_that_nobody_reads_hold_up_nobody(self):
        deaf = self.registry.client('zorgaanbieder-horizon')
        for _ in range(3000):
            deaf.send(check_request('999900006'))
        for _ in range(20):
            self.assertServes()


if __name__ == '__main__':
    unittest.main()
