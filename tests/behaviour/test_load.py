"""What a party with a valid key does to the others: nothing, whatever it sends, and however much of it."""
import threading
import time
import unittest

import envelope_pb2 as wire
import events_pb2

from client import TRIAGE, check_request, claim_urgent_reasons, grant_request
from faulty_disk import FaultyDiskTest
from harness import OwnInstanceTest, RegistryTest, SmallStoreTest
from partner import NoAnswer
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

    def test_a_message_of_three_million_empty_frames_holds_up_no_operator_and_is_not_collected(self):
        client = self.registry.client('zorgaanbieder-horizon')
        self.assertOk(client.whoami())
        operator = self.client('operator')
        before = operator.status().status_report.messages_cut_off
        sender = threading.Thread(target=lambda: client.send_frames(*[b''] * 3_000_000))
        sender.start()
        slowest, end = 0.0, time.monotonic() + 60
        while operator.status().status_report.messages_cut_off == before and time.monotonic() < end:
            start = time.monotonic()
            operator.status()
            slowest = max(slowest, time.monotonic() - start)
        sender.join()
        self.assertLess(slowest, 0.5)
        with open(f'/proc/{self.registry.process.pid}/status', encoding='ascii') as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith('VmHWM')) // 1024
        self.assertLess(peak, 256)  # MiB; a sanitizer's own among them
        self.assertEqual(operator.status().status_report.messages_cut_off, before + 1)
        self.assertOk(self.client('kernteam').whoami())


class Shares(OwnInstanceTest):
    """A party that asks as much as it can, beside others (L1, L2, L4). The bounds are wide, as machines are noisy:
    scripts/bench --attack measures."""

    STATEMENTS = 120

    def setUp(self):
        super().setUp()
        self.heavy = self.person()
        for number in range(self.STATEMENTS):
            self.granted(self.heavy, categories=['naw', 'bsn'], case_ref=f'zaak-{number}')

    def batch(self, salt):
        """256 checks of 8 items of which no two are equal, on a subject with many statements."""
        categories = ['naw', 'telefoon', 'email', 'bsn', 'geslacht', 'doel', 'omvang', 'budget']
        return batch_request(*[check_request(self.heavy, categories, case_ref=f'{salt}-{i}') for i in range(MOST)])

    def attack(self, connections, batches):
        attackers = [self.registry.client('zorgaanbieder-horizon') for _ in range(connections)]
        for client in attackers:
            self.assertOk(client.whoami())
        for number, client in enumerate(attackers):
            for again in range(batches):
                client.send(self.batch(f'{number}.{again}'))
        return attackers

    def slowest(self, ask, times=20):
        slowest = 0.0
        for _ in range(times):
            start = time.monotonic()
            self.assertOk(ask())
            slowest = max(slowest, time.monotonic() - start)
        return slowest

    def test_l1_l2_batches_of_one_party_keep_no_other_waiting(self):
        bsn = self.person()
        consents = [self.granted(bsn) for _ in range(20)]
        kernteam, operator = self.client('kernteam'), self.client('operator')
        self.assertOk(operator.status())
        attackers = self.attack(8, 4)
        self.assertLess(self.slowest(operator.status), 1.5)
        self.assertLess(self.slowest(lambda: kernteam.disclose(bsn)), 1.5)
        self.assertLess(self.slowest(lambda: kernteam.revoke(consents.pop())), 1.5)
        with self.assertRaises(NoAnswer, msg='the attack was over too soon to show anything'):
            for client in attackers:
                for _ in range(4):
                    client.receive(0.01)

    def test_l1_one_connection_of_a_party_keeps_no_other_of_it_waiting(self):
        self.attack(1, 6)
        other = self.registry.client('zorgaanbieder-horizon')
        self.assertLess(self.slowest(other.whoami, 5), 1.5)

    def test_a_stop_tells_everyone_who_waits(self):
        attackers = self.attack(10, 6)
        time.sleep(0.1)
        self.registry.stop()
        statuses = [client.receive(5).status for client in attackers for _ in range(6)]
        self.assertEqual(set(statuses) - {wire.OK}, {wire.UNAVAILABLE})

    def test_l4_what_waits_for_a_peer_that_left_is_not_decided(self):
        for client in self.attack(8, 8):
            self.registry.close(client)
        time.sleep(1.0)
        operator = self.client('operator')
        before = operator.status().status_report
        self.assertGreater(before.dropped, 10)
        time.sleep(1.0)
        after = operator.status().status_report
        self.assertLess(after.audit_entries - before.audit_entries, 10)

    def test_l1_a_party_with_too_much_waiting_is_told_so_at_once_and_others_are_not(self):
        """However quick the registry is: for who does not read it decides no more than a mebibyte of replies, and 64 of
        these batches may wait. What is sent beyond both has no place."""
        self.registry.lift_limits()  # else they refuse, too
        self.registry.restart()
        self.shared.clear()
        client = self.registry.client('zorgaanbieder-horizon', 'requests-ipc')  # where the kernel keeps little
        client.socket.rcvhwm = 1
        self.assertOk(client.whoami())
        size = client.call(self.batch('first')).ByteSize()
        held = (1 << 20) // size + 1 + 64
        batches = [self.batch(number) for number in range(2 * held)]
        order = {client.send(batch): number for number, batch in enumerate(batches)}
        operator = self.client('operator')
        self.registry.wait_for(lambda: operator.status().status_report.turned_away > 0, 'a request without a place')
        self.assertOk(self.client('kernteam').whoami())
        replies = [client.receive() for _ in order]
        refused = [place for place, reply in enumerate(replies) if reply.status != wire.OK]
        self.assertEqual({(replies[place].status, replies[place].message) for place in refused},
                         {(wire.UNAVAILABLE, 'this party has more waiting here than it may: nothing was done')})
        self.assertEqual(len(refused), operator.status().status_report.turned_away)
        sent = [order[reply.idempotency_key] for reply in replies]
        still_waited = [number for number in sent[refused[0]:] if number < sent[refused[0]]]
        self.assertGreater(len(still_waited), 32)  # so it was told at once

    def test_l1_who_does_not_read_for_a_while_has_every_answer_later_and_holds_up_nobody(self):
        """More than a mebibyte of replies: what is beyond it waits. Not for 15 seconds, when ZeroMQ takes it for dead."""
        client = self.registry.client('zorgaanbieder-horizon')
        client.socket.rcvhwm = 1
        self.assertOk(client.whoami())
        for number in range(20):
            client.send(self.batch(number))
        end = time.monotonic() + 4
        while time.monotonic() < end:
            self.assertOk(self.client('kernteam').whoami())
        for _ in range(20):
            self.assertOk(client.receive(30))


