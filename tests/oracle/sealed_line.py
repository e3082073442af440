"""A line of the log, taken apart and opened with its own key, as docs/protocol.md (5.16) says; and protobuf by hand.

It shares no code with the registry: a line is read from its bytes alone."""
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

ORIGINS = ('daemon', 'requests', 'events', 'operators')
HAS_OBJECT, SUBJECT_KEY, IS_REPLAYABLE, HAS_KEY = 1, 2, 4, 8


class Damaged(Exception):
    pass


class Reader:
    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def take(self, size):
        made = self.raw[self.at:self.at + size]
        if len(made) != size:
            raise Damaged('it is cut off')
        self.at += size
        return made

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise Damaged('a number has no end')

    def zigzag(self):
        value = self.number()
        return (value >> 1) ^ -(value & 1)

    def text(self):
        return self.take(self.take(1)[0]).decode()

    def more(self):
        return self.at < len(self.raw)


def read_head(line):
    """The head of a line, and what is sealed."""
    reader = Reader(line)
    version, origin, flags = reader.take(3)
    if version != 2:
        raise Damaged('it is a line of an earlier form')
    head = {'origin': ORIGINS[origin], 'number': reader.number(), 'time': reader.zigzag(), 'revision': reader.number(),
            'order': reader.number()}
    head['object'] = reader.take(16) if flags & HAS_OBJECT else b''
    head['key'] = reader.take(16) if flags & HAS_KEY else b''
    reader.take(16 if flags & IS_REPLAYABLE else 0)
    head.update(action=reader.text(), result=reader.text(), party=reader.text())
    return head, line[reader.at:]


def open_line(line, key):
    """What is sealed in it, by the key of this one line."""
    head, sealed = read_head(line)
    version, nonce, box = sealed[:2], sealed[2:26], sealed[26:]
    if version != b'\0\1':
        raise Damaged('what is sealed has another form')
    bound = b'audit\0' + version + struct.pack('>Q', head['number'])
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(4) + nonce[16:], box, bound)
    except InvalidTag:
        raise Damaged('the key does not open the line') from None


def message(raw):
    """{number of a field: [values]}: numbers and bytes, as they come."""
    fields, reader = {}, Reader(raw)
    while reader.more():
        tag = reader.number()
        kind = tag & 7
        if kind == 0:
            value = reader.number()
        elif kind == 2:
            value = reader.take(reader.number())
        else:
            raise Damaged('a field is of a sort that there is not')
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def only(fields, number, otherwise=b''):
    return fields.get(number, [otherwise])[-1]


def texts(fields, number):
    return [one.decode() for one in fields.get(number, [])]
