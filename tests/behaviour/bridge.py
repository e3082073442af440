"""consent-http for a test: certificates, its configuration, the program, and a client of HTTPS.

    bridge = Bridge(registry, {'kernteam': 'kernteam'})
    bridge.start()
    answer = bridge.ask('kernteam', 'evaluation', evaluation(bsn))
"""
import contextlib
import datetime
import hashlib
import http.client
import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import openapi
from harness import BUILD, Instance, RegistryTest, free_port, valid_bsns

PROGRAM = BUILD / 'clients' / 'http' / 'consent-http'
JSON = {'Content-Type': 'application/json'}


class Authority:
    """Makes certificates."""
    def __init__(self, name='authority'):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key.public_key(), -1, 30, [(x509.BasicConstraints(True, None), True)])

    def _sign(self, name, public_key, from_days, to_days, extensions):
        today = datetime.datetime.utcnow()
        made = (x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(public_key)
                .serial_number(x509.random_serial_number()).not_valid_before(today + datetime.timedelta(from_days))
                .not_valid_after(today + datetime.timedelta(to_days)))
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        return made.sign(self.key, hashes.SHA256())

    def revoke(self, path, *names, minutes=(-60, 60), extensions=(), encoding=serialization.Encoding.PEM):
        """Writes a list of revoked certificates, which stands between these moments: those in NAME.pem beside it."""
        moment = datetime.datetime.utcnow().replace(microsecond=0)
        begin, end = (moment + datetime.timedelta(minutes=one) for one in minutes)
        made = x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(begin).next_update(end)
        for name in names:
            serial = x509.load_pem_x509_certificate((path.parent / f'{name}.pem').read_bytes()).serial_number
            made = made.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(begin).build())
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(encoding))

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, path, name, days=(-1, 30), usage=ExtendedKeyUsageOID.CLIENT_AUTH, key=None):
        """Writes PATH.pem and PATH.key, and returns the SHA-256 of the public key."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._sign(subject, key.public_key(), *days, [
            (x509.SubjectAlternativeName([x509.DNSName('localhost')]), False), (x509.ExtendedKeyUsage([usage]), False)])
        path.with_suffix('.pem').write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                   serialization.NoEncryption())
        path.with_suffix('.key').write_bytes(secret)
        path.with_suffix('.key').chmod(0o600)
        public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(public).hexdigest()


class Bridge:
    """`parties`: of each party that has a certificate here. All else about the bridge is in `directory`."""
    def __init__(self, registry, parties=('kernteam', 'zorgaanbieder-horizon'), **limits):
        self.registry = registry
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='http-', dir=registry.directory))
        self.authority = Authority()
        self.port = free_port()
        self.process = None
        (self.directory / 'clients.pem').write_bytes(self.authority.pem())
        self.authority.issue(self.directory / 'server', 'localhost', usage=ExtendedKeyUsageOID.SERVER_AUTH)
        self.pins = {party: self.authority.issue(self.directory / party, party) for party in parties}
        self.write(**limits)

    def write(self, listen=None, more='', timeout=1000, crl=None, **limits):
        text = f'''listen = "{listen or f'127.0.0.1:{self.port}'}"
url = "https://localhost:{self.port}"
{more}tls
    certificate = "{self.directory}/server.pem"
    key = "{self.directory}/server.key"
    authorities = "{self.directory}/clients.pem"
''' + (f'    crl = "{crl}"\n' if crl else '')
        if limits:
            text += 'limits\n' + ''.join(f'    {name.replace("_", "-")} = "{value}"\n' for name, value in limits.items())
        text += f'registry\n    timeout = "{timeout}"\nparties\n'
        for party, pin in self.pins.items():
            text += f'    {party}\n        key = "{self.registry.key_file(party)}"\n        certificates = "{pin}"\n'
        (self.directory / 'bridge.conf').write_text(text)

    def run(self, *arguments):
        """To its end, for what it says of a configuration."""
        return subprocess.run([PROGRAM, *arguments, self.directory / 'bridge.conf'], capture_output=True, text=True,
                              timeout=30, check=False)

    def start(self):
        with open(self.directory / 'log', 'ab') as log:
            self.process = subprocess.Popen([PROGRAM, self.directory / 'bridge.conf'], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)
        end = time.monotonic() + 30
        while 'ready' not in self.log():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f'the bridge does not start: {self.log()}')
            time.sleep(0.01)
        return self

    def log(self):
        return (self.directory / 'log').read_text(errors='replace')

    def stop(self):
        """A bridge that leaks, or that a sanitizer complains about, does not end with 0."""
        self.process.terminate()
        code = self.process.wait(30)
        if code != 0 or 'Sanitizer' in self.log() or 'runtime error' in self.log():
            raise AssertionError(f'the bridge ended with {code}: {self.log()[-4000:]}')

    def context(self, party='kernteam', version=None):
        """What a client of this party trusts, and shows. Party None: no certificate."""
        context = ssl.create_default_context(cadata=self.authority.pem().decode())
        if party:
            context.load_cert_chain(self.directory / f'{party}.pem', self.directory / f'{party}.key')
        if version:
            context.minimum_version = context.maximum_version = version
        return context

    def socket(self, party='kernteam', timeout=30):
        """A connection of TLS, for what no library of HTTP would send."""
        plain = socket.create_connection(('127.0.0.1', self.port), timeout)
        return self.context(party).wrap_socket(plain, server_hostname='localhost')

    @contextlib.contextmanager
    def connection(self, party='kernteam', **how):
        connection = http.client.HTTPSConnection('localhost', self.port, context=self.context(party, **how), timeout=30)
        try:
            yield connection
        finally:
            connection.close()

    def request(self, path, body=None, party='kernteam', method='POST', headers=JSON):
        """The response, and its body as it came."""
        with self.connection(party) as connection:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return response, response.read()

    def ask(self, party, api, asked, **headers):
        """(status, document) of an evaluation or a search; both as the OpenAPI document has them."""
        more = {name.replace('_', '-'): value for name, value in headers.items()}
        response, body = self.request(f'/access/v1/{api}', json.dumps(asked), party, headers={**JSON, **more})
        answered = json.loads(body)
        openapi.judge('POST', f'/access/v1/{api}', response.status, asked, answered)
        return response.status, answered

    def raw(self, data, party='kernteam', timeout=30):
        """Sends bytes, and reads until the bridge closes."""
        with self.socket(party, timeout) as plain:
            plain.sendall(data)
            got = b''
            with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
                while piece := plain.recv(65536):
                    got += piece
            return got


class BridgeTest(RegistryTest):
    """All tests of a module share a registry and a bridge; each has people of its own."""
    common = None

    @classmethod
    def setUpClass(cls):
        if BridgeTest.common is None:
            registry = Instance()
            unittest.addModuleCleanup(registry.destroy)
            registry.start()
            bridge = Bridge(registry)
            unittest.addModuleCleanup(bridge.stop)
            BridgeTest.common = registry, bridge.start(), valid_bsns(), {}
        cls.registry, cls.bridge, cls.bsns, cls.shared = BridgeTest.common


def evaluation(bsn, data='naw', recipient='zorgaanbieder-horizon', provider='kernteam', purpose='toekenning', **more):
    """The 4-tuple. `more`: wijze, herkomst, gegevens and what else is in context."""
    action = {'name': 'verstrekken', 'properties': {'doel': purpose}}
    resource = {'type': 'persoonsgegevens', 'id': data, 'properties': {'bsn': bsn, 'verstrekker': provider}}
    if 'wijze' in more:
        action['properties']['wijze'] = more.pop('wijze')
    for name in ('herkomst', 'gegevens'):
        if name in more:
            resource['properties'][name] = more.pop(name)
    return {'subject': {'type': 'partij', 'id': recipient}, 'action': action, 'resource': resource,
            'context': {'gebruiker': 'medewerker-17', **more}}
