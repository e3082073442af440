"""What a registry that lies can bring a witness to (A4): a registry of our own that says what no registry says."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import envelope_pb2 as wire

from harness import tool
from lying_registry import LyingRegistry, Signer, consistency, leaves_of, root_of
from test_witness_client import CONTRADICTED, PROGRAM, Position
from witness import Witness


class LiesTest(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='lies-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.registry = LyingRegistry()
        self.addCleanup(self.registry.stop)
        self.position, self.said, self.heard = self.place / 'position', self.place / 'said', self.place / 'heard'
        made = tool('watch/consent-watch', '--new-witness-key', self.place / 'key', '--name', 'getuige.nl')
        self.assertEqual(made.returncode, 0, made.stderr)
        self.write_key()

    def write_key(self, log_key=None):
        path = self.place / 'party.key'
        path.write_text(self.registry.key_file(log_key))
        path.chmod(0o600)

    def watch(self):
        command = [PROGRAM, '--key', self.place / 'party.key', '--position', self.position, '--witness', self.place / 'key']
        with open(self.said, 'ab') as said, open(self.heard, 'ab') as heard:
            process = subprocess.Popen(command, stdout=heard, stderr=said, stdin=subprocess.DEVNULL)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.terminate()
            process.wait(10)

    def wait(self, condition, what, timeout=20):
        end = time.monotonic() + timeout
        while not condition():
            self.assertLess(time.monotonic(), end, f'{what}; said: {self.said.read_text()}')
            time.sleep(0.02)

    def seen(self):
        return Position(self.position).size if self.position.exists() else 0

    def forget(self):
        """Begins anew, with an honest registry."""
        for path in self.place.glob('position*'):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        self.registry.leaves, self.registry.tell = leaves_of(5), self.registry.tell_truth

    def settle(self, size=5):
        self.registry.cosigned.clear()
        process = self.watch()
        self.wait(lambda: any(one.size == size for one in self.registry.cosigned), f'a cosignature of {size}')
        self.assertEqual(self.seen(), size)
        return process

    def assertContradicted(self, process, why=''):
        self.assertEqual(process.wait(20), CONTRADICTED, self.said.read_text())
        self.assertRegex(self.said.read_text(), f'consent-watch: CONTRADICTION: .*{why}')

    def evidence(self, suffix='contradiction'):
        raw = pathlib.Path(f'{self.position}.{suffix}').read_bytes()
        head, _, rest = raw.partition(b'\nseen ')
        size, _, rest = rest.partition(b'\n')
        seen, rest = rest[:int(size)], rest[int(size):]
        size, _, told = rest.removeprefix(b'told ').partition(b'\n')
        self.assertEqual(len(told), int(size))
        return head, seen, told


class Pushes(LiesTest):
    def test_a_push_of_lines_that_there_are_not_is_asked_for_once(self):
        self.settle()
        for size in (6, 1 << 63, (1 << 64) - 1):
            before = len(self.registry.asked)
            self.registry.do(lambda: self.registry.push(size))
            self.wait(lambda: len(self.registry.asked) > before, 'a question')
            time.sleep(0.5)
            self.assertLessEqual(len(self.registry.asked) - before, 2, size)

    def test_pushes_without_end_hold_up_no_event(self):
        process = self.settle()
        def flood():
            for _ in range(2000):
                self.registry.push(1 << 40, bytes(200))
        def more():
            flood()
            self.registry.event()
            flood()
        self.registry.do(more)
        began = time.monotonic()
        self.wait(lambda: self.heard.read_text().count('\n') == 1, 'the event')
        self.assertLess(time.monotonic() - began, 10)
        self.assertIsNone(process.poll())
        process.terminate()
        self.assertEqual(process.wait(5), 0)


class Contradictions(LiesTest):
    """Each is noticed, kept, and never signed; and the position stays what it was."""

    def lie(self, tell, why=''):
        process = self.settle()
        before, signed = self.position.read_bytes(), len(self.registry.cosigned)
        self.registry.tell = tell
        self.registry.do(lambda: self.registry.push(6))
        self.assertContradicted(process, why)
        self.assertEqual(self.position.read_bytes(), before)
        self.assertEqual(len(self.registry.cosigned), signed)
        return self.evidence()

    def grown(self, count=9):
        """More lines, and the proof that they continue those of before."""
        leaves = leaves_of(count)
        return root_of(leaves), b''.join(consistency(leaves, 5))

    def test_the_control_of_an_honest_registry(self):
        self.settle()
        self.registry.leaves = leaves_of(9)
        self.registry.do(lambda: self.registry.push(9))
        self.wait(lambda: self.seen() == 9, 'nine lines')
        self.wait(lambda: self.registry.cosigned[-1].size == 9, 'a cosignature of them')

    def test_proofs_of_a_wrong_length(self):
        root, proof = self.grown()
        for wrong in (b'', proof[:-1], proof[:-32], proof + bytes(32), proof + proof, b'\0', proof * 2000):
            with self.subTest(length=len(wrong)):
                note = self.registry.signer.note(9, root)
                head, seen, told = self.lie(lambda request: self.registry.checkpoint(note, wrong), 'does not begin with')
                self.assertEqual(told, note)
                self.assertEqual(int(seen.split(b'\n')[1]), 5)
                self.forget()

    def test_the_largest_sizes_there_are(self):
        root, proof = self.grown()
        for size in ((1 << 63) - 1, 1 << 53):
            note = self.registry.signer.note(size, root)
            self.lie(lambda request: self.registry.checkpoint(note, proof * 20), 'does not begin with')
            self.forget()
        for size in (1 << 63, 1 << 64, -1, '007', '9 '):
            note = self.registry.signer.note(size, root)
            self.lie(lambda request: self.registry.checkpoint(note, proof), 'has no size')
            self.forget()

    def test_a_checkpoint_of_before_is_shown_again(self):
        note = self.registry.signer.note(3, root_of(leaves_of(3)))
        head, seen, told = self.lie(lambda request: self.registry.checkpoint(note), 'has 3 lines, and it signed 5')
        self.assertEqual(told, note)

    def test_another_root_of_as_many_lines(self):
        note = self.registry.signer.note(5, root_of(leaves_of(5, b'other')))
        self.lie(lambda request: self.registry.checkpoint(note), 'does not begin with')

    def test_a_note_of_another_log(self):
        other = Signer('ander.nl/log')
        note = other.note(9, self.grown()[0])
        self.lie(lambda request: self.registry.checkpoint(note, self.grown()[1], keys=[other.key]), 'not signed by a known key')

    def test_a_note_of_another_name_by_the_same_key(self):
        note = self.registry.signer.note(9, self.grown()[0], origin='\u202eander.nl\u009b31m')
        self.lie(lambda request: self.registry.checkpoint(note, self.grown()[1]), '')
        self.assertNotRegex(self.said.read_text(), '[\u202e\u009b]')

    def test_notes_that_are_too_long(self):
        root, proof = self.grown()
        for more, lines in ((('x' * 40000) + '\n', ()), ('', [Witness(f'w{i}').sign(b'x\n\n') for i in range(70)]), ('\n' * 200, ()),
                            ('x' * 70000 + '\n', ())):
            note = self.registry.signer.note(9, root, more, lines)
            self.lie(lambda request: self.registry.checkpoint(note, proof), '')
            self.forget()

    def test_no_checkpoint_any_more(self):
        for told in (self.registry.refuse(wire.NOT_FOUND), self.registry.checkpoint(b'')):
            self.lie(lambda request: told, 'shows no checkpoint of its log any more')
            self.forget()

    def test_it_says_for_ever_that_it_has_fewer_lines(self):
        refusal = self.registry.refuse(wire.INVALID, field='log_checkpoint.earlier')
        self.lie(lambda request: refusal if self.registry.earlier(request) else self.registry.checkpoint(
            self.registry.signer.note(9, root_of(leaves_of(9, b'other')))))

    def test_two_logs_in_turns(self):
        """A log that continues, then one that does not: what was signed is of one only."""
        process = self.settle()
        one, other = leaves_of(9), leaves_of(9, b'other')
        turn = []

        def tell(request):
            turn.append(1)
            self.registry.leaves = one if len(turn) % 2 else other
            return self.registry.tell_truth(request)
        self.registry.tell = tell
        self.registry.after = lambda request: self.registry.push(10)
        self.registry.do(lambda: self.registry.push(9))
        self.assertContradicted(process)
        self.assertEqual(self.seen(), 9)

    def test_the_evidence_of_before_is_kept_beside_the_new(self):
        one = self.registry.signer.note(3, root_of(leaves_of(3)))
        self.lie(lambda request: self.registry.checkpoint(one))
        first = self.evidence()
        self.registry.tell = lambda request: self.registry.refuse(wire.NOT_FOUND)
        for _ in range(2):
            self.assertContradicted(self.watch())
        self.assertEqual(self.evidence(), first)
        self.assertEqual(self.evidence('contradiction-2')[2], b'')
        self.assertEqual(len(list(self.place.glob('position.contradiction*'))), 2)


class Silence(LiesTest):
    def test_keys_by_the_thousand_are_no_keys(self):
        keys = [Signer().key for _ in range(3000)] + ['x' * 5000, 'a\x1b[31m+00000000+AA==', '+', '']
        self.registry.tell = lambda request: self.registry.checkpoint(keys=[self.registry.signer.key, *keys])
        self.settle()
        self.assertLessEqual(len(Position(self.position).keys), 8)
        self.assertIn(self.registry.signer.key, Position(self.position).keys)

    def test_nothing_of_it_reaches_the_terminal(self):
        evil = '\x1b[2J\x1b]0;owned\x07\u202e\u009b31m\r\n' * 20
        self.settle()
        self.registry.tell = lambda request: self.registry.refuse(wire.FORBIDDEN, message=evil, field=evil)
        process = self.watch()
        self.assertIsNotNone(process.wait(20))
        self.assertNotRegex(self.said.read_text(), '[\x1b\x07\u202e\u009b\r]')

    def test_retry_for_ever_holds_up_nothing_and_asks_at_rest(self):
        process = self.settle()
        self.registry.tell = lambda request: self.registry.refuse(wire.RETRY, retry_after_ms=1)
        self.registry.do(lambda: self.registry.push(9))
        time.sleep(1)
        before = len(self.registry.asked)
        time.sleep(1)
        self.assertLessEqual(len(self.registry.asked) - before, 2)
        self.registry.do(self.registry.event)
        self.wait(lambda: self.heard.read_text().count('\n') == 1, 'the event')
        self.assertIsNone(process.poll())

    def test_no_answer_holds_up_nothing(self):
        self.registry.tell = lambda request: None
        process = self.watch()
        self.wait(lambda: self.registry.asked, 'a question')
        self.registry.do(self.registry.event)
        self.wait(lambda: self.heard.read_text().count('\n') == 1, 'the event')
        self.assertIsNone(process.poll())
        self.assertEqual(self.registry.cosigned, [])


class Files(LiesTest):
    def behind(self):
        self.registry.leaves = leaves_of(3)

    def test_a_name_for_evidence_that_is_taken(self):
        for make in (lambda path: os.mkfifo(path), lambda path: path.symlink_to('/dev/null'), lambda path: path.mkdir(),
                     lambda path: path.symlink_to(self.place / 'elsewhere'), lambda path: path.write_text('of before')):
            process = self.settle()
            make(self.place / 'position.contradiction')
            self.end(process)
            self.behind()
            self.assertContradicted(self.watch(), 'the evidence is in .*contradiction-2')
            self.assertIn(b'consent-contradiction 1', (self.place / 'position.contradiction-2').read_bytes())
            self.assertFalse((self.place / 'elsewhere').exists())
            self.forget()

    def test_a_fifo_that_somebody_holds_open_is_not_waited_for(self):
        process = self.settle()
        os.mkfifo(self.place / 'position.contradiction')
        held = os.open(self.place / 'position.contradiction', os.O_RDWR)
        self.addCleanup(os.close, held)
        self.end(process)
        self.behind()
        self.assertContradicted(self.watch(), 'the evidence is in .*contradiction-2')

    def test_a_position_that_is_no_file(self):
        for make in (lambda path: os.mkfifo(path), lambda path: path.symlink_to('/dev/zero'), lambda path: path.mkdir()):
            make(self.position)
            code = self.watch().wait(20)
            self.assertIn(code, (74, 78))
            self.assertEqual(self.registry.cosigned, [])
            self.position.rmdir() if self.position.is_dir() and not self.position.is_symlink() else self.position.unlink()

    def test_where_nothing_can_be_written_nothing_is_signed(self):
        process = self.settle()
        signed, elsewhere = len(self.registry.cosigned), self.place.with_suffix('.away')
        self.place.rename(elsewhere)  # its directory is there no more: whoever runs the tests may write everywhere else
        self.registry.leaves = leaves_of(9)
        self.registry.do(lambda: self.registry.push(9))
        code = process.wait(20)
        elsewhere.rename(self.place)
        self.assertEqual(code, 74)
        self.assertEqual((len(self.registry.cosigned), self.seen()), (signed, 5))

    def test_evidence_that_cannot_be_kept_is_told_all_the_same(self):
        process, elsewhere = self.settle(), self.place.with_suffix('.away')
        self.place.rename(elsewhere)
        self.behind()
        self.registry.do(lambda: self.registry.push(9))
        code = process.wait(20)
        elsewhere.rename(self.place)
        self.assertEqual(code, CONTRADICTED)
        self.assertIn('the evidence could not be kept', self.said.read_text())


if __name__ == '__main__':
    unittest.main()
