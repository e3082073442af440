#!/usr/bin/python3
"""A client of the consent registry in Python, from docs/protocol.md and proto/ alone: read it, and write yours.

    protoc --proto_path=proto --python_out=generated proto/*.proto
    PYTHONPATH=generated python3 consent_client.py identify KEYFILE agb|gemeentecode|oin VALUE
    PYTHONPATH=generated python3 consent_client.py check KEYFILE PROVIDER RECIPIENT PURPOSE CATEGORY[:ORIGIN]... <BSN
    PYTHONPATH=generated python3 consent_client.py done KEYFILE DECISION OBLIGATION
    PYTHONPATH=generated python3 consent_client.py listen KEYFILE POSITION

It needs pyzmq (Debian: python3-zmq) and protobuf (python3-protobuf). Sections are those of docs/protocol.md.
"""
import json
import os
import random
import re
import stat
import sys
import time

import zmq
from google.protobuf.message import DecodeError
from zmq.utils.monitor import recv_monitor_message

import check_pb2
import envelope_pb2 as wire
import events_pb2

ATTEMPT = float(os.environ.get('CONSENT_ATTEMPT_SECONDS', 2))  # how long one attempt may take
ATTEMPTS = int(os.environ.get('CONSENT_ATTEMPTS', 5))
PATIENCE = 60       # seconds that the registry may put us off in all (L3)
SILENCE = 15        # seconds without a push: the subscription is gone (6.1)
CREDIT = 64         # events that may be pushed before they are acknowledged


class Refused(Exception):
    """The registry answered, and not with OK. Nothing is permitted by it."""

    def __init__(self, reply):
        super().__init__(f'{wire.Status.Name(reply.status) if reply.status in wire.Status.values() else reply.status} '
                         f'{reply.field} {reply.message}')
        self.status = reply.status


class NoAnswer(Exception):
    """No attempt brought an answer: whether it was done is not known, and nothing is permitted."""


class KeyRefused(Exception):
    """The registry lets our key in no more (2.1, 4.3): nothing is permitted, and people must know."""


# ------------------------------------------------------------------------------------------------- the key file (2.5)

def read_key_file(path):
    """{'metadata': {'party': ...}, 'curve': {...}}. What a line of it is, no error repeats."""
    with open(path, encoding='utf-8') as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise ValueError(f'{path}: others can read this secret key')
        lines = file.read().splitlines()
    sections, section = {}, {}
    for number, line in enumerate(lines, 1):
        found = re.fullmatch(r'''( *)([\w./$@-]+) *(?:= *(?:"([^"]*)"|'([^']*)'|([^#"']*?)))? *(?:#.*)?''', line)
        if not found:
            if re.fullmatch(r' *(?:#.*)?', line):
                continue
            raise ValueError(f'{path}:{number}: not a line of a key file')
        indent, name, *values = found.groups()
        if indent:
            section.setdefault(name, next((value for value in values if value is not None), ''))
        else:
            section = sections.setdefault(name, {})
    if zmq.curve_public(sections['curve']['secret-key'].encode()).decode() != sections['curve']['public-key']:
        raise ValueError(f'{path}: the public key is not that of the secret key')
    return sections


