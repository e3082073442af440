"""Requests by which a subject exercises rights (R2, KB 13-15), over real sockets, and as a case worker types them."""
import datetime
import json
import re
import unittest

import check_pb2
import events_pb2
import rights_pb2
import zmq

from client import USER
from harness import OwnInstanceTest, RegistryTest, months_on, start_of, today, tool, years_ago
from partner import NoAnswer

DAY = datetime.timedelta(1)
WISH = 'het oude adres staat er nog in'
REASON = 'het belang van een ander weegt zwaarder'
CLERK = 'klachten'
CLERKS_ROLE = '    klachtenbehandelaar = "rights events"\n'


def opening(bsn, kind='ACCESS', **fields):
    asked = {'by': 'subject', 'wish': WISH, 'identity': rights_pb2.IDENTITY_DOCUMENT, 'way': rights_pb2.WAY_COUNTER,
             'user': USER, **fields}
    return {'bsn': bsn, 'kind': rights_pb2.RightsKind.Value(f'RIGHTS_{kind}'), **asked}


class RightsTest(RegistryTest):
    def open(self, bsn, kind='ACCESS', party='kernteam', **fields):
        return self.client(party).ask('rights_open', **opening(bsn, kind, **fields))

    def opened(self, bsn, kind='ACCESS', **fields):
        reply = self.open(bsn, kind, **fields)
        self.assertOk(reply)
        return reply.rights.request.number

    def decide(self, number, outcome, party='kernteam', **fields):
        if outcome in ('REFUSED', 'GRANTED_IN_PART'):
            fields = {'reason': REASON, 'article': 'KB 13.4', **fields}
        return self.client(party).ask('rights_decide', number=number, user=USER,
                                      outcome=rights_pb2.RightsState.Value(f'RIGHTS_{outcome}'), **fields)

    def show(self, number, party='kernteam'):
        reply = self.client(party).ask('rights_show', number=number)
        self.assertOk(reply)
        return reply.rights.request

    def state(self, number):
        return rights_pb2.RightsState.Name(self.show(number).state).removeprefix('RIGHTS_')

    def numbers(self, bsn='', party='kernteam'):
        reply = self.client(party).ask('rights_list', bsn=bsn)
        self.assertOk(reply)
        return [one.number for one in reply.rights_list.requests]

    def ctl(self, *arguments, party='kernteam', stdin='', expected=0):
        ran = tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout


