"""A server of somebody else to which a client of the registry POSTs, and what it may answer."""
import datetime
import http.server
import ipaddress
import json
import socket
import ssl
import threading
import time


def reply(status, body=b'{}', **headers):
    """Answers with this. Taken, if it is a 200."""
    def answer(handler, _):
        handler.send_response(status)
        for name, value in {'Content-Type': 'application/json', 'Content-Length': len(body), **headers}.items():
            handler.send_header(name.replace('_', '-'), str(value))
        handler.end_headers()
        handler.wfile.write(body)
        return 200 <= status < 300
    return answer


def closes_at_once(handler, _):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
    return False


def closes_in_the_midst(handler, _):
    """It took them, and nobody hears that."""
    handler.send_response(200)
    handler.send_header('Content-Length', '500')
    handler.end_headers()
    handler.wfile.write(b'{"partialSucc')
    handler.wfile.flush()
    closes_at_once(handler, _)
    return True


def sleeps(handler, body):
    time.sleep(1.5)
    try:
        reply(200)(handler, body)
    except OSError:
        pass  # who asked has gone
    return False


class Receiver:
    """What it answers is what `answers` holds, one after the other, and then `took`: each a function of (handler, body) that
    answers, and says whether what came was taken."""
    took = staticmethod(reply(200))

    def __init__(self, answers=(), context=None, port=0):
        receiver = self
        self.answers, self.bodies, self.headers, self.taken, self.times = list(answers), [], [], [], []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                receiver.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # whoever leaves in the midst is no fault of this program
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f'{"https" if context else "http"}://{"localhost" if context else "127.0.0.1"}:{self.port}'
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
        self.thread.start()

    @staticmethod
    def understand(body):
        """What a body holds, as a list."""
        return [json.loads(body)]

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers['Content-Length']))
        self.times.append(time.monotonic())
        self.headers.append((handler.path, dict(handler.headers)))
        self.bodies.append(body)
        answer = self.answers.pop(0) if self.answers else self.took
        try:
            is_taken = answer(handler, body)
        except OSError:
            is_taken = True  # who sent them was killed: it will never know
        if is_taken:
            self.taken += self.understand(body)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# --- TLS

def certificate(place, name, signer=None, **names):
    """Makes NAME.pem and NAME.key there. Without a signer, which is what this returns, it vouches for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    alternatives = [x509.DNSName(names.get('host', 'localhost')), x509.IPAddress(ipaddress.ip_address('127.0.0.9'))]
    built = (x509.CertificateBuilder().subject_name(subject).issuer_name(signer[0].subject if signer else subject)
             .public_key(key.public_key()).serial_number(x509.random_serial_number())
             .not_valid_before(now - datetime.timedelta(days=2)).not_valid_after(now + datetime.timedelta(days=names.get('days', 2)))
             .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
             .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
             .sign(signer[1] if signer else key, hashes.SHA256()))
    pem = built.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (place / f'{name}.pem').write_bytes(pem)
    (place / f'{name}.key').write_bytes(secret)
    return built, key


def secured_by(place, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / f'{name}.pem', place / f'{name}.key')
    return context