class Connection:
    """A DEALER of its own (2.2): no routing id, nothing lingers, and only this registry can be at the other end."""

    def __init__(self, key, endpoint):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.ipv6 = True
        self.socket.curve_serverkey = key['metadata']['server-key'].encode()
        self.socket.curve_publickey = key['curve']['public-key'].encode()
        self.socket.curve_secretkey = key['curve']['secret-key'].encode()
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_DISCONNECTED)
        self.is_lost = False
        self.poller = zmq.Poller()
        self.poller.register(self.socket, zmq.POLLIN)
        self.poller.register(self.monitor, zmq.POLLIN)
        self.socket.connect(key['metadata'][endpoint])

    def send(self, message):
        try:
            self.socket.send(message, zmq.NOBLOCK)
        except zmq.Again:
            pass  # a socket of which the key was refused has no queue any more, and would wait for ever: receive says why

    def receive(self, seconds):
        """The next message that can be read, or None when the time is over. What cannot be read is no answer."""
        end = time.monotonic() + seconds
        while ready := dict(self.poller.poll(max(0, end - time.monotonic()) * 1000)):
            if self.monitor in ready:
                self.notice(recv_monitor_message(self.monitor))
            if self.socket not in ready:
                continue
            try:
                return wire.Reply.FromString(self.socket.recv_multipart()[-1])
            except DecodeError:
                continue
        return None

    def notice(self, told):
        """Without this a refused key would only be silence (2.1)."""
        if told['event'] == zmq.EVENT_DISCONNECTED:
            self.is_lost = True  # ZeroMQ connects again by itself, but not as a subscriber (6.1)
        elif told['value'] == 400:
            raise KeyRefused('this key is not, or no longer, that of a party')

    def close(self):
        self.socket.disable_monitor()
        self.socket.close()


def turn_server_key(key):
    """The registry may have the other of its two keys by now (2.5): the next connection is made with that."""
    names = key['metadata']
    if names.get('server-key-next'):
        names['server-key'], names['server-key-next'] = names['server-key-next'], names['server-key']


def refuses_key(reply):
    """That was said on a connection of which the key was removed meanwhile (3.3)."""
    return reply.status == wire.FORBIDDEN and not any(reply.epoch)


# ------------------------------------------------------------------------------------------------------- asking (3, 4)

class Registry:
    """One connection for requests, kept open (2.2)."""

    def __init__(self, key):
        self.key, self.connection = key, Connection(key, 'requests')

    def call(self, request):
        """The reply, with status OK, to this request. It is sent again, byte for byte the same, until there is one."""
        request.version, request.idempotency_key = 1, os.urandom(16)
        message = request.SerializeToString()  # once: another run may write other bytes, and that is CONFLICT (4.1)
        put_off = failed = 0
        while True:
            reply = self.attempt(message, request.idempotency_key)
            if reply is not None and reply.status == wire.OK:
                return reply
            if reply is not None and refuses_key(reply):
                raise KeyRefused('this key was removed')
            if reply is not None and reply.status not in (wire.UNAVAILABLE, wire.RETRY):
                raise Refused(reply)
            if reply is not None and 0 < reply.retry_after_ms <= (PATIENCE - put_off) * 1000:
                put_off += reply.retry_after_ms / 1000  # this party asks more than it may: come back then, not earlier
                time.sleep(reply.retry_after_ms / 1000)
                continue
            failed += 1
            if failed == ATTEMPTS:
                raise Refused(reply) if reply is not None else NoAnswer('no answer')
            time.sleep(0.1 * 2 ** failed * random.uniform(0.5, 1.5))  # grows, with some chance in it

    def attempt(self, message, key):
        """The reply to this key, or None."""
        self.connection.send(message)
        end = time.monotonic() + ATTEMPT
        while (reply := self.connection.receive(end - time.monotonic())) is not None:
            if reply.idempotency_key == key:
                return reply  # others are late, or nobody's
        self.connection.close()
        turn_server_key(self.key)
        self.connection = Connection(self.key, 'requests')  # the old one gave no answer (4.1)
        return None

    def identify(self, identifier, value):
        """Ids of the parties that have this identifier: agb, gemeentecode or oin (5)."""
        request = wire.Request()
        request.party_identify.identifier, request.party_identify.value = identifier, value
        return [party.id for party in self.call(request).party_identify.parties]

    def disclose(self, bsn, provider, recipient, purpose, items, user):
        """Says that these items are about to be disclosed. Returns those that may be, the names of the obligations, and
        those of them that are to be reported done. Whatever goes wrong is an exception, and then nothing may be."""
        request = wire.Request()
        check = request.check
        check.bsn, check.provider, check.recipient, check.purpose = bsn, provider, recipient, purpose
        check.user, check.mode = user, check_pb2.DISCLOSE
        for category, origin in items:
            check.items.add(category=category, origin=origin)
        reply = self.call(request)
        if reply.revoked_since:  # what this old answer rested on was withdrawn (4.2)
            return [], [], []
        answered = reply.check.items
        if [(item.category, item.origin) for item in answered] != items:
            return [], [], []    # no answer to what was asked
        permitted = [item.category for item in answered if item.verdict == check_pb2.PERMIT]
        if not permitted:
            return [], [], []
        names, own = check_pb2.Obligation, self.key['metadata']['party']
        obligations = [names.Name(one) for one in reply.check.obligations if one in names.values()]
        duties = [duty for duty in reply.check.duties if duty.holder == own and not duty.done_at]
        return permitted, obligations, duties

    def report_done(self, decision, obligation, user):
        """What a permit obliges to was done (5.8): before the `due` of its duty."""
        request = wire.Request()
        request.obligation_done.decision, request.obligation_done.kind = decision, check_pb2.Obligation.Value(obligation)
        request.obligation_done.user = user
        return self.call(request).obligation.duty


