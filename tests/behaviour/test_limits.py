"""What a party may take: a rate and a burst of requests and of the log (L3), and the alarms of L6."""
import json
import re
import time
import unittest

import zmq

import envelope_pb2 as wire
from client import KIND, check_request
from harness import Instance, OwnInstanceTest, tool, watch


class LimitedTest(OwnInstanceTest):
    def configure(self, **limits):
        """Sets limits, by their names with _ for -, and starts anew."""
        path = self.registry.directory / 'consentd.conf'
        text = path.read_text()
        for name, value in limits.items():
            name = name.replace('_', '-')
            text = re.sub(rf'(?m)^    {name} = .*\n', '', text)
            text = text.replace('\nlimits\n', f'\nlimits\n    {name} = "{value}"\n')
        path.write_text(text)
        self.registry.restart()
        self.shared.clear()

    def exhaust(self, client, most=2000, **question):
        """Asks until it is told to wait; returns that reply."""
        bsn = next(self.bsns)
        for _ in range(most):
            reply = client.check(bsn, **question)
            if reply.status == wire.UNAVAILABLE:
                return reply
            self.assertOk(reply)
        raise AssertionError(f'{most} requests were not too many')


    def owe(self, client, requests):
        """Asks for so many more than it may, in a batch, which is taken whole: it is told to wait until they are made up for."""
        self.exhaust(client)
        request = wire.Request()
        for _ in range(requests):
            request.batch.checks.add().CopyFrom(check_request(next(self.bsns)).check)
        for _ in range(100):
            reply = client.call(request)
            if reply.status == wire.OK:
                return
            time.sleep(reply.retry_after_ms / 1000)
        self.fail('a batch is never taken')


class Requests(LimitedTest):
    def test_who_asks_more_than_it_may_is_told_when_to_come_back_and_then_served(self):
        self.configure(requests_per_second=2, requests_burst=10)
        kernteam = self.client('kernteam')
        reply = self.exhaust(kernteam)
        self.assertTrue(0 < reply.retry_after_ms <= 1000, reply.retry_after_ms)
        self.assertTrue(reply.message)
        time.sleep(reply.retry_after_ms / 1000)
        keys = [kernteam.send(check_request(next(self.bsns))) for _ in range(100)]  # within less than fifty seconds
        replies = [kernteam.reply_to(key) for key in keys]
        self.assertOk(replies[0])
        self.assertIn(wire.UNAVAILABLE, [reply.status for reply in replies])

    def test_others_are_served_meanwhile(self):
        self.configure(requests_per_second=1, requests_burst=10)
        self.exhaust(self.client('kernteam'))
        self.assertOk(self.client('wmo-team').check(next(self.bsns), provider='wmo-team'))
        for _ in range(40):
            self.assertOk(self.client('operator').status())

    def test_each_check_of_a_batch_counts_and_a_batch_is_taken_whole(self):
        self.configure(requests_per_second=20, requests_burst=50)
        request = wire.Request()
        for _ in range(200):
            request.batch.checks.add().CopyFrom(check_request(next(self.bsns)).check)
        kernteam = self.client('kernteam')
        first = kernteam.call(request)
        self.assertEqual(len(first.batch.answers), 200)
        reply = kernteam.check(next(self.bsns))
        self.assertStatus(reply, 'UNAVAILABLE')
        wait = reply.time + reply.retry_after_ms - first.time
        self.assertTrue(7000 < wait <= 8000, wait)  # for 150 and one more at twenty a second

    def test_withdrawals_and_restrictions_are_never_put_off(self):
        self.configure(requests_per_second=1, requests_burst=20)
        kernteam = self.client('kernteam')
        bsn = self.person()
        consent = self.granted(bsn)
        self.owe(kernteam, 120)
        self.assertOk(kernteam.revoke(consent))
        request = wire.Request()
        request.restrict_data.bsn = bsn
        request.restrict_data.whole = True
        request.restrict_data.reason = 'bezwaar'
        request.restrict_data.user = 'medewerker-17'
        self.assertNotEqual(kernteam.call(request).status, wire.UNAVAILABLE)
        stream = self.registry.client('kernteam', 'events')
        self.assertOk(stream.subscribe())
        number = stream.next_event().event.number
        self.assertOk(stream.acknowledge(number))
        self.assertStatus(kernteam.check(bsn), 'UNAVAILABLE')

    def test_who_was_told_to_wait_has_the_same_request_answered_later_and_once(self):
        self.configure(requests_per_second=2, requests_burst=10)
        bsn = self.person()
        consent = self.granted(bsn)
        kernteam = self.client('kernteam')
        self.owe(kernteam, 10)
        request = check_request(bsn, mode='DISCLOSE')
        reply = kernteam.call(request)
        self.assertStatus(reply, 'UNAVAILABLE')
        time.sleep(reply.retry_after_ms / 1000 + 0.1)
        self.assertPermit(kernteam.call(request))
        self.assertTrue(consent)

    def test_those_who_wait_are_spread(self):
        self.configure(requests_per_second=10, requests_burst=10)
        kernteam = self.client('kernteam')
        self.owe(kernteam, 100)  # for ten seconds
        replies = [kernteam.check(next(self.bsns)) for _ in range(20)]
        self.assertEqual([reply.status for reply in replies], [wire.UNAVAILABLE] * 20)
        turns = [reply.time + reply.retry_after_ms for reply in replies]
        self.assertEqual(turns, sorted(turns))
        self.assertTrue(1850 < turns[-1] - turns[0] < 1950, turns)

    def test_consentctl_waits_as_it_is_told(self):
        self.configure(requests_per_second=1, requests_burst=6)
        bsn = self.person()
        self.granted(bsn)
        self.owe(self.client('kernteam'), 5)
        begin = time.monotonic()
        done = tool('ctl/consentctl', '--key', self.registry.key_file('kernteam'), 'check',
                    '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose', 'toekenning', '--item', 'naw:wmo',
                    '--user', 'medewerker-17', stdin=f'{bsn}\n')
        self.assertEqual((done.returncode, done.stdout.split()[:1]), (0, ['PERMIT']), done.stderr)
        self.assertGreater(time.monotonic() - begin, 0.5)

    def test_an_honest_load_is_not_put_off_as_configured_by_default(self):
        """4,000 checks in a row, 64 out at a time, and batches of 256, by one party."""
        bsn = self.person()
        self.granted(bsn)
        kernteam = self.client('kernteam')
        keys = [kernteam.send(check_request(bsn)) for _ in range(64)]
        for sent in range(4000):
            reply = kernteam.reply_to(keys.pop(0))
            self.assertPermit(reply)
            if sent < 4000 - 64:
                keys.append(kernteam.send(check_request(bsn)))
        for _ in range(8):
            request = wire.Request()
            for _ in range(256):
                request.batch.checks.add().CopyFrom(check_request(next(self.bsns)).check)
            self.assertOk(kernteam.call(request, 30))


