"""What time brings and what disclosures oblige to, over real sockets: events within seconds, what is due (V5, C10)."""
import json
import time
import unittest
from datetime import timedelta

import zmq

import check_pb2
import events_pb2

from client import check_request, claim_urgent_reasons, grant_request
from harness import OwnInstanceTest, RegistryTest, now, start_of, today, tool, watch, years_ago
from partner import NoAnswer

HORIZON = 'zorgaanbieder-horizon'
CAK = dict(recipient='cak', purpose='eigen-bijdrage', categories=['bsn'])
SVB = dict(recipient='svb', purpose='pgb', categories=['bsn'])
PARENTS = [{'reference': 'ouder-1'}]
SUBJECT = check_pb2.INFORM_SUBJECT


class Endings(RegistryTest):
    def assertSilent(self, stream, seconds=0.5):
        with self.assertRaises(NoAnswer):
            self.fail(f'heard {stream.next_event(seconds)}')

    def test_subscribers_hear_within_seconds_that_a_consent_expired_and_once(self):
        streams = [self.listen('kernteam'), self.listen(HORIZON)]
        consent, end = self.granted_for(1500, self.person())
        for stream in streams:
            event = stream.next_event(60.0).event
            self.assertEqual(event.kind, events_pb2.CONSENT_EXPIRED)
            self.assertEqual(event.consent_id, consent)
            self.assertEqual(list(event.categories), ['naw'])
            self.assertLess(event.time - end, 10_000)  # it is told within a second where nothing else is done
            self.assertSilent(stream)

    def test_who_is_not_named_hears_nothing(self):
        stream = self.listen('school-brug')
        kernteam = self.listen('kernteam')
        self.granted_for(200, self.person())
        self.assertEqual(kernteam.next_event(60.0).event.kind, events_pb2.CONSENT_EXPIRED)
        self.assertSilent(stream)

    def test_the_use_of_a_one_time_consent_is_heard_with_its_decision(self):
        bsn, stream = self.person(), self.listen(HORIZON)
        consent = self.granted(bsn, one_time=True)
        reply = self.client('kernteam').disclose(bsn)
        self.assertPermit(reply)
        event = stream.next_event().event
        self.assertEqual((event.kind, event.consent_id), (events_pb2.CONSENT_USED, consent))
        self.assertEqual(event.subject_ref, self.client(HORIZON).check(bsn).check.subject_ref)

    def test_death_is_heard_as_a_lapse(self):
        bsn, stream = self.person(), self.listen(HORIZON)
        consent = self.granted(bsn)
        self.assertOk(self.client('kernteam').subject_set(bsn, '1980-05-17', died=today()))
        event = stream.next_event().event
        self.assertEqual((event.kind, event.consent_id), (events_pb2.CONSENT_LAPSED, consent))

    def test_the_holder_of_an_obligation_hears_of_it_where_another_asked(self):
        for asker, hears in (('cak', True), ('kernteam', False)):
            with self.subTest(asker):
                bsn, stream = self.person(), self.listen('kernteam')
                reply = self.client(asker).disclose(bsn, ['bsn'], provider='kernteam', recipient='cak',
                                                    purpose='eigen-bijdrage')
                self.assertPermit(reply)
                if not hears:
                    with self.assertRaises(NoAnswer):
                        stream.next_event(0.5, every=True)
                    continue
                event = stream.next_event(every=True).event
                self.assertEqual((event.kind, event.obligation, event.decision, event.consent_id),
                                 (events_pb2.OBLIGATION_AROSE, check_pb2.INFORM_SUBJECT, reply.check.decision, b''))
                self.assertEqual((list(event.providers), list(event.recipients), event.purpose),
                                 (['kernteam'], ['cak'], 'eigen-bijdrage'))
                self.assertEqual(event.subject_ref, self.client('kernteam').check(bsn).check.subject_ref)

    def test_consent_watch_says_what_ended(self):
        lag = {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}
        self.granted_for(500, self.person(), recipients=['zorgaanbieder-delta'])
        heard = watch('--key', self.registry.key_file('zorgaanbieder-delta'), '--from', lag['zorgaanbieder-delta'] + 1, '--count', 2)
        self.assertEqual(heard.returncode, 0, heard.stderr)
        self.assertEqual([json.loads(line)['type'] for line in heard.stdout.splitlines()],
                         ['nl.toestemmingen.toestemming-gegeven', 'nl.toestemmingen.toestemming-verlopen'])

    def test_the_log_says_what_ended_and_that_the_registry_itself_said_so(self):
        bsn, stream = self.person(), self.listen(HORIZON)
        consent, _ = self.granted_for(200, bsn)
        stream.next_event()
        line = self.client('operator').audit(bsn=bsn)[-1]
        self.assertIn(consent.hex(), line.details)
        self.assertEqual((line.action, line.result, line.party, line.origin), ('expire', 'ok', '', 'daemon'))


