"""A client of the registry as a partner would write it: from docs/protocol.md and proto/ alone.

It uses a ZeroMQ binding and what `protoc --python_out` makes of proto/*.proto, and nothing else of this project.
"""
import os
import time

import zmq
from zmq.utils.monitor import recv_monitor_message

import envelope_pb2 as wire
import events_pb2

VERSION = 1
HANDSHAKE_FAILED = zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL


class NoAnswer(Exception):
    """Nothing came in time. Whether the request was carried out is not known: send the same bytes again."""


class Partner:
    """One connection. `socket_type` is zmq.DEALER, which may pipeline, or zmq.REQ. A partner chooses no `route`, a
    routing id of its own."""

    def __init__(self, endpoint, server_key, public_key, secret_key, socket_type=zmq.DEALER, route=b''):
        self.socket = zmq.Context.instance().socket(socket_type)
        self.socket.linger = 0
        self.socket.ipv6 = '[' in endpoint
        if route:
            self.socket.setsockopt(zmq.ROUTING_ID, route)
        self.socket.curve_serverkey = server_key
        self.socket.curve_publickey = public_key
        self.socket.curve_secretkey = secret_key
        self.monitor = self.socket.get_monitor_socket(HANDSHAKE_FAILED | zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED)
        self.socket.connect(endpoint)
        self.early = []   # replies that came while another one was waited for
        self.events = []  # the same for pushed events

    def close(self):
        self.socket.disable_monitor()
        self.monitor.close()
        self.socket.close()

    def send_frames(self, *frames):
        self.socket.send_multipart(frames)

    def send(self, request):
        """Sends a request, with a new idempotency key unless it has one, and returns that key."""
        request.version = request.version or VERSION
        request.idempotency_key = request.idempotency_key or os.urandom(16)
        self.send_frames(request.SerializeToString())
        return request.idempotency_key

    def receive_frames(self, timeout=30.0):
        if not self.socket.poll(timeout * 1000):
            raise NoAnswer(f'nothing within {timeout} seconds')
        return self.socket.recv_multipart()

    def receive(self, timeout=30.0):
        """The next message, whatever it answers."""
        if self.early:
            return self.early.pop(0)
        return wire.Reply.FromString(self.receive_frames(timeout)[-1])

    def reply_to(self, key, timeout=30.0):
        """The reply to the request of this key; others, and pushed events, are kept for whoever asks for them."""
        for index, reply in enumerate(self.early):
            if reply.idempotency_key == key:
                return self.early.pop(index)
        end = time.monotonic() + timeout
        while True:
            reply = wire.Reply.FromString(self.receive_frames(max(0, end - time.monotonic()))[-1])
            if reply.WhichOneof('body') == 'event':
                self.events.append(reply)
            elif reply.idempotency_key == key:
                return reply
            else:
                self.early.append(reply)

    def call(self, request, timeout=30.0):
        """Asks and waits. After NoAnswer, calling again with the same request is safe: nothing is done twice."""
        return self.reply_to(self.send(request), timeout)

    def next_push(self, timeout=30.0):
        """The next pushed message: an event, a heartbeat, or word that the subscription has ended."""
        if self.events:
            return self.events.pop(0)
        end = time.monotonic() + timeout
        while True:
            reply = wire.Reply.FromString(self.receive_frames(max(0, end - time.monotonic()))[-1])
            if reply.WhichOneof('body') == 'event':
                return reply
            self.early.append(reply)

    def next_event(self, timeout=30.0):
        """The next event that is not a heartbeat."""
        end = time.monotonic() + timeout
        while True:
            push = self.next_push(max(0, end - time.monotonic()))
            if push.event.kind != events_pb2.HEARTBEAT:
                return push

    def was_refused(self, timeout=30.0):
        """The registry refused this key within `timeout` seconds."""
        return self.monitored(HANDSHAKE_FAILED, timeout)

    def was_let_in(self, timeout=30.0):
        return self.monitored(zmq.EVENT_HANDSHAKE_SUCCEEDED, timeout)

    def was_disconnected(self, timeout=30.0):
        return self.monitored(zmq.EVENT_DISCONNECTED, timeout)

    def monitored(self, events, timeout):
        end = time.monotonic() + timeout
        while self.monitor.poll(max(0, end - time.monotonic()) * 1000):
            if recv_monitor_message(self.monitor)['event'] & events:
                return True
        return False
