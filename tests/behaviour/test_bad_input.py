"""Well-framed requests that are wrong: each is answered INVALID with the field's name, and changes nothing."""
import os
import unittest
from datetime import timedelta

import envelope_pb2 as wire

from client import check_request, grant_request, revoke_request, subject_request
from harness import RegistryTest, today, years_ago

LENGTH = 2


def varint(number):
    out = bytearray()
    while True:
        out.append(number & 0x7f | (0x80 if number > 0x7f else 0))
        number >>= 7
        if not number:
            return bytes(out)


def field(number, data):
    """A length-delimited field as it stands on the wire: what the generated classes would not write."""
    return varint(number << 3 | LENGTH) + varint(len(data)) + data


class BadInput(RegistryTest):
    def setUp(self):
        self.bsn = self.person()
        self.granted(self.bsn)

    def tearDown(self):
        self.assertPermit(self.client('kernteam').check(self.bsn))  # the daemon lives, and nothing changed

    def assertRefused(self, request, where, party='kernteam'):
        reply = self.client(party).call(request)
        self.assertInvalid(reply, where)
        self.assertIsNone(reply.WhichOneof('body'))
        return reply

    def assertRawRefused(self, body_number, body, where):
        """Sends a request whose body is these bytes."""
        key = os.urandom(16)
        envelope = b'\x08\x01' + field(2, key) + field(body_number, body)
        self.client('kernteam').send_frames(envelope)
        reply = self.client('kernteam').reply_to(key)
        self.assertInvalid(reply, where)

    def test_the_message_does_not_repeat_what_was_wrong(self):
        reply = self.client('kernteam').check('999900007')
        self.assertInvalid(reply, 'check.bsn')
        self.assertNotIn('999900007', reply.message)

    def test_a_bsn_is_eight_or_nine_digits_that_pass_the_eleven_test(self):
        for bsn in ('', '0', '000000000', '00000000', '999900007', '99990000', '9999000060', '99990000a', ' 999900006',
                    '999.900.006', '９９９９００００６', 'Jansen'):
            with self.subTest(bsn):
                self.assertRefused(check_request(bsn), 'check.bsn')
                self.assertRefused(grant_request(bsn), 'grant.bsn')
                self.assertRefused(subject_request(bsn, years_ago(30)), 'subject_set.bsn')
        self.assertInvalid(self.client('kernteam').consent_list(''), 'consent_list.bsn')

    def test_the_acting_user_is_required_and_is_not_a_bsn(self):
        for user in ('', self.bsn, 'jan jansen', 'x' * 65):
            with self.subTest(user):
                request = check_request(self.bsn)
                request.check.user = user
                self.assertRefused(request, 'check.user')

    def test_eight_digits_are_a_user_and_nine_that_pass_the_sum_are_none(self):
        for user, status in (('00000012', 'OK'), ('99990000', 'OK'), (self.person(), 'INVALID'), ('000000000', 'INVALID')):
            with self.subTest(user):
                request = check_request(self.bsn)
                request.check.user = user
                self.assertStatus(self.client('kernteam').call(request), status)

    def test_no_reference_holds_the_bsn_of_the_subject_however_it_is_written(self):
        grouped = f'{self.bsn[:3]}.{self.bsn[3:6]}-{self.bsn[6:]}'
        for reference in (self.bsn, f'zaak-{self.bsn}', f'2026{self.bsn}7', grouped, '_'.join(f'x{grouped}')):
            with self.subTest(reference):
                request = check_request(self.bsn, case_ref=reference)
                self.assertRefused(request, 'check.case_ref')
                request = grant_request(self.bsn)
                request.grant.evidence.reference = reference
                self.assertRefused(request, 'grant.evidence.reference')
        self.assertOk(self.client('kernteam').check(self.bsn, case_ref=f'zaak-{self.bsn[:8]}'))

    def test_nor_where_the_subject_is_named_by_a_consent_or_a_decision(self):
        consent, other = self.granted(self.bsn), self.person()
        for hidden in (f'z-{self.bsn}', f'{self.bsn[:4]}-{self.bsn[4:]}'):
            request = revoke_request(consent)
            request.revoke.user = hidden
            self.assertRefused(request, 'revoke.user')
            self.assertRefused(revoke_request(consent, withdrawn_by=hidden), 'revoke.withdrawn_by')
        request = revoke_request(consent, withdrawn_by=f'z-{other}')  # of somebody else: it may not withdraw
        self.assertStatus(self.client('kernteam').call(request), 'REJECTED')
        asked = self.client('zorgaanbieder-horizon').ask_for(self.bsn, categories=['budget'])
        reply = self.client('kernteam').ask('defer', consent_id=asked.consent_recorded.consent_id, reason='later',
                                            user=f'z-{self.bsn}')
        self.assertInvalid(reply, 'defer.user')

    def test_a_text_of_which_nothing_is_visible_is_missing_whatever_the_script(self):
        for blank in ('   ', '\u00a0', '\u200b\u200d', '\u3164', '\u115f\u1160', '\u2800', '\u202e', '\ufeff', '\u0301',
                      '\U000e0041', '\ue000', '\t\r\n'):
            with self.subTest(ascii(blank)):
                request = grant_request(self.bsn)
                request.grant.motivation = blank
                self.assertRefused(request, 'grant.motivation')
                request = revoke_request(self.granted(self.bsn), withdrawn_by='', nobody_reason=blank)
                self.assertRefused(request, 'revoke.nobody_reason')
                reply = self.client('kernteam').ask('restrict_data', bsn=self.bsn, whole=True, reason=blank, user='m-1')
                self.assertInvalid(reply, 'restrict_data.reason')
                self.assertIn('required', reply.message)
                request = subject_request(self.bsn, years_ago(10), [{
                    'reference': 'ouder-1', 'refused_from': str(today()), 'refused_reason': blank}])
                self.assertRefused(request, 'subject_set.representatives[0].refused_reason')
                reply = self.client('operator').party_add('school-9', 'school', 'partner', b'x' * 40, contact=blank)
                self.assertInvalid(reply, 'party_add.party.contact')
        for visible in ('nodig', ' \u200b.', '\u5be9', '\u05d0\u200f', 'e\u0301'):
            request = grant_request(self.bsn)
            request.grant.motivation = visible
            self.assertOk(self.client('kernteam').call(request))

    def test_a_check_is_about_one_to_sixty_four_items(self):
        self.assertRefused(check_request(self.bsn, []), 'check.items')
        self.assertRefused(check_request(self.bsn, [f'soort-{number}' for number in range(65)]), 'check.items[64]')
        self.assertRefused(check_request(self.bsn, ['naw', 'budget', 'naw']), 'check.items[2]')

    def test_a_check_says_its_mode(self):
        request = check_request(self.bsn)
        request.check.mode = 0
        self.assertRefused(request, 'check.mode')

    def test_codes_that_are_not_of_the_pack_are_named(self):
        self.assertRefused(check_request(self.bsn, ['naw', 'onzin']), 'check.items[1].category')
        self.assertRefused(check_request(self.bsn, purpose='onzin'), 'check.purpose')
        self.assertRefused(check_request(self.bsn, origin='onzin'), 'check.items[0].origin')
        self.assertRefused(grant_request(self.bsn, categories=['naw', 'onzin']), 'grant.scope.categories[1]')
        self.assertRefused(grant_request(self.bsn, purpose='onzin'), 'grant.scope.purpose')
        self.assertRefused(grant_request(self.bsn, origins=['onzin']), 'grant.scope.origins[0]')
        self.assertRefused(grant_request(self.bsn, providers=['niemand']), 'grant.scope.providers[0]')

    def test_texts_have_no_nul_no_bad_utf8_and_no_excess(self):
        request = check_request(self.bsn)
        request.check.purpose = 'toekenning\0'
        self.assertRefused(request, 'check.purpose')
        request = check_request(self.bsn)
        request.check.items[0].category = 'na\0w'
        self.assertRefused(request, 'check.items[0].category')
        request = grant_request(self.bsn)
        request.grant.motivation = 'x' * 1001
        self.assertRefused(request, 'grant.motivation')
        request = grant_request(self.bsn)
        request.grant.motivation = 'reden\0'
        self.assertRefused(request, 'grant.motivation')
        self.assertRawRefused(17, field(1, b'\xff\xfe99990000'), 'check.bsn')
        self.assertRawRefused(17, field(4, b'\xc0\x80'), 'check.purpose')

    def test_two_purposes_are_not_one(self):
        body = check_request(self.bsn).check.SerializeToString()
        self.assertRawRefused(17, body + field(4, b'eigen-bijdrage'), 'check.purpose')
        scope = grant_request(self.bsn).grant.scope.SerializeToString() + field(4, b'pgb')
        grant = grant_request(self.bsn).grant
        grant.ClearField('scope')
        self.assertRawRefused(18, grant.SerializeToString() + field(2, scope), 'grant.scope.purpose')

    def test_two_bodies_are_not_one(self):
        key = os.urandom(16)
        check = check_request(self.bsn).check.SerializeToString()
        self.client('kernteam').send_frames(b'\x08\x01' + field(2, key) + field(16, b'') + field(17, check))
        self.assertStatus(self.client('kernteam').reply_to(key), 'INVALID')

    def test_a_message_without_a_body_is_invalid(self):
        self.assertRefused(wire.Request(), 'body')

    def test_unknown_fields_and_enum_values_are_invalid(self):
        self.assertRawRefused(17, check_request(self.bsn).check.SerializeToString() + field(999, b'x'), 'check')
        mode = varint(8 << 3) + varint(7)
        check = check_request(self.bsn).check
        check.ClearField('mode')
        self.assertRawRefused(17, check.SerializeToString() + mode, 'check.mode')
        grant = grant_request(self.bsn).grant
        grant.ClearField('form')
        self.assertRawRefused(18, grant.SerializeToString() + varint(4 << 3) + varint(99), 'grant.form')

    def test_an_unknown_body_is_invalid(self):
        key = os.urandom(16)
        self.client('kernteam').send_frames(b'\x08\x01' + field(2, key) + field(99, b''))
        self.assertStatus(self.client('kernteam').reply_to(key), 'INVALID')

    def test_a_birth_date_is_a_day_and_not_in_the_future(self):
        for day in (today() + timedelta(1), '1980-13-01', '1980-02-30', '17-05-1980', '1980-5-17', 'gisteren'):
            with self.subTest(day):
                self.assertRefused(subject_request(self.bsn, day), 'subject_set.birth_date')
        self.assertOk(self.client('kernteam').subject_set(next(self.bsns), today()))
        self.assertRefused(subject_request(self.bsn, years_ago(30), died=today() + timedelta(1)),
                           'subject_set.death_date')
        self.assertRefused(subject_request(self.bsn, years_ago(30), died=years_ago(31)), 'subject_set.death_date')

    def test_a_representative_is_of_a_known_kind_with_a_reference_that_is_no_bsn(self):
        cases = {'kind': 'buurman', 'reference': self.bsn, 'from': 'vroeger'}
        for name, value in cases.items():
            with self.subTest(name):
                fields = {'reference': 'ouder-1', name: value}
                self.assertRefused(subject_request(self.bsn, years_ago(8), representatives=[fields]),
                                   f'subject_set.representatives[0].{name}')

    def test_an_identifier_is_sixteen_bytes(self):
        for consent in (b'', b'x' * 15, b'x' * 17):
            self.assertRefused(revoke_request(consent), 'revoke.consent_id')
            self.assertInvalid(self.client('kernteam').consent_show(consent), 'consent_show.consent_id')

    def test_evidence_has_a_hash_of_thirty_two_bytes(self):
        request = grant_request(self.bsn)
        request.grant.evidence.sha256 = b'x' * 20
        self.assertRefused(request, 'grant.evidence.sha256')

    def test_another_partys_identity_in_a_field_opens_nothing(self):
        # Horizon asks as if it were delta: the party is that of the key, never of a field.
        reply = self.client('zorgaanbieder-horizon').check(self.bsn, provider='kernteam',
                                                           recipient='zorgaanbieder-delta')
        self.assertStatus(reply, 'FORBIDDEN')
        self.assertIsNone(reply.WhichOneof('body'))

    def test_a_consent_of_another_subject_permits_nothing(self):
        self.assertDenied(self.client('kernteam').check(self.person()), 'NO_CONSENT')

    def test_a_cursor_of_another_subject_is_no_way_to_its_consents(self):
        other = self.person()
        foreign = self.granted(other)
        reply = self.client('kernteam').consent_list(self.bsn, after=foreign)
        if reply.status == wire.OK:
            self.assertNotIn(foreign, [one.consent_id for one in reply.consent_list.consents])
        else:
            self.assertInvalid(reply, 'consent_list.after')

    def test_a_signature_of_a_representative_of_another_subject_does_not_count(self):
        self.person(years_ago(8), representatives=[{'reference': 'ouder-9'}])
        child = self.person(years_ago(8), representatives=[{'reference': 'ouder-8'}])
        self.assertRejected(self.client('kernteam').grant(child, signers=['ouder-9']), 'REPRESENTATION_MISSING')

    def test_limits_of_pages_and_credit(self):
        self.assertInvalid(self.client('kernteam').consent_list(self.bsn, limit=33), 'consent_list.limit')
        self.assertInvalid(self.client('operator').ask('audit_list', limit=101), 'audit_list.limit')
        stream = self.registry.client('kernteam', 'events')
        self.assertInvalid(stream.subscribe(credit=0), 'subscribe.credit')
        self.assertInvalid(stream.subscribe(credit=1025), 'subscribe.credit')

    def test_a_time_that_cannot_be_is_invalid(self):
        for moment in (-1, 2**62):
            with self.subTest(moment):
                request = grant_request(self.bsn)
                request.grant.valid_until = moment
                self.assertRefused(request, 'grant.valid_until')
                request = grant_request(self.bsn)
                request.grant.notice.given_at = moment
                self.assertRefused(request, 'grant.notice.given_at')

    def test_nested_bombs_are_invalid_and_cheap(self):
        bomb = b''
        for _ in range(4000):
            bomb = field(2, bomb)
            if len(bomb) > 60_000:
                break
        for number in (17, 18, 23):
            key = os.urandom(16)
            self.client('kernteam').send_frames(b'\x08\x01' + field(2, key) + field(number, bomb))
            self.assertStatus(self.client('kernteam').reply_to(key), 'INVALID')
        many_items = field(5, b'') * 20_000
        before = self.registry.processor_time()
        self.assertRawRefused(17, many_items, 'check.items[64]')
        self.assertLess(self.registry.processor_time() - before, 1)  # of a few milliseconds


if __name__ == '__main__':
    unittest.main()