def long_check(bsn):
    """An ADVISE whose line of the log is as long as one can make it: 64 items, and a claim with every text."""
    request = check_request(bsn, categories=[f'naw' for _ in range(1)])
    request.check.case_ref = 'z' * 60
    request.check.urgent_reasons.reason = 'vitaal-belang'
    triage = request.check.urgent_reasons.triage
    for field in triage.DESCRIPTOR.fields:
        if field.type == field.TYPE_STRING and field.name != 'manager_consulted':
            setattr(triage, field.name, 'nodig ' * 160)
    triage.manager_consulted = 'manager-3'
    triage.serious_situation = triage.urgent_support = True
    triage.inform = 1
    return request


class Own(LimitedTest):
    def test_the_limits_in_the_record_of_a_party_go_before_those_of_the_configuration(self):
        registry = Instance()
        self.addCleanup(registry.destroy)
        with open(registry.directory / 'parties' / 'wmo-team.party', 'a') as record:
            record.write('limits\n    requests-per-second = "1"\n    requests-burst = "4"\n    connections = "2"\n')
        registry.start()
        clients = [registry.client('wmo-team') for _ in range(3)]
        for client in clients:
            self.assertNotEqual(client.whoami().status, wire.FORBIDDEN)
        self.assertTrue(clients[0].was_disconnected())
        self.exhaust(clients[2], 20, provider='wmo-team')
        kernteam = registry.client('kernteam')
        for _ in range(20):
            self.assertOk(kernteam.check(next(self.bsns)))


