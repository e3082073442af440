"""What a party with a valid key does to the others: nothing, whatever it sends, and however much of it."""
import threading
import time
import unittest

import envelope_pb2 as wire
import events_pb2

from client import TRIAGE, check_request, claim_urgent_reasons, grant_request, revoke_request
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
        begun, slowest, end = time.monotonic(), 0.0, time.monotonic() + 60
        sender.start()
        while operator.status().status_report.messages_cut_off == before and time.monotonic() < end:
            start = time.monotonic()
            operator.status()
            slowest = max(slowest, time.monotonic() - start)
        sender.join()
        self.assertLess(slowest, (time.monotonic() - begun) / 4)  # else it waited for the whole message
        with open(f'/proc/{self.registry.process.pid}/status', encoding='ascii') as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith('VmHWM')) // 1024
        self.assertLess(peak, 256)  # MiB; a sanitizer's own among them
        self.assertEqual(operator.status().status_report.messages_cut_off, before + 1)
        self.assertOk(self.client('kernteam').whoami())


class Attack:
    """A party that asks as much as it can, beside others (L1, L2, L4). What it does to them is told by numbers of lines
    and of turns, and not by a clock; scripts/bench --attack measures."""

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

    def attackers(self, connections, endpoint='requests'):
        clients = [self.registry.client('zorgaanbieder-horizon', endpoint) for _ in range(connections)]
        for client in clients:
            if endpoint == 'requests-ipc':
                client.socket.rcvhwm = 1  # for those that do not read; the kernel keeps little for it
            self.assertOk(client.whoami())
        return clients

    def attack(self, clients, batches):
        """Each sends so many batches. Returns how many bytes they have."""
        size = 0
        for number, client in enumerate(clients):
            for again in range(batches):
                batch = self.batch(f'{number}.{again}')
                client.send(batch)
                size += batch.ByteSize()
        return size

    def without_limits(self):
        """The limits of L3 would refuse some of it, too."""
        self.registry.lift_limits()
        self.registry.restart()
        self.shared.clear()

    def lines(self):
        return self.client('operator').status().status_report.audit_entries


class Fairness(Attack, FaultyDiskTest):
    """All has been sent before the registry decides any of it. How much of an attack came before what others asked the
    numbers of the lines in the log tell."""

    def test_l1_l2_batches_of_one_party_keep_no_other_waiting(self):
        bsn = self.person()
        consents = [self.granted(bsn) for _ in range(20)]
        kernteam, operator = self.client('kernteam'), self.client('operator')
        attackers, whole = self.attackers(8), 8 * 4 * MOST
        before = operator.status().status_report
        with self.standing_still() as sent:
            sent.append(self.attack(attackers, 4))
            disclosures = [kernteam.send(check_request(bsn, mode='DISCLOSE')) for _ in range(20)]
            withdrawals = [kernteam.send(revoke_request(consent)) for consent in consents]
            looks = [operator.send(self.status_request()) for _ in range(20)]
            sent.append(40 * 64)
        last = max(operator.reply_to(key).status_report.audit_entries for key in looks)
        for key in withdrawals:
            reply = kernteam.reply_to(key)
            self.assertOk(reply)
            last = max(last, reply.revision)
        for key in disclosures:
            reply = kernteam.reply_to(key)
            self.assertOk(reply)
            last = max(last, reply.check.decision)
        for client in attackers:
            for _ in range(4):
                self.assertOk(client.receive(30))
        after = operator.status().status_report
        self.assertGreaterEqual(after.audit_entries - before.audit_entries, whole)
        self.assertLess(last - before.audit_entries, whole // 4)
        self.assertGreater(after.turns - before.turns, 64)  # so no turn, for the end of which they wait, was long

    @staticmethod
    def status_request():
        request = wire.Request()
        request.status.SetInParent()
        return request

    def test_l1_one_connection_of_a_party_keeps_no_other_of_it_waiting(self):
        attackers = self.attackers(1)
        other = self.registry.client('zorgaanbieder-horizon')
        self.assertOk(other.whoami())
        before = self.client('operator').status().status_report
        with self.standing_still() as sent:
            sent.append(self.attack(attackers, 24))
            keys = [other.send(check_request(self.heavy)) for _ in range(5)]
        last = max(other.reply_to(key).check.decision for key in keys)
        for _ in range(24):
            self.assertOk(attackers[0].receive(30))
        after = self.client('operator').status().status_report
        self.assertGreaterEqual(after.audit_entries - before.audit_entries, 24 * MOST)
        self.assertLess(last - before.audit_entries, 2 * MOST)  # in the order in which they came it would be five batches
        self.assertGreater(after.turns - before.turns, 64)


class Shares(Attack, OwnInstanceTest):
    """One that does not read: what was decided for it and what waits are bounded, however quick the registry is."""

    def test_a_stop_tells_everyone_who_waits(self):
        """What waits for one who does not read is not decided before the stop, however quick the registry is."""
        self.without_limits()
        silent, readers = self.attackers(1, 'requests-ipc'), self.attackers(10)
        self.attack(silent, 40)  # a mebibyte of replies is fewer than half of them
        self.attack(readers, 2)
        self.assertOk(readers[0].receive(30))
        self.registry.stop()
        statuses = [client.receive(5).status for client in readers for _ in range(2 - (client is readers[0]))]
        self.assertLessEqual(set(statuses), {wire.OK, wire.UNAVAILABLE})
        self.registry.start()
        self.shared.clear()
        stops = [entry.details for entry in self.client('operator').audit() if entry.action == 'stop']
        self.assertRegex(stops[-1], r'[1-9]\d* turned away')

    def test_l4_what_waits_for_a_peer_that_left_is_not_decided(self):
        self.without_limits()
        silent = self.attackers(2, 'requests-ipc')
        self.attack(silent, 60)
        operator = self.client('operator')
        self.registry.wait_for(lambda: operator.status().status_report.turned_away > 0, 'as much to wait as may')
        for client in silent:
            self.registry.close(client)
        self.registry.wait_for(lambda: operator.status().status_report.dropped > 10, 'what waits to be dropped')
        before = self.lines()
        for _ in range(20):
            self.assertOk(self.client('kernteam').whoami())
        self.assertLess(self.lines() - before, 10)

    def test_l1_a_party_with_too_much_waiting_is_told_so_at_once_and_others_are_not(self):
        """However quick the registry is: for who does not read it decides no more than a mebibyte of replies, and 64 of
        these batches may wait. What is sent beyond both has no place."""
        self.without_limits()
        client, = self.attackers(1, 'requests-ipc')
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
        """More than twice a mebibyte of replies: what is beyond it waits. Not for 15 seconds, when ZeroMQ takes it for
        dead."""
        self.without_limits()
        client, = self.attackers(1, 'requests-ipc')
        self.attack([client], 40)
        for _ in range(200):
            self.assertOk(self.client('kernteam').whoami())
        for _ in range(40):
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
        beats = [stream.next_push(60.0) for _ in range(2)]
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
        bsn, client, operator = self.person(), self.client('kernteam'), self.client('operator')
        before = operator.status().status_report.audit_entries
        keys = {client.send(check_request(bsn)) for _ in range(6000)}
        self.registry.wait_for(lambda: operator.status().status_report.audit_entries - before > 1024,
                               'as many answers as may be unread', 60)
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
