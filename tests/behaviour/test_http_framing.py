"""consent-http: requests of which one reader could find another end than the next. Such a one is answered with a 400 and is
the last of its connection; what is right in every reading is answered, and so is what is behind it."""
import json
import unittest

from bridge import BridgeTest, evaluation
from test_http_hostile import PATH, head, statuses, whole

JSON, CHUNKED = 'Content-Type: application/json', 'Transfer-Encoding: chunked'


def chunk(piece, size=None):
    return b'%s\r\n%s\r\n' % (size or b'%x' % len(piece), piece)


class Framing(BridgeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bsn = cls.person(cls())
        cls.granted(cls(), bsn)
        cls.body = json.dumps(evaluation(bsn)).encode()
        cls.length = f'Content-Length: {len(cls.body)}'
        cls.chunks = chunk(cls.body) + b'0\r\n\r\n'

    def answers(self, first):
        """Statuses of a request, and of one right behind it; and whether anything was permitted."""
        got = self.bridge.raw(first + whole(self.body, 'X-Request-ID: behind', 'Connection: close'))
        return statuses(got), b'X-Request-ID: behind' in got, b'"decision":true' in got

    def assertRefused(self, first):
        found, behind, permitted = self.answers(first)
        self.assertEqual((set(found), behind, permitted), ({400}, False, False), found)

    def assertAnswered(self, first, status=200):
        self.assertEqual(self.answers(first)[:2], ([status, 200], True))

    def test_where_a_body_ends_is_said_in_one_way(self):
        self.assertAnswered(head(JSON, self.length) + self.body)
        self.assertAnswered(head(JSON, CHUNKED) + self.chunks)
        for lines in ((self.length, CHUNKED), (CHUNKED, self.length), (CHUNKED, CHUNKED), (self.length, self.length),
                      ('Transfer-Encoding: xchunked',), ('Transfer-Encoding: chunked, identity',),
                      ('Transfer-Encoding: ,chunked',), ('Transfer-Encoding:\x0bchunked',), ('Content-Length: +5',),
                      ('Content-Length: 5, 5',), ('Content-Length: 0x5',), ('Content-Length:',)):
            for data in (self.body, self.chunks):
                with self.subTest(lines, data=data[:3]):
                    self.assertRefused(head(JSON, *lines) + data)
        for first in (b'0x%x', b'-%x', b' %x', b'%x ', b'+%x'):
            with self.subTest(first):
                self.assertRefused(head(JSON, CHUNKED) + chunk(self.body, first % len(self.body)) + b'0\r\n\r\n')

    def test_a_name_of_a_header_stands_right_before_its_colon(self):
        for line in ('Transfer-Encoding : chunked', 'Transfer-Encoding\t: chunked', 'Content-Length : 5', 'X A: b', 'X(A): b'):
            with self.subTest(line):
                self.assertRefused(head(JSON, line, self.length) + self.body)
        self.assertAnswered(head(JSON, "X-!#$%&'*+-.^_`|~9:b", 'X-Empty:', self.length) + self.body)

    def test_a_header_has_one_line(self):
        for line in ('Transfer-Encoding:\r\n chunked', 'X-A: b\r\n c', 'X-A:\r\n\tc', 'X-A: b\r\n c\r\n d',
                     'Idempotency-: first\r\n Key'):
            for lines in ((JSON, line, self.length), (line, JSON, self.length), (JSON, self.length, line)):
                with self.subTest(lines):
                    self.assertRefused(head(*lines) + self.body)
        self.assertRefused(head(JSON, f'Content-: {len(self.body)}\r\n Length') + self.body)

    def test_a_host_is_said_once_and_chunks_are_of_http_1_1(self):
        self.assertRefused(head('Host: elsewhere', JSON, self.length) + self.body)
        self.assertRefused(head(JSON, CHUNKED, first=f'POST {PATH} HTTP/1.0') + self.chunks)
        self.assertAnswered(head(JSON, self.length, 'Connection: keep-alive', first=f'POST {PATH} HTTP/1.0') + self.body)

    def test_a_path_is_compared_as_it_stands(self):
        for path in ('/access/v1/%65valuation', f'{PATH}%00', f'{PATH}%3Fbsn=1', f'https://localhost{PATH}', f'{PATH};x', f'{PATH}#x'):
            with self.subTest(path):
                found, _, permitted = self.answers(head(JSON, self.length, first=f'POST {path} HTTP/1.1') + self.body)
                self.assertEqual((found, permitted), ([404], False))

    def test_json_is_in_utf_8_whatever_is_said(self):
        for more in ('', ';charset=UTF-8', '; charset="utf-8"', ' ; '):
            self.assertAnswered(head(JSON + more, self.length) + self.body)
        for more in ('; charset=utf-16', '; charset=iso-8859-1', ', text/plain', '; charset'):
            self.assertRefused(head(JSON + more, self.length) + self.body)

    def test_what_follows_a_body_that_nobody_reads_is_not_asked(self):
        first = 'GET /.well-known/authzen-configuration HTTP/1.1'
        smuggled = whole(self.body)
        for data in (head(f'Content-Length: {len(smuggled)}', first=first) + smuggled,
                     head(CHUNKED, first=first) + chunk(smuggled) + b'0\r\n\r\n'):
            self.assertAnswered(data)


if __name__ == '__main__':
    unittest.main()
