"""A local view fails closed: a registry of our own says what no registry says, or nothing, and the view says no, and why;
once it tells the truth again, the view catches up by itself."""
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import envelope_pb2 as wire
import events_pb2

from lying_registry import LyingRegistry, leaves_of, root_of
from viewing import View
from watching import PROGRAM

SUBJECT, OTHER = bytes(range(16)), bytes(range(1, 17))
SILENCE = 2000  # ms


class Permitting(LyingRegistry):
    """Permits naw of two subjects, until it is told otherwise; every message says of which basis and time it is."""

    def __init__(self):
        self.basis, self.stopped_clock, self.shift, self.still = 3, False, 0, None
        self.refusing, self.snapshots, self.newest, self.silent = None, 0, None, False
        self.revision, self.subscribed = 1, False
        self.another, self.unreadable = b'', 0
        super().__init__()
        self.every = 0.2

    def now(self):
        return self.still or int(time.time() * 1000) + self.shift

    def reply(self, **fields):
        reply = super().reply(**fields)
        reply.time, reply.revision = self.now(), self.revision
        reply.epoch = self.another or reply.epoch
        return reply

    def pushed(self, kind, number, subject=b'', consent=b''):
        reply = self.reply()
        event = reply.event
        event.kind, event.number, event.time, event.revision = kind, number, reply.time, reply.revision
        event.subject_ref, event.consent_id, event.basis, event.stopped = subject, consent, self.basis, self.stopped_clock
        return reply

    def heartbeat(self):
        if not self.silent:
            self.send(self.pushed(events_pb2.HEARTBEAT, len(self.events) if self.newest is None else self.newest))

    def tell_event(self, change, kind=events_pb2.CONSENT_REVOKED, skip=0, subject=SUBJECT):
        """Pushes one more event, with what it changes."""
        about_consent = kind == events_pb2.CONSENT_REVOKED
        reply = self.pushed(kind, len(self.events) + 1 + skip, subject, bytes(16) if about_consent else b'')
        change(reply.event)
        self.events.append(reply)
        self.send(reply)

    def answer(self, request):
        self.subscribed |= request.WhichOneof('body') == 'subscribe'
        if request.WhichOneof('body') != 'snapshot':
            return super().answer(request)
        if self.refusing is not None:
            return self.refuse(self.refusing)
        self.snapshots += 1
        reply = self.reply()
        reply.snapshot.number, reply.snapshot.revision, reply.snapshot.as_of = len(self.events), 1, reply.time
        reply.snapshot.basis, reply.snapshot.unreadable = self.basis, self.unreadable
        for subject in (SUBJECT, OTHER):
            entry = reply.snapshot.entries.add().permits
            entry.subject_ref = subject
            permits = entry.permits.add(provider='kernteam', recipient='zorgaanbieder-horizon', purpose='toekenning')
            permits.categories.add(category='naw')
            permits.categories.add(category='bsn', until=reply.time + 3_600_000)
        return reply


