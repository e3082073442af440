"""Connections that a test can cut, reset and stall: a relay of TCP between each actor and the registry.

    network = Network()
    link = network.link(port)     what connects to link.port reaches 127.0.0.1:port
    link.cut()                    every connection of it ends, in order
    link.reset()                  every connection of it is reset
    link.stall('down'), link.go_on()   nothing passes, up, down or both ways, nor is anybody let in; then all of it does
    link.stick(), link.go_on()         the connections that are there stand still, and new ones do not

One thread moves all bytes. What is asked of a link is done by that thread, so that no other holds a socket.
"""
import queue
import selectors
import socket
import struct
import threading

WAITS = 1 << 18  # bytes that wait for whoever does not read, before no more are taken
PIECE = 1 << 16


class Half:
    """One side of a connection: what comes from it goes to its peer."""

    def __init__(self, link, way, side):
        self.link, self.way, self.socket = link, way, side
        side.setblocking(False)
        self.peer = None
        self.waiting = bytearray()  # for this side
        self.stuck = False

    def interest(self):
        held = ('up', 'down') if self.stuck else self.link.held
        reads = self.way not in held and len(self.peer.waiting) < WAITS
        writes = self.waiting and self.peer.way not in held
        return (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if writes else 0)

    def move(self, mask):
        """Reads and writes what there is. False: the connection is over."""
        try:
            if mask & selectors.EVENT_WRITE:
                del self.waiting[:self.socket.send(self.waiting)]
            if mask & selectors.EVENT_READ:
                piece = self.socket.recv(PIECE)
                self.peer.waiting += piece
                return bool(piece)
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True


class Link:
    def __init__(self, network, target):
        self.network, self.target = network, target
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.halves = set()
        self.held = frozenset()

    def cut(self):
        self.network.do(self.end_all, False)

    def reset(self):
        self.network.do(self.end_all, True)

    def stall(self, ways='both'):
        self.network.do(self.hold, frozenset(('up', 'down') if ways == 'both' else (ways,)))

    def stick(self):
        self.network.do(self.hold, frozenset(), True)

    def go_on(self):
        self.network.do(self.hold, frozenset())

    # What follows is done by the network's thread.

    def hold(self, ways, stuck=False):
        self.held = ways
        self.network.watch(self.listener, 0 if ways else selectors.EVENT_READ, self)
        for half in self.halves:
            half.stuck = stuck
            self.network.watch(half.socket, half.interest(), half)

    def let_in(self):
        """A new connection, to the registry or to nobody: then it is closed at once."""
        try:
            near, _ = self.listener.accept()
        except OSError:
            return
        far = socket.socket()
        try:
            far.connect(('127.0.0.1', self.target))
        except OSError:
            far.close()
            near.close()
            return
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up, down = Half(self, 'up', near), Half(self, 'down', far)
        up.peer, down.peer = down, up
        self.halves |= {up, down}
        for half in (up, down):
            self.network.watch(half.socket, half.interest(), half)

    def end(self, half, hard=False):
        for one in (half, half.peer):
            self.network.watch(one.socket, 0, one)
            if hard:
                one.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            one.socket.close()
            self.halves.discard(one)

    def end_all(self, hard):
        while self.halves:
            self.end(next(iter(self.halves)), hard)


class Network(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.selector = selectors.DefaultSelector()
        self.asked = queue.SimpleQueue()
        self.bell, ring = socket.socketpair()
        self.ring = ring
        self.links = []
        self.is_over = False
        self.selector.register(self.bell, selectors.EVENT_READ, None)
        self.start()

    def do(self, what, *arguments):
        """Has the thread do this, and waits until it has."""
        done = threading.Event()
        self.asked.put((what, arguments, done))
        self.ring.send(b'!')
        if not done.wait(30):
            raise AssertionError('the network does nothing')

    def link(self, target):
        made = Link(self, target)
        self.links.append(made)
        self.do(made.hold, frozenset())
        return made

    def close(self):
        self.do(self.finish)
        self.join(30)
        self.bell.close()
        self.ring.close()
        self.selector.close()

    def finish(self):
        for link in self.links:
            link.end_all(False)
            link.listener.close()
        self.is_over = True

    def watch(self, file, mask, what):
        known = file.fileno() in self.selector.get_map()
        if mask and known:
            self.selector.modify(file, mask, what)
        elif mask:
            self.selector.register(file, mask, what)
        elif known:
            self.selector.unregister(file)

    def run(self):
        while not self.is_over:
            for key, mask in self.selector.select(1):
                if key.data is None:
                    self.obey()
                elif isinstance(key.data, Link):
                    key.data.let_in()
                elif key.data in key.data.link.halves:
                    self.serve(key.data, mask)

    def obey(self):
        self.bell.recv(1)
        what, arguments, done = self.asked.get()
        what(*arguments)
        done.set()

    def serve(self, half, mask):
        if not half.move(mask):
            half.link.end(half)
            return
        for one in (half, half.peer):
            self.watch(one.socket, one.interest(), one)
