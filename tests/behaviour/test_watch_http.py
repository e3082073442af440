"""consent-watch to a receiver over HTTP: each event as a CloudEvent, in order, and acknowledged when it was taken."""
import json
import os
import re
import signal
import threading
import unittest

from harness import free_port
from receiver import Receiver, certificate, closes_at_once, closes_in_the_midst, reply, secured_by, sleeps
from watching import SYSTEM, UNAVAILABLE, WatchTest, exported_lines


class HttpTest(WatchTest):
    def receiver(self, *answers, **how):
        receiver = Receiver(answers, **how)
        self.addCleanup(receiver.close)
        return receiver

    def send(self, receiver, *arguments, **how):
        return self.watch('--http', f'{receiver.url}/gebeurtenissen', '--source', SYSTEM, *arguments, **how)

    def follow(self, receiver, *arguments):
        return self.start('--http', f'{receiver.url}/gebeurtenissen', '--source', SYSTEM, *arguments)

    def sent(self, receiver):
        """The numbers of the events of this test that were sent, from 1."""
        return [int(json.loads(body)['sequence']) - self.first + 1 for body in receiver.bodies]


class Sent(HttpTest):
    def test_each_event_is_one_post_in_structured_mode_and_in_order(self):
        consents = self.tell(2)
        self.assertOk(self.client('kernteam').revoke(bytes.fromhex(consents[0])))
        receiver = self.receiver(reply(200), reply(201), reply(204, b''), reply(202))
        self.send(receiver, '--count', 3)
        events = [json.loads(body) for body in receiver.bodies]
        self.assertValid(events)
        self.assertEqual(self.sent(receiver), [1, 2, 3])
        self.assertEqual([event['data']['consent_id'] for event in events], [*consents, consents[0]])
        for path, headers in receiver.headers:
            self.assertEqual((path, headers['Content-Type']), ('/gebeurtenissen', 'application/cloudevents+json; charset=UTF-8'))
            self.assertNotIn('Expect', headers)
            self.assertEqual([name for name in headers if name.lower().startswith('ce-')], [])
        self.assertEqual(self.acknowledged(), 3)
        said = json.dumps([{name: value for name, value in event.items() if name != 'data'} for event in events])
        for event in events:
            self.assertNotIn(event['data']['subject_ref'], said)

    def test_it_is_acknowledged_only_when_it_was_taken(self):
        self.tell()
        asked, may_answer = threading.Event(), threading.Event()
        self.addCleanup(may_answer.set)

        def waits(handler, body):
            asked.set()
            may_answer.wait(20)
            return reply(200)(handler, body)
        process = self.follow(self.receiver(waits), '--once')
        self.assertTrue(asked.wait(20))
        self.assertEqual(self.acknowledged(), 0)
        may_answer.set()
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(self.acknowledged(), 1)


class Again(HttpTest):
    def test_what_may_be_taken_later_is_the_same_event_again_and_the_next_one_waits(self):
        done = 0
        for name, answer in (('500', reply(500)), ('503', reply(503, b'')), ('429', reply(429)), ('408', reply(408)),
                             ('closed', closes_at_once), ('in the midst', closes_in_the_midst)):
            with self.subTest(name):
                receiver = self.receiver(answer)
                self.tell(2)
                self.send(receiver, '--count', 2)
                self.assertEqual(self.sent(receiver), [done + 1, done + 1, done + 2])
                done += 2
                self.assertEqual(receiver.bodies[0], receiver.bodies[1])
                self.assertGreaterEqual(receiver.times[1] - receiver.times[0], 0.5)

    def test_pauses_grow_and_a_receiver_may_ask_for_longer_ones(self):
        self.tell()
        receiver = self.receiver(reply(503), reply(503), reply(429, Retry_After=3))
        said = self.send(receiver, '--once')
        pauses = [float(pause) for pause in re.findall(r'again in ([0-9.]+) s', said)]
        self.assertTrue(0.5 <= pauses[0] <= 1 <= pauses[1] <= 2 < 3 <= pauses[2] <= 4, pauses)
        self.assertIn('the receiver answers 429', said)

    def test_an_answer_that_is_too_slow_and_a_receiver_that_is_not_there_are_tried_again(self):
        self.tell(2)
        receiver = self.receiver(sleeps)
        self.assertIn('does not answer', self.send(receiver, '--count', 2, '--time-limit', 1))
        self.assertEqual(self.sent(receiver), [1, 1, 2])
        self.tell()
        port = free_port()
        process = self.start('--http', f'http://127.0.0.1:{port}', '--source', SYSTEM, '--once')
        self.wait_until(lambda: 'again in' in self.words().split('does not answer')[-1] and 'connect' in self.words(), 'word of it')
        receiver = self.receiver(port=port)
        self.assertEqual(process.wait(20), 0)
        self.assertEqual((self.sent(receiver), self.acknowledged()), ([3], 3))

    def test_killed_between_the_post_and_the_acknowledgement_it_sends_the_same_event_with_the_same_id(self):
        self.tell(2)
        taken, gone = threading.Event(), threading.Event()
        self.addCleanup(gone.set)

        def stores_and_waits(handler, body):
            taken.set()
            gone.wait(20)
            return reply(200)(handler, body)
        receiver = self.receiver(reply(200), stores_and_waits)
        process = self.follow(receiver)
        self.assertTrue(taken.wait(20))
        self.wait_until(lambda: self.acknowledged() == 1, 'the first to be acknowledged')  # it was on its way
        process.kill()
        process.wait()
        gone.set()
        self.assertEqual(self.acknowledged(), 1)
        self.send(receiver, '--once')
        first, second, third = map(json.loads, receiver.bodies)
        self.assertEqual((second['id'], second['source'], second['data']), (third['id'], third['source'], third['data']))
        self.assertNotEqual(first['id'], second['id'])
        self.assertEqual(self.acknowledged(), 2)

    def test_a_receiver_that_does_not_answer_is_no_reason_not_to_stop(self):
        self.tell()
        for answer in (sleeps, reply(503, Retry_After=600)):
            receiver = self.receiver(answer)
            process = self.follow(receiver)
            self.wait_until(lambda: receiver.bodies, 'the request')
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(10), 0)
        self.assertEqual(self.acknowledged(), 0)


