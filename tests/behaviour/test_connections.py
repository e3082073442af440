"""Connections: how many a party has, who may be left inside, and that none hears what was meant for another (L4)."""
import statistics
import struct
import time
import unittest

import zmq

import envelope_pb2 as wire
from client import KIND, check_request
from faulty_disk import FaultyDiskTest
from harness import OwnInstanceTest, RegistryTest
from partner import NoAnswer

HORIZON = 'zorgaanbieder-horizon'


class Routes(RegistryTest):
    def assertTurnedAway(self, client):
        """INVALID, and the connection is closed."""
        reply = client.whoami()
        self.assertInvalid(reply, 'routing_id')
        self.assertEqual(reply.whoami.party, '')
        self.assertTrue(client.was_disconnected())
        self.registry.close(client)

    def test_a_routing_id_that_the_peer_chose_is_refused_at_every_endpoint(self):
        for party, endpoint in (('cak', 'requests'), ('cak', 'requests-ipc'), ('cak', 'events'), ('operator', 'operators')):
            for route in (b'consumer-1', b'\0' + b'consumer-1', b'\0abc', b'\1abcd', b'x' * 255):
                with self.subTest(endpoint=endpoint, route=route):
                    self.assertTurnedAway(self.registry.client(party, endpoint, route=route))
        self.assertOk(self.registry.client('cak').whoami())

    def test_a_routing_id_that_looks_like_one_of_the_endpoint_is_refused(self):
        for number in (0, 1, 0x7fffffff, 0x80000001, 0xdeadbeef):
            with self.subTest(number):
                self.assertTurnedAway(self.registry.client('cak', route=b'\0' + struct.pack('>I', number)))
        self.assertOk(self.registry.client('cak').whoami())

    def test_who_takes_a_routing_id_that_was_left_hears_nothing_that_was_meant_for_another(self):
        consent = self.granted(self.person())
        first = self.registry.client(HORIZON, 'events', route=b'consumer-1')
        first.send(self.subscription())
        self.assertInvalid(first.receive(), 'routing_id')
        self.registry.close(first)
        other = self.registry.client('cak', 'events', route=b'consumer-1')
        other.send_frames(b'')
        self.assertOk(self.client('kernteam').revoke(consent))
        heard = []
        try:
            while True:
                heard.append(other.receive(1.0))
        except NoAnswer:
            pass
        self.assertEqual([reply.event.kind for reply in heard if reply.WhichOneof('body') == 'event'], [])

    @staticmethod
    def subscription():
        request = wire.Request()
        request.subscribe.credit = 8
        return request

    def test_a_connection_that_gave_itself_no_id_is_not_refused_however_many_came_before(self):
        for _ in range(40):
            client = self.registry.client('cak')
            self.assertOk(client.whoami())
            self.registry.close(client)


class Subscriptions(RegistryTest):
    def subscribed(self):
        lag = {one.party: one for one in self.client('operator').ask('events_lag').events_lag.parties}
        return lag[HORIZON].subscribed

    def test_a_subscription_ends_when_its_connection_does(self):
        stream = self.registry.client(HORIZON, 'events')
        self.assertOk(stream.subscribe())
        self.assertTrue(self.subscribed())
        self.registry.close(stream)
        self.registry.wait_for(lambda: not self.subscribed(), 'the subscription to end')