class Duties(RegistryTest):
    def done(self, party, decision, kind=SUBJECT, **more):
        return self.client(party).ask('obligation_done', decision=decision, kind=kind, user='medewerker-3', **more)

    def listed(self, party, bsn):
        reply = self.client(party).ask('obligation_list', bsn=bsn)
        self.assertOk(reply)
        return list(reply.obligation_list.duties)

    def due(self, party, **asked):
        """Every entry, a page at a time."""
        entries, after = [], b''
        while True:
            reply = self.client(party).ask('due_list', after=after, **asked)
            self.assertOk(reply)
            entries += reply.due_list.entries
            if not reply.due_list.more:
                return entries
            after = reply.due_list.next

    def disclosed(self, bsn, **question):
        reply = self.client('kernteam').disclose(bsn, **(question or CAK))
        self.assertPermit(reply)
        return reply.check

    def test_a_disclosure_on_a_statute_is_to_be_told_to_the_subject_in_fourteen_days(self):
        bsn = self.person()
        check = self.disclosed(bsn)
        self.assertEqual(list(check.obligations), [check_pb2.KEEP_SECRET, SUBJECT])
        duty, = check.duties
        self.assertEqual((duty.decision, duty.kind, duty.holder), (check.decision, SUBJECT, 'kernteam'))
        self.assertEqual(duty.due, start_of(today() + timedelta(15)))
        kept, = self.listed('kernteam', bsn)
        self.assertEqual((kept.decision, kept.basis, kept.recipient), (check.decision, 'wmo-2015', 'cak'))
        self.assertEqual(self.listed('cak', bsn), [])
        self.assertEqual(len(self.disclosed(bsn).duties), 0)
        self.assertEqual(len(self.disclosed(bsn, **SVB).duties), 1)

    def test_a_parent_and_the_youth_are_told_too(self):
        bsn = self.person(years_ago(13), representatives=PARENTS)
        kinds = [duty.kind for duty in self.disclosed(bsn).duties]
        self.assertEqual(kinds, [SUBJECT, check_pb2.INFORM_REPRESENTATIVE, check_pb2.INFORM_YOUTH])

    def test_urgent_reasons_are_recorded_in_the_plan(self):
        bsn = self.person()
        request = check_request(bsn, recipient='school-brug', purpose='extern-overleg', mode='DISCLOSE')
        reply = self.client('kernteam').call(claim_urgent_reasons(request))
        self.assertPermit(reply)
        duties = self.listed('kernteam', bsn)
        self.assertEqual([duty.kind for duty in duties], [SUBJECT, check_pb2.RECORD_IN_PLAN])
        self.assertGreater(duties[0].done_at, 0)
        self.assertEqual(duties[1].done_at, 0)
        self.assertEqual(duties[1].basis, 'vitaal-belang')

    def test_what_is_reported_done_is_no_longer_due(self):
        bsn = self.person()
        decision = self.disclosed(bsn).decision
        mine = lambda: [one for one in self.due('kernteam') if one.duty.decision == decision]
        self.assertEqual([one.kind for one in mine()], [check_pb2.OBLIGATION_DUE])
        self.assertStatus(self.done('cak', decision), 'NOT_FOUND')
        self.assertStatus(self.done('kernteam', decision, check_pb2.RECORD_IN_PLAN), 'NOT_FOUND')
        self.assertInvalid(self.done('kernteam', decision, done_at=now() + 60_000), 'obligation_done.done_at')
        self.assertOk(self.done('kernteam', decision))
        self.assertEqual(mine(), [])
        again = self.done('kernteam', decision, done_at=now() - 60_000)
        self.assertOk(again)
        self.assertEqual(again.obligation.duty.done_at, self.listed('kernteam', bsn)[0].done_at)

    def test_which_letter_went_is_kept_and_shown(self):
        bsn = self.person()
        decision = self.disclosed(bsn).decision
        self.assertInvalid(self.done('kernteam', decision, letter=f'brief-{bsn}'), 'obligation_done.letter')
        self.assertInvalid(self.done('kernteam', decision, letter='brief met blanks'), 'obligation_done.letter')
        report = dict(reason='het CAK moet dit weten', file='dossier-14', manager_consulted='chef-3')
        for kind, more in ((check_pb2.RECORD_IN_PLAN, {}), (check_pb2.RECORD_AGAINST_WILL, report)):
            self.assertInvalid(self.done('kernteam', decision, kind, letter='brief-17', **more), 'obligation_done.letter')
        key = self.registry.key_file('kernteam')
        done = tool('ctl/consentctl', '--key', key, 'obligation', 'done', decision, 'inform-subject', '--letter', 'brief-17')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('letter brief-17', done.stdout)
        self.assertEqual(self.listed('kernteam', bsn)[0].letter, 'brief-17')
        self.assertIn('brief-17', tool('ctl/consentctl', '--key', key, 'obligation', 'list', stdin=bsn).stdout)
        line = next(line for line in self.client('operator').audit(bsn=bsn) if (line.action, line.result) == ('obligation-done', 'ok'))
        self.assertIn('"letter":"brief-17"', line.details)

    def test_against_the_will_is_said_and_its_report_says_why_where_and_with_whom(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        self.assertOk(kernteam.refuse(bsn, recipients=['cak'], purpose='eigen-bijdrage', categories=['bsn']))
        self.assertTrue(self.client('cak').check(bsn, **CAK).check.items[0].against_will)
        check = self.disclosed(bsn)
        self.assertTrue(check.items[0].against_will)
        why = check_pb2.RECORD_AGAINST_WILL
        self.assertEqual([duty.kind for duty in check.duties], [SUBJECT, why])
        report = dict(reason='het CAK moet dit weten', file='dossier-14', manager_consulted='chef-3')
        for field in report:
            self.assertInvalid(self.done('kernteam', check.decision, why, **{**report, field: ''}),
                               f'obligation_done.{field}')
            self.assertInvalid(self.done('kernteam', check.decision, **{field: report[field]}), f'obligation_done.{field}')
        self.assertOk(self.done('kernteam', check.decision, why, **report))
        kept = self.listed('kernteam', bsn)[1].report
        self.assertEqual((kept.reason, kept.file, kept.manager_consulted), tuple(report.values()))
        self.assertEqual(self.listed('cak', bsn), [])
        self.assertNotIn('moet dit weten', self.client('operator').audit(bsn=bsn)[-2].details)

    def test_nobody_escalates_without_a_manager_nor_unknown_to_the_subject(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        escalation = dict(recipient='veiligheidshuis', purpose='escalatie')
        self.granted(bsn, recipients=['veiligheidshuis'], purpose='escalatie')
        denied = kernteam.disclose(bsn, **escalation)
        self.assertDenied(denied, 'TRIAGE_INCOMPLETE')
        reason, = denied.check.items[0].reasons
        self.assertEqual((reason.rule, list(reason.details)), ('C15', ['manager_consulted']))
        advice = kernteam.check(bsn, **escalation)
        self.assertPermit(advice)
        self.assertEqual(list(advice.check.asked), ['manager_consulted'])
        self.assertInvalid(kernteam.disclose(bsn, manager_consulted='chef-3', no_manager='nacht', **escalation),
                           'check.no_manager')
        for said in (dict(manager_consulted='chef-3'), dict(no_manager='niemand was bereikbaar')):
            reply = kernteam.disclose(bsn, **escalation, **said)
            self.assertPermit(reply)
            self.assertEqual([duty.kind for duty in reply.check.duties], [SUBJECT, check_pb2.RECORD_IN_PLAN])
        details = self.client('operator').audit(bsn=bsn)[-1].details
        self.assertNotIn('bereikbaar', details)

    def test_the_recipient_tells_from_whom_it_has_the_data_and_the_provider_hears_nothing_of_that(self):
        bsn, stream = self.person(), self.listen('gemeente')
        reply = self.client(HORIZON).disclose(bsn, ['bsn'], provider=HORIZON, recipient='gemeente', purpose='declaratie')
        self.assertPermit(reply)
        self.assertEqual([duty.kind for duty in reply.check.duties], [SUBJECT])
        event = stream.next_event(every=True).event
        self.assertEqual((event.kind, event.obligation, event.decision),
                         (events_pb2.OBLIGATION_AROSE, check_pb2.INFORM_OF_SOURCE, reply.check.decision))
        source, = self.listed('gemeente', bsn)
        self.assertEqual((source.kind, source.holder), (check_pb2.INFORM_OF_SOURCE, 'gemeente'))
        self.assertEqual(source.due, start_of(today() + timedelta(1)))
        self.assertStatus(self.done(HORIZON, source.decision, check_pb2.INFORM_OF_SOURCE), 'NOT_FOUND')
        self.assertOk(self.done('gemeente', source.decision, check_pb2.INFORM_OF_SOURCE))

    def test_consentctl_reports_what_went_against_the_will(self):
        bsn = self.person()
        self.assertOk(self.client('kernteam').refuse(bsn, recipients=['cak'], purpose='eigen-bijdrage',
                                                     categories=['bsn']))
        checked = self.ctl('kernteam', 'check', '--provider', 'kernteam', '--recipient', 'cak', '--purpose',
                           'eigen-bijdrage', '--item', 'bsn:wmo', '--disclose', '--json', stdin=bsn)
        self.assertTrue(json.loads(checked.stdout)['check']['items'][0]['against_will'])
        decision = str(json.loads(checked.stdout)['check']['decision'])
        advised = self.ctl('kernteam', 'check', '--provider', 'kernteam', '--recipient', 'cak', '--purpose',
                           'eigen-bijdrage', '--item', 'bsn:wmo', stdin=bsn)
        self.assertIn("statute wmo-2015, against the subject's will", advised.stdout)
        done = ['obligation', 'done', decision, 'record-against-will']
        refused = self.ctl('kernteam', *done)
        self.assertEqual(refused.returncode, 65)
        self.assertIn('obligation_done.reason', refused.stderr)
        reported = self.ctl('kernteam', *done, '--reason-file', '-', '--recorded-in', 'dossier-14', '--manager',
                            'chef-3', stdin='het CAK moet dit weten')
        self.assertEqual(reported.returncode, 0, reported.stderr)
        self.assertIn('report why against the will, done', reported.stdout)

    def test_consentctl_names_the_manager_who_was_consulted(self):
        bsn = self.person()
        self.granted(bsn, recipients=['veiligheidshuis'], purpose='escalatie')
        ask = ['check', '--provider', 'kernteam', '--recipient', 'veiligheidshuis', '--purpose', 'escalatie', '--item',
               'naw:wmo']
        self.assertRegex(self.ctl('kernteam', *ask, stdin=bsn).stdout, r'needed to disclose +manager_consulted')
        denied = self.ctl('kernteam', *ask, '--disclose', stdin=bsn)
        self.assertEqual(denied.returncode, 1)
        self.assertIn('TRIAGE_INCOMPLETE C15 (manager_consulted)', denied.stdout)
        self.assertEqual(self.ctl('kernteam', *ask, '--disclose', '--manager', 'chef-3', stdin=bsn).returncode, 0)
        why = self.registry.write('waarom.txt', 'niemand was bereikbaar')
        said = self.ctl('kernteam', *ask, '--disclose', '--no-manager-file', why, stdin=bsn)
        self.assertEqual(said.returncode, 0, said.stderr)

    def test_what_may_not_be_put_off_is_not(self):
        decision = self.disclosed(self.person()).decision
        reply = self.client('kernteam').ask('obligation_defer', decision=decision, kind=SUBJECT, reason='druk',
                                            until=start_of(today() + timedelta(40)), user='medewerker-3')
        self.assertInvalid(reply, 'obligation_defer.kind')

    def test_birthdays_and_ends_are_listed_ahead(self):
        bsn = self.person(years_ago(12, days=-10), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1'], days=20)
        coming = [one for one in self.due('kernteam') if one.consent_id == consent]
        self.assertEqual([one.kind for one in coming], [check_pb2.CONSENT_ENDS, check_pb2.CONSENT_LAPSES])
        self.assertEqual(coming[1].when, start_of(today() + timedelta(10)))
        self.assertTrue(coming[1].birthday)
        self.assertEqual([one for one in self.due(HORIZON) if one.consent_id], [])
        self.assertEqual([one.kind for one in self.due('kernteam', until=start_of(today() + timedelta(15)))
                          if one.consent_id == consent], [check_pb2.CONSENT_LAPSES])
        # They follow the birth date as it is corrected.
        self.assertOk(self.client('kernteam').subject_change(bsn, years_ago(12, days=-15)))
        coming = [one for one in self.due('kernteam') if one.consent_id == consent]
        self.assertEqual([(one.kind, one.when) for one in coming][1:],
                         [(check_pb2.CONSENT_LAPSES, start_of(today() + timedelta(15)))])
        self.assertOk(self.client('kernteam').subject_change(bsn, years_ago(12)))
        self.assertEqual([one for one in self.due('kernteam') if one.consent_id == consent], [])
        self.assertOk(self.client('kernteam').subject_change(bsn, years_ago(9)))
        self.assertEqual([one.kind for one in self.due('kernteam') if one.consent_id == consent],
                         [check_pb2.CONSENT_ENDS])

    def ctl(self, party, *arguments, stdin=''):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)

    def test_consentctl_says_what_a_disclosure_brings_and_what_is_due(self):
        bsn = self.person()
        checked = self.ctl('kernteam', 'check', '--provider', 'kernteam', '--recipient', 'cak', '--purpose',
                           'eigen-bijdrage', '--item', 'bsn:wmo', '--disclose', stdin=bsn)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        last_day = str(today() + timedelta(14))
        self.assertIn(f'inform the subject, by {last_day} at the latest', checked.stdout)
        listed = self.ctl('kernteam', 'obligation', 'list', stdin=bsn)
        self.assertIn('statute wmo-2015', listed.stdout)
        document = json.loads(self.ctl('kernteam', 'obligation', 'list', '--json', stdin=bsn).stdout)
        decision = str(document['obligation_list']['duties'][0]['decision'])
        self.assertIn(f'decision {decision} to cak', self.ctl('kernteam', 'due').stdout)
        entries = json.loads(self.ctl('kernteam', 'due', '--until', today() + timedelta(20), '--json').stdout)
        self.assertIn(int(decision), [one['duty']['decision'] for one in entries['due_list']['entries'] if one['duty']])
        done = self.ctl('kernteam', 'obligation', 'done', decision, 'inform-subject', '--user', 'medewerker-9')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('by medewerker-9', self.ctl('kernteam', 'obligation', 'list', stdin=bsn).stdout)
        self.assertNotIn(f'decision {decision} to cak', self.ctl('kernteam', 'due').stdout)
        self.assertEqual(self.ctl('kernteam', 'obligation', 'done', decision, 'inform-nobody').returncode, 64)
        self.assertEqual(self.ctl('kernteam', 'due', '--until', 'morgen').returncode, 64)


class PuttingOff(OwnInstanceTest):
    """Under the pack of 2026 who reports to Veilig Thuis on its statute may put informing off."""

    def prepare(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))

    def setUp(self):
        super().setUp()
        self.registry.keys['veilig-thuis'] = zmq.curve_keypair()
        self.registry.change_party('veilig-thuis', 'veilig-thuis', 'partner')

    def test_informing_is_put_off_with_a_reason_that_is_kept_out_of_sight(self):
        bsn = self.person()
        reply = self.client('kernteam').disclose(bsn, recipient='veilig-thuis', purpose='escalatie')
        self.assertPermit(reply)
        decision = str(reply.check.decision)
        reason = self.registry.write('reden.txt', 'het onderzoek mag niet worden doorkruist\n')
        until = today() + timedelta(60)
        arguments = ['obligation', 'defer', decision, 'inform-subject', '--until', until, '--key',
                     self.registry.key_file('kernteam'), '--reason-file']
        self.assertEqual(tool('ctl/consentctl', *arguments, self.registry.directory / 'niets').returncode, 66)
        put_off = tool('ctl/consentctl', *arguments, reason)
        self.assertEqual(put_off.returncode, 0, put_off.stderr)
        self.assertIn(str(until), put_off.stdout)
        self.assertEqual(tool('ctl/consentctl', *arguments, '-', stdin='nog eens').returncode, 65)
        duty = self.client('kernteam').ask('obligation_list', bsn=bsn).obligation_list.duties[0]
        self.assertEqual(duty.due, start_of(until + timedelta(1)))
        self.assertGreater(duty.deferred_at, 0)
        for line in self.client('operator').audit():
            self.assertNotIn('doorkruist', line.details)


class Crash(OwnInstanceTest):
    """A kill in the midst of it: nothing is lost, and nothing said twice (V7)."""
    CONSENTS = 150

    def heard(self, party):
        """Every event of the party, from the first."""
        stream = self.registry.client(party, 'events')
        reply = stream.subscribe(number=1, credit=1024)
        self.assertOk(reply)
        events = [stream.next_event(every=True).event for _ in range(reply.subscribe.newest)]
        self.registry.close(stream)
        self.assertEqual([event.number for event in events], list(range(1, len(events) + 1)))
        return [event for event in events if event.kind != events_pb2.CONSENT_GRANTED]

    def test_what_ended_is_told_once_whenever_the_daemon_is_killed(self):
        began = now()
        people, wanted = [self.person() for _ in range(self.CONSENTS)], []
        end = now() + 3000 + 3 * (now() - began)  # a consent takes about as long to record as a subject
        for bsn in people:
            request = grant_request(bsn)
            request.grant.valid_until = end
            reply = self.client('kernteam').call(request)
            self.assertOk(reply)
            wanted.append(reply.consent_recorded.consent_id)
        time.sleep(max(0, end - now()) / 1000)
        for pause in (0.0, 0.002, 0.005, 0.01, 0.02):
            time.sleep(pause)
            self.registry.kill()
            self.shared.clear()
            self.registry.start()
        self.registry.wait_for(lambda: len(self.heard(HORIZON)) >= self.CONSENTS, 'all to be told', 60)
        time.sleep(1.5)
        for party in ('kernteam', HORIZON):
            events = self.heard(party)
            self.assertEqual({event.kind for event in events}, {events_pb2.CONSENT_EXPIRED})
            self.assertEqual(sorted(event.consent_id for event in events), sorted(wanted))


if __name__ == '__main__':
    unittest.main()
