"""What systemd hears of the daemon (sd_notify): when it is ready, reloads and stops, how it is, and that its loop goes round.
A loop that stalls says nothing any more, and so is started again."""
import os
import re
import select
import signal
import socket
import time
import unittest

from harness import Instance

WATCHDOG = 0.5  # seconds


class Supervisor:
    """What NOTIFY_SOCKET is for a service."""

    def __init__(self, directory):
        self.path = str(directory / 'notify')
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.heard = []

    def environment(self):
        return {'NOTIFY_SOCKET': self.path, 'WATCHDOG_USEC': str(int(WATCHDOG * 1_000_000))}

    def hear(self, timeout):
        """The next thing that is said, as lines. None: nothing in so long."""
        self.socket.settimeout(timeout)
        try:
            said = self.socket.recv(4096).decode().splitlines()
        except (TimeoutError, BlockingIOError):
            return None
        self.heard.append(said)
        return said

    def hear_until(self, wanted, timeout=30.0):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            said = self.hear(max(end - time.monotonic(), 0.001))
            if said is not None and any(re.fullmatch(wanted, line) for line in said):
                return said
        raise AssertionError(f'{wanted} was not said, but {self.heard}')


class SupervisedTest(unittest.TestCase):
    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)
        self.supervisor = Supervisor(self.registry.directory)
        self.addCleanup(self.supervisor.socket.close)

    def start(self):
        self.registry.start(self.supervisor.environment())
        self.supervisor.hear_until('READY=1')

    def words(self):
        """What was said so far, without how it is and that it goes round."""
        while self.supervisor.hear(0.01) is not None:
            pass
        return [line.split('=')[0] for said in self.supervisor.heard for line in said
                if not line.startswith(('STATUS', 'WATCHDOG', 'MONOTONIC'))]


class Told(SupervisedTest):
    def test_it_says_when_it_is_ready_reloads_and_stops(self):
        self.start()
        _, host, port = re.split('://|:', self.registry.endpoints['requests'])
        socket.create_connection((host, int(port)), 1).close()  # ready: whoever comes now finds it
        self.registry.reload()
        self.supervisor.hear_until('READY=1')
        reloading = next(said for said in self.supervisor.heard if 'RELOADING=1' in said)
        self.assertRegex(reloading[1], r'^MONOTONIC_USEC=\d+$')
        self.registry.set_in_configuration('gemeente-voorbeeld.nl/toestemmingen', 'an origin that cannot be')
        self.registry.reload()
        self.supervisor.hear_until('READY=1')  # it goes on with what it has
        self.registry.stop()
        self.assertEqual(self.words(), ['READY', 'RELOADING', 'READY', 'RELOADING', 'READY', 'STOPPING'])

    def test_one_that_cannot_start_is_never_ready(self):
        self.registry.write('keys/vault.key', 'none\n', 0o600)
        with self.assertRaises(AssertionError):
            self.registry.start(self.supervisor.environment())
        self.assertEqual(self.words(), [])

    def test_its_status_says_whether_it_decides(self):
        self.start()
        self.supervisor.hear_until('STATUS=decides')
        self.assertEqual([line for said in self.supervisor.heard for line in said if line.startswith('STATUS')],
                         ['STATUS=starting: opens the store', 'STATUS=decides'])

    def test_without_a_supervisor_it_says_nothing_and_runs(self):
        self.registry.start()
        self.registry.reload()
        self.registry.stop()
        self.assertEqual(self.words(), [])


class Watched(SupervisedTest):
    def test_one_that_nobody_asks_says_that_it_goes_round(self):
        self.start()
        times = []
        for _ in range(6):
            self.supervisor.hear_until('WATCHDOG=1')
            times.append(time.monotonic())
        pauses = [after - before for before, after in zip(times[1:], times[2:])]
        self.assertGreater(min(pauses), WATCHDOG / 4)  # and is not busy with it
        self.assertLess(sorted(pauses)[len(pauses) // 2], WATCHDOG)

    def test_a_loop_that_stalls_says_nothing_while_its_other_threads_go_on(self):
        """Its standard error is a pipe that nobody reads: it stands still in the midst of a word."""
        pipe = self.registry.directory / 'said'
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.registry.log_path.unlink(missing_ok=True)
        self.registry.log_path.symlink_to(pipe)
        self.registry.log = lambda: 'consentd: ready'  # the pipe is read below
        self.registry.wait_for = lambda *_: None
        self.start()
        self.supervisor.hear_until('WATCHDOG=1')
        writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, writer)
        for size in (4096, 1):
            while select.select([], [writer], [], 0)[1]:
                try:
                    os.write(writer, b'.' * size)
                except BlockingIOError:
                    break
        self.registry.signal(signal.SIGHUP)
        self.supervisor.hear_until('RELOADING=1')
        end = time.monotonic() + 3 * WATCHDOG
        while (left := end - time.monotonic()) > 0:
            self.assertIsNone(self.supervisor.hear(left))
        self.assertTrue(self.is_served_by_another_thread())
        while select.select([reader], [], [], 0.2)[0]:
            os.read(reader, 65536)
        self.supervisor.hear_until('WATCHDOG=1')

    def is_served_by_another_thread(self):
        """ZeroMQ still greets who connects: it is the loop that stands still, not the process."""
        _, host, port = re.split('://|:', self.registry.endpoints['requests'])
        with socket.create_connection((host, int(port)), 5) as connection:
            return connection.recv(1) == b'\xff'


if __name__ == '__main__':
    unittest.main()
