"""Restrictions (afscherming, KB 14) as the social team, the parties and an operator see them."""
import json
import unittest

import envelope_pb2 as wire

from client import KIND, USER, Client
from harness import OwnInstanceTest, RegistryTest, tool
from partner import NoAnswer

REASON = 'de betrokkene betwist de juistheid'


def restriction_request(verb, bsn, categories=(), reason=REASON):
    request = wire.Request()
    body = getattr(request, verb)
    body.bsn, body.reason, body.user = bsn, reason, USER
    body.whole = not categories
    body.categories[:] = categories
    return request


class RestrictionTest(RegistryTest):
    def restrict(self, bsn, *categories, party='kernteam'):
        return self.client(party).call(restriction_request('restrict_data', bsn, categories))

    def lift(self, bsn, *categories, party='kernteam'):
        return self.client(party).call(restriction_request('lift_restriction', bsn, categories))


class Restrictions(RestrictionTest):
    def test_c5_a_check_after_the_reply_is_denied_and_after_the_lifting_permitted(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'telefoon'])
        reply = self.restrict(bsn, 'naw')
        self.assertOk(reply)
        held, = reply.restriction.restrictions
        self.assertEqual((held.category, held.recorded_by, held.reason), ('naw', 'kernteam', REASON))
        self.assertEqual(sorted(reply.restriction.informed), ['kernteam', 'zorgaanbieder-horizon'])
        self.assertDenied(self.client('zorgaanbieder-horizon').check(bsn), 'RESTRICTED')
        self.assertVerdict(self.client('kernteam').disclose(bsn, ['naw', 'telefoon']), 'PARTIAL')
        self.assertOk(self.restrict(bsn))
        self.assertDenied(self.client('kernteam').disclose(bsn, ['telefoon']), 'RESTRICTED')
        self.assertOk(self.lift(bsn))
        self.assertOk(self.lift(bsn, 'naw'))
        self.assertPermit(self.client('kernteam').disclose(bsn, ['naw', 'telefoon']))

    def test_r3_each_party_hears_its_own_and_once(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'telefoon'])
        self.granted(bsn, recipients=['zorgaanbieder-delta'], categories=['naw'])
        horizon, delta, cak = (self.listen(party) for party in ('zorgaanbieder-horizon', 'zorgaanbieder-delta', 'cak'))
        made = self.restrict(bsn, 'telefoon')
        self.assertTrue(self.restrict(bsn, 'telefoon').restriction.already)
        self.restrict(bsn)
        self.lift(bsn)
        heard = [(event.kind, event.whole, list(event.categories))
                 for event in (horizon.next_event().event for _ in range(3))]
        self.assertEqual(heard, [(KIND('DATA_RESTRICTED'), False, ['telefoon']),
                                 (KIND('DATA_RESTRICTED'), True, ['naw', 'telefoon']),
                                 (KIND('RESTRICTION_LIFTED'), True, ['naw', 'telefoon'])])
        event = delta.next_event().event
        self.assertEqual((event.whole, list(event.categories), event.consent_id), (True, ['naw'], b''))
        self.assertGreater(event.revision, made.revision)
        self.assertEqual(event.subject_ref, self.client('zorgaanbieder-delta').check(
            bsn, recipient='zorgaanbieder-delta').check.subject_ref)
        self.assertEqual(delta.next_event().event.kind, KIND('RESTRICTION_LIFTED'))
        with self.assertRaises(NoAnswer):
            cak.next_event(0.5)

    def test_who_may_not_restrict_and_what_is_malformed(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertStatus(self.restrict(bsn, party='zorgaanbieder-horizon'), 'FORBIDDEN')
        self.assertStatus(self.lift(bsn, party='cak'), 'FORBIDDEN')
        self.assertInvalid(self.restrict(bsn, 'naw', 'onzin'), 'restrict_data.categories[1]')
        self.assertInvalid(self.lift('999900007'), 'lift_restriction.bsn')
        both = restriction_request('restrict_data', bsn, ['naw'])
        both.restrict_data.whole = True
        self.assertInvalid(self.client('kernteam').call(both), 'restrict_data.categories')
        many = restriction_request('restrict_data', bsn, [f'c{number}' for number in range(65)])
        self.assertInvalid(self.client('kernteam').call(many), 'restrict_data.categories')
        mute = restriction_request('restrict_data', bsn, reason='')
        self.assertInvalid(self.client('kernteam').call(mute), 'restrict_data.reason')
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_the_subject_shows_what_is_restricted_and_the_log_not_why(self):
        bsn = self.person()
        self.restrict(bsn, 'naw')
        self.assertOk(self.client('kernteam').subject_set(bsn, '1980-05-18'))
        shown = self.client('kernteam').subject_show(bsn).subject_show
        self.assertEqual([(one.category, one.reason) for one in shown.restrictions], [('naw', REASON)])
        line = [entry for entry in self.client('operator').audit() if entry.action == 'restrict'][-1]
        self.assertEqual((line.result, line.user), ('ok', USER))
        self.assertNotIn('betwist', line.details)

    def test_consentctl_sets_shows_and_lifts_one(self):
        bsn = self.person()
        self.granted(bsn)
        person, why = self.registry.write('bsn', bsn, 0o600), self.registry.write('waarom', REASON + '\n', 0o600)

        def ctl(*arguments, stdin='', expected=0):
            result = tool('ctl/consentctl', *arguments, '--key', self.registry.key_file('kernteam'), stdin=stdin)
            self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
            self.assertNotIn(bsn, result.stdout + result.stderr)
            return result.stdout

        text = ctl('restriction', 'set', '--category', 'naw', '--reason-file', why, stdin=bsn)
        self.assertIn('zorgaanbieder-horizon', text)
        self.assertDenied(self.client('kernteam').check(bsn), 'RESTRICTED')
        self.assertRegex(ctl('subject', 'show', stdin=bsn), rf'restricted +naw since .*, by kernteam: {REASON}')
        text = ctl('restriction', 'set', '--category', 'naw', '--reason-file', '-', '--bsn-file', person, stdin=REASON)
        self.assertIn('nothing left to do', text)
        lifted = ctl('restriction', 'lift', '--category', 'naw', '--reason-file', why, '--json', stdin=bsn)
        self.assertEqual(json.loads(lifted)['restriction']['restrictions'], [])
        self.assertPermit(self.client('kernteam').check(bsn))
        for arguments in (['--reason-file', why], ['--whole'], ['--whole', '--category', 'naw', '--reason-file', why],
                          ['--whole', '--reason-file', '-']):
            ctl('restriction', 'set', *arguments, stdin=bsn, expected=64)
        empty, long = self.registry.write('leeg', ' \n'), self.registry.write('lang', 'x' * 1001)
        ctl('restriction', 'set', '--whole', '--reason-file', empty, stdin=bsn, expected=65)
        ctl('restriction', 'set', '--whole', '--reason-file', long, stdin=bsn, expected=65)
        ctl('restriction', 'set', '--whole', '--reason-file', '/nergens', stdin=bsn, expected=66)
        self.assertPermit(self.client('kernteam').check(bsn))


class RestrictionsAndFailure(OwnInstanceTest):
    def test_a_restriction_that_was_acknowledged_holds_after_a_kill(self):
        bsn = self.person()
        self.granted(bsn)
        request = restriction_request('restrict_data', bsn)
        self.assertOk(self.client('kernteam').call(request))
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        self.assertDenied(self.client('kernteam').disclose(bsn), 'RESTRICTED')
        again = self.client('kernteam').call(request)
        self.assertTrue(again.replayed)
        self.assertEqual(Client.status_name(again), 'OK')
        stream = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertOk(stream.subscribe())
        self.assertEqual(stream.next_event().event.kind, KIND('DATA_RESTRICTED'))


if __name__ == '__main__':
    unittest.main()
