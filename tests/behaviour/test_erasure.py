"""An erasure that was granted and is carried out (R7, KB 14, AVG 17), over real sockets, and what everybody is then
told of the person."""
import json
import random
import time
import unittest

import check_pb2
import envelope_pb2 as wire
import events_pb2
import rights_pb2

from client import USER, check_request
from harness import SOURCE, OwnInstanceTest, months_on, start_of, today, tool, years_ago
from partner import NoAnswer
from test_evidence import EvidenceTest
from test_rights import DAY, REASON, RightsTest

PACK = SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026'
MOMENTS = 20  # seconds that an erasure may take on a busy machine


class ErasureTest(RightsTest):
    def asked(self, bsn, outcome='GRANTED', **fields):
        """An erasure that was asked for and decided."""
        number = self.opened(bsn, 'ERASURE', **fields)
        if outcome:
            self.assertOk(self.decide(number, outcome))
        return number

    def erase(self, number, party='kernteam', **fields):
        """Asks until the registry has looked through all lines about the person."""
        while True:
            reply = self.client(party).ask('rights_erase', number=number, user=USER, **fields)
            if not reply.rights_erase.unfinished:
                return reply

    def plan(self, number):
        reply = self.erase(number, dry_run=True)
        self.assertOk(reply)
        self.assertFalse(reply.rights_erase.done)
        return reply.rights_erase

    def erased(self, number, bsn):
        """It was carried out, and is through. Until then whatever is asked about the person is not answered."""
        reply = self.erase(number)
        self.assertOk(reply)
        self.assertTrue(reply.rights_erase.done)
        self.wait_until_answered(lambda: self.client('kernteam').check(bsn))
        return reply.rights_erase

    def wait_until_answered(self, ask):
        end = time.monotonic() + MOMENTS
        while (reply := ask()).status == wire.UNAVAILABLE:
            self.assertLess(time.monotonic(), end, reply.message)
            time.sleep(0.01)
        return reply

    def assertUnknownSoon(self, bsn):
        self.wait_until_answered(lambda: self.client('kernteam').check(bsn))
        self.assertUnknown(bsn)

    def assertUnknown(self, bsn):
        """As of somebody of whom the registry never heard."""
        kernteam = self.client('kernteam')
        self.assertDenied(kernteam.check(bsn), 'NO_CONSENT')
        self.assertEqual(len(kernteam.consent_list(bsn).consent_list.consents), 0)
        self.assertEqual(kernteam.waiting(bsn), [])
        shown = kernteam.subject_show(bsn).subject_show
        self.assertEqual((shown.known, shown.birth_date, shown.subject_ref), (False, '', b''))
        self.assertEqual(self.numbers(bsn), [])
        overview = kernteam.ask('overview', bsn=bsn)
        self.assertOk(overview)
        self.assertFalse(overview.overview.known)
        self.assertEqual([entry for entry in overview.overview.entries if not entry.HasField('line') and
                          entry.subject.ByteSize() > 0 and entry.subject.known], [])

    def assertLogWhole(self):
        ran = tool('ctl/consentctl', 'audit', 'verify', '--key', self.registry.key_file('operator'))
        self.assertIn('chain whole', ran.stdout, ran.stderr + self.registry.log())