class Log(LimitedTest):
    def used(self):
        return self.client('operator').status().status_report.store_used

    def test_a_flood_does_not_fill_the_store(self):
        """64 MiB, of which one party can write an eighth at once."""
        kernteam = self.client('kernteam')
        before, refused, end = self.used(), 0, time.monotonic() + 200
        keys, bsn = [], next(self.bsns)
        while time.monotonic() < end and refused < 500:
            while len(keys) < 64:
                keys.append(kernteam.send(long_check(bsn)))
            refused += kernteam.reply_to(keys.pop(0), 30).status == wire.UNAVAILABLE
        self.assertEqual(refused, 500)
        grown = self.used() - before
        self.assertTrue(8 << 20 < grown < 20 << 20, grown)
        statuses = [kernteam.call(long_check(bsn), 30).status for _ in range(500)]
        self.assertLess(statuses.count(wire.OK), 50)  # now and then a line has room again
        self.assertLess(self.used() - before - grown, 1 << 20)
        self.assertOk(self.client('wmo-team').check(next(self.bsns), provider='wmo-team'))
        self.assertOk(self.client('wmo-team').subject_set(bsn, '1980-05-17'))

    def test_what_is_never_put_off_does_not_fill_it_either(self):
        self.configure(log_burst=100, log_per_second=1)
        bsn = self.person()
        consent = self.granted(bsn)
        kernteam = self.client('kernteam')
        self.assertOk(kernteam.revoke(consent))
        self.exhaust(kernteam)
        lines = self.client('operator').status().status_report.audit_entries
        begin = time.monotonic()
        for _ in range(300):
            self.assertOk(kernteam.revoke(consent))
        stream = self.registry.client('kernteam', 'events')
        for _ in range(300):
            self.assertOk(stream.subscribe())
            self.assertOk(stream.acknowledge(0))
        for _ in range(100):
            client = self.registry.client('kernteam')
            self.assertIn(client.whoami().status, (wire.OK, wire.UNAVAILABLE))
            self.registry.close(client)
        most = 20 + 20 * (time.monotonic() - begin)  # a KiB of lines a second
        self.assertLess(self.client('operator').status().status_report.audit_entries - lines, most)


class Counted(LimitedTest):
    def lines(self, **wanted):
        return [entry for entry in self.client('operator').audit()
                if all(getattr(entry, name) == value for name, value in wanted.items())]

    def test_what_is_refused_before_it_is_understood_has_one_line_a_party_and_kind(self):
        cak, svb, operator = self.client('cak'), self.client('svb'), self.client('operator')
        before = operator.status().status_report.audit_entries
        for _ in range(50):
            self.assertOk(cak.whoami())
            cak.send_frames(b'no request at all')
            self.assertStatus(cak.receive(), 'INVALID')
            self.assertStatus(cak.consent_list(next(self.bsns)), 'FORBIDDEN')
        for _ in range(7):
            self.assertOk(svb.whoami())
        for _ in range(20):
            stranger = self.registry.client_with(*zmq.curve_keypair())
            stranger.send_frames(b'')
            self.assertTrue(stranger.was_refused())
            self.registry.close(stranger)
        self.assertLess(operator.status().status_report.audit_entries - before, 10)
        self.registry.restart()  # what was counted is kept
        self.shared.clear()
        for wanted, count in (({'party': 'cak', 'action': 'whoami', 'result': 'ok'}, 50),
                              ({'party': 'svb', 'action': 'whoami', 'result': 'ok'}, 7),
                              ({'party': 'cak', 'action': 'unreadable', 'result': 'invalid'}, 50),
                              ({'party': 'cak', 'action': 'consent-list', 'result': 'forbidden'}, 50),
                              ({'party': '', 'action': 'sign-in', 'result': 'refused'}, 20)):
            with self.subTest(**wanted):
                lines = self.lines(**wanted)
                self.assertEqual(len(lines), 1)
                self.assertRegex(lines[0].details, rf'\b{count}, since')

    def test_who_is_over_its_limit_is_counted(self):
        self.configure(requests_per_second=1, requests_burst=5)
        cak = self.client('cak')
        self.exhaust(cak, recipient='cak')
        for _ in range(9):
            self.assertStatus(cak.check(next(self.bsns), recipient='cak'), 'UNAVAILABLE')
        lines = self.lines(party='cak', action='request', result='over-limit')
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0].details, r'\b10, since')

    def test_sign_ins_that_are_accepted_have_a_line_each(self):
        for _ in range(5):
            self.assertOk(self.registry.client('svb').whoami())
        self.assertEqual(len(self.lines(party='svb', action='sign-in', result='accepted')), 5)