class Refused(HttpTest):
    def test_what_would_be_refused_again_ends_it_and_the_event_comes_again(self):
        self.tell()
        other = self.receiver()
        for status, more in ((400, {}), (401, {}), (404, {}), (415, {}), (410, {}), (302, {'Location': other.url}), (308, {'Location': other.url})):
            with self.subTest(status):
                receiver = self.receiver(reply(status, b'', **more))
                self.assertIn(f'answers {status}', self.send(receiver, '--once', expected=UNAVAILABLE))
                self.assertEqual(self.sent(receiver), [1])
        self.assertEqual((other.bodies, self.acknowledged()), ([], 0))

    def test_or_is_set_aside_and_the_next_one_follows(self):
        self.tell(2)
        aside = self.place / 'aside'
        receiver = self.receiver(reply(400))
        said = self.send(receiver, '--count', 2, '--set-aside', aside)
        self.assertEqual(self.sent(receiver), [1, 2])
        self.assertIn(f'event {self.first} is set aside in {aside}: the receiver answers 400', said)
        self.assertEqual([json.loads(line) for line in exported_lines(aside)], [json.loads(receiver.bodies[0])])
        self.assertEqual(self.acknowledged(), 2)
        self.tell()
        self.assertIn('takes no events any more', self.send(self.receiver(reply(410)), '--set-aside', aside, expected=UNAVAILABLE))
        self.assertEqual(len(exported_lines(aside)), 1)

    def test_what_any_event_would_get_sets_none_aside(self):
        """A token that is over must not put a night of withdrawals where nobody looks."""
        self.tell(2)
        aside = self.place / 'aside'
        for status in (401, 403, 404, 405, 407, 415, 302):
            with self.subTest(status):
                receiver = self.receiver(reply(status, b''))
                said = self.send(receiver, '--count', 2, '--set-aside', aside, expected=UNAVAILABLE)
                self.assertIn(f'answers {status}', said)
                self.assertEqual(self.sent(receiver), [1])
        nobody = free_port()
        said = self.watch('--http', f'http://127.0.0.1:{nobody}', '--source', SYSTEM, '--tries', 1, '--set-aside', aside, expected=UNAVAILABLE)
        self.assertIn('so none is set aside', said)
        self.assertEqual((aside.read_text(), self.acknowledged()), ('', 0))

    def test_an_answer_without_end_is_no_reason_to_send_an_event_twice(self):
        self.tell()

        def floods(handler, body):
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b'x' * 65536)
        receiver = self.receiver(floods)
        self.send(receiver, '--once', '--tries', 1)
        self.assertEqual((self.sent(receiver), self.acknowledged()), ([1], 1))
        self.tell()

        def fails(handler, body):
            handler.send_response(500)
            handler.end_headers()
            while True:
                handler.wfile.write(b'x' * 65536)
        self.assertIn('answers 500', self.send(self.receiver(fails), '--tries', 1, expected=UNAVAILABLE))
        self.assertEqual(self.acknowledged(), 1)

    def test_no_proxy_reads_what_is_for_this_machine(self):
        self.tell()
        proxy, receiver = self.receiver(), self.receiver()
        names = {name: proxy.url for name in ('http_proxy', 'all_proxy', 'ALL_PROXY', 'HTTP_PROXY')}
        self.send(receiver, '--once', env={**{name: value for name, value in os.environ.items() if name.lower() != 'no_proxy'}, **names})
        self.assertEqual((proxy.bodies, self.sent(receiver)), ([], [1]))

    def test_tries_may_be_bounded(self):
        self.tell()
        receiver = self.receiver(reply(500), reply(500), reply(500))
        self.send(receiver, '--tries', 2, expected=UNAVAILABLE)
        self.assertEqual((len(receiver.bodies), self.acknowledged()), (2, 0))


class Secured(HttpTest):
    def test_only_a_receiver_that_is_vouched_for_gets_events_and_the_headers_of_a_file(self):
        self.tell()
        certificate(self.place, 'good', certificate(self.place, 'ca'))
        certificate(self.place, 'stranger')
        headers = self.place / 'headers'
        headers.write_text('Authorization: Bearer zeer-geheim-7\n')
        headers.chmod(0o600)
        words = ['--ca', self.place / 'ca.pem', '--header-file', headers, '--tries', 1]
        stranger = self.receiver(context=secured_by(self.place, 'stranger'))
        self.assertIn('certificate', self.send(stranger, *words, expected=UNAVAILABLE))
        receiver = self.receiver(context=secured_by(self.place, 'good'))
        self.assertIn('certificate', self.send(receiver, '--tries', 1, expected=UNAVAILABLE))
        self.assertEqual((stranger.bodies, receiver.bodies, self.acknowledged()), ([], [], 0))
        said = self.send(receiver, *words, '--once')
        self.assertEqual(receiver.headers[0][1]['Authorization'], 'Bearer zeer-geheim-7')
        self.assertNotIn('geheim', said)
        self.assertEqual(self.acknowledged(), 1)


if __name__ == '__main__':
    unittest.main()
