"""A registry that lies about its log: it has every key of a registry, and says to whoever listens what a test makes of it."""
import base64
import hashlib
import threading
import time

import zmq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import envelope_pb2 as wire
import events_pb2

EPOCH = bytes(range(16))
METADATA = '''\
metadata
    party = "zorgaanbieder-horizon"
    server-key = "{server}"
    requests = "{endpoint}"
    events = "{endpoint}"
{more}curve
    public-key = "{public}"
    secret-key = "{secret}"
'''


def node(left, right):
    return hashlib.sha256(b'\1' + left + right).digest()


def leaves_of(count, salt=b''):
    return [hashlib.sha256(b'\0' + salt + str(index).encode()).digest() for index in range(count)]


def half_of(count):
    return 1 << (count - 1).bit_length() - 1


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = half_of(len(leaves))
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def consistency(leaves, earlier, whole=True):
    """RFC 6962, 2.1.2."""
    if earlier == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = half_of(len(leaves))
    if earlier <= half:
        return [*consistency(leaves[:half], earlier, whole), root_of(leaves[half:])]
    return [*consistency(leaves[half:], earlier - half, False), root_of(leaves[:half])]


class Signer:
    """A key that signs a log."""

    def __init__(self, name='liegend.nl/log'):
        self.name, self.secret = name, Ed25519PrivateKey.generate()
        public = b'\1' + self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b'\n' + public).digest()[:4]
        self.key = f'{name}+{self.id.hex()}+{base64.b64encode(public).decode()}'

    def note(self, size, root, more='', lines=(), origin=None):
        """A signed checkpoint; with `more` lines in it, and signature `lines` below it."""
        text = f'{self.name if origin is None else origin}\n{size}\n{base64.b64encode(root).decode()}\n{more}'.encode()
        line = f'— {self.name} {base64.b64encode(self.id + self.secret.sign(text)).decode()}\n'
        return text + b'\n' + line.encode() + b''.join(one.encode() + b'\n' for one in lines)


class LyingRegistry:
    """Answers in a thread of its own. `tell(request)` says what a request about the log is answered with: a Reply, or
    None: nothing; `after` is called with each request about the log, when that is answered."""

    def __init__(self, leaves=5):
        self.signer, self.leaves = Signer(), leaves_of(leaves)
        self.asked, self.cosigned, self.peers = [], [], set()
        self.tell, self.after = self.tell_truth, lambda request: None
        self.events, self.todo = [], []
        self.every = 2  # seconds from one heartbeat to the next
        self.socket = zmq.Context.instance().socket(zmq.ROUTER)
        self.socket.linger = 0
        self.public, self.secret = zmq.curve_keypair()
        self.socket.curve_server, self.socket.curve_secretkey = True, self.secret
        port = self.socket.bind_to_random_port('tcp://127.0.0.1')
        self.endpoint = f'tcp://127.0.0.1:{port}'
        self.stopped = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopped = True
        self.thread.join()
        self.socket.close()

    def key_file(self, log_key=None):
        public, secret = zmq.curve_keypair()
        more = f'    log-key = "{log_key}"\n' if log_key else ''
        return METADATA.format(server=self.public.decode(), endpoint=self.endpoint, public=public.decode(),
                               secret=secret.decode(), more=more)

    # --- What it says ---

    def reply(self, **fields):
        return wire.Reply(version=1, status=wire.OK, epoch=EPOCH, revision=1, **fields)

    def checkpoint(self, note=None, proof=b'', keys=None, size=0):
        reply = self.reply()
        reply.log_checkpoint.checkpoint = self.signer.note(len(self.leaves), root_of(self.leaves)) if note is None else note
        reply.log_checkpoint.proof = proof
        reply.log_checkpoint.size = size or len(self.leaves)
        reply.log_checkpoint.keys[:] = [self.signer.key] if keys is None else keys
        return reply

    @staticmethod
    def earlier(request):
        return getattr(request, request.WhichOneof('body')).earlier

    def tell_truth(self, request):
        earlier = self.earlier(request)
        if earlier > len(self.leaves):
            return self.refuse(wire.INVALID, field=f'{request.WhichOneof("body")}.earlier')
        return self.checkpoint(proof=b''.join(consistency(self.leaves, earlier)) if earlier else b'')

    @staticmethod
    def refuse(status, **fields):
        return wire.Reply(version=1, status=status, epoch=EPOCH, revision=1, **fields)

    def push(self, size, note=b'x'):
        pushed = self.reply()
        pushed.log_pushed.size, pushed.log_pushed.checkpoint = size, note
        self.send(pushed)

    def send(self, reply):
        for peer in self.peers:
            self.socket.send_multipart([peer, reply.SerializeToString()])

    def heartbeat(self):
        heartbeat = self.reply()
        heartbeat.event.kind, heartbeat.event.number = events_pb2.HEARTBEAT, len(self.events)
        self.send(heartbeat)

    def do(self, what):
        """In the thread that has the socket."""
        self.todo.append(what)

    def event(self):
        """Pushes one more event."""
        reply = self.reply()
        reply.event.number, reply.event.kind = len(self.events) + 1, events_pb2.CONSENT_REVOKED
        reply.event.consent_id, reply.event.subject_ref = bytes(16), bytes(16)
        reply.event.providers[:], reply.event.recipients[:], reply.event.categories[:] = ['a'], ['b'], ['c']
        reply.event.purpose, reply.event.whole = 'd', True
        self.events.append(reply)
        self.send(reply)

    # --- Serving ---

    def answer(self, request):
        body = request.WhichOneof('body')
        if body == 'subscribe':
            reply = self.reply()
            reply.subscribe.next = getattr(request.subscribe, 'from') or 1
            reply.subscribe.newest = len(self.events)
            return reply
        if body == 'acknowledge':
            reply = self.reply()
            reply.acknowledge.acknowledged = request.acknowledge.number
            return reply
        if body == 'log_cosign':
            self.cosigned.append(request.log_cosign)
            reply = self.reply()
            reply.log_cosign.size = request.log_cosign.size
            return reply
        self.asked.append(request)
        return self.tell(request)

    def serve(self):
        beat = 0
        while not self.stopped:
            if time.monotonic() > beat:
                self.heartbeat()
                beat = time.monotonic() + self.every
            while self.todo:
                self.todo.pop(0)()
            if not self.socket.poll(50):
                continue
            peer, *_, raw = self.socket.recv_multipart()
            self.peers = {peer}
            request = wire.Request.FromString(raw)
            reply = self.answer(request)
            if reply is not None:
                reply.idempotency_key = request.idempotency_key
                self.socket.send_multipart([peer, reply.SerializeToString()])
            if request.WhichOneof('body').startswith('log_') and request.WhichOneof('body') != 'log_cosign':
                self.after(request)
