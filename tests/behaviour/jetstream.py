"""A nats-server of its own for a test, with a stream, and what a reader of that stream sees.

    nats = JetStream()
    nats.start()
    nats.add_stream('EVENTS', 'consent.>')
    nats.ids('EVENTS')

It listens on a loopback port, and keeps its store in a directory of its own, which can be copied and put back.
"""
import base64
import datetime
import ipaddress
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from harness import free_port

PROGRAM = shutil.which('nats-server') or shutil.which('nats-server', path='/usr/sbin:/usr/local/bin')


class Connection:
    """The protocol of NATS, as far as a test needs it: one request at a time."""

    def __init__(self, port, connect=None, tls=None):
        self.socket = socket.create_connection(('127.0.0.1', port), 5)
        self.count = 0
        greeting = b''
        while not greeting.endswith(b'\r\n'):
            greeting += self.socket.recv(1)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname='127.0.0.1')
        self.file = self.socket.makefile('rwb')
        options = {'verbose': False, 'headers': True, 'no_responders': True, **(connect or {})}
        self.file.write(f'CONNECT {json.dumps(options)}\r\nSUB _INBOX.test.* 1\r\n'.encode())

    def request(self, subject, body=b'', headers=None):
        self.count += 1
        reply = f'_INBOX.test.{self.count}'
        if headers is None:
            self.file.write(f'PUB {subject} {reply} {len(body)}\r\n'.encode() + body + b'\r\n')
        else:
            head = ('NATS/1.0\r\n' + ''.join(f'{name}: {value}\r\n' for name, value in headers.items()) + '\r\n').encode()
            self.file.write(f'HPUB {subject} {reply} {len(head)} {len(head) + len(body)}\r\n'.encode() + head + body + b'\r\n')
        self.file.flush()
        while True:
            words = self.file.readline().split()
            if not words:
                raise ConnectionError('nats-server is gone')
            if words[0] == b'PING':
                self.file.write(b'PONG\r\n')
                self.file.flush()
            elif words[0] in (b'MSG', b'HMSG'):
                data = self.file.read(int(words[-1]) + 2)[:-2]
                if words[0] == b'HMSG':
                    raise ConnectionError(data.decode())
                if words[1].decode() == reply:
                    return json.loads(data)

    def close(self):
        self.file.close()
        self.socket.close()


class JetStream:
    def __init__(self, configuration=''):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='consentd-nats-'))
        self.store = self.directory / 'store'
        self.port = free_port()
        self.process = None
        self.connection = None
        self.identity = {}
        self.tls = None  # a context of ssl, if the server wants that
        self.configuration = self.directory / 'nats.conf'
        self.configuration.write_text(f'listen: "127.0.0.1:{self.port}"\n'
                                      f'jetstream {{ store_dir: "{self.store}" }}\n{configuration}')

    @property
    def url(self):
        return f'nats://127.0.0.1:{self.port}'

    def start(self):
        with open(self.directory / 'log', 'ab') as log:
            self.process = subprocess.Popen([PROGRAM, '-c', self.configuration], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)
        end = time.monotonic() + 30
        while True:
            try:
                with socket.create_connection(('127.0.0.1', self.port), 1):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def kill(self):
        if self.connection:
            self.connection.close()
        self.connection = None
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
        self.process = None

    def destroy(self):
        self.kill()
        shutil.rmtree(self.directory)

    def request(self, subject, body=None, headers=None):
        if self.connection is None:
            self.connection = Connection(self.port, self.identity, self.tls)
        return self.connection.request(subject, b'' if body is None else json.dumps(body).encode(), headers)

    def api(self, verb, **body):
        reply = self.request(f'$JS.API.{verb}', body)
        if 'error' in reply:
            raise AssertionError(f'{verb}: {reply["error"]}')
        return reply

    def add_stream(self, name='EVENTS', subject='consent.>', verb='CREATE', **more):
        config = {'name': name, 'subjects': [subject], 'retention': 'limits', 'storage': 'file', 'discard': 'new',
                  'num_replicas': 1, 'max_consumers': -1, 'max_msgs': -1, 'max_bytes': -1, **more}
        return self.api(f'STREAM.{verb}.{name}', **config)

    def state(self, name='EVENTS'):
        return self.api(f'STREAM.INFO.{name}')['state']

    def messages(self, name='EVENTS'):
        """Each as (id, content type, CloudEvent)."""
        found = []
        state = self.state(name)
        for sequence in range(state['first_seq'], state['last_seq'] + 1):
            reply = self.request(f'$JS.API.STREAM.MSG.GET.{name}', {'seq': sequence})
            if 'error' in reply:
                continue
            headers = dict(line.split(': ', 1) for line in base64.b64decode(reply['message']['hdrs']).decode().split('\r\n')
                           if ': ' in line)
            found.append((headers['Nats-Msg-Id'], headers['content-type'],
                          json.loads(base64.b64decode(reply['message']['data']))))
        return found

    def numbers(self, name='EVENTS'):
        return [int(message[2]['sequence']) for message in self.messages(name)]

    def copy_store(self):
        """What a power cut would leave of it, if nothing later was synced."""
        copy = self.directory / 'copy'
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.store, copy)

    def put_back(self):
        """Kills the server, and starts it with the store that was copied."""
        self.kill()
        shutil.rmtree(self.store)
        shutil.copytree(self.directory / 'copy', self.store)
        self.start()


def certificate(directory, address):
    """A certificate of a server with this address that vouches for itself, and its key. Returns the two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'nats for a test')])
    begin = datetime.datetime(2020, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begin,
                                   begin + datetime.timedelta(20000)).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False).add_extension(
        x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    files = directory / 'certificate.pem', directory / 'certificate.key'
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    return files