# ---------------------------------------------------------------------------------------------------------- events (6)

class Doubt(Exception):
    """Events may have been missed: nothing that is held on the ground of a consent counts as permitted until it was
    asked again."""


class Position:
    """What was stored of the stream: the number of the last event, and the epoch. On the disk before it is acknowledged."""

    def __init__(self, path):
        self.path, self.number, self.epoch = path, 0, ''
        if os.path.exists(path):
            with open(path, encoding='ascii') as file:
                kept = json.load(file)
            self.number, self.epoch = kept['number'], kept['epoch']

    def store(self, number, epoch):
        self.number, self.epoch = number, epoch
        with open(f'{self.path}.new', 'w', encoding='ascii') as file:
            json.dump({'number': number, 'epoch': epoch}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f'{self.path}.new', self.path)
        directory = os.open(os.path.dirname(os.path.abspath(self.path)), os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)


class Stream:
    """A subscription. `handle` stores an event durably; only then it is acknowledged."""

    def __init__(self, key, position, handle):
        self.key, self.position, self.handle, self.connection = key, position, handle, None
        self.expected = self.newest = None

    def send(self, **body):
        request = wire.Request(version=1, idempotency_key=os.urandom(16), **body)
        self.connection.send(request.SerializeToString())
        return request.idempotency_key

    def subscribe(self):
        """On a new connection. False: nothing came; try again later."""
        if self.connection is not None:
            self.connection.close()
        self.connection = Connection(self.key, 'events')
        wanted = self.position.number + 1 if self.position.epoch else 0
        key = self.send(subscribe=events_pb2.SubscribeRequest(**{'from': wanted}, credit=CREDIT))
        while (reply := self.connection.receive(ATTEMPT)) is not None:
            if reply.idempotency_key == key:
                return self.begin(reply, wanted)
        turn_server_key(self.key)
        return False

    def begin(self, reply, wanted):
        if refuses_key(reply):
            raise KeyRefused('this key was removed')
        if reply.status in (wire.UNAVAILABLE, wire.RETRY):
            return False
        told = reply.subscribe
        if reply.status != wire.OK or (wanted and told.next != wanted) or told.last_dropped > self.position.number:
            raise Doubt(f'{reply.field or "events were dropped"}')
        self.believe_epoch(reply)
        self.expected, self.newest, self.lacking = told.next, told.newest, 0
        self.connection.is_lost = False  # it may have come only at the second time
        return True

    def believe_epoch(self, reply):
        if self.position.epoch and reply.epoch.hex() != self.position.epoch:
            raise Doubt('another epoch')

    def is_current(self):
        return self.expected is not None and self.expected > self.newest

    def turn(self, seconds):
        """Takes one push. False: nothing came in so long."""
        reply = self.connection.receive(seconds)
        if reply is None:
            return False
        if reply.WhichOneof('body') != 'event':
            if reply.status == wire.FORBIDDEN:
                raise KeyRefused('this key is let in no more')
            return True  # an answer to an acknowledgement
        self.believe_epoch(reply)
        push = reply.event
        if push.kind in (events_pb2.ENDED, events_pb2.EVENTS_DROPPED):
            raise Doubt(events_pb2.EventKind.Name(push.kind))
        if push.kind == events_pb2.HEARTBEAT:
            self.heartbeat(push.number)
        elif push.number <= self.position.number:
            self.acknowledge(push.number)  # stored already
        elif push.number != self.expected:
            raise Doubt(f'event {self.expected} is missing')
        else:
            self.handle(push)
            self.position.store(push.number, reply.epoch.hex())
            self.expected = push.number + 1
            self.acknowledge(push.number)
        return True

    def heartbeat(self, newest):
        """Every 5 seconds, behind the events that there was credit for: two in a row that count more are a gap."""
        self.newest = newest
        self.lacking = 0 if newest < self.expected else self.lacking + 1
        if self.lacking == 2:
            raise Doubt(f'event {self.expected} does not come')

    def acknowledge(self, number):
        self.send(acknowledge=events_pb2.AcknowledgeRequest(number=number, credit=1))