class Whole(ErasureTest):
    def test_r7_from_the_request_to_somebody_unknown(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        consent = self.granted(bsn)
        self.assertOk(kernteam.refuse(bsn, categories=['bsn']))
        self.assertPermit(kernteam.check(bsn))
        number = self.asked(bsn)
        one = self.show(number)
        self.assertEqual((one.to_be_erased, one.erased_at), (True, 0))
        self.assertIn(number, self.numbers())
        due = {entry.rights.number: entry.when for entry in kernteam.ask('due_list', limit=100).due_list.entries}
        self.assertEqual(due[number], one.due)
        plan = self.plan(number)
        self.assertEqual((plan.number, plan.statements, plan.requests, list(plan.kept), list(plan.told)),
                         (number, 2, 1, [], []))
        self.assertPermit(kernteam.check(bsn))  # it was only tried
        self.erased(number, bsn)
        self.assertUnknown(bsn)
        self.assertStatus(kernteam.consent_show(consent), 'NOT_FOUND')
        self.assertStatus(kernteam.revoke(consent), 'NOT_FOUND')
        self.assertStatus(kernteam.ask('rights_show', number=number), 'NOT_FOUND')
        self.assertNotIn(number, self.numbers())
        self.assertStatus(self.erase(number), 'NOT_FOUND')
        self.assertLogWhole()

    def test_r7_he_comes_back_as_somebody_new(self):
        bsn = self.person()
        self.granted(bsn)
        ref = self.client('kernteam').check(bsn).check.subject_ref
        number = self.asked(bsn)
        self.erased(number, bsn)
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(40)))
        self.assertDenied(self.client('kernteam').check(bsn), 'NO_CONSENT')  # nothing of before came back
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertEqual(self.client('kernteam').check(bsn).check.subject_ref, ref)  # it is made of the number
        again = self.asked(bsn)
        self.assertEqual(self.numbers(bsn), [again])
        self.erased(again, bsn)
        self.assertUnknown(bsn)

    def test_r7_of_somebody_of_whom_nothing_is_held_but_his_request(self):
        bsn = self.person()
        number = self.asked(bsn)
        plan = self.plan(number)
        self.assertEqual((plan.statements, plan.requests, list(plan.told)), (0, 1, []))
        self.erased(number, bsn)
        self.assertUnknown(bsn)

    def test_r7_a_child_of_whom_a_parent_asks(self):
        child = self.person(years_ago(9), representatives=[{'reference': 'ouder-1'}, {'reference': 'ouder-2'}])
        self.granted(child, signers=['ouder-1', 'ouder-2'])
        self.assertRejected(self.open(child, 'ERASURE'), 'REPRESENTATION_MISSING')
        number = self.asked(child, by='ouder-1')
        self.erased(number, child)
        self.assertUnknown(child)

    def test_r7_what_was_refused_and_granted_on_an_objection(self):
        bsn = self.person()
        number = self.opened(bsn, 'ERASURE')
        self.assertOk(self.decide(number, 'REFUSED'))
        objection = self.opened(bsn, 'OBJECTION', against=number)
        self.assertInvalid(self.erase(number), 'rights_erase.number')
        self.assertInvalid(self.erase(objection), 'rights_erase.number')
        self.assertOk(self.decide(objection, 'GRANTED'))
        one = self.show(objection)
        self.assertEqual((one.stake, one.to_be_erased), (rights_pb2.RIGHTS_ERASURE, True))
        self.erased(objection, bsn)
        self.assertUnknown(bsn)

    def test_r7_the_answer_is_given_again_when_the_key_is_gone(self):
        bsn = self.person()
        number = self.asked(bsn)
        request = wire.Request()
        request.rights_erase.number, request.rights_erase.user = number, USER
        first = self.client('kernteam').call(request)
        self.assertOk(first)
        for _ in range(2):
            again = self.client('kernteam').call(request)
            self.assertTrue(again.replayed)
            self.assertEqual((again.rights_erase, again.time), (first.rights_erase, first.time))
            self.wait_until_answered(lambda: self.client('kernteam').check(bsn))
        line, = [line for line in self.client('operator').audit() if line.action == 'rights-erase' and line.result == 'ok'
                 and line.time == first.time]
        self.assertEqual(line.user, USER)
        self.assertNotIn(bsn, line.details)
        self.assertIn(f'"number":{number},', line.details.replace(' ', ''))

    def test_v5_whoever_a_consent_names_hears_that_it_does_not_count_any_more(self):
        bsn = self.person()
        self.granted(bsn)
        horizon, delta = self.listen('zorgaanbieder-horizon'), self.listen('zorgaanbieder-delta')
        ref = self.client('kernteam').check(bsn).check.subject_ref
        number = self.asked(bsn)
        self.erased(number, bsn)
        event = horizon.next_event().event
        self.assertEqual((event.kind, event.whole, event.consent_id), (events_pb2.SUBJECT_ERASED, True, b''))
        self.assertNotEqual(event.subject_ref, ref)  # each party has its own
        with self.assertRaises(NoAnswer):
            delta.next_event(0.5)


    def test_what_everybody_is_then_told_of_what_was_before(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        self.granted(bsn)
        waiting = self.client('zorgaanbieder-horizon').ask_for(bsn, categories=['bsn'])
        self.assertOk(waiting)
        asked = [self.client(party).check(bsn, recipient='zorgaanbieder-horizon') for party in ('kernteam', 'toezicht')]
        number = self.asked(bsn)
        lag = {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}
        self.erased(number, bsn)
        self.assertUnknown(bsn)
        for reply, party in zip(asked, ('kernteam', 'toezicht')):
            shown = self.client(party).ask('decision_show', number=reply.check.decision)
            self.assertStatus(shown, 'NOT_FOUND')
            self.assertIn('erased', shown.message)
        self.assertStatus(kernteam.consent_show(waiting.consent_recorded.consent_id), 'NOT_FOUND')
        self.assertStatus(kernteam.defer(waiting.consent_recorded.consent_id), 'NOT_FOUND')
        self.assertEqual(len(kernteam.ask('obligation_list', bsn=bsn).obligation_list.duties), 0)
        of_before = {reply.check.decision for reply in asked} | {number}
        self.assertEqual([line.details for line in self.client('operator').audit() if line.number in of_before], [''] * 3)
        late = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertOk(late.subscribe(number=lag['zorgaanbieder-horizon']))
        heard = [late.next_event(every=True).event for _ in range(2)]  # of the consent, and of the erasure
        self.assertEqual([(one.kind, one.consent_id, list(one.categories)) for one in heard],
                         [(events_pb2.SUBJECT_ERASED, b'', [])] * 2)
        self.assertEqual(heard[0].subject_ref, heard[1].subject_ref)  # whom it was about that party may know

    def test_r7_a_long_life_is_looked_through_in_parts_that_are_no_lines_of_the_log(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        self.granted(bsn)
        for _ in range(5):
            batch = wire.Request()
            for _ in range(256):
                batch.batch.checks.add().CopyFrom(check_request(bsn, case_ref=f'zaak-{random.getrandbits(40)}').check)
            self.assertOk(kernteam.call(batch))
        number, parts = self.asked(bsn), 0
        newest = self.client('operator').ask('audit_list', last=1).audit_list.entries[-1].number
        request = wire.Request()
        request.rights_erase.number, request.rights_erase.user = number, USER
        lines = 0
        while (reply := kernteam.call(request)).rights_erase.unfinished:
            self.assertOk(reply)
            self.assertFalse(reply.rights_erase.done or reply.replayed)
            self.assertGreaterEqual(reply.rights_erase.lines, lines)
            lines, parts = reply.rights_erase.lines, parts + 1
        self.assertGreater(parts, 1)
        self.assertTrue(reply.rights_erase.done)
        self.assertTrue(kernteam.call(request).replayed)
        self.wait_until_answered(lambda: kernteam.check(bsn))
        self.assertUnknown(bsn)
        written = [line for line in self.client('operator').audit() if line.number > newest and line.action == 'rights-erase']
        self.assertEqual(len([line for line in written if '"done":true' in line.details]), 1)
        self.assertEqual([line for line in written if 'unfinished' in line.details], [])  # they are only counted

    def erasures(self):
        return [line.action for line in self.client('operator').audit()].count('erase')

    def kept_in_part(self, bsn):
        """A disclosure that a statute requires to be kept, and an erasure. The request for the disclosure."""
        self.granted(bsn)
        disclosing = check_request(bsn, mode='DISCLOSE')
        disclosing.idempotency_key = random.randbytes(16)
        self.assertPermit(self.client('kernteam').call(disclosing))
        number = self.asked(bsn, 'GRANTED_IN_PART')
        self.assertTrue(self.plan(number).kept)
        self.erased(number, bsn)
        return disclosing

    def test_t1_who_comes_back_is_not_asked_of_what_was_disclosed_in_a_former_life(self):
        bsn = self.person()
        self.kept_in_part(bsn)
        self.granted(bsn)
        plan = self.plan(self.asked(bsn))
        self.assertEqual((plan.statements, list(plan.kept), list(plan.told)), (1, [], []))

    def test_g11_what_is_kept_is_no_answer_any_more_also_when_the_key_is_gone(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        disclosing = self.kept_in_part(bsn)
        self.assertStatus(kernteam.call(disclosing), 'CONFLICT')
        before = self.erasures()
        self.assertOk(self.erase(self.asked(bsn)))  # of the request, of which nothing must be kept
        end = time.monotonic() + MOMENTS
        while self.erasures() == before:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        again = kernteam.call(disclosing)
        self.assertStatus(again, 'CONFLICT')
        self.assertEqual(again.field, 'idempotency_key')

    def overview(self, bsn):
        return ' '.join(self.ctl('overview', stdin=bsn).split())

    def test_what_a_case_worker_types(self):
        bsn, other = self.person(), self.person()
        self.granted(bsn)
        self.granted(other)
        self.assertPermit(self.client('kernteam').disclose(other))
        number, kept = self.asked(bsn), self.asked(other)
        self.assertIn(f'{number}  erasure  granted, not erased yet', self.ctl('rights', 'list'))
        self.assertIn('Wij hebben ja gezegd. Het wissen moet nog gebeuren.', self.overview(bsn))
        plan = self.ctl('rights', 'erase', number, '--dry-run')
        self.assertRegex(plan, r'consents, refusals +1\n')
        self.assertIn('All that is held of the subject is destroyed.', plan)
        self.assertIn('letter', plan)
        self.ctl('rights', 'erase', number, expected=64)  # nobody can be asked
        self.assertTrue(self.show(number).to_be_erased)
        self.assertIn(f'request {number}: erased\n', self.ctl('rights', 'erase', number, '--yes'))
        self.assertUnknownSoon(bsn)
        plan = self.ctl('rights', 'erase', kept, '--dry-run')
        self.assertRegex(plan, r'to erase too +zorgaanbieder-horizon')
        self.assertRegex(plan, rf'wmo +zorgaanbieder +1 +{today()} +{today()} +{months_on(today(), 180)} +Wmo 5.3.4')
        self.ctl('rights', 'erase', kept, '--yes', expected=65)
        self.assertOk(self.decide(kept, 'GRANTED_IN_PART'))
        self.assertIn('erased, but for what is kept', self.ctl('rights', 'erase', kept, '--yes'))
        self.wait_until_answered(lambda: self.client('kernteam').check(other))
        self.assertRegex(self.ctl('rights', 'show', kept), rf'state +granted in part\n(.*\n)*erased +{today()}')
        self.assertRegex(self.overview(other), r'Wij hebben voor een deel ja gezegd\. .*Gewist op:? \d')
        self.ctl('rights', 'erase', kept, '--yes', expected=65)
        self.ctl('rights', 'erase', number, '--yes', expected=66)
        self.ctl('rights', 'erase', kept, '--dry-run', party='cak', expected=77)
        self.ctl('rights', 'erase', 'alles', expected=64)


class InPart(OwnInstanceTest, ErasureTest):
    """Under the pack of 2026, where the CAK has another period than the college, and the Jeugdwet one of its own."""

    def setUp(self):
        super().setUp()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))
        self.registry.reload()

    def officer(self, *words):
        ran = tool('ctl/consentctl', *words, '--key', self.registry.key_file('operator'))
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout

    def lived(self, bsn):
        """What the CAK keeps for seven years, and others for twenty. The decisions, and one of which nothing is kept."""
        kernteam, plan = self.client('kernteam'), {'purpose': 'registratie-hulpvraag'}
        self.granted(bsn, **plan)
        told_cak = kernteam.disclose(bsn, ['bsn'], recipient='cak', purpose='eigen-bijdrage')
        told_horizon = kernteam.disclose(bsn, origin='jeugdwet', **plan)
        asked = kernteam.check(bsn, **plan)
        for reply in (asked, told_cak, told_horizon):
            self.assertPermit(reply)
        return [reply.check.decision for reply in (told_cak, told_horizon, asked)]

    def test_t1_what_a_statute_requires_is_kept_and_all_else_is_gone(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        told_cak, told_horizon, asked = self.lived(bsn)
        consent = kernteam.consent_list(bsn).consent_list.consents[0].consent_id
        self.assertOk(kernteam.refuse(bsn, categories=['email'], purpose='registratie-hulpvraag'))
        number = self.asked(bsn)
        plan = self.plan(number)
        kept = {(one.law, one.holder): one.until for one in plan.kept}
        years = {holder: start_of(months_on(today(), years * 12) + DAY) for holder, years in
                 (('cak', 7), ('wmo', 15), ('jeugdwet', 20))}
        self.assertEqual(kept, {('wmo', 'cak'): years['cak'], ('wmo', 'kernteam'): years['wmo'],
                                ('jeugdwet', 'kernteam'): years['jeugdwet'], ('jeugdwet', 'zorgaanbieder'): years['jeugdwet']})
        self.assertEqual(sorted(plan.told), ['cak', 'zorgaanbieder-horizon'])
        refused = self.erase(number)
        self.assertInvalid(refused, 'rights_erase.number')
        self.assertIn('in part', refused.message)
        self.assertOk(self.decide(number, 'GRANTED_IN_PART'))
        done = self.erased(number, bsn)
        self.assertEqual({(one.law, one.holder): one.until for one in done.kept}, kept)
        self.assertEqual((done.lines, done.statements, [one.disclosures for one in done.kept]), (0, 0, [0] * 4))
        self.assertDenied(kernteam.check(bsn, purpose='registratie-hulpvraag'), 'NO_CONSENT')
        self.assertEqual(len(kernteam.consent_list(bsn).consent_list.consents), 0)
        self.assertStatus(kernteam.consent_show(consent), 'NOT_FOUND')
        for decision in (told_cak, told_horizon):
            shown = kernteam.ask('decision_show', number=decision)
            self.assertOk(shown)
            self.assertTrue(shown.decision_show.check.items)
            self.assertFalse(shown.decision_show.HasField('subject') or shown.decision_show.more)
            self.assertIn('The subject was erased since.', self.officer('explain', decision))
        self.assertIn('left out: 3 decisions of which', self.officer('policy', 'replay', PACK, '--since', today()))
        self.assertStatus(kernteam.ask('decision_show', number=asked), 'NOT_FOUND')
        one = self.show(number)
        self.assertEqual((self.state(number), one.to_be_erased, one.reason), ('GRANTED_IN_PART', False, REASON))
        self.assertGreater(one.erased_at, 0)
        self.assertEqual(self.numbers(bsn), [number])
        self.assertNotIn(number, self.numbers())
        self.assertInvalid(self.erase(number), 'rights_erase.number')
        self.assertLogWhole()

    def test_a5_the_figures_of_a_year_count_erasures_that_left_no_other_line(self):
        whole, part, again = self.person(), self.person(), self.person()
        self.granted(whole, purpose='registratie-hulpvraag')
        self.lived(part)
        self.erased(self.asked(whole), whole)
        self.erased(self.asked(part, 'GRANTED_IN_PART'), part)
        self.assertOk(self.decide(self.asked(again), 'GRANTED_IN_PART'))  # the second decision takes the place of the first
        told = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'fg-1', '--json', 'report', 'figures',
                    '--year', today().year)
        self.assertEqual(told.returncode, 0, told.stderr)
        erasure, = (one for one in json.loads(told.stdout)['rights'] if one['kind'] == 'RIGHTS_ERASURE')
        self.assertEqual([erasure[name] for name in ('received', 'decided', 'granted', 'granted_in_part', 'median_days')],
                         [3, 3, 1, 2, 0])

    def test_r7_a_second_erasure_says_what_stays_of_the_first(self):
        bsn = self.person()
        self.lived(bsn)
        number = self.asked(bsn, 'GRANTED_IN_PART')
        self.assertEqual(self.plan(number).earlier_until, 0)
        until = max(one.until for one in self.erased(number, bsn).kept)
        again = self.asked(bsn)
        plan = self.plan(again)
        self.assertEqual((len(plan.kept), plan.earlier_until), (0, until))
        said = tool('ctl/consentctl', '--key', self.registry.key_file('kernteam'), '--user', 'mw-1', 'rights', 'erase', again, '--dry-run')
        self.assertIn(f'stays: until {months_on(today(), 240)}', said.stdout)
        self.assertIn('All else that is held', said.stdout)
        self.assertEqual(self.erased(again, bsn).earlier_until, until)

    def test_kb15_an_objection_to_what_is_kept(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        self.lived(bsn)
        number = self.asked(bsn, 'GRANTED_IN_PART')
        self.erased(number, bsn)
        shown = kernteam.subject_show(bsn).subject_show
        self.assertEqual((shown.known, shown.birth_date), (True, '1980-05-17'))  # by which it is judged who may object
        objection = self.opened(bsn, 'OBJECTION', against=number)
        self.assertOk(self.decide(objection, 'REFUSED'))

    def test_r4_who_received_data_is_told_to_erase_them_and_reports_it(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        cak, horizon = self.listen('cak'), self.listen('zorgaanbieder-horizon')
        self.lived(bsn)
        number = self.asked(bsn, 'GRANTED_IN_PART')
        self.erased(number, bsn)
        for party, stream in (('cak', cak), ('zorgaanbieder-horizon', horizon)):
            event = stream.next_event().event
            self.assertEqual(event.kind, events_pb2.DATA_TO_ERASE)
            self.assertTrue(event.subject_ref)
            duty = [entry.duty for entry in self.client(party).ask('due_list', until=start_of(today() + 90 * DAY)).due_list.entries
                    if entry.duty.kind == check_pb2.ERASE_DATA]
            self.assertEqual([one.subject_ref for one in duty], [event.subject_ref])
            done = self.client(party).ask('obligation_done', decision=duty[0].decision, kind=check_pb2.ERASE_DATA, user=USER)
            self.assertOk(done)
        self.assertDenied(kernteam.check(bsn, purpose='registratie-hulpvraag'), 'NO_CONSENT')


class Proved(EvidenceTest, ErasureTest):
    def proof(self, number, name):
        file = self.place / name
        self.ctl('audit', 'prove', number, '--out', file, key=None)
        return file

    def test_a4_a_proof_of_before_and_the_whole_log_verify_after_it(self):
        bsn = self.person()
        self.granted(bsn)
        decision = self.client('kernteam').check(bsn).check.decision
        self.checkpoint_of(decision)
        before = self.proof(decision, 'before')
        self.erased(self.asked(bsn), bsn)
        self.checkpoint_of(self.newest())
        for file in (before, self.proof(decision, 'after')):
            self.assertIn(f'Line {decision} of', self.ctl('audit', 'proof', file))
        self.ctl('audit', 'export', self.tree)
        self.assertBothVerify(int((self.tree / 'checkpoint').read_text().split('\n')[1]))


class Killed(OwnInstanceTest, ErasureTest):
    """A registry that is killed between the mark and the end of an erasure goes on with it; and nobody else is harmed."""
    ROUNDS = 10

    def killed_and_started(self, after):
        time.sleep(after)
        self.registry.kill()
        self.shared.clear()
        self.registry.start()

    def somebody(self, is_kept):
        bsn = self.person()
        self.granted(bsn)
        self.granted(bsn, categories=['bsn'])
        if is_kept:
            self.assertPermit(self.client('kernteam').disclose(bsn))
        return bsn

    def what_was_cut(self):
        """Whether an erasure was marked before the last start, and whether one was carried out after it."""
        lines = self.client('operator').audit()
        start = max(line.number for line in lines if line.action == 'start')
        marked = [line for line in lines if line.action == 'rights-erase' and line.number < start and '"done":true' in line.details]
        return len(marked), len([line for line in lines if line.action == 'erase' and line.number > start])

    def test_r7_killed_at_any_moment_it_is_carried_out_or_not_begun(self):
        others, marked = [self.somebody(is_kept) for is_kept in (False, True)], 0
        for one in range(self.ROUNDS):
            is_kept, is_awaited = one % 2 == 1, one % 3 == 0
            bsn = self.somebody(is_kept)
            number = self.asked(bsn, 'GRANTED_IN_PART' if is_kept else 'GRANTED')
            self.plan(number)
            request = wire.Request()
            request.rights_erase.number, request.rights_erase.user = number, USER
            key = self.client('kernteam').send(request)
            if is_awaited:
                self.assertTrue(self.client('kernteam').reply_to(key).rights_erase.done)
            self.killed_and_started(random.uniform(0, 0.02))
            is_marked = self.what_was_cut()[0] > marked
            if not is_marked:
                self.assertFalse(is_awaited)
                self.assertPermit(self.client('kernteam').check(bsn))
            again = self.wait_until_answered(lambda: self.client('kernteam').call(request))
            self.assertEqual((again.rights_erase.done, again.replayed), (True, is_marked))
            self.wait_until_answered(lambda: self.client('kernteam').check(bsn))
            self.assertEqual(self.numbers(bsn), [number] if is_kept else [])
            self.assertDenied(self.client('kernteam').check(bsn), 'NO_CONSENT')
            for other in others:
                self.assertPermit(self.client('kernteam').check(other))
            marked += 1
        self.assertLogWhole()

    def test_r7_killed_while_it_cannot_go_on_it_goes_on_after_the_start(self):
        """Its keyring is away, so that the kill comes for certain between the mark and the end."""
        bsn, other = self.somebody(is_kept=False), self.somebody(is_kept=True)
        number, folder = self.asked(bsn), self.registry.directory / 'keys' / 'subjects'
        away = folder.with_name('away')
        folder.rename(away)
        reply = self.erase(number)
        self.assertTrue(reply.rights_erase.done)
        self.registry.wait_for(lambda: 'an erasure does not go on' in self.registry.log(), 'word that it cannot go on')
        for ask in (lambda: self.client('kernteam').check(bsn), lambda: self.client('kernteam').grant(bsn),
                    lambda: self.client('kernteam').consent_list(bsn), lambda: self.client('kernteam').subject_show(bsn),
                    lambda: self.open(bsn), lambda: self.client('kernteam').ask('overview', bsn=bsn)):
            self.assertStatus(ask(), 'UNAVAILABLE')
        self.assertPermit(self.client('kernteam').check(other))
        self.registry.kill()
        self.shared.clear()
        away.rename(folder)
        self.registry.start()
        self.assertUnknownSoon(bsn)
        self.assertEqual(self.what_was_cut(), (1, 1))
        self.assertPermit(self.client('kernteam').check(other))
        self.assertLogWhole()

    def test_r7_who_was_only_granted_it_is_there_after_a_kill(self):
        """The control: without the command nothing of this happens."""
        for is_kept in (False, True):
            bsn = self.somebody(is_kept)
            number = self.asked(bsn)
            self.plan(number)
            self.killed_and_started(random.uniform(0, 0.02))
            self.assertEqual(self.what_was_cut(), (0, 0))
            self.assertPermit(self.client('kernteam').check(bsn))
            self.assertTrue(self.show(number).to_be_erased)


class Refused(ErasureTest):
    def test_r7_only_what_was_granted_as_an_erasure_and_is_not_done(self):
        bsn = self.person()
        undecided, refused, withdrawn = (self.asked(bsn, outcome) for outcome in (None, 'REFUSED', 'WITHDRAWN'))
        access, restriction = (self.opened(bsn, kind) for kind in ('ACCESS', 'RESTRICTION'))
        self.assertOk(self.decide(access, 'GRANTED'))
        self.assertOk(self.decide(restriction, 'GRANTED'))
        for number in (undecided, refused, withdrawn, access, restriction):
            with self.subTest(number=number):
                self.assertInvalid(self.erase(number), 'rights_erase.number')
        for number in (refused, withdrawn, access, restriction):
            with self.subTest('dry run', number=number):
                self.assertInvalid(self.erase(number, dry_run=True), 'rights_erase.number')
        self.assertEqual(self.plan(undecided).requests, 5)  # to know before it is decided
        self.assertInvalid(self.erase(0), 'rights_erase.number')
        self.assertInvalid(self.client('kernteam').ask('rights_erase', number=undecided), 'rights_erase.user')
        self.assertStatus(self.erase(undecided + 100000), 'NOT_FOUND')
        self.assertEqual(len(self.numbers(bsn)), 5)

    def test_r7_what_a_statute_requires_to_be_kept_stands_in_the_way(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').disclose(bsn))
        number = self.asked(bsn)
        plan = self.plan(number)
        self.assertEqual(list(plan.told), ['zorgaanbieder-horizon'])
        kept = {(one.law, one.holder): one for one in plan.kept}
        self.assertEqual(set(kept), {('wmo', 'kernteam'), ('wmo', 'zorgaanbieder')})
        for one in plan.kept:
            self.assertEqual((one.disclosures, one.first), (1, one.last))
            self.assertEqual(one.until, start_of(months_on(today(), 15 * 12) + DAY))
            self.assertIn('5.3.4', one.source)
        refused = self.erase(number)
        self.assertInvalid(refused, 'rights_erase.number')
        self.assertIn(plan.kept[0].source, refused.message)
        self.assertTrue(self.show(number).to_be_erased)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertOk(self.decide(number, 'GRANTED_IN_PART'))
        self.erased(number, bsn)
        self.assertDenied(self.client('kernteam').check(bsn), 'NO_CONSENT')

    def test_r7_nobody_is_erased_under_a_legal_hold(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        self.granted(bsn)
        number = self.asked(bsn)
        hold = {'bsn': bsn, 'reference': 'zaak-2026-9', 'reason': 'er loopt een zaak bij de rechter', 'user': USER}
        self.assertOk(kernteam.ask('hold_set', **hold))
        self.assertEqual(list(self.plan(number).held), ['zaak-2026-9'])
        refused = self.erase(number)
        self.assertInvalid(refused, 'rights_erase.number')
        self.assertIn('zaak-2026-9', refused.message)
        self.assertPermit(kernteam.check(bsn))
        self.assertTrue(self.show(number).to_be_erased)
        self.assertOk(kernteam.ask('hold_lift', **hold))
        self.erased(number, bsn)
        self.assertUnknown(bsn)

    def test_r7_without_the_permission_nobody_learns_that_there_is_one(self):
        bsn = self.person()
        number = self.asked(bsn)
        for party in ('zorgaanbieder-horizon', 'toezicht', 'cak'):
            for one in (number, number + 100000):
                for fields in ({}, {'dry_run': True}):
                    reply = self.erase(one, party, **fields)
                    self.assertStatus(reply, 'FORBIDDEN')
                    self.assertRegex(reply.message, f'^{party} has the role [a-z]+, which lacks the permission rights$')
        self.assertTrue(self.show(number).to_be_erased)

    def test_r7_what_was_granted_whole_may_become_in_part_until_it_is_done(self):
        number = self.asked(self.person())
        self.assertInvalid(self.decide(number, 'REFUSED'), 'rights_decide.number')
        self.assertInvalid(self.decide(number, 'GRANTED'), 'rights_decide.number')
        self.assertOk(self.decide(number, 'GRANTED_IN_PART'))
        one = self.show(number)
        self.assertEqual((self.state(number), one.to_be_erased, one.article), ('GRANTED_IN_PART', True, 'KB 13.4'))
        self.assertGreater(one.objection_until, one.decided_at)
        self.assertInvalid(self.decide(number, 'GRANTED_IN_PART'), 'rights_decide.number')
        other = self.opened(self.person(), 'RECTIFICATION')
        self.assertOk(self.decide(other, 'GRANTED'))
        self.assertInvalid(self.decide(other, 'GRANTED_IN_PART'), 'rights_decide.number')


if __name__ == '__main__':
    unittest.main()
