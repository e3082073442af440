"""What must not come through consent-http: certificates that are nobody's, and requests that are none."""
import concurrent.futures
import contextlib
import http.client
import json
import re
import signal
import socket
import ssl
import time
import unittest

from bridge import JSON, Authority, Bridge, BridgeTest, evaluation
from harness import OwnInstanceTest

PATH = '/access/v1/evaluation'
REFUSED = (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)


def until_there_is_room(ask):
    """What it gives: who is dropped takes his place along for as long as his thread needs to see it."""
    begun = time.monotonic()
    while True:
        try:
            return ask()
        except REFUSED:
            if time.monotonic() - begun > 10:
                raise
            time.sleep(0.1)


def head(*lines, first=f'POST {PATH} HTTP/1.1'):
    return '\r\n'.join((first, 'Host: localhost', *lines, '', '')).encode()


def whole(body, *lines):
    return head('Content-Type: application/json', f'Content-Length: {len(body)}', *lines) + body


def statuses(got):
    """Of each response in what came."""
    return [int(status) for status in re.findall(rb'HTTP/1\.[01] (\d+) ', got)]


class HostileTest(BridgeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not hasattr(BridgeTest, 'asked'):
            bsn = cls.person(cls())
            cls.granted(cls(), bsn)
            BridgeTest.asked = evaluation(bsn)
        cls.asked = BridgeTest.asked
        cls.body = json.dumps(cls.asked).encode()

    def status(self, body, headers=JSON, method='POST', path=PATH):
        response, got = self.bridge.request(path, body, method=method, headers=headers)
        self.assertNotIn(b'true', got)
        return response.status

    def tearDown(self):
        """Whatever came, the bridge is there for the others."""
        self.assertEqual(self.bridge.ask('kernteam', 'evaluation', self.asked)[1]['decision'], True)


class Certificates(HostileTest):
    def assertNotLetIn(self, name):
        with self.assertRaises(REFUSED):
            self.bridge.request(PATH, self.body, name)

    def issued(self, name, authority=None, **how):
        (authority or self.bridge.authority).issue(self.bridge.directory / name, name, **how)
        return name

    def test_without_one_nobody_is_let_in(self):
        self.assertNotLetIn(None)

    def test_one_of_another_authority_is_not_let_in_even_with_a_key_that_is_bound(self):
        from cryptography.hazmat.primitives import serialization
        key = serialization.load_pem_private_key((self.bridge.directory / 'kernteam.key').read_bytes(), None)
        self.assertNotLetIn(self.issued('elsewhere', Authority('elsewhere'), key=key))
        self.assertNotLetIn(self.issued('the-same-name', Authority(), key=key))

    def test_one_that_has_ended_or_not_begun_is_not_let_in(self):
        from cryptography.hazmat.primitives import serialization
        key = serialization.load_pem_private_key((self.bridge.directory / 'kernteam.key').read_bytes(), None)
        self.assertNotLetIn(self.issued('ended', days=(-10, -1), key=key))
        self.assertNotLetIn(self.issued('early', days=(1, 10), key=key))
        self.assertEqual(self.bridge.request(PATH, self.body, self.issued('renewed', key=key))[0].status, 200)

    def test_one_of_a_server_is_no_client(self):
        self.assertNotLetIn('server')

    def test_one_that_is_bound_to_nobody_hears_nothing(self):
        name = self.issued('unbound')
        for path in (PATH, '/', '/.well-known/authzen-configuration'):
            response, body = self.bridge.request(path, self.body, name)
            self.assertEqual((response.status, body), (403, b''))

    def test_only_tls_of_today_is_spoken(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.bridge.connection(version=version) as connection:
                connection.request('POST', PATH, self.body, JSON)
                self.assertEqual(connection.getresponse().status, 200)
        context = self.bridge.context()
        context.set_ciphers('ALL:@SECLEVEL=0')
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises(REFUSED), socket.create_connection(('127.0.0.1', self.bridge.port), 10) as plain:
            context.wrap_socket(plain, server_hostname='localhost')
        with socket.create_connection(('127.0.0.1', self.bridge.port), 10) as plain:
            plain.sendall(whole(self.body))
            self.assertEqual(statuses(plain.recv(1000)), [])


class Bodies(HostileTest):
    def test_what_is_no_json_is_refused(self):
        body = self.body
        for what, bad in {
                'nothing': b'', 'blanks': b'   ', 'half': body[:-1], 'twice': body + body, 'a list': b'[]', 'a text': b'"x"',
                'a NUL': body + b'\0', 'an escaped NUL': body.replace(b'kernteam', b'kernteam\\u0000'),
                'no UTF-8': body.replace(b'kernteam', b'kern\xffteam'), 'a surrogate': body.replace(b'kernteam', b'\\ud800'),
                'a BOM': b'\xef\xbb\xbf' + body, 'UTF-16': body.decode().encode('utf-16'), 'NaN': b'{"a": NaN}',
                'a name twice': b'{"subject": {}, ' + body[1:],
                'a name twice within': body.replace(b'"id"', b'"id": "huisarts-dorp", "id"', 1),
                'a name twice by an escape': b'{"sub\\u006aect": {}, ' + body[1:],
                'deep lists': b'{"a": ' + b'[' * 5000 + b']' * 5000 + b'}', 'deep objects': b'{"a":' * 5000 + b'1' + b'}' * 5000,
                'endless lists': b'[' * 100_000}.items():
            with self.subTest(what):
                self.assertEqual(self.status(bad), 400)
        deep = b', "futureField": ' + b'[' * 15 + b']' * 15 + b'}'
        self.assertEqual(self.bridge.request(PATH, body[:-1] + deep)[0].status, 200)

    def test_one_that_is_too_large_is_refused_before_it_is_read(self):
        self.assertEqual(self.status(self.body + b' ' * 200_000), 413)
        self.assertEqual(self.bridge.request(PATH, self.body + b' ' * 100_000)[0].status, 200)
        got = self.bridge.raw(head('Content-Type: application/json', 'Content-Length: 99999999999999'))
        self.assertEqual(statuses(got), [413])
        got = self.bridge.raw(head('Content-Type: application/json', 'Content-Length: 99999999999999999999999'))
        self.assertNotIn(200, statuses(got))

    def test_chunks_are_a_body_like_any_other(self):
        half = len(self.body) // 2
        chunks = b''.join(b'%x\r\n%s\r\n' % (len(piece), piece) for piece in (self.body[:half], self.body[half:], b''))
        lines = ('Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close')
        got = self.bridge.raw(head(*lines) + chunks)
        self.assertEqual(statuses(got), [200])
        self.assertIn(b'"decision":true', got)
        endless = b'%x\r\n%s\r\n' % (60_000, b' ' * 60_000)
        self.assertEqual(statuses(self.bridge.raw(head(*lines) + endless * 4 + b'0\r\n\r\n')), [413])
        self.assertIn(statuses(self.bridge.raw(head(*lines) + endless * 40)), ([413], []))
        self.assertIn(statuses(self.bridge.raw(head(*lines) + b'nonsense\r\n')), ([400], []))
        for both in ('Content-Length: 5', 'Transfer-Encoding: identity', 'Transfer-Encoding: gzip, chunked'):
            got = self.bridge.raw(head(*lines, both) + chunks)
            self.assertNotIn(b'"decision"', got, both)

    def test_a_content_type_that_is_not_json_is_refused(self):
        for kind in ('text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''):
            self.assertEqual(self.status(self.body, {'Content-Type': kind}), 400, kind)
        self.assertEqual(self.status(self.body, {}), 400)
        self.assertEqual(self.status(self.body, {**JSON, 'Content-Encoding': 'gzip'}), 400)
        fine = {'Content-Type': 'Application/JSON; charset=utf-8'}
        self.assertEqual(self.bridge.request(PATH, self.body, headers=fine)[0].status, 200)


class Requests(HostileTest):
    def test_other_methods_and_paths_are_refused(self):
        for method in ('GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE'):
            response, _ = self.bridge.request(PATH, None, method=method)
            self.assertEqual((response.status, response.getheader('Allow')), (405, 'POST'), method)
        for path in ('/', '/access/v1/evaluation/', '/access/v1/../v1/evaluation', '/ACCESS/v1/evaluation', '//access'):
            self.assertEqual(self.status(self.body, path=path), 404, path)

    def test_nothing_is_asked_in_an_address(self):
        self.assertEqual(self.status(self.body, path=PATH + '?bsn=1'), 400)
        self.assertEqual(self.status(self.body, path=PATH + '?x'), 400)

    def test_the_identifier_of_a_request_comes_back(self):
        identifier = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716'
        for body, status in ((self.body, 200), (b'{}', 400), (b'', 400)):
            response, _ = self.bridge.request(PATH, body, headers={**JSON, 'X-Request-ID': identifier})
            self.assertEqual((response.status, response.getheader('X-Request-ID')), (status, identifier))
        self.assertIsNone(self.bridge.request(PATH, self.body)[0].getheader('X-Request-ID'))
        for bad in ('', 'a b', 'a' * 129, 'a\x01', 'é', '<script>'):
            response, _ = self.bridge.request(PATH, self.body, headers={**JSON, 'X-Request-ID': bad.encode()})
            self.assertEqual((response.status, response.getheader('X-Request-ID')), (400, None), bad)
        got = self.bridge.raw(whole(self.body, 'X-Request-ID: a', 'X-Request-ID: b'))
        self.assertEqual(statuses(got), [400])

    def test_requests_that_come_at_once_are_answered_in_their_order(self):
        deny = json.dumps({**self.asked, 'resource': {**self.asked['resource'], 'id': 'budget'}}).encode()
        got = self.bridge.raw(whole(self.body) + whole(deny) + whole(self.body, 'Connection: close'))
        self.assertEqual(statuses(got), [200, 200, 200])
        parts = got.split(b'"decision":')
        self.assertLess(got.index(b'"uitkomst":"PERMIT"'), got.index(b'"uitkomst":"DENY"'))
        self.assertEqual(len(parts) > 3, True)

    def test_old_and_strange_http(self):
        old = f'POST {PATH} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(self.body)}\r\n\r\n'.encode()
        self.assertEqual(statuses(self.bridge.raw(old + self.body)), [200])
        for data in (b'GET\r\n\r\n', b'POST ' + b'/a' * 20_000 + b' HTTP/1.1\r\n\r\n',
                     head(f'X-Long: {"a" * 40_000}'), head(*(f'X-{i}: a' for i in range(5000))),
                     f'POST {PATH} HTTP/1.1\r\n\r\n'.encode(),  # without Host
                     head('Content-Length: -5', 'Content-Type: application/json') + self.body,
                     whole(self.body, 'Content-Length: 5')):
            with self.subTest(data[:40]):
                got = self.bridge.raw(data)
                self.assertNotIn(200, statuses(got))

    def test_many_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            context = self.bridge.context()

            def ask(_):
                connection = http.client.HTTPSConnection('localhost', self.bridge.port, context=context, timeout=60)
                connection.request('POST', PATH, self.body, JSON)
                response = connection.getresponse()
                answer = response.status, json.loads(response.read())
                connection.close()
                return answer
            answers = list(pool.map(ask, range(200)))
        self.assertEqual({status for status, _ in answers} - {200, 503}, set())
        self.assertTrue(all(answer['decision'] is True for status, answer in answers if status == 200))
        self.assertGreater(sum(status == 200 for status, _ in answers), 100)

    def test_nothing_of_a_request_is_in_what_the_bridge_prints(self):
        self.assertEqual(self.status(self.body.replace(b'kernteam', b'nobody')), 403)
        self.assertEqual(self.bridge.log().count('\n'), 1, self.bridge.log())


class Slow(BridgeTest):
    """Of a bridge that waits for nobody longer than a second."""
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quick = Bridge(cls.registry, first_request=1, idle=1, connections=4)
        cls.quick.start()
        cls.addClassCleanup(cls.quick.stop)

    def assertDropped(self, connection, pieces=b''):
        """However much comes, as long as it is not a whole request."""
        begun = time.monotonic()
        try:
            for byte in pieces:
                connection.sendall(bytes([byte]))
                time.sleep(0.1)
            while connection.recv(1000):
                pass
        except (ssl.SSLError, OSError):
            pass
        self.assertLess(time.monotonic() - begun, 6)

    def test_who_does_not_end_is_ended(self):
        with socket.create_connection(('127.0.0.1', self.quick.port), 10) as silent:
            self.assertDropped(silent)
        for begin in (head('X: y')[:-2], head('Content-Type: application/json', 'Content-Length: 500')):
            with self.quick.socket() as slow:
                slow.sendall(begin)
                self.assertDropped(slow, b'x' * 100)

    def test_others_wait_until_there_is_room(self):
        silent = [socket.create_connection(('127.0.0.1', self.quick.port), 10) for _ in range(4)]
        self.assertEqual(until_there_is_room(lambda: self.quick.request(PATH, b'{}')[0].status), 400)
        for one in silent:
            one.close()


class Silent(BridgeTest):
    def test_who_only_connects_keeps_nobody_out_who_is_known(self):
        bsn = self.person()
        bridge = Bridge(self.registry, first_request=600, connections=8).start()
        self.addCleanup(bridge.stop)
        with bridge.connection() as known, contextlib.ExitStack() as silent:
            known.request('POST', PATH, json.dumps(evaluation(bsn)), JSON)
            self.assertEqual(known.getresponse().read()[:12], b'{"decision":')
            for _ in range(20):
                silent.enter_context(socket.create_connection(('127.0.0.1', bridge.port), 10))
            status = until_there_is_room(lambda: bridge.ask('zorgaanbieder-horizon', 'evaluation', evaluation(bsn))[0])
            self.assertEqual(status, 200)
            known.request('POST', PATH, json.dumps(evaluation(bsn)), JSON)
            self.assertEqual(known.getresponse().status, 200)


class Away(OwnInstanceTest):
    LONG = 20  # s of two attempts

    def refused(self, bridge, asked, **headers):
        """How long it took until there was a 503."""
        begun = time.monotonic()
        response, body = bridge.request(PATH, json.dumps(asked), headers={**JSON, **headers})
        self.assertEqual((response.status, response.getheader('Retry-After')), (503, '1'))
        self.assertNotIn(b'true', body)
        return time.monotonic() - begun

    def test_a_registry_that_left_is_answered_for_at_once_and_served_when_it_is_back(self):
        bsn = self.person()
        self.granted(bsn)
        bridge = Bridge(self.registry, timeout=self.LONG * 500).start()
        self.addCleanup(bridge.stop)
        asked = evaluation(bsn)
        self.assertTrue(bridge.ask('kernteam', 'evaluation', asked)[1]['decision'])
        for stop in (self.registry.stop, self.registry.kill):
            stop()
            self.assertLess(self.refused(bridge, asked), self.LONG / 4)
            self.registry.start()
            begun = time.monotonic()
            self.assertTrue(bridge.ask('kernteam', 'evaluation', asked)[1]['decision'])
            self.assertLess(time.monotonic() - begun, self.LONG / 4)

    def test_one_that_leaves_before_it_answered_is_answered_for_at_once_and_nothing_is_disclosed_twice(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        bridge = Bridge(self.registry, timeout=self.LONG * 500).start()
        self.addCleanup(bridge.stop)
        self.assertTrue(bridge.ask('kernteam', 'evaluation', evaluation(bsn))[1]['decision'])
        asked, key = evaluation(bsn, wijze='DISCLOSE'), {'Idempotency-Key': 'left-before-it-answered'}
        self.registry.signal(signal.SIGSTOP)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asking = pool.submit(self.refused, bridge, asked, **key)
            self.assertFalse(concurrent.futures.wait([asking], 0.5).done)
            self.registry.kill()
            self.assertLess(asking.result(60), self.LONG / 4)
        self.registry.start()
        for _ in range(2):
            document = bridge.ask('kernteam', 'evaluation', asked, Idempotency_Key=key['Idempotency-Key'])[1]
            self.assertTrue(document['decision'])

    def test_without_the_registry_nothing_is_permitted_and_with_it_everything_is_as_before(self):
        bsn = self.person()
        consent = self.granted(bsn)
        bridge = Bridge(self.registry, timeout=500).start()
        self.addCleanup(bridge.stop)
        asked = evaluation(bsn)
        self.assertTrue(bridge.ask('kernteam', 'evaluation', asked)[1]['decision'])
        self.registry.stop()
        for api, document in (('evaluation', asked), ('evaluations', {'evaluations': [asked, asked]})):
            begun = time.monotonic()
            response, body = bridge.request(f'/access/v1/{api}', json.dumps(document))
            self.assertEqual((response.status, response.getheader('Retry-After')), (503, '1'))
            self.assertNotIn(b'true', body)
            self.assertLess(time.monotonic() - begun, 4)
        self.registry.start()
        self.assertTrue(bridge.ask('kernteam', 'evaluation', asked)[1]['decision'])
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertFalse(bridge.ask('kernteam', 'evaluation', asked)[1]['decision'])

    def test_a_registry_that_is_not_there_is_answered_for_at_once(self):
        bsn = self.person()
        self.granted(bsn)
        self.registry.stop()
        bridge = Bridge(self.registry, timeout=5000).start()
        self.addCleanup(bridge.stop)
        begun = time.monotonic()
        response, _ = bridge.request('/access/v1/evaluation', json.dumps(evaluation(bsn)))
        self.assertEqual((response.status, response.getheader('Retry-After')), (503, '1'))
        self.assertLess(time.monotonic() - begun, 4)
        self.registry.start()
        self.assertTrue(bridge.ask('kernteam', 'evaluation', evaluation(bsn))[1]['decision'])

    def test_a_key_that_the_registry_does_not_admit_any_more_is_not_a_yes(self):
        bsn = self.person()
        self.granted(bsn)
        bridge = Bridge(self.registry).start()
        self.addCleanup(bridge.stop)
        self.assertTrue(bridge.ask('kernteam', 'evaluation', evaluation(bsn))[1]['decision'])
        self.registry.change_party('kernteam', 'kernteam', 'sociale-team', active='no')
        status, message = bridge.ask('kernteam', 'evaluation', evaluation(bsn))
        self.assertIn(status, (403, 503), message)


class Configuration(BridgeTest):
    def assertNotStarted(self, bridge, names, code=78):
        ran = bridge.run('--check')
        self.assertEqual((ran.returncode, ran.stdout), (code, ''), ran.stderr)
        self.assertIn(names, ran.stderr)

    def test_what_is_wrong_is_named(self):
        bridge = Bridge(self.registry)
        path = bridge.directory / 'bridge.conf'
        right = path.read_text()
        self.assertEqual(bridge.run('--check').returncode, 0)
        pin = bridge.pins['kernteam']
        for change, names in (((f'127.0.0.1:{bridge.port}', f'0.0.0.0:{bridge.port}'), 'beyond-loopback'),
                              ((f'127.0.0.1:{bridge.port}', '127.0.0.1'), ':1: '), (('https:', 'http:'), ':2: '),
                              (('/server.key', '/kernteam.pem'), ':5: '), (('clients.pem', 'none.pem'), 'none.pem'),
                              ((pin, pin[1:]), '64 hexadecimal'), ((pin, ''), 'certificates'),
                              ((pin, f'{pin} {bridge.pins["zorgaanbieder-horizon"]}'), 'twice'), ((pin, f'{pin} {pin}'), 'twice'),
                              (('"1000"', '"soon"'), 'whole number'), (('listen = ', 'listens = '), 'listen'),
                              (('kernteam.key', 'none.key'), 'none.key'),
                              (('    kernteam\n', '    wijkteam\n'), 'another party')):
            with self.subTest(change):
                self.assertIn(change[0], right)
                path.write_text(right.replace(*change))
                self.assertNotStarted(bridge, names)
        path.write_text(right.replace('listen = ', 'lisetn = ').replace('https:', 'http:').replace('"1000"', '"soon"'))
        said = bridge.run('--check').stderr.splitlines()
        self.assertEqual([re.search(r'lisetn"; did you mean "listen"[?]|https://|whole number', line) is not None for line in said],
                         [True] * 3, said)
        path.write_text(right)
        bridge.write(listen=f'0.0.0.0:{bridge.port}', more='beyond-loopback = "yes"\n')
        self.assertEqual(bridge.run('--check').returncode, 0)

    def test_a_key_that_others_can_read_is_refused(self):
        bridge = Bridge(self.registry)
        (bridge.directory / 'server.key').chmod(0o644)
        self.assertNotStarted(bridge, 'server.key')

    def test_it_listens_where_it_is_told_to(self):
        bridge = Bridge(self.registry)
        bridge.write(listen=f'[::1]:{bridge.port}')
        bridge.start()
        self.addCleanup(bridge.stop)
        with socket.create_connection(('::1', bridge.port), 10) as plain, \
                bridge.context().wrap_socket(plain, server_hostname='localhost') as secured:
            secured.sendall(whole(b'{}'))
            self.assertEqual(statuses(secured.recv(1000)), [400])
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(('127.0.0.1', bridge.port), 10).close()

    def test_an_address_that_is_taken_is_said(self):
        bridge = Bridge(self.registry)
        bridge.write(listen=f'127.0.0.1:{self.bridge.port}')
        self.assertEqual(bridge.run().returncode, 69)


if __name__ == '__main__':
    unittest.main()
