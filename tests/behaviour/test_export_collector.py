"""Logboek Dataverwerkingen to a collector of OpenTelemetry (OTLP over HTTP): none is lost, whatever the collector does."""
import datetime
import email.utils
import json
import random
import signal
import time
import unittest

from exporting import Collector, ExportTest, exported, number_of, record_of, spans_of, took
from harness import let_work, work_of
from receiver import certificate, closes_at_once, closes_in_the_midst, reply, secured_by, sleeps

USAGE, DATA, NO_INPUT, UNAVAILABLE, PROTOCOL, CONFIG, PARTLY = 64, 65, 66, 69, 76, 78, 2


def partly(count, message='attribute too long'):
    body = json.dumps({'partialSuccess': {'rejectedSpans': count, 'errorMessage': message}}).encode()
    return reply(200, body)


class CollectorTest(ExportTest):
    def setUp(self):
        super().setUp()
        self.position = self.place / 'position'
        self.write_lines(6)

    def collector(self, *answers, **how):
        collector = Collector(answers, **how)
        self.addCleanup(collector.close)
        return collector

    def send(self, collector, *words, expected=0):
        return self.export('ldv', '--otlp', collector.url, '--position', self.position, *words, expected=expected)

    def follow(self, collector, *words):
        return self.start('ldv', '--otlp', collector.url, '--position', self.position, '--follow', *words)

    @staticmethod
    def taken(collector):
        return [record_of(*one) for one in collector.taken]

    def assertAllTaken(self, collector):
        """Each line once, in its order."""
        records = self.taken(collector)
        self.assertValid('ldv', records)
        self.assertEqual([number_of('ldv', one) for one in records], self.expected('ldv', self.log_lines()))


class Sent(CollectorTest):
    def test_what_is_sent_is_as_otlp_has_it_and_says_what_a_file_says(self):
        self.live()
        collector = self.collector()
        self.send(collector)
        self.export('ldv', '--out', self.out)
        self.assertAllTaken(collector)
        self.assertEqual(self.taken(collector), self.records())
        path, headers = collector.headers[0]
        self.assertEqual((path, headers['Content-Type']), ('/v1/traces', 'application/json'))
        for body in map(json.loads, collector.bodies):
            self.assertEqual(set(body), {'resourceSpans'})
            for resource, span in spans_of(body):
                self.assertEqual(set(resource), {'attributes'})
                self.assertEqual(set(span), {'traceId', 'spanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano',
                                             'attributes', 'status'})
                self.assertIsInstance(span['startTimeUnixNano'], str)  # 64 bits are a text in the JSON of protobuf
                self.assertIn(span['status']['code'], (0, 1, 2))
                self.assertIn(span['kind'], range(1, 6))
                for one in span['attributes']:
                    self.assertEqual(set(one), {'key', 'value'})
                    self.assertIn(list(one['value']), (['stringValue'], ['intValue']))
                    self.assertIsInstance(list(one['value'].values())[0], str)
        self.assertEqual(self.send(collector).stdout[:9], '0 records')

    def test_many_are_sent_in_several_requests_in_their_order(self):
        self.write_lines(1300)
        collector = self.collector()
        self.send(collector)
        self.assertAllTaken(collector)
        self.assertGreater(len(collector.bodies), 2)
        self.assertLess(max(len(spans_of(json.loads(body))) for body in collector.bodies), 700)

    def test_a_path_is_kept_before_that_of_otlp(self):
        collector = self.collector()
        self.export('ldv', '--otlp', f'{collector.url}/otlp/in/', '--position', self.position)
        self.assertEqual(collector.headers[0][0], '/otlp/in/v1/traces')