class FailingTurns(SmallStoreTest):
    def test_heartbeats_come_whatever_becomes_of_requests(self):
        """The store is full, and one party loops: each turn with a request in it fails."""
        stream = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertOk(stream.subscribe())
        bsn, client = self.person(), self.registry.client('kernteam')
        stopped = threading.Event()

        def loop():
            while not stopped.is_set():
                keys = [client.send(self.large_check(bsn)) for _ in range(32)]
                for key in keys:
                    client.reply_to(key, 30)

        asking = threading.Thread(target=loop)
        asking.start()
        self.addCleanup(asking.join)
        self.addCleanup(stopped.set)
        self.registry.wait_for(lambda: 'the store is full' in self.registry.log(), 'a full store', 60)
        beats = [stream.next_push(15.0) for _ in range(2)]
        self.assertEqual([push.event.kind for push in beats], [events_pb2.HEARTBEAT] * 2)

    @staticmethod
    def large_check(bsn):
        request = check_request(bsn, ['naw', 'telefoon', 'email', 'bsn', 'geslacht', 'doel', 'omvang', 'budget'],
                                mode='DISCLOSE')
        claim_urgent_reasons(request, **dict(TRIAGE, necessity='x' * 900, subsidiarity='y' * 900))
        return request


class Unread(OwnInstanceTest):
    def test_a_peer_that_asks_much_before_it_reads_gets_every_answer(self):
        """Fewer answers wait for it than ZeroMQ's queue has room for: none is dropped."""
        bsn, client = self.person(), self.client('kernteam')
        keys = {client.send(check_request(bsn)) for _ in range(6000)}
        time.sleep(3)  # decided, as far as may be for one who does not read
        while keys:
            keys.discard(client.receive(20.0).idempotency_key)


class DeadStore(FaultyDiskTest):
    def test_a_store_that_died_ends_the_daemon_with_70_and_one_sentence(self):
        """After a sync that failed nobody can say what the disk has: nothing is answered, and everybody may ask again."""
        kernteam = self.client('kernteam')
        requests = [grant_request(self.person()) for _ in range(4)]
        others = [self.registry.client('kernteam') for _ in requests]
        for client in others:
            self.assertOk(client.whoami())
        self.becomes('fail')
        for client, request in zip(others, requests):
            client.send(request)
        self.assertEqual(self.registry.ended(), 70)
        self.assertEqual(self.registry.log().count('consentd: ends: '), 1)
        for client in (kernteam, *others):
            with self.assertRaises(NoAnswer):
                client.receive(0.1)
        self.becomes_sound()
        self.start()
        for request in requests:
            self.assertOk(self.client('kernteam').call(request))
            self.assertEqual(len(self.client('kernteam').consent_list(request.grant.bsn).consent_list.consents), 1)


if __name__ == '__main__':
    unittest.main()