# -------------------------------------------------------------------------------------------- the commands of a trial run

def say(line):
    print(line, flush=True)


def run_identify(key_file, identifier, value):
    """A message is held whose sender or receiver is not the party that it is said to be."""
    for party in Registry(read_key_file(key_file)).identify(identifier, value):
        say(f'party {party}')
    return 0


def run_check(key_file, provider, recipient, purpose, *items):
    bsn = sys.stdin.readline().strip()
    pairs = [tuple(item.partition(':')[::2]) for item in items]
    try:
        permitted, obligations, duties = Registry(read_key_file(key_file)).disclose(bsn, provider, recipient, purpose, pairs, 'programma-1')
    except (Refused, NoAnswer, KeyRefused) as why:
        if isinstance(why, KeyRefused):
            say('refused')
        print(f'nothing may be disclosed: {why}', file=sys.stderr)
        return 1
    for category in permitted:
        say(f'permit {category}')
    for name in obligations:
        say(f'obligation {name}')
    for duty in duties:
        say(f'duty {duty.decision} {check_pb2.Obligation.Name(duty.kind)}')
    return 0


def run_done(key_file, decision, obligation):
    duty = Registry(read_key_file(key_file)).report_done(int(decision), obligation, 'programma-1')
    say(f'done {duty.decision} {check_pb2.Obligation.Name(duty.kind)}')
    return 0


def has_ended(file):
    """Standard input has ended: this program is to end too. Nothing is ever written to it."""
    import select
    return bool(select.select([file], [], [], 0)[0])


def run_listen(key_file, position_file):
    def handle(push):
        """Where yours blocks what was withdrawn, by `subject_ref`: durably, before it returns."""
        say(f'event {push.number} {events_pb2.EventKind.Name(push.kind)} {push.consent_id.hex() or "-"}')

    stream = Stream(read_key_file(key_file), Position(position_file), handle)
    was_current = False
    try:
        while not has_ended(sys.stdin):
            if not stream.subscribe():
                time.sleep(random.uniform(0.5, 1.5))
                continue
            heard = time.monotonic()
            while time.monotonic() - heard < SILENCE and not stream.connection.is_lost and not has_ended(sys.stdin):
                if stream.is_current() and not was_current:
                    say('current')
                    was_current = True
                if stream.turn(0.2):
                    heard = time.monotonic()
    except (Doubt, KeyRefused) as why:
        say('doubt')
        if isinstance(why, KeyRefused):
            say('refused')
        print(f'nothing that is held on the ground of a consent counts: {why}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    commands = {'identify': run_identify, 'check': run_check, 'done': run_done, 'listen': run_listen}
    sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