class Again(CollectorTest):
    def test_whatever_it_answers_first_each_is_taken_once_and_in_order(self):
        for name, answer in (('500', reply(500)), ('503', reply(503, b'')), ('502', reply(502, b'<html>')), ('429', reply(429)),
                             ('408', reply(408)), ('garbage', reply(200, b'<html>200 OK</html>')), ('empty', reply(200, b'')),
                             ('an array', reply(200, b'[]')), ('a wrong count', partly('many')), ('negative', partly(-1)),
                             ('too long', reply(200, b'{"x": "' + b'y' * 100_000 + b'"}')), ('closes', closes_at_once)):
            with self.subTest(name):
                self.write_lines(2)
                self.position.unlink(missing_ok=True)

                def only_answers(handler, body, answer=answer):
                    answer(handler, body)
                    return False
                collector = self.collector(only_answers)
                ran = self.send(collector)
                self.assertEqual(ran.stderr.count('the same again in'), 1, ran.stderr)
                self.assertAllTaken(collector)
                self.assertEqual(*collector.bodies)

    def test_what_was_taken_without_an_answer_comes_again_with_the_same_ids(self):
        collector = self.collector(closes_in_the_midst)
        self.send(collector)
        ids = [span['spanId'] for _, span in collector.taken]
        self.assertEqual(len(ids), 2 * len(set(ids)))
        self.assertEqual(ids[:len(ids) // 2], ids[len(ids) // 2:])

    def test_one_that_is_slow_is_not_waited_for(self):
        collector = self.collector(sleeps)
        ran = self.send(collector, '--timeout', '700')
        self.assertIn('does not answer: Timeout', ran.stderr)
        self.assertAllTaken(collector)

    def test_pauses_grow_and_a_collector_may_say_how_long(self):
        collector = self.collector(reply(503), reply(503), reply(503))
        self.send(collector)
        pauses = [after - before for before, after in zip(collector.times, collector.times[1:])]
        self.assertTrue(0.45 < pauses[0] < 1.9 and 0.95 < pauses[1] < 3 and 1.9 < pauses[2] < 5, pauses)
        for as_date in (False, True):
            self.write_lines(1)
            date = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=10)
            asked = email.utils.format_datetime(date, usegmt=True) if as_date else 3
            collector = self.collector(reply(429, Retry_After=asked))
            self.send(collector)
            waited = time.time() - date.timestamp() + 1.1 if as_date else collector.times[1] - collector.times[0] - 3
            self.assertGreater(waited, 0)
            self.assertEqual(len(collector.taken), 1)

    def test_one_that_is_down_loses_nothing(self):
        collector = self.collector()
        port = collector.port
        collector.close()
        run = self.start('ldv', '--otlp', f'http://127.0.0.1:{port}', '--position', self.position, '--follow')
        time.sleep(2.5)
        self.write_lines(3)
        self.assertIn("Couldn't connect", self.end(run))
        self.assertFalse(self.position.exists())
        collector = self.collector()
        self.send(collector)
        self.assertAllTaken(collector)

    def test_without_follow_it_gives_up_and_what_was_not_taken_stays(self):
        self.write_lines(1200)
        collector = self.collector(took, *[reply(500)] * 6)
        ran = self.send(collector, expected=UNAVAILABLE)
        self.assertIn('answers 500; what it did not take stays', ran.stderr)
        first = len(collector.taken)
        self.assertGreater(first, 400)
        self.send(collector)
        self.assertAllTaken(collector)
        self.assertGreater(len(collector.taken), first)

    def test_who_follows_never_gives_up(self):
        collector = self.collector(*[reply(500)] * 3)
        run = self.follow(collector)
        self.wait_until(lambda: collector.taken, 'what was sent again')
        self.write_lines(3)
        expected = len(self.expected('ldv', self.log_lines()))
        self.wait_until(lambda: len(collector.taken) >= expected, 'what came')
        self.end(run)
        self.assertAllTaken(collector)

    def test_a_stop_is_heard_while_it_waits(self):
        for answer in (reply(503, Retry_After=600), sleeps):
            collector = self.collector(*[answer] * 10)
            run = self.follow(collector)
            self.wait_until(lambda c=collector: c.bodies, 'the first request')
            begun = time.monotonic()
            self.end(run)
            self.assertLess(time.monotonic() - begun, 2)
            self.assertFalse(self.position.exists())

    def test_it_may_be_killed_at_any_moment(self):
        """At least once on the wire, with the same ids: so each is once in a collector that knows its ids."""
        chance = random.Random(3)
        self.write_lines(600)
        collector = self.collector()
        whole = work_of(lambda: self.export('ldv', '--out', self.out))
        with self.writing():
            for kill in range(25):
                taken = len(collector.taken)
                run = self.follow(collector)
                if kill % 2 == 0:
                    let_work(run, whole * chance.random())
                else:
                    self.wait_until(lambda before=taken: len(collector.taken) > before, 'more')
                self.end(run, signal.SIGKILL)
        self.send(collector)
        once = list({record['span_id']: record for record in self.taken(collector)}.values())
        self.assertValid('ldv', once)
        self.assertEqual([number_of('ldv', one) for one in once], self.expected('ldv', self.log_lines()))

    def test_a_position_before_the_output_is_found_by_such_a_test(self):
        """The control: what the wrong order leaves when it is killed between the two."""
        collector = self.collector()
        self.send(collector)
        self.write_lines(5)
        before = self.position.read_text()
        self.send(collector)
        ahead = self.position.read_text()
        self.assertNotEqual(before, ahead)
        other = self.collector()
        self.position.write_text(before)  # the right order, killed between: they come again
        self.send(other)
        self.assertEqual(len(other.taken), 5)
        self.position.write_text(ahead)  # the wrong one: they never come
        self.send(other)
        self.assertEqual(len(other.taken), 5)


class Refused(CollectorTest):
    def test_what_it_rejects_is_said_and_kept(self):
        collector = self.collector(partly('3'))
        ran = self.send(collector, expected=PARTLY)
        self.assertRegex(ran.stderr, r'rejects 3 of the records of lines \d+ to \d+: attribute too long')
        kept = self.place / 'position.rejected'
        self.assertEqual(self.records(kept), self.taken(collector))
        self.assertEqual(len(collector.bodies), 1)  # OTLP forbids to send them again
        self.write_lines(2)
        self.send(collector)
        self.assertEqual(len(collector.bodies), 2)
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        told = json.loads(self.export('ldv', '--json', '--otlp', self.collector(partly(1)).url, '--position', self.place / 'p',
                                      expected=PARTLY).stdout)
        self.assertEqual(told['rejected'], 1)

    def test_a_warning_is_passed_on(self):
        ran = self.send(self.collector(partly(0, 'deprecated\x1b[31m')))
        self.assertIn('the collector says: deprecated\\x1b[31m', ran.stderr)

    def test_what_would_end_in_the_same_way_is_not_tried_again(self):
        for status in (400, 401, 403, 404, 415, 422):
            collector = self.collector(reply(status, b'secret words of the collector'))
            ran = self.send(collector, expected=PROTOCOL)
            self.assertIn(f'answers {status}', ran.stderr)
            self.assertNotIn('secret words', ran.stderr)
            self.assertEqual(len(collector.bodies), 1)
            self.assertFalse(self.position.exists())

    def test_no_redirect_is_followed(self):
        other = self.collector()
        for status in (301, 302, 303, 307, 308):
            collector = self.collector(reply(status, b'', Location=f'{other.url}/v1/traces'))
            self.assertIn('a redirect, which is not followed', self.send(collector, expected=PROTOCOL).stderr)
        self.assertEqual(other.bodies, [])

    def test_a_request_that_is_too_big_is_halved(self):
        self.write_lines(300)
        collector = self.collector()
        def small(handler, body):
            fits = len(spans_of(json.loads(body))) <= 100
            return (took if fits else reply(413))(handler, body)
        collector.answers = [small] * 50
        self.send(collector)
        self.assertAllTaken(collector)

    def test_an_address_is_http_and_has_no_password(self):
        for url in ('file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1', '127.0.0.1:4318', 'https://', '',
                    'https://jan:geheim@127.0.0.1', 'https://geheim@127.0.0.1', 'http://127.0.0.1/?key=geheim', 'http://127.0.0.1/#x',
                    'http://[::1', 'javascript:1'):
            ran = self.export('ldv', '--otlp', url, '--position', self.position, expected=USAGE)
            self.assertNotIn('geheim', ran.stderr)
        collector = self.collector()
        self.assertIn('needs --position', self.export('ldv', '--otlp', collector.url, expected=USAGE).stderr)
        self.assertIn('exclude', self.send(collector, '--out', self.out, expected=USAGE).stderr)


class Secured(CollectorTest):
    """TLS: who the collector is must be vouched for."""

    def secured(self, name, **how):
        return self.collector(*how.pop('answers', ()), context=secured_by(self.place, name))

    def test_only_a_certificate_that_is_vouched_for_is_believed(self):
        ca = certificate(self.place, 'ca')
        certificate(self.place, 'good', ca)
        certificate(self.place, 'other-host', ca, host='elders.nl')
        certificate(self.place, 'past', ca, days=-1)
        certificate(self.place, 'stranger')
        collector = self.secured('good')
        for name, words in (('good', []), ('other-host', ['--ca', self.place / 'ca.pem']), ('past', ['--ca', self.place / 'ca.pem']),
                            ('stranger', ['--ca', self.place / 'ca.pem']), ('good', ['--ca', self.place / 'stranger.pem'])):
            wrong = self.secured(name)
            run = self.follow(wrong, *words)
            self.assertIn('certificate', self.wait_for_words(run))
            self.end(run)
            self.assertEqual(wrong.bodies, [])
            self.assertFalse(self.position.exists())
        self.send(collector, '--ca', self.place / 'ca.pem')
        self.assertAllTaken(collector)

    def wait_for_words(self, run):
        return run.stderr.readline()

    def test_headers_of_a_file_are_sent_and_never_printed(self):
        certificate(self.place, 'good', certificate(self.place, 'ca'))
        file = self.place / 'headers'
        file.write_text('Authorization: Bearer zeer-geheim-7\n\nX-Scope-OrgID: gemeente\n')
        file.chmod(0o600)
        echo = partly(0, 'no such token: zeer-geheim-7')
        collector = self.secured('good', answers=[reply(503), echo])
        words = ['--ca', self.place / 'ca.pem', '--header-file', file]
        ran = self.send(collector, *words)
        self.assertEqual(collector.headers[0][1]['Authorization'], 'Bearer zeer-geheim-7')
        self.assertEqual(collector.headers[0][1]['X-Scope-OrgID'], 'gemeente')
        self.assertNotIn('zeer-geheim', ran.stdout + ran.stderr)
        self.assertIn('hold a header', ran.stderr)
        for text, mode, code in (('Authorization: x\n', 0o640, CONFIG), ('geheim\n', 0o600, DATA), ('A: \n', 0o600, DATA),
                                 ('A B: geheim\n', 0o600, DATA), ('A: x\rB: geheim\n', 0o600, DATA), ('A: \0geheim\n', 0o600, DATA)):
            file.write_text(text)
            file.chmod(mode)
            self.assertNotIn('geheim', self.send(collector, *words, expected=code).stderr)
        file.unlink()
        self.send(collector, *words, expected=NO_INPUT)
        file.write_text('A: x\n')
        file.chmod(0o600)
        self.assertIn('for https', self.send(self.collector(), '--header-file', file, expected=USAGE).stderr)


if __name__ == '__main__':
    unittest.main()