class LiesTest(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='view-lies-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.registry = Permitting()
        self.addCleanup(self.registry.stop)
        key = self.place / 'party.key'
        key.write_text(self.registry.key_file())
        key.chmod(0o600)
        self.view = View(self, key, '--silence', SILENCE, '--position', self.place / 'position')
        self.assertPermits()
        self.view.wait('it listens', lambda _: self.registry.subscribed, self.view.status)

    def ask(self, subject=SUBJECT, **question):
        return self.view.ask(subject.hex(), **question)

    def wait_for(self, why, subject=SUBJECT, timeout=15):
        return self.view.wait_for(why, lambda: self.ask(subject), timeout)

    def assertPermits(self):
        answer = self.wait_for('PERMITTED')
        self.assertTrue(answer['permitted'])
        self.assertLess(answer['heard_ms'], SILENCE + 1)

    def assertSaysNo(self, why, lie, truth, taken=1):
        """While the registry lies and gives no snapshot; and catches up when it does again."""
        before = self.registry.snapshots
        self.registry.refusing = wire.UNAVAILABLE
        self.registry.do(lie)
        answer = self.wait_for(why)
        self.assertFalse(answer['permitted'])
        self.registry.do(truth)
        if taken:
            time.sleep(0.5)
            self.assertFalse(self.ask()['permitted'], 'without a snapshot nothing mends it')
        self.registry.refusing = None
        self.assertPermits()
        self.assertEqual(self.registry.snapshots - before, taken)

    def set(self, **what):
        return lambda: [setattr(self.registry, name, value) for name, value in what.items()]


class Lies(LiesTest):
    def test_silence(self):
        self.assertSaysNo('SILENT', self.set(silent=True), self.set(silent=False), taken=0)

    def test_another_epoch(self):
        self.assertSaysNo('OTHER_EPOCH', self.set(another=bytes(15) + b'x'), lambda: None)

    def test_another_basis(self):
        self.assertSaysNo('OTHER_BASIS', self.set(basis=4), lambda: None)

    def test_more_events_than_were_sent(self):
        self.assertSaysNo('CATCHING_UP', self.set(newest=1), self.set(newest=None), taken=0)

    def test_an_event_that_is_missing(self):
        self.assertSaysNo('GAP', lambda: self.registry.tell_event(lambda event: None, skip=1),
                          lambda: self.registry.events.append(None))

    def test_a_registry_whose_clock_was_stopped(self):
        self.assertSaysNo('CLOCK', self.set(stopped_clock=True), self.set(stopped_clock=False), taken=0)

    def test_a_clock_that_stands_still(self):
        self.registry.every = 1.1
        self.assertSaysNo('CLOCK', lambda: setattr(self.registry, 'still', self.registry.now()), self.set(still=None))

    def test_a_clock_that_jumps_ahead(self):
        self.assertSaysNo('CLOCK', self.set(shift=600_000), lambda: None)

    def test_a_log_that_does_not_continue(self):
        """A failed proof is final: nobody can say by himself which of two logs is true."""
        position = self.place / 'position'
        self.view.wait('the log was seen', lambda _: position.exists() and 'log-key' in position.read_text(), self.view.status)
        self.registry.leaves = leaves_of(9, b'other')
        note = self.registry.signer.note(9, root_of(self.registry.leaves))
        self.registry.do(lambda: self.registry.push(9, note))
        self.assertFalse(self.wait_for('CONTRADICTED')['permitted'])
        self.registry.leaves = leaves_of(5)
        time.sleep(0.5)
        self.assertEqual(self.ask()['why'], 'CONTRADICTED')
        self.assertIn('log', self.view.status()['problem'])
        self.assertTrue((self.place / 'position.contradiction').exists())

    def test_a_key_that_is_refused_ends_it(self):
        self.registry.refusing = wire.FORBIDDEN
        self.registry.do(self.set(basis=4))
        self.assertFalse(self.wait_for('ENDED')['permitted'])

    def test_what_an_event_changes_is_known_with_it(self):
        def take_away(event):
            event.effects.add(provider='kernteam', recipient='zorgaanbieder-horizon', purpose='toekenning', category='naw')

        def give(event):
            event.effects.add(provider='kernteam', recipient='cak', purpose='toekenning', category='naw', permitted=True)
        self.registry.do(lambda: self.registry.tell_event(take_away))
        self.wait_for('NOT_PERMITTED')
        self.assertTrue(self.ask(category='bsn')['permitted'])
        self.assertTrue(self.ask(OTHER)['permitted'])
        self.assertFalse(self.ask(OTHER, recipient='cak')['permitted'])
        self.registry.do(lambda: self.registry.tell_event(give, subject=OTHER))
        self.view.wait('given', lambda answer: answer['permitted'], lambda: self.ask(OTHER, recipient='cak'))
        self.registry.do(lambda: self.registry.tell_event(lambda event: None, events_pb2.SUBJECT_ERASED, subject=OTHER))
        self.wait_for('NOT_PERMITTED', OTHER)
        self.assertFalse(self.ask(OTHER, recipient='cak')['permitted'])
        self.assertEqual(self.registry.snapshots, 1)
        self.assertEqual(self.view.status()['number'], 3)

    def test_an_event_vouches_for_no_more_than_came_before_it(self):
        """When it was sent others were on their way, though the registry was further."""
        def early(event):
            event.revision = 10
        self.registry.silent, self.registry.revision = True, 50
        self.registry.do(lambda: self.registry.tell_event(early))
        self.view.wait('it came', lambda status: status['number'] == 1, self.view.status)
        self.assertEqual(self.ask()['revision'], 9)
        self.registry.silent = False
        self.view.wait('a heartbeat', lambda answer: answer['revision'] == 50, self.ask)

    def test_a_subject_of_whom_too_much_changed_is_shut(self):
        self.registry.refusing = wire.UNAVAILABLE
        self.registry.do(lambda: self.registry.tell_event(lambda event: setattr(event, 'effects_left_out', True)))
        self.assertFalse(self.wait_for('LEFT_OUT')['permitted'])
        self.assertTrue(self.ask(OTHER)['permitted'])

    def test_a_permit_ends_by_itself(self):
        def until_soon(event):
            event.effects.add(provider='kernteam', recipient='zorgaanbieder-horizon', purpose='toekenning', category='naw',
                              permitted=True, until=self.registry.now() + 1500)
        begun = time.monotonic()
        self.registry.do(lambda: self.registry.tell_event(until_soon))
        self.wait_for('NOT_PERMITTED')
        self.assertGreater(time.monotonic() - begun, 1.0)
        self.assertLess(time.monotonic() - begun, 2.5)
        self.assertTrue(self.ask(OTHER)['permitted'])

    def test_who_begins_with_a_snapshot_hears_what_is_left_out_of_it(self):
        self.registry.unreadable = 2
        with open(self.place / 'heard', 'w') as heard, open(self.place / 'said', 'w') as said:
            process = subprocess.Popen([PROGRAM, '--key', self.place / 'party.key', '--snapshot'], stdout=heard, stderr=said)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.view.wait('word of it', lambda text: '2 subjects are left out' in text, (self.place / 'said').read_text)

    def test_what_is_no_question_is_answered_no(self):
        for line in ('', 'x', 'a b c d', 'a b c d e f g', 'x' * 3000, f'{SUBJECT.hex()} kernteam'):
            self.view.send(line)
            self.assertEqual(self.view.line(), {'permitted': False, 'why': 'INVALID', 'revision': 0, 'heard_ms': -1})
        for line in ('\0', 'a\0b', 'x' * 3000 + '\0', f'{SUBJECT.hex()} kernteam\0'):  # each has one answer, and no other line's
            self.view.send(line)
            self.assertEqual(self.view.line()['why'], 'INVALID')
            self.assertEqual(self.view.status()['why'], 'NOT_PERMITTED')
        self.assertFalse(self.view.ask('zz' * 16)['permitted'])
        self.assertFalse(self.ask(provider='x' * 500)['permitted'])
        self.assertTrue(self.ask()['permitted'])
