"""C6 under the pack of 2015: what a statute carries without consent, and what it does not."""
import unittest

import check_pb2

from client import check_request
from harness import OwnInstanceTest, RegistryTest

CAK = dict(recipient='cak', purpose='eigen-bijdrage')
SVB = dict(recipient='svb', purpose='pgb')


class Statutes(RegistryTest):
    def test_the_statute_of_its_origin_carries_what_cak_and_svb_need(self):
        for question, categories in ((CAK, ['bsn', 'naw', 'kostprijs']), (SVB, ['bsn', 'budget', 'telefoon'])):
            for origin, statute in (('wmo', 'wmo-2015'), ('jeugdwet', 'jeugdwet')):
                with self.subTest(recipient=question['recipient'], origin=origin):
                    reply = self.client('kernteam').disclose(self.person(), categories, origin=origin, **question)
                    self.assertPermit(reply)
                    for item in reply.check.items:
                        self.assertEqual(item.ground, check_pb2.STATUTE)
                        self.assertEqual(item.statute, statute)
                        self.assertEqual(item.consent_id, b'')

    def test_a_statute_needs_no_record_of_the_subject(self):
        self.assertPermit(self.client('kernteam').disclose(self.person(born=None), **CAK))

    def test_what_the_flow_does_not_name_the_statute_does_not_carry(self):
        self.assertDenied(self.client('kernteam').disclose(self.person(), ['geslacht', 'telefoon'], **CAK),
                          'CATEGORY_NOT_NEEDED')

    def test_a_disclosure_of_unknown_origin_is_carried_by_no_statute(self):
        bsn = self.person()
        reply = self.client('kernteam').disclose(bsn, origin='', **CAK)
        self.assertDenied(reply, 'NO_CONSENT', 'ORIGIN_UNKNOWN')
        self.assertEqual([reason.rule for reason in reply.check.items[0].reasons], ['C7', 'C6'])

    def test_advice_takes_the_origin_that_the_flow_is_for(self):
        self.assertPermit(self.client('kernteam').check(self.person(), origin='', **CAK))

    def test_data_of_another_law_are_carried_by_no_statute(self):
        self.assertDenied(self.client('kernteam').disclose(self.person(), origin='participatiewet', **CAK),
                          'NO_CONSENT', 'STATUTE_NOT_FOR_ORIGIN')

    def test_each_item_has_the_statute_of_its_own_origin(self):
        request = check_request(self.person(), ['naw', 'bsn', 'periode'], mode='DISCLOSE', **CAK)
        request.check.items[1].origin = 'jeugdwet'
        request.check.items[2].origin = 'zvw'
        reply = self.client('kernteam').call(request)
        self.assertVerdict(reply, 'PARTIAL')
        self.assertEqual([item.statute for item in reply.check.items], ['wmo-2015', 'jeugdwet', ''])

    def test_consent_goes_before_statute_in_2015(self):
        bsn = self.person()
        consent = self.granted(bsn, recipients=['cak'], purpose='eigen-bijdrage')
        reply = self.client('kernteam').disclose(bsn, **CAK)
        self.assertPermit(reply)
        self.assertEqual(reply.check.items[0].ground, check_pb2.CONSENT)
        self.assertEqual(reply.check.items[0].consent_id, consent)

    def test_a_consent_carries_what_the_statute_does_not(self):
        bsn = self.person()
        self.granted(bsn, recipients=['cak'], purpose='eigen-bijdrage')
        self.assertPermit(self.client('kernteam').disclose(bsn, origin='participatiewet', **CAK))

    def test_a_refusal_does_not_stop_what_a_statute_carries(self):
        bsn = self.person()
        self.assertOk(self.client('kernteam').refuse(bsn, recipients=['cak'], purpose='eigen-bijdrage'))
        reply = self.client('kernteam').disclose(bsn, **CAK)
        self.assertPermit(reply)
        self.assertEqual(reply.check.items[0].statute, 'wmo-2015')
        self.assertDenied(self.client('kernteam').disclose(bsn, origin='zvw', **CAK), 'REFUSED',
                          'STATUTE_NOT_FOR_ORIGIN')

    def test_the_statute_remains_after_the_revocation_of_a_consent(self):
        bsn = self.person()
        consent = self.granted(bsn, recipients=['cak'], purpose='eigen-bijdrage')
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertEqual(self.client('kernteam').disclose(bsn, **CAK).check.items[0].ground, check_pb2.STATUTE)

    def test_no_statute_is_named_for_care_providers(self):
        self.assertDenied(self.client('kernteam').disclose(self.person()), 'NO_CONSENT')


class Secrecy(OwnInstanceTest):
    def test_a_provider_bound_by_secrecy_cannot_rest_on_a_statute_that_does_not_break_it(self):
        bsn = self.person()
        self.assertPermit(self.client('kernteam').disclose(bsn, **CAK))
        self.registry.change_party('kernteam', 'kernteam', 'sociale-team', secrecy='professional')
        self.assertDenied(self.client('kernteam').disclose(bsn, **CAK), 'NO_CONSENT', 'SECRECY')


if __name__ == '__main__':
    unittest.main()
