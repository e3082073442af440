"""What a party with a valid key does to the others: nothing, whatever it sends, and however much of it."""
import threading
import time
import unittest

from client import check_request
from harness import OwnInstanceTest, RegistryTest
from test_batch import batch_request

MOST = 256


class Stopping(OwnInstanceTest):
    def test_a_stop_under_load_of_batches_ends_cleanly(self):
        """16 connections with 256 checks out each, at the moment of SIGTERM."""
        bsn = self.person()
        self.granted(bsn)
        for _ in range(2):
            clients = [self.registry.client('kernteam') for _ in range(16)]
            for client in clients:
                self.assertOk(client.whoami())
            for client in clients:
                for _ in range(MOST):
                    client.send(check_request(bsn))
            self.registry.stop()
            self.registry.start()
            self.shared.clear()

    def test_a_stop_under_load_of_whole_batches_ends_cleanly(self):
        bsn = self.person()
        clients = [self.registry.client('kernteam') for _ in range(16)]
        for client in clients:
            self.assertOk(client.whoami())
        for client in clients:
            for _ in range(2):
                client.send(batch_request(*[check_request(bsn)] * MOST))
        self.registry.stop()


class Frames(RegistryTest):
    def test_a_message_of_more_frames_than_the_protocol_has_closes_its_connection(self):
        client = self.registry.client('zorgaanbieder-horizon')
        self.assertOk(client.whoami())
        before = self.client('operator').status().status_report.messages_cut_off
        client.send_frames(b'', b'a', b'b')
        self.assertTrue(client.was_disconnected())
        self.assertEqual(self.client('operator').status().status_report.messages_cut_off, before + 1)
        self.assertOk(self.registry.client('zorgaanbieder-horizon').whoami())

    def test_a_message_of_two_frames_is_invalid_and_its_connection_goes_on(self):
        client = self.registry.client('zorgaanbieder-horizon')
        client.send_frames(b'a', b'b')
        self.assertStatus(client.receive(), 'INVALID')
        self.assertOk(client.whoami())

    def test_a_message_of_4000_large_frames_is_not_kept(self):
        client = self.registry.client('zorgaanbieder-horizon')
        self.assertOk(client.whoami())
        before = self.client('operator').status().status_report.messages_cut_off
        client.send_frames(*[bytes(8_000)] * 4000)
        self.assertTrue(client.was_disconnected())
        self.assertEqual(self.client('operator').status().status_report.messages_cut_off, before + 1)
        self.assertOk(self.client('kernteam').whoami())

    def test_a_message_of_a_million_empty_frames_holds_up_no_operator(self):
        client = self.registry.client('zorgaanbieder-horizon')
        self.assertOk(client.whoami())
        operator = self.client('operator')
        before = operator.status().status_report.messages_cut_off
        sender = threading.Thread(target=lambda: client.send_frames(*[b''] * 1_000_000))
        sender.start()
        slowest, end = 0.0, time.monotonic() + 60
        while operator.status().status_report.messages_cut_off == before and time.monotonic() < end:
            start = time.monotonic()
            operator.status()
            slowest = max(slowest, time.monotonic() - start)
        sender.join()
        self.assertLess(slowest, 0.5)
        self.assertEqual(operator.status().status_report.messages_cut_off, before + 1)
        self.assertOk(self.client('kernteam').whoami())


if __name__ == '__main__':
    unittest.main()
