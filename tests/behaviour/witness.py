"""A witness of the log, written from C2SP signed-note and tlog-cosignature alone: it signs what it is given."""
import base64
import hashlib
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

COSIGNATURE = 4


class Witness:
    def __init__(self, name='horizon.nl/getuige', kind=COSIGNATURE):
        self.name, self.kind, self.secret = name, kind, Ed25519PrivateKey.generate()
        public = bytes([kind]) + self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b'\n' + public).digest()[:4]
        self.key = f'{name}+{self.id.hex()}+{base64.b64encode(public).decode()}'

    def sign(self, note, when=None):
        """The signature line of the checkpoint in a signed note, without its newline."""
        text = note.decode().rpartition('\n\n')[0] + '\n'
        when = int(time.time()) if when is None else when
        signed = self.secret.sign(f'cosignature/v1\ntime {when}\n{text}'.encode())
        return f'— {self.name} {base64.b64encode(self.id + when.to_bytes(8, "big") + signed).decode()}'
