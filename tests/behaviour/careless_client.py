"""The client in Python under docs/clients with one thing done carelessly, which $CARELESS names: consent-conformance must notice."""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'docs' / 'clients' / 'python'))
import consent_client as client  # noqa: E402

import check_pb2  # noqa: E402
import envelope_pb2 as wire  # noqa: E402
import events_pb2  # noqa: E402

attempt, call, receive = client.Registry.attempt, client.Registry.call, client.Connection.receive


def changed(change):
    """An attempt that sends another message from the second time on."""
    sent = []

    def attempt_changed(self, message, key):
        request = wire.Request.FromString(message)
        if sent:
            change(request)
        sent.append(message)
        return attempt(self, request.SerializeToString(), request.idempotency_key)
    client.Registry.attempt = attempt_changed


def received(change):
    """Each reply is taken for another."""
    def receive_changed(self, seconds):
        reply = receive(self, seconds)
        if reply is not None:
            change(reply)
        return reply
    client.Connection.receive = receive_changed


def new_key():
    def change(request):
        request.idempotency_key = os.urandom(16)
    changed(change)


def other_bytes():
    def change(request):
        request.check.user = f'poging-{time.monotonic_ns()}'
    changed(change)


def believes_what_was_withdrawn():
    def change(reply):
        reply.revoked_since = False
    received(change)


def comes_early():
    time.sleep = lambda seconds: None


subscribes_at_once = comes_early


def asks_again_what_is_forbidden():
    def call_twice(self, request):
        try:
            return call(self, request)
        except client.Refused:
            return call(self, request)
    client.Registry.call = call_twice


def believes_any_reply():
    client.Registry.attempt = lambda self, message, key: (self.connection.send(message), self.connection.receive(2))[1]


def looks_at_the_whole():
    def change(reply):
        for item in reply.check.items:
            item.verdict = reply.check.verdict
    received(change)


def permits_what_is_not_denied():
    def change(reply):
        for item in reply.check.items:
            if item.verdict != check_pb2.DENY:
                item.verdict = check_pb2.PERMIT
    received(change)


def looks_at_no_status():
    def change(reply):
        reply.status = wire.OK
    received(change)


def forgets_obligations():
    def change(reply):
        del reply.check.obligations[:]
    received(change)


def waits_for_ever():
    client.ATTEMPTS = 10_000


def permits_what_it_asked():
    def disclose(self, bsn, provider, recipient, purpose, items, user):
        return [category for category, _ in items], ['KEEP_SECRET'], []
    client.Registry.disclose = disclose


def does_not_acknowledge():
    client.Stream.acknowledge = lambda self, number: None


class AnyNumber(int):
    def __ne__(self, other):
        return False
    __hash__ = int.__hash__


def does_not_count():
    client.Stream.expected = property(lambda self: AnyNumber(self.counted or 0), lambda self, number: setattr(self, 'counted', number))


def minds_no_epoch():
    client.Stream.believe_epoch = lambda self, reply: None


def minds_no_loss():
    def change(reply):
        if reply.event.kind == events_pb2.EVENTS_DROPPED:
            reply.event.kind, reply.event.number = events_pb2.HEARTBEAT, 0
    received(change)


def minds_no_heartbeat():
    client.Stream.heartbeat = lambda self, newest: None


def minds_no_loss_while_away():
    begin = client.Stream.begin

    def begin_anyhow(self, reply, wanted):
        if wanted:
            reply.subscribe.next, reply.subscribe.newest, reply.subscribe.last_dropped = wanted, 0, 0
        return begin(self, reply, wanted)
    client.Stream.begin = begin_anyhow


def subscribes_after_the_end():
    turn = client.Stream.turn

    def turn_again(self, seconds):
        try:
            return turn(self, seconds)
        except client.Doubt:
            client.say('doubt')
            return self.subscribe()
    client.Stream.turn = turn_again


def hears_nobody_refuse_it():
    client.Connection.notice = lambda self, told: None


def asks_with_a_removed_key():
    def call_twice(self, request):
        try:
            return call(self, request)
        except client.KeyRefused:
            return call(self, request)
    client.Registry.call = call_twice


def takes_removal_for_a_wait():
    def change(reply):
        if reply.status == wire.FORBIDDEN:
            reply.status = wire.UNAVAILABLE
    received(change)


def knows_one_server_key():
    client.turn_server_key = lambda key: None


def comes_again():
    subscribe = client.Stream.subscribe

    def subscribe_anyhow(self):
        try:
            return subscribe(self)
        except client.KeyRefused:
            client.say('doubt')
            client.say('refused')
            return False
    client.Stream.subscribe = subscribe_anyhow


if __name__ == '__main__':
    globals()[os.environ['CARELESS']]()
    sys.exit({'check': client.run_check, 'listen': client.run_listen}[sys.argv[1]](*sys.argv[2:]))