class Caps(OwnInstanceTest):
    def configure(self, connections):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('connections = "64"', f'connections = "{connections}"'))
        self.registry.restart()
        self.shared.clear()

    def test_of_more_connections_than_a_party_may_have_the_one_idle_for_the_longest_is_closed(self):
        self.configure(4)
        clients = [self.registry.client('cak') for _ in range(4)]
        for client in clients:
            self.assertOk(client.whoami())
        self.assertOk(clients[0].whoami())  # so that the second is idle for the longest
        fifth = self.registry.client('cak')
        self.assertOk(fifth.whoami())
        self.assertTrue(clients[1].was_disconnected())
        for client in (clients[0], clients[2], clients[3]):
            self.assertFalse(client.was_disconnected(0.1))
        self.assertOk(self.registry.client('kernteam').whoami())

    def test_a_subscription_is_not_idle(self):
        self.configure(4)
        stream = self.registry.client('cak', 'events')
        self.assertOk(stream.subscribe())
        idle = [self.registry.client('cak') for _ in range(3)]
        for client in idle:
            self.assertOk(client.whoami())
        self.assertEqual(stream.next_push(60.0).event.kind, KIND('HEARTBEAT'))
        self.assertOk(self.registry.client('cak').whoami())
        self.assertTrue(idle[0].was_disconnected())
        self.assertFalse(stream.was_disconnected(0.1))

    def test_short_connections_are_not_throttled(self):
        """Beside one that comes seldom: that is slow where the machine is."""
        taken = {'cak': [], 'svb': []}
        for number in range(300):
            for party in ('cak',) if number % 10 else ('cak', 'svb'):
                begin = time.monotonic()
                client = self.registry.client(party)
                self.assertOk(client.whoami())
                taken[party].append(time.monotonic() - begin)
                self.registry.close(client)
        self.assertLess(statistics.median(taken['cak'][100:]), 5 * statistics.median(taken['svb'][10:]))

    def test_who_says_nothing_takes_no_more_places_than_a_party_has(self):
        self.configure(4)
        silent, let_in = [self.registry.client('cak') for _ in range(12)], set()

        def look():
            let_in.update(client for client in silent if client.was_let_in(0))
            return len(let_in)

        self.registry.wait_for(lambda: look() >= 4, 'four to be let in')
        time.sleep(1)  # for the others to try again
        self.assertEqual(look(), 4)
        operator = self.registry.operator()
        signed_in = [entry for entry in operator.audit() if entry.party == 'cak' and entry.result == 'accepted']
        self.assertEqual(len(signed_in), 4)
        self.assertOk(self.registry.client('kernteam').whoami())
        for client in silent:
            self.registry.close(client)
        self.assertOk(self.registry.client('cak').whoami())  # there is room again


class SlowDisk(FaultyDiskTest):
    def test_who_is_turned_away_hears_so_before_its_connection_is_closed_however_slow_the_disk_is(self):
        client, kernteam = self.registry.client('cak', route=b'consumer-1'), self.registry.client('kernteam')
        self.assertTrue(client.was_let_in())
        self.assertOk(kernteam.whoami())
        asked = wire.Request()
        asked.whoami.SetInParent()
        with self.registry.held() as sent:  # so much that the daemon goes on beside its disk
            key = client.send(asked)
            checks = [check_request(next(self.bsns)) for _ in range(300)]
            for check in checks:
                kernteam.send(check)
                sent.append(check.ByteSize())
            self.becomes('hold')
        with self.assertRaises(NoAnswer):
            client.reply_to(key, 1.0)
        self.becomes_sound()
        self.assertInvalid(client.reply_to(key), 'routing_id')
        self.assertTrue(client.was_disconnected())


class Removal(OwnInstanceTest):
    def test_the_connections_of_a_removed_party_are_closed(self):
        clients = [self.registry.client(HORIZON), self.registry.client(HORIZON, 'requests-ipc'),
                   self.registry.client(HORIZON, 'events')]
        for client in clients:
            self.assertOk(client.whoami())
        other = self.registry.client('cak')
        self.assertOk(other.whoami())
        self.assertOk(self.registry.operator().party_remove(HORIZON))
        for client in clients:
            self.assertTrue(client.was_disconnected())
        self.assertTrue(clients[0].was_refused(3.0))  # as it tries to come back
        self.assertFalse(other.was_disconnected(0.1))

    def test_the_connections_of_a_key_that_was_replaced_are_closed(self):
        client, other = self.registry.client('svb'), self.registry.client('cak')
        self.assertOk(client.whoami())
        self.assertOk(other.whoami())
        self.registry.keys['svb'] = zmq.curve_keypair()
        self.registry.change_party('svb', 'svb', 'partner')
        self.assertTrue(client.was_disconnected())
        self.assertFalse(other.was_disconnected(0.1))


if __name__ == '__main__':
    unittest.main()
