"""The disk of a registry under load ends: its file system is shut down, and from then on nothing reaches it. After it was
mounted again everything that was acknowledged is there, and is what it was.

With syncs that come back before they are done the same load loses what was acknowledged: so the test can tell."""
import fcntl
import os
import struct
import subprocess
import unittest

import envelope_pb2 as wire

from faulty_disk import FaultyDiskTest, environment
from harness import PLAIN, Instance
from test_durability import AllThere, Load

SHUT_DOWN = 0x8004587D  # _IOR ('X', 125, uint32)
NOTHING_FLUSHED = 2


class ShutDown(AllThere, FaultyDiskTest):
    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.disk = self.registry.directory / 'disk'
        self.data, self.image = self.registry.directory / 'data', self.registry.directory / 'image'
        if os.geteuid() != 0:
            self.skipTest('only root can mount a file system')
        with open(self.image, 'wb') as image:
            image.truncate(192 << 20)
        path = os.environ['PATH'] + ':/sbin:/usr/sbin'
        subprocess.run(['mkfs.ext4', '-q', '-F', self.image], check=True, env=dict(os.environ, PATH=path))
        mounted = subprocess.run(['mount', '-o', 'loop', self.image, self.data], capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f'no file system can be mounted here: {mounted.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '-l', self.data], check=False)
        self.data.chmod(0o700)
        self.start()

    def load_until_shut_down(self, answers):
        """Returns what was at work, when the daemon has ended and the disk is there again."""
        loads = [Load(self.registry, [self.person() for _ in range(30)]) for _ in range(2)]
        for load in loads:
            load.start()
        self.registry.wait_for(lambda: sum(len(load.statuses) for load in loads) > answers, 'answers', 60)
        directory = os.open(self.data, os.O_RDONLY)
        fcntl.ioctl(directory, SHUT_DOWN, struct.pack('I', NOTHING_FLUSHED))
        os.close(directory)
        for load in loads:
            load.over = True
            load.join(60)
        return loads

    def mount_again(self):
        subprocess.run(['umount', self.data], check=True)
        subprocess.run(['mount', '-o', 'loop', self.image, self.data], check=True)

    def test_what_was_acknowledged_outlives_a_file_system_that_is_shut_down(self):
        for round_ in range(2):
            loads = self.load_until_shut_down(200 * (round_ + 1))
            self.assertEqual(self.registry.ended(), 70)
            self.mount_again()
            self.start()
            for load in loads:
                self.assertAllThere(load)

    def test_a_sync_that_comes_back_too_early_is_noticed(self):
        """The control."""
        self.becomes('lie')
        loads = self.load_until_shut_down(200)
        if self.registry.is_alive():
            self.registry.kill()
        self.becomes_sound()
        self.mount_again()
        granted = {consent for load in loads for consent in load.granted}
        self.assertGreater(len(granted), 5)
        try:
            self.registry.start(environment(self.disk))
        except AssertionError:
            return  # refused: it is not whole
        self.shared = {}
        kernteam = self.client('kernteam')
        found = {consent for consent in granted if kernteam.consent_show(consent).status == wire.OK}
        self.assertLess(len(found), len(granted))


if __name__ == '__main__':
    unittest.main()