class Requests(RightsTest):
    def test_r2_from_the_counter_to_the_decision_on_the_objection(self):
        bsn = self.person()
        number = self.opened(bsn, 'RECTIFICATION')
        one = self.show(number)
        self.assertEqual((one.by, one.wish, one.received, one.bsn, one.opened_by, one.user),
                         ('subject', WISH, str(today()), bsn, 'kernteam', USER))
        self.assertEqual(one.due, start_of(today() + 29 * DAY))
        self.assertOk(self.decide(number, 'REFUSED'))
        one = self.show(number)
        self.assertEqual((self.state(number), one.reason, one.article, one.announced),
                         ('REFUSED', REASON, 'KB 13.4', str(today())))
        self.assertEqual(one.objection_until, start_of(today() + 43 * DAY))
        objection = self.opened(bsn, 'OBJECTION', against=number)
        self.assertFalse(self.show(objection).late)
        self.assertEqual([(one.number, one.action) for one in self.show(number).followed], [(objection, 'rights-open')])
        self.assertOk(self.decide(objection, 'GRANTED'))
        self.assertEqual((self.state(objection), self.show(objection).objection_until), ('GRANTED', 0))
        self.assertEqual(self.numbers(bsn), [number, objection])

    def test_r2_an_objection_that_comes_late_is_recorded_and_says_so(self):
        bsn = self.person()
        number = self.opened(bsn, received=str(today() - 60 * DAY))
        self.assertOk(self.decide(number, 'REFUSED', announced=str(today() - 43 * DAY)))
        late = self.open(bsn, 'OBJECTION', against=number)
        self.assertOk(late)
        self.assertTrue(late.rights.request.late)
        in_time = self.open(bsn, 'OBJECTION', against=number, received=str(today() - DAY))
        self.assertFalse(in_time.rights.request.late)

    def test_r2_whoever_keeps_the_list_hears_of_it_and_of_nobody(self):
        bsn, stream, other = self.person(), self.listen('kernteam'), self.listen('zorgaanbieder-horizon')
        number = self.opened(bsn)
        event = stream.next_event().event
        self.assertEqual((event.kind, event.request, event.rights, event.due),
                         (events_pb2.RIGHTS_OPENED, number, rights_pb2.RIGHTS_ACCESS, self.show(number).due))
        self.assertEqual((event.subject_ref, event.consent_id, list(event.categories), event.purpose), (b'', b'', [], ''))
        overdue = self.opened(bsn, received=str(today() - 60 * DAY))
        heard = [stream.next_event().event for _ in range(2)]
        self.assertEqual([(one.kind, one.request) for one in heard],
                         [(events_pb2.RIGHTS_OPENED, overdue), (events_pb2.RIGHTS_OVERDUE, overdue)])
        with self.assertRaises(NoAnswer):
            stream.next_event(1.5)
        with self.assertRaises(NoAnswer):
            other.next_event(0.2)

    def test_r2_without_the_permission_nobody_learns_that_there_is_one(self):
        bsn = self.person()
        number = self.opened(bsn)
        for party in ('zorgaanbieder-horizon', 'toezicht', 'cak'):
            for one in (number, number + 100000, 1):
                reply = self.client(party).ask('rights_show', number=one)
                self.assertStatus(reply, 'FORBIDDEN')
                self.assertRegex(reply.message, f'^{party} has the role [a-z]+, which lacks the permission rights$')
            self.assertStatus(self.decide(number, 'GRANTED', party=party), 'FORBIDDEN')
            self.assertStatus(self.open(bsn, party=party), 'FORBIDDEN')
            self.assertStatus(self.client(party).ask('rights_list'), 'FORBIDDEN')
        due = self.client('zorgaanbieder-horizon').ask('due_list', limit=100)
        self.assertEqual([one for one in due.due_list.entries if one.HasField('rights')], [])

    def test_r2_of_somebody_who_is_not_known_it_can_be_answered_that_nothing_is_held(self):
        bsn = self.person(born=None)
        self.assertRejected(self.open(bsn, 'ERASURE'), 'REPRESENTATION_MISSING')
        self.assertRejected(self.open(bsn, by='ouder-1'), 'REPRESENTATION_MISSING')
        self.assertEqual(self.numbers(bsn), [])
        number = self.opened(bsn)
        self.assertOk(self.decide(number, 'GRANTED'))

    def test_m1_to_m7_who_may_ask(self):
        child = self.person(years_ago(9), representatives=[{'reference': 'ouder-1'}, {'reference': 'ouder-2'}])
        refused = self.open(child)
        self.assertRejected(refused, 'REPRESENTATION_MISSING')
        self.assertEqual(refused.refusals[0].rule, 'R2')
        number = self.opened(child, by='ouder-1')
        self.assertOk(self.client('kernteam').subject_change(child, representatives=[
            {'reference': 'ouder-1', 'refused_from': str(today()), 'refused_reason': 'veiligheid van het kind'}]))
        self.assertRejected(self.open(child, by='ouder-1'), 'REPRESENTATION_MISSING')
        self.assertRejected(self.decide(number, 'GRANTED'), 'REPRESENTATION_MISSING')
        self.assertOk(self.decide(number, 'REFUSED'))
        self.assertOk(self.open(child, by='ouder-2'))
        grown = self.person(years_ago(16), representatives=[{'reference': 'ouder-1'}])
        self.assertRejected(self.open(grown, by='ouder-1'), 'REPRESENTATION_MISSING')
        self.assertOk(self.open(grown, by='ouder-1', received=str(today() - DAY)))  # the day before the birthday
        self.assertOk(self.open(grown))

    def test_what_is_wrong_is_said_with_its_field_and_nothing_else_happens(self):
        bsn, stranger = self.person(), self.person()
        number, of_other = self.opened(bsn), self.opened(stranger)
        closed = self.opened(bsn)
        self.assertOk(self.decide(closed, 'GRANTED'))
        before, stream = (self.numbers(bsn), self.show(number), self.show(closed)), self.listen('kernteam')
        revision = self.client('kernteam').ask('rights_list').revision
        for fields, field in (({'kind': 0}, 'kind'), ({'by': ''}, 'by'), ({'wish': ' ', 'kind': 2}, 'wish'),
                              ({'identity': 0}, 'identity'), ({'identity': 6}, 'evidence'), ({'way': 0}, 'way'),
                              ({'received': str(today() + DAY)}, 'received'), ({'received': '2001-01-01'}, 'received'),
                              ({'received': 'gisteren'}, 'received'), ({'against': number}, 'against'),
                              ({'kind': 6}, 'against'), ({'kind': 6, 'against': closed}, 'against'),
                              ({'kind': 6, 'against': of_other}, 'against'), ({'user': ''}, 'user'), ({'user': bsn}, 'user'),
                              ({'bsn': '999900007'}, 'bsn'), ({'evidence': f'd-{bsn}'}, 'evidence')):
            with self.subTest('open', **fields):
                self.assertInvalid(self.client('kernteam').ask('rights_open', **{**opening(bsn), **fields}),
                                   f'rights_open.{field}')
        tomorrow, soon = str(today() + DAY), start_of(today() + 2 * DAY)
        for verb, fields, field in (
                ('decide', {'outcome': 1}, 'outcome'), ('decide', {'outcome': 6}, 'reason'),
                ('decide', {'outcome': 6, 'reason': 'r'}, 'article'), ('decide', {'outcome': 4, 'article': 'a'}, 'article'),
                ('decide', {'outcome': 4, 'announced': tomorrow}, 'announced'),
                ('decide', {'outcome': 4, 'announced': '2020-01-01'}, 'announced'),
                ('decide', {'outcome': 4, 'number': closed}, 'number'), ('decide', {'outcome': 4, 'user': ''}, 'user'),
                ('extend', {'reason': 'druk'}, 'number'), ('extend', {'reason': ''}, 'reason'),
                ('extend', {'reason': 'druk', 'number': closed}, 'number'),
                ('hear', {'note': 'n'}, 'until'), ('hear', {'note': 'n', 'until': soon, 'came': 1}, 'until'),
                ('hear', {'note': '', 'until': soon}, 'note'), ('hear', {'note': 'n', 'until': 1}, 'until'),
                ('hear', {'note': 'n', 'came': 1}, 'number'),
                ('hear', {'note': 'n', 'until': soon, 'number': closed}, 'number')):
            with self.subTest(verb, **fields):
                reply = self.client('kernteam').ask(f'rights_{verb}', **{'number': number, 'user': USER, **fields})
                self.assertInvalid(reply, f'rights_{verb}.{field}')
        for verb in ('rights_show', 'rights_decide', 'rights_extend', 'rights_hear'):
            fields = {'rights_show': {}, 'rights_decide': {'outcome': 4}, 'rights_extend': {'reason': 'r'},
                      'rights_hear': {'note': 'n', 'came': 1}}[verb]
            who = {} if verb == 'rights_show' else {'user': USER}
            self.assertStatus(self.client('kernteam').ask(verb, number=number + 100000, **fields, **who), 'NOT_FOUND')
            self.assertInvalid(self.client('kernteam').ask(verb, **fields, **who), f'{verb}.number')
        self.assertInvalid(self.client('kernteam').ask('rights_list', after=b'x'), 'rights_list.after')
        self.assertEqual((self.numbers(bsn), self.show(number), self.show(closed)), before)
        self.assertEqual(self.client('kernteam').ask('rights_list').revision, revision)
        with self.assertRaises(NoAnswer):
            stream.next_event(0.5)

    def test_a3_the_log_shows_that_it_happened_and_nothing_that_was_written(self):
        bsn = self.person()
        number = self.opened(bsn, 'RECTIFICATION', evidence='dossier-7')
        self.assertOk(self.decide(number, 'REFUSED'))
        lines = [line for line in self.client('operator').audit() if line.action.startswith('rights-')]
        mine = [line for line in lines if line.number >= number]
        self.assertEqual([(line.action, line.result, line.user) for line in mine if line.action != 'rights-show'],
                         [('rights-open', 'ok', USER), ('rights-decide', 'ok', USER)])
        details = ' '.join(line.details for line in mine)
        self.assertIn('dossier-7', details)
        self.assertIn('RIGHTS_REFUSED', details)
        for written in (bsn, WISH, REASON, 'KB 13.4'):
            self.assertNotIn(written, details)

    def test_kb13_3_access_waits_for_the_view_of_another(self):
        number = self.opened(self.person())
        until = start_of(today() + 8 * DAY)
        hear = {'number': number, 'user': USER}
        self.assertOk(self.client('kernteam').ask('rights_hear', until=until, note='de buurman', **hear))
        self.assertEqual(self.state(number), 'WAITING')
        self.assertInvalid(self.decide(number, 'GRANTED'), 'rights_decide.number')
        entries = [(one.kind, one.when) for one in self.client('kernteam').ask('due_list', limit=100).due_list.entries
                   if one.rights.number == number]
        self.assertEqual(entries, [(check_pb2.RIGHTS_DUE, self.show(number).due), (check_pb2.VIEW_DUE, until)])
        self.assertOk(self.client('kernteam').ask('rights_hear', came=2, note='hij heeft bezwaar', **hear))
        view, = self.show(number).views
        self.assertEqual((view.note, view.came_note, view.until), ('de buurman', 'hij heeft bezwaar', until))
        self.assertOk(self.decide(number, 'GRANTED_IN_PART'))


