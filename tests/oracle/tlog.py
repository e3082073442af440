#!/usr/bin/python3
"""Verifies an exported log, and proofs of it, with nothing but the files and a public key.

Usage: tlog.py tree DIR KEY        every file of the export, and the checkpoint
       tlog.py proof FILE KEY      one line

Written from RFC 6962, and from C2SP signed-note, tlog-checkpoint, tlog-tiles and tlog-proof. It shares no code with the
registry. Exit code 1, and what does not fit, if it proves nothing.
"""
import base64
import hashlib
import itertools
import pathlib
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TILE = 256


class Wrong(Exception):
    pass


def decode(text):
    """Base64 in the one way in which it is written."""
    made = base64.b64decode(text, validate=True)
    if base64.b64encode(made).decode() != text:
        raise Wrong('a base64 has bits behind its end')
    return made


# --- RFC 6962 ---------------------------------------------------------------------------------------------------------

def leaf(entry):
    return hashlib.sha256(b'\0' + entry).digest()


def node(left, right):
    return hashlib.sha256(b'\1' + left + right).digest()


def half(count):
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def tree(hashes, tiles=()):
    """MTH of a list of hashes of leaves; before them may be those of full tiles of leaves."""
    stack = []  # (hash, height): full subtrees from the left
    for one, height in [*((one, 8) for one in tiles), *((one, 0) for one in hashes)]:
        while stack and stack[-1][1] == height:
            one, height = node(stack.pop()[0], one), height + 1
        stack.append((one, height))
    if not stack:
        return hashlib.sha256().digest()
    root = stack.pop()[0]
    while stack:
        root = node(stack.pop()[0], root)
    return root


def is_subtree(start, end):
    return start < end and start % (1 << (end - start - 1).bit_length()) == 0


def root_of_inclusion(index, start, end, own, path):
    """The root of the subtree [start, end) that a path from a leaf gives, or None where it has another length."""
    if not is_subtree(start, end) or not start <= index < end:
        return None
    if end - start == 1:
        return own if not path else None
    if not path:
        return None
    middle = start + half(end - start)
    if index < middle:
        left = root_of_inclusion(index, start, middle, own, path[:-1])
        return left and node(left, path[-1])
    right = root_of_inclusion(index, middle, end, own, path[:-1])
    return right and node(path[-1], right)


def roots_of_consistency(start, end, size, own, path, begin=0):
    """What a proof makes of the part [start, end), whose root is `own`, and of the tree up to `size`: (part, whole).
    None where it has another length. It goes down from the root, as SUBPROOF of the RFC does."""
    if (begin, size) == (start, end):
        return (own, own) if not path else None
    if not path or size - begin < 2:
        return None
    middle = begin + half(size - begin)
    if end <= middle:  # all of the part is on the left
        found = roots_of_consistency(start, end, middle, own, path[:-1], begin)
        return found and (found[0], node(found[1], path[-1]))
    if start >= middle:  # all of it on the right
        found = roots_of_consistency(start, end, size, own, path[:-1], middle)
        return found and (found[0], node(path[-1], found[1]))
    # It begins at `begin`, and its end is within the right half.
    found = edge_of_consistency(end, size, path[:-1], middle)
    return found and (node(path[-1], found[0]), node(path[-1], found[1]))


def edge_of_consistency(end, size, path, begin):
    """The same of what is right of a part that both trees have whole: here the first hash is that of [begin, end)."""
    if end == size:
        return (path[0], path[0]) if len(path) == 1 else None
    if not path or size - begin < 2:
        return None
    middle = begin + half(size - begin)
    if end <= middle:
        found = edge_of_consistency(end, middle, path[:-1], begin)
        return found and (found[0], node(found[1], path[-1]))
    found = edge_of_consistency(end, size, path[:-1], middle)
    return found and (node(path[-1], found[0]), node(path[-1], found[1]))


def is_consistent(start, end, size, part, whole, path):
    if end > size:
        return False
    if start == end:
        return not path and part == tree([])
    if not is_subtree(start, end):
        return False
    return roots_of_consistency(start, end, size, part, path) == (part, whole)


# --- Signed notes -----------------------------------------------------------------------------------------------------

LOG, WITNESS = 1, 4  # what a key signs


def read_key(text, kind=LOG):
    name, number, key = text.strip().split('+', 2)
    key = decode(key)
    if hashlib.sha256(name.encode() + b'\n' + key).digest()[:4].hex() != number or key[0] != kind or len(key) != 33:
        raise Wrong('the key is none, or not that of its name')
    return name, bytes.fromhex(number), Ed25519PublicKey.from_public_bytes(key[1:])


