"""One connection that asks without waiting for each answer, and gets one whatever happens to the connection."""
import time

import zmq

import envelope_pb2 as wire
from client import Client
from history import now

PATIENCE = 1.5  # seconds without an answer, after which the connection is made anew
PAUSE = 0.3     # before what was UNAVAILABLE is sent again


class Asking:
    """`again`: what was not answered is sent again, the same bytes (docs/protocol.md, 4.1); else it is given up."""

    def __init__(self, world, party, again=True):
        self.world, self.party, self.again = world, party, again
        self.link = world.network.link(world.requests_port)
        self.name = f'{party}, who {"withdraws" if again else "checks"}'
        self.client = None
        self.waiting = {}   # key: [bytes, record, then]
        self.put_off = []   # (when, key)
        self.heard_at = 0.0
        self.connect()

    def connect(self):
        if self.client:
            self.client.close()
        public, secret = self.world.registry.keys[self.party]
        self.client = Client(f'tcp://127.0.0.1:{self.link.port}', self.world.registry.server_key, public, secret)
        self.heard_at = time.monotonic()
        if not self.again:
            self.waiting.clear()
        self.put_off = []
        for packed, _, _ in self.waiting.values():
            self.send(packed)

    def send(self, packed):
        try:
            self.client.socket.send(packed, zmq.DONTWAIT)
        except zmq.Again:
            pass  # it is sent again in time

    def ask(self, request, record, then):
        """`then (reply)` is called once, with the answer; `record` has when it was sent, and then when it was done."""
        request.version = 1
        request.idempotency_key = self.world.random.randbytes(16)
        packed = request.SerializeToString()
        record['sent'], record['done'] = now(), None
        if not self.waiting:
            self.heard_at = time.monotonic()
        self.waiting[request.idempotency_key] = [packed, record, then]
        self.send(packed)

    def look(self):
        """Takes what has come, and sends again what waits too long."""
        while self.client.socket.poll(0):
            self.take(wire.Reply.FromString(self.client.socket.recv_multipart()[-1]))
        moment = time.monotonic()
        while self.put_off and self.put_off[0][0] <= moment:
            _, key = self.put_off.pop(0)
            if key in self.waiting:
                self.send(self.waiting[key][0])
        if self.waiting and moment > self.heard_at + PATIENCE:
            self.connect()

    def take(self, reply):
        self.heard_at = time.monotonic()
        if reply.idempotency_key not in self.waiting:
            return
        if reply.status in (wire.UNAVAILABLE, wire.RETRY):
            self.put_off.append((self.heard_at + PAUSE, reply.idempotency_key))
            return
        _, record, then = self.waiting.pop(reply.idempotency_key)
        record['done'] = now()
        then(reply)