class CaseWorker(RightsTest):
    def test_what_a_case_worker_types(self):
        bsn, wish = self.person(), self.registry.write('wens', WISH + '\n', 0o600)
        why, note = self.registry.write('waarom', REASON + '\n', 0o600), self.registry.write('wie', 'de buurman', 0o600)
        came = ['--way', 'counter', '--identity', 'document', '--by', 'subject']
        made = self.ctl('rights', 'open', '--kind', 'rectification', *came, '--wish-file', wish, stdin=bsn)
        self.assertRegex(made, r'kind +rectification\nstate +open')
        number = int(self.match(made, r'number +(\d+)'))
        listed = self.ctl('rights', 'list')
        self.assertRegex(listed, rf'{number}  rectification  open .* {today() + 28 * DAY} +subject +{bsn}')
        due = self.ctl('due', '--until', str(today() + 28 * DAY))
        self.assertRegex(due, rf'{today() + 28 * DAY}  open +rectification +subject  request {number} of {today()}  {bsn}')
        self.assertNotIn(str(number), self.ctl('due', '--until', str(today() + 27 * DAY)))
        for arguments in (['rights', 'extend', number, '--reason-file', why],
                          ['rights', 'hear', number, '--until', today() + 3 * DAY, '--note-file', note],
                          ['rights', 'decide', number, '--outcome', 'refused']):
            self.ctl(*arguments, expected=65)
        text = self.ctl('rights', 'decide', str(number), '--outcome', 'in-part', '--reason-file', why, '--article', 'KB 14')
        self.assertRegex(text, rf'objection until +{today() + 42 * DAY}')
        objection = self.ctl('rights', 'open', '--kind', 'objection', '--against', str(number), *came, '--wish-file', wish,
                             '--json', stdin=bsn)
        objection = json.loads(objection)['rights']['request']['number']
        shown = self.ctl('rights', 'show', str(number))
        for told in (WISH, REASON, 'KB 14', f'line {objection} of the log', 'granted in part', bsn):
            self.assertIn(told, shown)
        self.assertIn(f'the decision on request {number}', self.ctl('rights', 'show', str(objection)))
        mine = self.ctl('rights', 'list', '--subject', stdin=bsn)
        self.assertRegex(mine, rf'{number} .*granted in part[^\n]*\n *{objection}  objection')
        self.ctl('rights', 'show', str(number + 100000), expected=66)
        self.ctl('rights', 'list', party='cak', expected=77)

    def test_r3_a_restriction_is_done_on_a_request(self):
        bsn, why = self.person(), self.registry.write('reden', REASON, 0o600)
        number = self.opened(bsn, 'RESTRICTION')
        self.assertOk(self.decide(number, 'GRANTED'))
        self.assertOk(self.client('kernteam').grant(bsn))
        self.assertPermit(self.client('kernteam').check(bsn))  # to grant it does not restrict
        self.ctl('restriction', 'set', '--whole', '--request', number + 100000, '--reason-file', why, stdin=bsn, expected=65)
        self.ctl('restriction', 'set', '--whole', '--request', number, '--reason-file', why, stdin=bsn)
        self.assertDenied(self.client('kernteam').check(bsn), 'RESTRICTED')
        followed, = self.show(number).followed
        self.assertEqual(followed.action, 'restrict')
        held, = self.client('kernteam').subject_show(bsn).subject_show.restrictions
        self.assertEqual(held.request, number)
        self.assertRegex(self.ctl('rights', 'show', str(number)), rf'followed +restrict, line {followed.number} of the log')

    def match(self, text, pattern):
        self.assertRegex(text, pattern)
        return re.search(pattern, text)[1]