def find_signature(raw, key):
    """(text, signature by this key)."""
    text, separator, lines = raw.decode().rpartition('\n\n')
    if not separator or not lines.endswith('\n'):
        raise Wrong('the checkpoint is no signed note')
    for line in lines.splitlines():
        dash, signer, signature = line.split(' ')
        signature = decode(signature)
        if dash == '—' and signer == key[0] and signature[:4] == key[1]:
            return text + '\n', signature[4:]
    raise Wrong('the checkpoint is not signed by this key')


def verify(key, signature, text):
    try:
        key[2].verify(signature, text.encode())
    except InvalidSignature:
        raise Wrong('the signature of the checkpoint does not fit') from None


def read_note(raw, key):
    """The text, which this key has signed."""
    text, signature = find_signature(raw, key)
    verify(key, signature, text)
    return text


def read_cosignature(raw, key):
    """When this witness has signed the checkpoint: seconds since 1970."""
    text, signature = find_signature(raw, key)
    when, = struct.unpack('>Q', signature[:8])
    verify(key, signature[8:], f'cosignature/v1\ntime {when}\n{text}')
    return when


def read_checkpoint(raw, key):
    origin, size, root, *_ = read_note(raw, key).split('\n')
    if origin != key[0]:
        raise Wrong('the checkpoint is of another log')
    return int(size), decode(root)


# --- Tiles ------------------------------------------------------------------------------------------------------------

def tile_path(level, index, width):
    groups = [f'{index % 1000:03}']
    while index >= 1000:
        index //= 1000
        groups.insert(0, f'x{index % 1000:03}')
    return f'tile/{level}/' + '/'.join(groups) + (f'.p/{width}' if width < TILE else '')


def read_entries(directory, size):
    for index in range((size + TILE - 1) // TILE):
        width = min(TILE, size - index * TILE)
        path = tile_path('entries', index, width)
        raw, at = (directory / path).read_bytes(), 0
        for _ in range(width):
            length, = struct.unpack_from('>H', raw, at)
            entry = raw[at + 2:at + 2 + length]
            if len(entry) != length:
                raise Wrong(f'{path}: an entry is cut off')
            yield entry
            at += 2 + length
        if at != len(raw):
            raise Wrong(f'{path}: has more than {width} entries')


def verify_level(directory, level, hashes):
    """The tiles of a level hold these hashes. Returns those of the full tiles, and what is left of the last."""
    above, tile, index = [], [], 0
    for one in itertools.chain(hashes, [None]):
        if one is not None:
            tile.append(one)
        if len(tile) < TILE and (one is not None or not tile):
            continue
        path = tile_path(level, index, len(tile))
        if (directory / path).read_bytes() != b''.join(tile):
            raise Wrong(f'{path}: is not what the entries make of it')
        if len(tile) == TILE:
            above.append(tree(tile))
            tile, index = [], index + 1
    return above, tile


def verify_tree(directory, key):
    """Every hash of the tree, made of the entries. Returns how many lines it has."""
    size, root = read_checkpoint((directory / 'checkpoint').read_bytes(), key)
    above, rest = verify_level(directory, 0, (leaf(entry) for entry in read_entries(directory, size)))
    if tree(rest, above) != root:
        raise Wrong('the entries are not those of the checkpoint')
    level = 1
    while above:
        above, _ = verify_level(directory, level, above)
        level += 1
    return size


# --- Proofs -----------------------------------------------------------------------------------------------------------

def verify_proof(raw, key):
    """(number of the line, the line, lines of the log then)."""
    head, _, checkpoint = raw.partition(b'\n\n')
    kind, *lines = head.decode().split('\n')
    if kind != 'c2sp.org/tlog-proof@v1' or not lines or not lines[0].startswith('extra '):
        raise Wrong('it is no proof with its line')
    entry = decode(lines[0].removeprefix('extra '))
    index = int(lines[1].removeprefix('index '))
    size, root = read_checkpoint(checkpoint, key)
    path = [decode(line) for line in lines[2:]]
    if root_of_inclusion(index, 0, size, leaf(entry), path) != root:
        raise Wrong('the line is not that of the log')
    return index + 1, entry, size


def main():
    what, place, key = sys.argv[1:]
    try:
        if what == 'tree':
            print(verify_tree(pathlib.Path(place), read_key(key)), 'lines')
        else:
            number, _, size = verify_proof(pathlib.Path(place).read_bytes(), read_key(key))
            print(f'line {number} of {size}')
    except (Wrong, OSError, ValueError, struct.error) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
