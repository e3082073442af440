"""Connections are cut, reset and stalled as tests/faults/network.py says: else a run under faults has none."""
import socket
import sys
import threading
import unittest

from harness import SOURCE

sys.path.insert(0, str(SOURCE / 'tests' / 'faults'))
from network import Network  # noqa: E402

SHORT = 0.2  # seconds in which something would have come


def echo(server):
    """Says to everybody what it is told, until it is closed."""
    def serve(connection):
        with connection:
            while True:
                try:
                    data = connection.recv(65536)
                except OSError:
                    return
                if not data:
                    return
                connection.sendall(data)

    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


class Links(unittest.TestCase):
    def setUp(self):
        server = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(server.close)
        self.addCleanup(server.shutdown, socket.SHUT_RDWR)
        threading.Thread(target=echo, args=(server,), daemon=True).start()
        network = Network()
        self.addCleanup(network.close)
        self.link = network.link(server.getsockname()[1])

    def connect(self):
        made = socket.create_connection(('127.0.0.1', self.link.port), 5)
        self.addCleanup(made.close)
        return made

    def says(self, connection, text):
        connection.sendall(text)
        return self.hears(connection, len(text))

    @staticmethod
    def hears(connection, size, timeout=5.0):
        connection.settimeout(timeout)
        heard = b''
        while len(heard) < size:
            piece = connection.recv(65536)
            if not piece:
                break
            heard += piece
        return heard

    def assertSilent(self, connection):
        with self.assertRaises(TimeoutError):
            self.hears(connection, 1, SHORT)

    def test_all_that_is_said_comes_through(self):
        connection, text = self.connect(), bytes(range(256)) * 16384
        threading.Thread(target=connection.sendall, args=(text,), daemon=True).start()
        self.assertEqual(self.hears(connection, len(text)), text)

    def test_a_cut_connection_ends_and_a_new_one_comes_through(self):
        connection = self.connect()
        self.assertEqual(self.says(connection, b'een'), b'een')
        self.link.cut()
        self.assertEqual(self.hears(connection, 1), b'')
        self.assertEqual(self.says(self.connect(), b'twee'), b'twee')

    def test_a_reset_connection_is_an_error(self):
        connection = self.connect()
        self.assertEqual(self.says(connection, b'een'), b'een')
        self.link.reset()
        with self.assertRaises(ConnectionResetError):
            self.hears(connection, 1)

    def test_what_was_said_during_a_stall_comes_after_it(self):
        for ways in ('both', 'up', 'down'):
            with self.subTest(ways):
                connection = self.connect()
                self.assertEqual(self.says(connection, b'een'), b'een')
                self.link.stall(ways)
                connection.sendall(b'twee')
                self.assertSilent(connection)
                self.link.go_on()
                self.assertEqual(self.hears(connection, 4), b'twee')

    def test_nobody_is_let_in_during_a_stall(self):
        self.link.stall()
        connection = self.connect()
        connection.sendall(b'een')
        self.assertSilent(connection)
        self.link.go_on()
        self.assertEqual(self.hears(connection, 3), b'een')

    def test_a_connection_can_stick_while_new_ones_pass(self):
        stuck = self.connect()
        self.assertEqual(self.says(stuck, b'een'), b'een')
        self.link.stick()
        stuck.sendall(b'twee')
        self.assertEqual(self.says(self.connect(), b'drie'), b'drie')
        self.assertSilent(stuck)
        self.link.go_on()
        self.assertEqual(self.hears(stuck, 4), b'twee')


if __name__ == '__main__':
    unittest.main()