class Kept(OwnInstanceTest, RightsTest):
    def test_r2_what_was_acknowledged_is_there_after_a_kill(self):
        bsn = self.person()
        numbers = []
        for _ in range(5):
            numbers.append(self.opened(bsn))
            self.assertOk(self.decide(numbers[-1], 'REFUSED'))
            numbers.append(self.opened(bsn, 'OBJECTION', against=numbers[-1]))
            self.registry.kill()
            self.shared.clear()
            self.registry.start()
            self.assertEqual(self.numbers(bsn), numbers)
            self.assertEqual([self.state(one) for one in numbers], ['REFUSED', 'OPEN'] * (len(numbers) // 2))
            self.assertEqual(self.numbers(), numbers[1::2])

    def test_r2_a_pack_that_allows_it_lets_a_request_be_put_off_once(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))
        self.registry.reload()
        number, kernteam = self.opened(self.person()), self.client('kernteam')
        last = months_on(today() + 28 * DAY, 2)
        extend = {'number': number, 'reason': 'het dossier is groot', 'user': USER}
        self.assertInvalid(kernteam.ask('rights_extend', until=start_of(last + 2 * DAY), **extend), 'rights_extend.until')
        self.assertInvalid(kernteam.ask('rights_extend', until=start_of(today() + 29 * DAY), **extend),
                           'rights_extend.until')
        self.assertOk(kernteam.ask('rights_extend', **extend))
        one = self.show(number)
        self.assertEqual((one.due, one.due_before, one.extension_reason),
                         (start_of(last + DAY), start_of(today() + 29 * DAY), 'het dossier is groot'))
        self.assertInvalid(kernteam.ask('rights_extend', **extend), 'rights_extend.number')
        late = self.opened(self.person(), received=str(today() - 29 * DAY))
        self.assertInvalid(kernteam.ask('rights_extend', **{**extend, 'number': late}), 'rights_extend.number')

    def test_r2_who_may_not_see_subjects_sees_no_bsn(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('roles\n', 'roles\n' + CLERKS_ROLE, 1))
        self.registry.reload()
        self.registry.keys[CLERK] = zmq.curve_keypair()
        self.registry.change_party(CLERK, 'gemeente', 'klachtenbehandelaar')
        bsn = self.person()
        number = self.opened(bsn)
        self.assertEqual((self.show(number).bsn, self.show(number, CLERK).bsn), (bsn, ''))
        for party, expected in (('kernteam', bsn), (CLERK, '')):
            listed, = self.client(party).ask('rights_list').rights_list.requests
            due, = self.client(party).ask('due_list', until=start_of(today() + 40 * DAY)).due_list.entries
            self.assertEqual((listed.bsn, due.rights.bsn, due.rights.number), (expected, expected, number))
        event = self.registry.client(CLERK, 'events')
        self.assertOk(event.subscribe())
        self.assertEqual(event.next_event().event.request, number)
        self.assertRejected(self.open(self.person(years_ago(9)), party=CLERK), 'REPRESENTATION_MISSING')


if __name__ == '__main__':
    unittest.main()
