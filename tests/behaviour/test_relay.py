"""consent-relay: each event once in the stream, and none acknowledged that the stream can still lose."""
import json
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

from harness import BUILD, RegistryTest, free_port, tool
from jetstream import PROGRAM as NATS
from jetstream import JetStream, certificate

PROGRAM = BUILD / 'clients' / 'relay' / 'consent-relay'
PARTY = 'zorgaanbieder-horizon'
SUBJECT = f'consent.{PARTY}.events'
SOURCE = 'urn:nld:oin:00000001234567890000:systeem:toestemmingen'


@unittest.skipUnless(NATS, 'nats-server is not here: apt-get install nats-server')
class RelayTest(RegistryTest):
    """The tests of a class share a registry; each has a server, a stream and a position of its own, and begins with what
    the party has not acknowledged yet: one event."""
    configuration = ''

    def setUp(self):
        self.start_nats(self.configuration)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='relay-', dir=self.registry.directory))
        self.position = self.directory / 'position'
        self.bsn = self.person()
        self.granted(self.bsn)
        self.made = 1
        self.before = self.newest() - 1
        self.acknowledge(self.before)

    def start_nats(self, configuration):
        self.nats = JetStream(configuration)
        self.addCleanup(self.nats.destroy)
        self.nats.start()

    def lag(self):
        return {one.party: one for one in self.client('operator').ask('events_lag').events_lag.parties}[PARTY]

    def newest(self):
        return self.lag().newest

    def acknowledge(self, number):
        """What an earlier test left."""
        stream = self.registry.client(PARTY, 'events')
        self.assertOk(stream.subscribe(number=number + 1, credit=1, consumer='relay'))
        self.assertOk(stream.ask('acknowledge', number=number, credit=0))
        self.registry.close(stream)

    def relay(self, *arguments, settle=1, stream='EVENTS', url=None):
        log = open(self.directory / 'log', 'ab')
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [PROGRAM, '--key', self.registry.key_file(PARTY), '--position', self.position, '--url', url or self.nats.url,
             '--stream', stream, '--source', SOURCE, '--settle', str(settle), *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def said(self):
        log = self.directory / 'log'
        return log.read_text(errors='replace') if log.exists() else ''

    def tell(self, count=1):
        """So many events for the party."""
        for _ in range(count):
            verb = 'lift_restriction' if self.made % 2 == 0 else 'restrict_data'
            self.assertOk(self.client('kernteam').ask(verb, bsn=self.bsn, whole=True, reason='betwist', user='medewerker-17'))
            self.made += 1

    def acknowledged(self):
        """Of this test's events, by the consumer that the relay is unless it is named otherwise."""
        consumers = self.client('operator').ask('events_consumers', party=PARTY).events_consumers.consumers
        return next((one.acknowledged for one in consumers if one.consumer == 'relay'), self.before) - self.before

    def heard(self):
        """The numbers in the stream, of this test's events."""
        return [number - self.before for number in self.nats.numbers()]

    def wait_for(self, condition, what, timeout=30):
        self.registry.wait_for(condition, f'{what}; the relay says:\n{self.said()[-3000:]}', timeout)

    def wait_for_stream(self, count, timeout=30):
        self.wait_for(lambda: self.nats.state()['messages'] >= count, f'{count} messages', timeout)

    def wait_until_settled(self, timeout=30):
        self.wait_for(lambda: self.acknowledged() == self.made, f'{self.made} to be acknowledged', timeout)

    def assert_each_once(self):
        self.assertEqual(self.heard(), list(range(1, self.made + 1)))

    def stop(self, process):
        process.terminate()
        self.assertEqual(process.wait(15), 0, self.said())


class EventsToAStream(RelayTest):
    def test_each_event_is_once_in_the_stream_as_a_cloudevent_and_acknowledged_when_it_settled(self):
        self.nats.add_stream()
        process = self.relay(settle=2)
        self.tell(4)
        self.wait_for_stream(5)
        time.sleep(1)
        self.assertEqual(self.acknowledged(), 0, 'acknowledged before it settled')
        self.wait_until_settled()
        self.assert_each_once()
        for identity, content_type, event in self.nats.messages():
            self.assertEqual(content_type, 'application/cloudevents+json; charset=UTF-8')
            self.assertEqual((identity, event['source']), (event['id'], SOURCE))
            self.assertRegex(identity, f'^[0-9a-f]{{32}}-{PARTY}-[0-9]+$')
        self.assertNotIn(self.bsn, json.dumps(self.nats.messages()))
        self.stop(process)
        self.tell(2)
        self.relay()
        self.wait_until_settled()
        self.assert_each_once()

    def test_a_relay_that_is_killed_at_any_moment_doubles_nothing_and_loses_nothing(self):
        self.nats.add_stream(duplicate_window=100_000_000)  # ns: the stream forgets ids sooner than the relay comes back
        for goal in (0, 1, 5, 9, 10):
            process, before, settled = self.relay(), self.nats.state()['messages'], self.acknowledged()
            self.tell(10)
            self.wait_for_stream(before + goal)
            if goal == 10:
                self.wait_for(lambda: self.acknowledged() > settled, 'some to be acknowledged')
            process.kill()
            process.wait()
        self.relay()
        self.wait_until_settled()
        self.assert_each_once()

    def test_a_registry_that_is_killed_changes_nothing_and_is_missed(self):
        self.nats.add_stream()
        self.relay()
        self.tell(3)
        self.wait_for_stream(4)
        self.registry.kill()
        until = time.monotonic() + 20
        while 'is not there' not in self.said() and time.monotonic() < until:
            time.sleep(0.05)
        self.registry.start()
        self.shared.clear()
        self.wait_for(lambda: 'is there' in self.said(), 'word that it is back')
        self.tell(3)
        self.wait_until_settled()
        self.assert_each_once()

    def test_more_than_the_window_of_a_subscriber_flows_before_anything_settled(self):
        self.nats.add_stream()
        self.tell(199)
        self.relay(settle=600)
        self.wait_for_stream(200)
        self.assertEqual(self.acknowledged(), 0)
        self.assert_each_once()


class BesideOthers(RelayTest):
    def as_the_registry_has_it(self, consumer):
        stream = self.registry.client(PARTY, 'events')
        reply = stream.subscribe(consumer=consumer)
        self.assertOk(reply)
        self.registry.close(stream)
        return reply.subscribe.acknowledged

    def test_it_is_a_consumer_of_its_own_and_takes_nothing_from_others(self):
        self.nats.add_stream()
        self.assertEqual(self.as_the_registry_has_it('portaal'), 0)
        process = self.relay()
        self.tell(2)
        self.wait_for(lambda: 'number 3' in self.mark(), 'all to settle')
        self.stop(process)
        self.assertEqual((self.as_the_registry_has_it('relay'), self.as_the_registry_has_it('portaal')), (3, 0))
        process = self.relay('--consumer', 'relay-2', '--position', self.directory / 'its-own')
        self.wait_for(lambda: 'number 3' in self.mark('its-own'), 'it to find all there')
        self.stop(process)
        self.assert_each_once()

    def mark(self, position='position'):
        path = self.directory / f'{position}.stream'
        return path.read_text() if path.exists() else ''


class AStreamThatLosesEvents(RelayTest):
    def lose(self, settle):
        """The stream is put back to before two of its messages, long after it had them."""
        self.nats.add_stream()
        process = self.relay(settle=settle)
        self.tell(2)
        self.wait_for_stream(3)
        self.nats.copy_store()
        self.tell(2)
        self.wait_for_stream(5)
        return process

    def test_what_the_stream_lost_before_it_settled_is_published_again(self):
        self.lose(settle=600)
        self.nats.put_back()
        self.wait_for_stream(5)
        self.tell(1)
        self.wait_for_stream(6)
        self.assert_each_once()
        self.assertEqual(self.acknowledged(), 0)

    def test_what_it_lost_while_the_relay_was_down_is_published_again(self):
        self.lose(settle=600).kill()
        self.nats.put_back()
        self.relay()
        self.wait_until_settled()
        self.assert_each_once()

    def test_control_without_a_settling_time_events_are_lost_and_the_relay_says_so(self):
        process = self.lose(settle=0)
        self.wait_until_settled()
        self.nats.put_back()
        self.assertEqual(process.wait(20), 76)
        self.assertEqual(self.heard(), [1, 2, 3])  # 4 and 5 are nowhere any more
        self.assertIn(f'put back: it lacks events up to {self.before + 5}', self.said())
        self.assertEqual(self.relay().wait(20), 76, 'and says so again')
        self.stop(self.start_from(self.before + 6))
        self.relay()  # no --from any more, though nothing came since
        self.tell(2)
        self.wait_until_settled()
        self.assertEqual(self.heard(), [1, 2, 3, 6, 7])

    def start_from(self, number):
        """An operator goes on; it has the relay's attention as soon as the mark says so."""
        mark = self.directory / 'position.stream'
        process = self.relay('--from', number)
        self.wait_for(lambda: f'number {number - 1}\nsequence 3\n' in mark.read_text(), 'the new mark')
        return process

    def test_a_stream_that_was_made_anew_is_no_stream_that_is_empty(self):
        self.nats.add_stream()
        process = self.relay()
        self.tell(2)
        self.wait_until_settled()
        self.nats.api('STREAM.DELETE.EVENTS')
        self.wait_for(lambda: 'there is no such stream' in self.said(), 'word of that')
        self.nats.add_stream()
        self.assertEqual(process.wait(20), 76)
        self.assertIn('made anew', self.said())

    def test_a_stream_that_was_made_anew_before_anything_settled_is_filled_again(self):
        self.nats.add_stream()
        self.relay(settle=600)
        self.tell(2)
        self.wait_for_stream(3)
        self.nats.api('STREAM.DELETE.EVENTS')
        self.nats.add_stream()
        self.wait_for_stream(3)
        self.assert_each_once()

    def test_one_message_that_is_gone_from_between_is_published_again(self):
        self.nats.add_stream(duplicate_window=100_000_000)
        process = self.relay(settle=600)
        self.tell(4)
        self.wait_for_stream(5)
        process.kill()
        process.wait()
        self.nats.api('STREAM.MSG.DELETE.EVENTS', seq=3)
        self.nats.kill()
        self.nats.start()  # which of the ids then knows only those of the messages that it has
        self.relay()
        self.wait_for_stream(5)
        self.wait_until_settled()
        self.assertEqual(self.heard(), [1, 2, 4, 5, 3])


class ARegistryThatWasPutBack(RelayTest):
    def test_events_of_another_registry_are_not_taken_for_those_in_the_stream(self):
        self.nats.add_stream()
        process = self.relay()
        self.wait_until_settled()
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        (self.registry.directory / 'data').mkdir(mode=0o700)
        self.registry.start()
        self.shared.clear()
        self.bsn = self.person()
        self.granted(self.bsn)
        self.assertEqual(process.wait(30), 76, self.said())
        self.assertEqual(self.relay('--position', self.directory / 'another').wait(20), 76, 'by the stream alone')
        self.assertEqual(self.said().count('another epoch'), 2)
        self.relay('--from', 1)
        self.wait_for_stream(2)
        ids = [message[0] for message in self.nats.messages()]
        self.assertEqual([identity.rsplit('-', 1)[1] for identity in ids], ['1', '1'])
        self.assertNotEqual(*ids)


class AStreamThatCannot(RelayTest):
    def test_a_server_that_stands_still_loses_nothing_and_settles_nothing(self):
        self.nats.add_stream()
        self.relay(settle=2)
        self.tell(2)
        self.wait_for_stream(3)
        self.nats.process.send_signal(signal.SIGSTOP)
        self.tell(2)
        self.wait_for(lambda: 'cannot be used' in self.said(), 'word that NATS is away')
        time.sleep(2.5)
        self.assertEqual(self.acknowledged(), 0, 'the server was not at work for so long')
        self.nats.process.send_signal(signal.SIGCONT)
        self.wait_for(lambda: 'can be used again' in self.said(), 'word that it is back')
        self.wait_until_settled()
        self.assert_each_once()

    def test_a_full_stream_makes_events_wait_and_loses_none(self):
        self.nats.add_stream(max_msgs=3)
        self.relay()
        self.tell(5)
        self.wait_for(lambda: 'maximum messages exceeded' in self.said(), 'word that it is full')
        self.wait_for(lambda: self.acknowledged() == 3, 'what is there to settle')
        self.nats.add_stream(verb='UPDATE', max_msgs=100)
        self.wait_until_settled()
        self.assert_each_once()
        self.assertIn('can be used again', self.said())

    def test_nats_that_is_not_there_yet_is_said_within_two_seconds_and_ends_nothing(self):
        self.nats.kill()
        process = self.relay()
        self.wait_for(lambda: 'cannot be used' in self.said(), 'word of it', 2)
        self.nats.start()
        self.wait_for(lambda: 'there is no such stream' in self.said(), 'word of the stream')
        self.nats.add_stream()
        self.wait_until_settled()
        self.assert_each_once()
        self.stop(process)

    def test_streams_of_which_the_relay_could_not_promise_anything_are_refused(self):
        for name, config, words in (('WORK', {'retention': 'workqueue'}, 'retention'), ('MEMORY', {'storage': 'memory'}, 'memory'),
                                    ('DEAF', {'no_ack': True}, 'acknowledges nothing')):
            self.nats.add_stream(name, f'{name}.>', **config)
            self.assertEqual(self.relay('--subject', f'{name}.events', stream=name).wait(20), 78)
            self.assertIn(words, self.said())

    def test_a_stream_that_drops_events_unread_is_named(self):
        for count, (limits, told) in enumerate((({'max_bytes': 10_000_000}, False), ({'max_bytes': 10_000_000, 'discard': 'old'}, True),
                                                ({'max_age': 3600 * 10**9}, True), ({'max_msgs_per_subject': 1}, True), ({'discard': 'old'}, False))):
            with self.subTest(limits):
                self.nats.add_stream(f'L{count}', f'l{count}.>', **limits)
                self.position = self.directory / f'position-{count}'
                process = self.relay('--subject', f'l{count}.events', '--from', self.before + 1, '--consumer', f'l{count}', stream=f'L{count}')
                self.wait_for(lambda: self.nats.state(f'L{count}')['messages'] >= 1, 'an event')
                self.end(process)
                self.assertEqual(f'stream L{count} drops its oldest' in self.said(), told)

    def test_a_subject_on_which_somebody_else_writes_is_refused(self):
        self.nats.add_stream()
        self.nats.request(SUBJECT, {'hello': 1}, {'Nats-Msg-Id': 'mine'})
        self.assertEqual(self.relay().wait(20), 78)
        self.assertIn("must be the relay's alone", self.said())

    def test_two_relays_of_one_party_do_not_double_anything(self):
        self.nats.add_stream()
        first = self.relay()
        self.tell(2)
        self.wait_for_stream(3)
        self.relay()
        self.assertEqual(first.wait(20), 75)
        self.tell(2)
        self.wait_until_settled()
        self.assert_each_once()


class AReplicatedStream(RelayTest):
    def start_nats(self, configuration):
        """Three servers, which keep the stream together."""
        routes = [free_port() for _ in range(3)]
        listed = ', '.join(f'"nats://127.0.0.1:{route}"' for route in routes)
        self.servers = []
        for route in routes:
            self.servers.append(JetStream(f'server_name: n{route}\ncluster {{ name: three, listen: "127.0.0.1:{route}", '
                                          f'routes: [{listed}] }}\n'))
            self.addCleanup(self.servers[-1].destroy)
            self.servers[-1].start()
        self.nats = self.servers[0]

    def has_stream(self, replicas=3):
        """The servers take a while to agree on who leads."""
        try:
            return bool(self.nats.add_stream(num_replicas=replicas))
        except (AssertionError, OSError):
            self.nats.connection = None
            return False

    def test_events_are_acknowledged_at_once(self):
        self.wait_for(self.has_stream, 'three servers to agree', 60)
        self.relay(settle=600, url=','.join(server.url for server in self.servers))
        self.tell(2)
        self.wait_until_settled()
        self.assert_each_once()

    def test_servers_that_are_to_keep_the_stream_too_do_not_count_before_they_have_it(self):
        self.wait_for(lambda: self.has_stream(1), 'three servers to agree', 60)
        for _ in range(100):
            self.nats.request('consent.other', 'x' * 1_000_000)
        leader = self.nats.api('STREAM.INFO.EVENTS')['cluster']['leader']
        alone = next(server for server in self.servers if f'server_name: {leader}\n' in server.configuration.read_text())
        self.relay(settle=600, url=alone.url)
        self.tell()
        self.wait_for_stream(102)
        self.nats.add_stream(verb='UPDATE', num_replicas=3)
        self.wait_until_settled(60)
        others = alone.api('STREAM.INFO.EVENTS')['cluster'].get('replicas', [])
        self.assertTrue(len(others) == 2 and any(one['current'] for one in others), f'acknowledged when there was {others}')


class WhoWeAre(RelayTest):
    configuration = 'authorization { users = [ { user: relay, password: geheim-17 } ] }\n'

    def test_a_user_and_a_password_come_from_a_file_and_are_never_shown(self):
        self.nats.identity = {'user': 'relay', 'pass': 'geheim-17'}
        self.nats.add_stream()
        wrong = self.registry.write('wrong-user', 'relay\nanders-18\n', 0o600)
        process = self.relay('--user-file', wrong)
        self.wait_for(lambda: 'cannot be used' in self.said(), 'word of the refusal')
        self.stop(process)
        right = self.registry.write('right-user', 'relay\ngeheim-17\n', 0o600)
        process = self.relay('--user-file', right)
        self.wait_until_settled()
        self.assertNotIn('geheim-17', self.said() + pathlib.Path(f'/proc/{process.pid}/cmdline').read_text())
        right.chmod(0o644)
        self.assertEqual(self.relay('--user-file', right).wait(20), 78)


    def start_with_certificate(self, address):
        """A server that speaks TLS only, and has a certificate for this address."""
        files = certificate(self.directory, address)
        self.start_nats(f'tls {{ cert_file: "{files[0]}", key_file: "{files[1]}" }}\n')
        self.nats.tls = ssl.create_default_context(cafile=files[0])
        self.nats.tls.check_hostname = False
        self.nats.add_stream()
        return files[0]

    def test_a_server_shows_that_it_is_the_one_that_was_named(self):
        ca = self.start_with_certificate('127.0.0.1')
        process = self.relay('--tls-ca', ca, url=self.nats.url.replace('nats:', 'tls:'))
        self.wait_until_settled()
        self.stop(process)
        process = self.relay(url=self.nats.url.replace('nats:', 'tls:'))  # for whom nobody vouches
        self.wait_for(lambda: 'cannot be used' in self.said(), 'word of the refusal')
        self.stop(process)
        self.tell(1)
        ca = self.start_with_certificate('127.0.0.2')
        process = self.relay('--tls-ca', ca, '--position', self.directory / 'other', url=self.nats.url)
        self.wait_for(lambda: self.said().count('cannot be used') == 2, 'word of the other refusal')
        self.stop(process)
        self.assertEqual(self.nats.state()['messages'], 0)


class CommandLine(unittest.TestCase):
    def test_wrong_usage_is_said(self):
        good = ['--key', 'k', '--position', 'p', '--stream', 's', '--source', 'urn:x:y']
        for arguments in ([], good[:-2], good + ['--stream', 'a.b'], good + ['--subject', 'a.*'], good + ['--settle', '-1'],
                          good + ['--settle', 'x'], good + ['--url', 'nats://me:secret@127.0.0.1'], good + ['--url', 'http://x'], good + ['more'],
                          good + ['--from', '0'], good + ['--source', 'nowhere'], good + ['--tls-key', 'k'], good + ['--key', '']):
            told = tool('relay/consent-relay', *arguments)
            self.assertEqual(told.returncode, 64, arguments)
            self.assertNotIn('secret', told.stderr)
        self.assertEqual(tool('relay/consent-relay', '--help').returncode, 0)
        self.assertEqual(tool('relay/consent-relay', *good).returncode, 78)
        absent = tool('relay/consent-relay', *good, '--credentials', '/nowhere/creds')
        self.assertEqual((absent.returncode, absent.stderr), (78, 'consent-relay: /nowhere/creds: No such file or directory\n'))


if __name__ == '__main__':
    unittest.main()
