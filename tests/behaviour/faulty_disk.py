"""A daemon whose disk takes its time, or fails, when a test says so (tests/crash/faulty-sync.c)."""
import contextlib
import unittest

from client import check_request
from harness import PLAIN, Instance, OwnInstanceTest, is_plain

FAULTY_SYNC = PLAIN / 'tests' / 'crash' / 'faulty-sync.so'

needs_faulty_disk = unittest.skipUnless(FAULTY_SYNC.exists() and is_plain(), 'no build without sanitizers (CONSENTD_PLAIN)')


def environment(disk):
    return {'LD_PRELOAD': str(FAULTY_SYNC), 'FAULTY_SYNC': str(disk)}


@needs_faulty_disk
class FaultyDiskTest(OwnInstanceTest):
    """With a fresh instance for each test."""

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.disk = self.registry.directory / 'disk'
        self.start()

    def start(self):
        self.registry.start(environment(self.disk))
        self.shared = {}

    def becomes(self, what, name=''):
        """'hold': no sync comes back; 'fail': each fails; 'lie': each comes back, and does nothing; 'frame': no turn can
        be written to the journal; 'meta': the page that makes a checkpoint count cannot be written; 'unsynced': each sync
        fails of the file or directory of this name."""
        self.disk.with_suffix(f'.{what}').write_text(name)

    def becomes_sound(self):
        for sign in self.registry.directory.glob('disk.*'):
            sign.unlink()

    @contextlib.contextmanager
    def standing_still(self):
        """The daemon waits for its disk while the block sends to `requests`, and adds to the list that it is given how many
        bytes each message has (Instance.held). When it goes on, all of that waits to be gathered, and nothing of it is
        decided, however quick the daemon is."""
        asker = self.registry.client('svb')
        self.assertOk(asker.whoami())
        self.becomes('hold')
        key = asker.send(check_request(next(self.bsns), recipient='svb'))
        self.registry.wait_for(self.disk.with_suffix('.holding').exists, 'the daemon to wait for its disk')
        with self.registry.held() as sent:
            yield sent
        self.registry.wait_for(lambda: self.registry.in_the_kernel() == 0, 'the daemon to have what was sent')
        self.becomes_sound()
        asker.reply_to(key)