class Alarms(LimitedTest):
    def assertAlarm(self, kind, party):
        stream = self.registry.client('operator', 'events')
        self.assertOk(stream.subscribe())
        event = stream.next_event().event
        self.assertEqual((event.kind, event.alarm, event.party), (KIND('REGISTRY_ALARM'), kind, party))
        self.assertEqual((event.subject_ref, event.consent_id), (b'', b''))
        operator = self.client('operator')
        self.assertEqual([(alarm.kind, alarm.party) for alarm in operator.status().status_report.alarms],
                         [(kind, party)])
        lines = [entry for entry in operator.audit() if entry.action == 'alarm']
        self.assertEqual([(entry.party, entry.result) for entry in lines], [(party, kind)])
        self.assertIn(f'alarm: {kind}: party {party}', self.registry.log())

    def test_a_party_that_asks_about_many_subjects_raises_an_alarm_once(self):
        self.configure(subjects_per_hour=20, unknown_per_hour=1000)
        kernteam = self.client('kernteam')
        bsns = [next(self.bsns) for _ in range(21)]
        for bsn in bsns[:20] * 3:
            self.assertOk(kernteam.check(bsn))
        self.assertEqual(len(self.client('operator').status().status_report.alarms), 0)
        for bsn in bsns + [next(self.bsns) for _ in range(50)]:
            self.assertOk(kernteam.check(bsn))
        self.assertAlarm('many-subjects', 'kernteam')

    def test_a_party_that_asks_about_many_whom_the_registry_does_not_know_raises_an_alarm(self):
        self.configure(subjects_per_hour=1000, unknown_per_hour=10)
        cak = self.client('cak')
        known = [self.person() for _ in range(12)]
        for bsn in known:
            self.assertOk(cak.check(bsn, provider='kernteam', recipient='cak'))
        request = wire.Request()
        for _ in range(10):
            request.batch.checks.add().CopyFrom(check_request(next(self.bsns), recipient='cak').check)
        self.assertOk(cak.call(request))
        self.assertEqual(len(self.client('operator').status().status_report.alarms), 0)
        self.assertOk(cak.check(next(self.bsns), recipient='cak'))
        self.assertAlarm('many-unknown-subjects', 'cak')

    def test_to_ask_the_other_way_round_is_to_ask_about_the_subject(self):
        for verb, party, more in (('whom_may_i_ask', 'cak', {'purpose': 'eigen-bijdrage'}), ('who_may_receive', 'toezicht', {})):
            with self.subTest(verb):
                self.setUp()
                self.configure(subjects_per_hour=1000, unknown_per_hour=3)
                for _ in range(4):
                    self.assertOk(self.client(party).ask(verb, bsn=next(self.bsns), limit=1, **more))
                self.assertAlarm('many-unknown-subjects', party)

    def test_a_disclosure_that_opens_a_record_was_about_somebody_unknown(self):
        self.configure(subjects_per_hour=1000, unknown_per_hour=3)
        for _ in range(4):
            self.assertOk(self.client('kernteam').disclose(next(self.bsns)))
        self.assertAlarm('many-unknown-subjects', 'kernteam')

    def test_a_request_for_consent_that_opens_a_record_was_about_somebody_unknown(self):
        self.configure(subjects_per_hour=1000, unknown_per_hour=3)
        for _ in range(4):
            self.assertOk(self.client('zorgaanbieder-horizon').ask_for(next(self.bsns)))
        self.assertAlarm('many-unknown-subjects', 'zorgaanbieder-horizon')

    def test_who_records_something_of_a_subject_knows_the_subject(self):
        self.configure(subjects_per_hour=1000, unknown_per_hour=3)
        for _ in range(4):
            self.granted(self.person())
        self.assertEqual(len(self.client('operator').status().status_report.alarms), 0)

    def test_consentctl_status_and_consent_watch_show_it(self):
        self.configure(subjects_per_hour=2)
        for _ in range(3):
            self.assertOk(self.client('kernteam').check(next(self.bsns)))
        self.registry.wait_for(lambda: 'alarm:' in self.registry.log(), 'the alarm')
        done = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'status')
        self.assertRegex(done.stdout, r'many-subjects +kernteam')
        done = watch('--key', self.registry.key_file('operator'), '--once')
        event = json.loads(done.stdout)
        self.assertEqual((event['type'], event['alarm'], event['party']),
                         ('nl.toestemmingen.register-alarm', 'many-subjects', 'kernteam'))
        self.assertEqual(event['subject_ref'], '')


if __name__ == '__main__':
    unittest.main()
