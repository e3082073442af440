"""Notes, checkpoints, proofs and exported logs that are not as they must be: each is refused in one clear sentence, with
exit code 1, by whoever has only consentctl and the key. No registry takes part.

What is signed here is signed with the registry's own key, so that it is the content alone that is refused."""
import base64
import hashlib
import pathlib
import shutil
import sys
import tempfile
import unittest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness import LOG_KEY, LOG_SECRET, SOURCE, tool

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

ORIGIN = 'gemeente-voorbeeld.nl/toestemmingen'
LINES = [f'regel {number}'.encode() for number in range(1, 301)]
LARGEST = (1 << 63) - 1
NOT_SIGNED, SPOILT, NO_NOTE = 'is not signed by a known key', 'a known key that does not fit', 'is not a signed note'
TOO_LONG = 'is longer, or has more signatures, than a note may have'


def coded(raw):
    return base64.b64encode(raw).decode()


def signer_of(name, secret):
    """A key of a log: (its signature lines, its verifier key)."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public = b'\1' + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    number = hashlib.sha256(name.encode() + b'\n' + public).digest()[:4]
    return lambda text: f'— {name} {coded(number + key.sign(text.encode()))}\n', f'{name}+{number.hex()}+{coded(public)}'


SIGN, OWN_KEY = signer_of(ORIGIN, base64.b64decode(LOG_SECRET.split('+', 4)[4])[1:])
SIGN_OTHER, OTHER_KEY = signer_of(ORIGIN, bytes(32))  # the same name, another key
SIGN_STRANGER, STRANGER_KEY = signer_of('elders.nl/log', bytes(32))


def text_of(size=len(LINES), root=None, origin=ORIGIN, more=''):
    return f'{origin}\n{size}\n{coded(root or tlog.tree([tlog.leaf(line) for line in LINES]))}\n{more}'


def note_of(text, *signers):
    return f'{text}\n{"".join(sign(text) for sign in signers or (SIGN,))}'


def path_of(index, size):
    """The hashes that prove a leaf, of the lines above."""
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + tlog.half(end - begin)
        other = (middle, end) if index < middle else (begin, middle)
        path.insert(0, tlog.tree([tlog.leaf(line) for line in LINES[slice(*other)]]))
        begin, end = (begin, middle) if index < middle else (middle, end)
    return path


def proof_of(index=6, line=None, path=None, note=None, head='c2sp.org/tlog-proof@v1'):
    hashes = ''.join(coded(one) + '\n' for one in (path_of(index, len(LINES)) if path is None else path))
    return f'{head}\nextra {coded(line or LINES[index])}\nindex {index}\n{hashes}\n{note or note_of(text_of())}'


class BadEvidence(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='evidence-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.assertEqual(OWN_KEY, LOG_KEY)

    def run_on(self, place, *keys):
        what = 'fsck' if place.is_dir() else 'proof'
        return tool('ctl/consentctl', 'audit', what, place, *(word for key in keys or (LOG_KEY,) for word in ('--log-key', key)))

    def assertAccepted(self, place, *keys):
        said = self.run_on(place, *keys)
        self.assertEqual((said.returncode, said.stderr), (0, ''))
        return said.stdout

    def assertRefused(self, place, named, *keys, code=1):
        """One line, that says what does not fit."""
        said = self.run_on(place, *keys)
        self.assertEqual((said.returncode, said.stdout), (code, ''), said.stderr)
        self.assertRegex(said.stderr, named)
        self.assertEqual(said.stderr.count('\n'), 1, said.stderr)
        self.assertTrue(said.stderr.startswith('consentctl: ') and said.stderr[:-1].isprintable(), said.stderr)

    def proof(self, content):
        path = self.place / 'proof'
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def tree(self, checkpoint, lines=None):
        """An export as tlog-tiles lays it out, of these lines."""
        lines, place = LINES if lines is None else lines, self.place / 'tree'
        shutil.rmtree(place, ignore_errors=True)
        level, hashes = 0, [tlog.leaf(line) for line in lines]
        while hashes:
            for at in range(0, len(hashes), tlog.TILE):
                tile = hashes[at:at + tlog.TILE]
                self.write(place, tlog.tile_path(level, at // tlog.TILE, len(tile)), b''.join(tile))
            hashes = [tlog.tree(hashes[at:at + tlog.TILE]) for at in range(0, len(hashes) - tlog.TILE + 1, tlog.TILE)]
            level += 1
        for at in range(0, len(lines), tlog.TILE):
            some = lines[at:at + tlog.TILE]
            entries = b''.join(len(line).to_bytes(2, 'big') + line for line in some)
            self.write(place, tlog.tile_path('entries', at // tlog.TILE, len(some)), entries)
        self.write(place, 'checkpoint', checkpoint if isinstance(checkpoint, bytes) else checkpoint.encode())
        return place

    @staticmethod
    def write(place, name, content):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class Checkpoints(BadEvidence):
    """What stands in the place of a checkpoint, in an export and in a proof."""

    def assertNoCheckpoint(self, note, named, *keys):
        self.assertRefused(self.tree(note), named, *keys)
        note = note if isinstance(note, bytes) else note.encode()
        whole = proof_of().encode().partition(b'\n\n')
        self.assertRefused(self.proof(whole[0] + whole[1] + note), named if note else 'has no checkpoint', *keys)

    def test_the_control(self):
        self.assertIn('300 lines of', self.assertAccepted(self.tree(note_of(text_of()))))
        self.assertIn('Line 7 of', self.assertAccepted(self.proof(proof_of())))

    def test_each_field_of_the_text(self):
        size, root = 'has no size, in decimal and less than 2\\^63', 'has no root'
        for text, named in (
                (text_of(origin=''), 'has no origin|is not a signed note'), (text_of(origin='o' * 256), 'origin that is longer than 255'),
                (text_of(origin='elders.nl/log'), 'is of another log: elders.nl/log'),
                (text_of(origin=ORIGIN + ' '), 'is of another log'), (text_of(origin=ORIGIN.upper()), 'is of another log'),
                *((text_of(size=wrong), size) for wrong in ('', '01', '-1', '+1', ' 300', '300 ', '3e2', '0x12c', '300.0', '٣٠٠', LARGEST + 1,
                                                            1 << 64, (1 << 64) + 300, 10 ** 19, 10 ** 40)),
                *((f'{ORIGIN}\n300\n{wrong}\n', root) for wrong in ('', 'x', coded(bytes(31)), coded(bytes(33)), coded(bytes(32))[:-1],
                                                                    coded(bytes(32)) + '=', coded(bytes(32))[:-2] + 'B=', '=' * 44)),
                (f'{ORIGIN}\n300\n', root), (f'{ORIGIN}\n', size)):
            with self.subTest(text=text):
                self.assertNoCheckpoint(note_of(text), named)

    def test_what_stands_in_the_text_besides(self):
        self.assertAccepted(self.tree(note_of(text_of(more='an extension\n'))))
        self.assertNoCheckpoint(note_of(text_of(more='\nmore\n')), 'has an empty line')
        for control in ('\r', '\t', '\0', '\x1b'):
            self.assertNoCheckpoint(note_of(text_of(more=f'more{control}\n')), NO_NOTE)
        self.assertNoCheckpoint(note_of(text_of()).encode().replace(b'voorbeeld', b'v\xffrbeeld'), NO_NOTE)

    def test_another_text_than_was_signed(self):
        lines = SIGN(text_of())
        for text in (text_of(size=299), text_of(root=bytes(32)), text_of(more='more\n')):
            self.assertNoCheckpoint(f'{text}\n{lines}', SPOILT)
        self.assertNoCheckpoint(note_of(text_of(root=bytes(32))), 'are not those of its checkpoint|is not line 7')

    def test_signatures(self):
        text = text_of()
        own, other, stranger = SIGN(text), SIGN_OTHER(text), SIGN_STRANGER(text)
        wrong = own[:-20] + ('A' if own[-20] != 'A' else 'B') + own[-19:]
        for lines, named in (
                (other, NOT_SIGNED), (stranger, NOT_SIGNED), (own.replace('gemeente', 'gemeenten'), NOT_SIGNED), (wrong, SPOILT),
                (own + wrong, SPOILT), (wrong + own, SPOILT), (own[2:], NO_NOTE), (own.replace('—', '-'), NO_NOTE), (own[:-1], NO_NOTE),
                (own.replace('\n', '\r\n'), NO_NOTE), (own + '\n', NO_NOTE), (own + 'more\n', NO_NOTE), (own + '\0', NO_NOTE),
                (own.replace(' ', '  '), NO_NOTE), ('', NO_NOTE), (f'— {ORIGIN} \n', NO_NOTE), (f'— {ORIGIN} AAAAAA==\n', NO_NOTE),
                (f'— {ORIGIN} {coded(bytes.fromhex(LOG_KEY.split("+")[1]) + bytes(63))}\n', SPOILT),
                (f'— {ORIGIN} {coded(bytes.fromhex(LOG_KEY.split("+")[1]) + bytes(5000))}\n', SPOILT)):
            with self.subTest(lines=lines):
                self.assertNoCheckpoint(f'{text}\n{lines}', named)
        self.assertNoCheckpoint(f'{text}\n{own}', NOT_SIGNED, OTHER_KEY)
        self.assertNoCheckpoint(f'{text}\n{own}', NOT_SIGNED, STRANGER_KEY)

    def test_a_key_of_the_same_name_does_no_harm_beside_it(self):
        text = text_of()
        self.assertAccepted(self.tree(note_of(text, SIGN_OTHER, SIGN, SIGN_STRANGER)))
        self.assertAccepted(self.tree(note_of(text, SIGN, SIGN_OTHER)), LOG_KEY, OTHER_KEY)
        self.assertNoCheckpoint(note_of(text, SIGN) + SIGN_OTHER(text_of(size=1)), SPOILT, LOG_KEY, OTHER_KEY)

    def test_many_signatures(self):
        text = text_of()
        for others, before in ((63, True), (63, False), (15, False)):
            lines = ''.join(signer_of(f'w{number}', bytes(31) + bytes([number + 1]))[0](text) for number in range(others))
            self.assertAccepted(self.tree(f'{text}\n{lines}{SIGN(text)}' if before else f'{text}\n{SIGN(text)}{lines}'))
        self.assertNoCheckpoint(f'{text}\n{SIGN(text) * 65}', TOO_LONG)
        for note in (f'{text}\n{SIGN(text) * 1000}', note_of(text_of(more='x' * 65536 + '\n'))):
            self.assertRefused(self.tree(note), 'checkpoint: too large', code=66)
            self.assertRefused(self.proof(proof_of(note=note)), TOO_LONG)

    def test_every_beginning_of_a_note_and_every_byte_changed(self):
        """By the second program each of them, and by consentctl some."""
        whole = note_of(text_of()).encode()
        for at in range(len(whole)):
            for changed in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]):
                with self.assertRaises((tlog.Wrong, ValueError), msg=f'byte {at}'):
                    tlog.read_checkpoint(changed, tlog.read_key(LOG_KEY))
                if at % 23 == 0:
                    self.assertNoCheckpoint(changed, 'checkpoint')

    def test_sizes_that_no_log_has(self):
        for size in ((1 << 53) + 1, LARGEST):
            self.assertRefused(self.tree(note_of(text_of(size=size))), 'tile/entries/001')
        self.assertRefused(self.tree(note_of(text_of(size=0))), 'there is no checkpoint of any line', code=66)


class Proofs(BadEvidence):
    def test_each_field(self):
        whole, path, note = proof_of(), path_of(6, 300), note_of(text_of())
        no_hash, no_line = 'has a line that is no hash', 'is not line \\d+ of the log that was signed'
        for content, named in (
                ('', 'does not begin with c2sp.org/tlog-proof@v1'), ('\n', 'does not begin with'), (proof_of(head='c2sp.org/tlog-proof@v2'), 'does not begin'),
                ('\ufeff' + whole, 'does not begin with'), (whole.replace('\n', '\r\n'), 'does not begin with'),
                (whole.replace('extra ', 'extra: '), 'has no index'), (whole.replace('extra ', 'extra  '), 'no base64'),
                (whole.replace(f'extra {coded(LINES[6])}\n', ''), 'has no line with it'), (whole.replace(f'extra {coded(LINES[6])}', 'extra ='), 'no base64'),
                (whole.replace(f'extra {coded(LINES[6])}', 'extra ===='), 'not base64'), (whole.replace(f'extra {coded(LINES[6])}', 'extra '), 'has no index'),
                (whole.replace(coded(LINES[6]), coded(LINES[6]) * 2), 'not base64|is not line'),
                (proof_of(line=LINES[7]), no_line), (proof_of(line=b'x' * 100_000), 'has an extra that is no base64, or longer'),
                *((whole.replace('index 6', f'index {wrong}'), 'has no index, in decimal and less than 2\\^63')
                  for wrong in ('', '-6', '06', '6 ', 'zes', LARGEST + 1, 1 << 64, 10 ** 30)),
                *((whole.replace('index 6', f'index {wrong}'), no_line) for wrong in (0, 7, 299, 300, (1 << 53) + 1, LARGEST)),
                (whole.replace('index 6\n', ''), 'has no index'), (whole.replace('index 6\n', 'index 6\nindex 6\n'), no_hash),
                *((proof_of(path=path[:at] + path[at + 1:]), no_line) for at in range(len(path))),
                *((proof_of(path=path[:at] + [bytes(32)] + path[at + 1:]), no_line) for at in range(len(path))),
                (proof_of(path=path[::-1]), no_line), (proof_of(path=path + [bytes(32)]), no_line), (proof_of(path=[bytes(32)] + path), no_line),
                (proof_of(path=[bytes(32)] * 64), no_line), (proof_of(path=[bytes(32)] * 65), 'more hashes than a proof may have'),
                (proof_of(path=[bytes(32)] * 1000), 'more hashes than a proof may have'), (proof_of(path=[bytes(31)]), no_hash),
                (whole.replace(coded(path[0]), coded(path[0])[:-1]), no_hash), (whole.partition('\n\n')[0] + '\n', 'has no checkpoint'),
                (whole.partition('\n\n')[0] + '\n\n', 'has no checkpoint'), (whole.replace('\n\n', '\n', 1), no_hash),
                (whole.replace(note, '\n' + note), SPOILT), (whole + '\n', NO_NOTE), (whole + whole, SPOILT), (whole + '\0', NO_NOTE),
                (note, 'does not begin with'), (b'\xff' * 100, 'does not begin with')):
            with self.subTest(named=named, content=content[:300]):
                self.assertRefused(self.proof(content), named)

    def test_a_file_without_end(self):
        self.assertRefused(self.proof(proof_of() + 'x' * 300_000), 'cannot read .*proof: too large', code=66)
        self.assertRefused(pathlib.Path('/dev/zero'), 'cannot read /dev/zero', code=66)

    def test_of_a_log_of_any_size(self):
        """Beyond what a double holds, too: each number is exact."""
        for size in ((1 << 53) + 1, (1 << 60) + 12345, LARGEST):
            for index in (0, 1 << 52, size - 1):
                path = [bytes([level]) * 32 for level in range(64)]
                roots = ((tlog.root_of_inclusion(index, 0, size, tlog.leaf(b'een'), path[:count]), path[:count]) for count in range(64))
                root, path = next((root, path) for root, path in roots if root)
                proof = self.proof(proof_of(index, b'een', path, note_of(text_of(size, root))))
                self.assertEqual(self.assertAccepted(proof), f'Line {index + 1} of {ORIGIN}, as it is in {proof}: the log had it, so, '
                                                             f'when it had {size} lines.\n')
                self.assertEqual(tlog.verify_proof(proof.read_bytes(), tlog.read_key(LOG_KEY)), (index + 1, b'een', size))
                for wrong in (index ^ 1, index + (1 << 32)):
                    if wrong < size:
                        self.assertRefused(self.proof(proof_of(wrong, b'een', path, note_of(text_of(size, root)))), 'is not line')

    def test_a_place_where_no_file_is(self):
        self.assertRefused(self.place / 'none', 'cannot read', code=66)
        (self.place / 'empty').mkdir()
        self.assertRefused(self.place / 'empty', 'there is no checkpoint of any line', code=66)


class Exports(BadEvidence):
    def spoil(self, name, content, named):
        place = self.tree(note_of(text_of()))
        self.assertTrue((place / name).is_file())
        self.write(place, name, content)
        self.assertRefused(place, named)

    def test_files_of_entries(self):
        last = 'tile/entries/001.p/44'
        entries = b''.join(len(line).to_bytes(2, 'big') + line for line in LINES[256:])
        for content in (b'', b'\0', entries[:-1], entries + b'\0', entries + b'\0\0', b'\xff\xff' + entries[2:], b'\0\0' + entries,
                        entries * 1000, entries[9:]):
            self.spoil(last, content, f'{last}: is not')
        self.spoil(last, entries.replace(b'regel 300', b'regel 999'), 'tile/0/001.p/44: is not|not those of its checkpoint')

    def test_files_of_hashes(self):
        for name in ('tile/0/000', 'tile/0/001.p/44', 'tile/1/000.p/1'):
            place = self.tree(note_of(text_of()))
            whole = (place / name).read_bytes()
            for content in (b'', whole[:-1], whole + b'\0', whole[32:] + whole[:31], bytes(len(whole)), whole * 2):
                self.spoil(name, content, f'{name}: is not what the entries before make of it')

    def test_lines_that_do_not_stand_where_they_stood(self):
        swapped = [LINES[1], LINES[0], *LINES[2:]]
        for lines in (swapped, LINES[1:] + LINES[:1], [b''] + LINES[1:]):
            self.assertRefused(self.tree(note_of(text_of()), lines), 'not those of its checkpoint')
        self.assertRefused(self.tree(note_of(text_of()), LINES[:-1]), 'tile/entries/001.p/44')
        self.assertAccepted(self.tree(note_of(text_of())))


if __name__ == '__main__':
    unittest.main()
