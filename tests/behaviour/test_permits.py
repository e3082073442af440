"""The reverse questions: who may receive what about a subject, and whom a party may ask."""
import json
import time
import unittest
import xml.etree.ElementTree

import check_pb2
import envelope_pb2 as wire

from client import check_request
from harness import RegistryTest, tool

PURPOSES = ('toekenning', 'eigen-bijdrage')


class PermitsTest(RegistryTest):
    def ask_for(self, party, verb, listing=b'', user='', **fields):
        request = wire.Request(user=user, listing=listing)
        body = getattr(request, verb)
        for name, value in fields.items():
            setattr(body, name, value)
        return self.client(party).call(request)

    def pages(self, party, verb, **fields):
        """All rows, page by page, and how many pages there were."""
        rows, pages, reply = [], 0, self.ask_for(party, verb, **fields)
        while True:
            self.assertOk(reply)
            pages += 1
            rows += reply.permits.permits
            if not reply.permits.more:
                return rows, pages
            reply = self.ask_for(party, verb, listing=reply.listing, after=reply.permits.next, **fields)

    def receivers(self, bsn, **fields):
        return self.pages('toezicht', 'who_may_receive', bsn=bsn, **fields)[0]

    def providers(self, party, bsn, purpose='toekenning', **fields):
        return self.pages(party, 'whom_may_i_ask', bsn=bsn, purpose=purpose, **fields)[0]

    @staticmethod
    def flat(rows):
        return {(row.provider, row.recipient, row.purpose, row.case_ref, one.category): one
                for row in rows for one in row.categories}


class Questions(PermitsTest):
    def test_a_consent_is_listed_with_its_ground_and_its_end_until_it_is_withdrawn(self):
        bsn = self.person()
        before = self.flat(self.receivers(bsn))
        consent = self.granted(bsn, providers=['wmo-team'], recipients=['kernteam'], purpose='integraal-plan')
        flow = ('wmo-team', 'kernteam', 'integraal-plan', '', 'naw')
        self.assertNotIn(flow, before)
        for rows in (self.receivers(bsn), self.providers('kernteam', bsn, 'integraal-plan')):
            found = self.flat(rows)[flow]
            self.assertEqual((found.ground, found.consent_id, getattr(found, 'from')), (check_pb2.CONSENT, consent, 0))
            said = self.client('kernteam').call(check_request(bsn, ['naw'], provider='wmo-team', recipient='kernteam',
                                                              purpose='integraal-plan'))
            self.assertEqual(found.until, said.check.until)
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertNotIn(flow, self.flat(self.receivers(bsn)))
        self.assertNotIn(flow, self.flat(self.providers('kernteam', bsn, 'integraal-plan')))

    def test_a_consent_for_a_case_is_listed_for_that_case(self):
        bsn = self.person()
        self.granted(bsn, providers=['wmo-team'], recipients=['kernteam'], purpose='integraal-plan', case_ref='zaak-1')
        found = [flow for flow in self.flat(self.receivers(bsn)) if flow[0] == 'wmo-team' and flow[4] == 'naw' and flow[2] == 'integraal-plan']
        self.assertEqual(found, [('wmo-team', 'kernteam', 'integraal-plan', 'zaak-1', 'naw')])

    def test_a_page_does_not_look_at_more_cases_than_others_can_wait_for(self):
        bsn, cases = self.person(), [f'zaak-{index}' for index in range(60)]
        for case in cases:
            self.granted(bsn, categories=['naw', 'telefoon', 'toewijzing', 'email', 'budget', 'bsn'], case_ref=case)
        before = self.registry.processor_time()
        self.assertOk(self.ask_for('zorgaanbieder-horizon', 'whom_may_i_ask', bsn=bsn, purpose='toekenning', limit=1))
        self.assertLess(self.registry.processor_time() - before, 0.6)  # seconds, in a build with sanitizers
        rows, pages = self.pages('zorgaanbieder-horizon', 'whom_may_i_ask', bsn=bsn, purpose='toekenning')
        self.assertEqual(sorted(row.case_ref for row in rows if row.provider == 'kernteam' and row.case_ref), sorted(cases))
        self.assertGreater(pages, 2)

    def test_filters_narrow_and_every_page_size_gives_the_same(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'telefoon'])
        rows, _ = self.pages('toezicht', 'who_may_receive', bsn=bsn)
        everything = self.flat(rows)
        self.assertGreater(len(everything), 10)
        by_one, pages = self.pages('toezicht', 'who_may_receive', bsn=bsn, limit=1)
        self.assertEqual((self.flat(by_one).keys(), len(by_one)), (everything.keys(), len(rows)))
        self.assertGreaterEqual(pages, len(rows))
        for name, at in (('provider', 0), ('purpose', 2), ('category', 4)):
            value = {'provider': 'kernteam', 'purpose': 'toekenning', 'category': 'naw'}[name]
            found = self.flat(self.receivers(bsn, **{name: value}))
            self.assertEqual(found.keys(), {flow for flow in everything if flow[at] == value})

    def test_it_equals_the_checks_one_by_one(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'telefoon', 'toewijzing'])
        self.assertOk(self.client('kernteam').refuse(bsn, categories=['telefoon']))
        listed = self.flat(self.receivers(bsn))
        categories = sorted({flow[4] for flow in listed})
        for provider, recipient, purpose in {flow[:3] for flow in listed} | {('kernteam', 'zorgaanbieder-horizon', 'toekenning')}:
            said = self.client('toezicht').call(check_request(bsn, categories, provider=provider, recipient=recipient, purpose=purpose)).check
            permitted = {item.category for item in said.items if item.verdict == check_pb2.PERMIT}
            self.assertEqual(permitted, {flow[4] for flow in listed if flow[:4] == (provider, recipient, purpose, '')},
                             (provider, recipient, purpose))

    def test_c9_a_party_is_told_of_its_own_flows_only(self):
        bsn = self.person()
        self.granted(bsn, recipients=['zorgaanbieder-horizon'], categories=['naw'])
        for party in ('zorgaanbieder-horizon', 'zorgaanbieder-delta'):
            with self.subTest(party):
                self.assertEqual({flow[1] for flow in self.flat(self.providers(party, bsn))} - {party}, set())
        stranger = next(self.bsns)
        unknown = self.flat(self.providers('zorgaanbieder-delta', stranger))
        self.assertEqual(unknown.keys(), self.flat(self.providers('zorgaanbieder-delta', bsn)).keys(),
                         'a consent for another party tells delta nothing, nor who is registered')

    def test_c9_how_long_it_takes_tells_a_stranger_nothing_of_what_others_were_permitted(self):
        known, unknown, took = self.person(), next(self.bsns), {}
        for _ in range(40):
            self.granted(known, categories=['naw', 'telefoon'])
        for _ in range(15):
            for bsn in (known, unknown):
                start = time.monotonic()
                self.providers('zorgaanbieder-delta', bsn)
                took.setdefault(bsn, []).append(time.monotonic() - start)
        # The least of each: what else the machine does can only add to it.
        self.assertLess(min(took[known]), 2.5 * min(took[unknown]))

    def test_who_may_not_ask_and_what_is_malformed(self):
        bsn = self.person()
        self.assertStatus(self.ask_for('zorgaanbieder-horizon', 'who_may_receive', bsn=bsn), 'FORBIDDEN')
        for field, value in (('bsn', '999900007'), ('provider', 'niemand'), ('provider', 'NIET GOED'), ('purpose', 'onzin'),
                             ('category', 'onzin'), ('limit', 101), ('after', b'onzin')):
            with self.subTest(field=field, value=value):
                self.assertInvalid(self.ask_for('toezicht', 'who_may_receive', **{'bsn': bsn, field: value}),
                                   f'who_may_receive.{field}')
        for field, value in (('bsn', ''), ('purpose', ''), ('purpose', 'onzin'), ('limit', 2**32 - 1), ('after', bytes(200))):
            with self.subTest(field=field, value=value):
                self.assertInvalid(self.ask_for('kernteam', 'whom_may_i_ask', **{'bsn': bsn, 'purpose': 'toekenning', field: value}),
                                   f'whom_may_i_ask.{field}')

    def test_pages_are_of_one_state_or_the_listing_begins_anew(self):
        bsn = self.person()
        self.granted(bsn)
        first = self.ask_for('toezicht', 'who_may_receive', bsn=bsn, limit=1)
        after, listing = first.permits.next, first.listing
        def second(party='toezicht', **more):
            return self.ask_for(party, 'who_may_receive', **{'bsn': bsn, 'limit': 1, 'after': after, **more})
        again = second(listing=listing)
        self.assertOk(again)
        self.assertEqual((again.permits.revision, again.permits.as_of), (first.permits.revision, first.permits.as_of))
        self.assertInvalid(second(category='naw'), 'who_may_receive.after')
        self.assertInvalid(second(bsn=self.person()), 'who_may_receive.after')
        self.assertInvalid(second('operator'), 'who_may_receive.after')
        self.assertInvalid(self.ask_for('toezicht', 'whom_may_i_ask', bsn=bsn, purpose='toekenning', after=after), 'whom_may_i_ask.after')
        self.granted(self.person())  # of somebody else
        self.assertOk(second())
        self.granted(bsn, categories=['telefoon'])
        reply = second()
        self.assertInvalid(reply, 'who_may_receive.after')
        self.assertIn('begin anew', reply.message)

    def test_a_cursor_of_before_a_change_of_the_parties_is_refused(self):
        bsn = self.person()
        first = self.ask_for('toezicht', 'who_may_receive', bsn=bsn, limit=1)
        self.assertOk(self.client('operator').ask('party_remove', id='svb'))
        self.assertInvalid(self.ask_for('toezicht', 'who_may_receive', bsn=bsn, limit=1, after=first.permits.next),
                           'who_may_receive.after')

    def test_a_listing_is_one_line_of_the_log_without_the_bsn(self):
        bsn = self.person()
        def lines():
            return [line for line in self.client('operator').audit() if line.action == 'who-may-receive']
        before = len(lines())
        _, pages = self.pages('toezicht', 'who_may_receive', bsn=bsn, limit=5)
        self.assertGreater(pages, 1)
        told, = lines()[before:]
        self.assertEqual(told.party, 'toezicht')
        self.assertNotIn(bsn, told.details)

    def test_consentctl_prints_both(self):
        bsn = self.person()
        self.granted(bsn, providers=['wmo-team'], recipients=['kernteam'], purpose='integraal-plan', case_ref='zaak-1')
        def ask(party, *words):
            return tool('ctl/consentctl', *words, '--key', self.registry.key_file(party), stdin=bsn)
        said = ask('kernteam', 'subject', 'whom-may-i-ask', 'integraal-plan')
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertRegex(said.stdout, r'(?m)^wmo-team +kernteam +integraal-plan +zaak-1 +naw \(consent [0-9a-f]{32}, until \d{4}')
        whole = json.loads(ask('toezicht', 'subject', 'who-may-receive', '--provider', 'wmo-team', '--json').stdout)
        self.assertIn('wmo-team', {row['provider'] for row in whole['permits']['permits']})

    def test_what_may_go_where_is_drawn_without_a_word_of_who_it_is(self):
        bsn = self.person()
        self.granted(bsn, providers=['wmo-team'], recipients=['kernteam'], purpose='integraal-plan', case_ref='zaak-1')
        picture = self.registry.directory / 'beeld.svg'
        def draw(*more):
            return tool('ctl/consentctl', 'subject', 'who-may-receive', '--picture', picture, *more, '--key',
                        self.registry.key_file('toezicht'), stdin=bsn)
        self.assertEqual(draw('--language', 'fr').returncode, 64)
        self.assertFalse(picture.exists())
        said = draw('--language', 'nl', '--json')
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertEqual(picture.stat().st_mode & 0o777, 0o600)
        drawn = xml.etree.ElementTree.parse(picture).getroot()
        def texts(sort):
            return [text.text for text in drawn.iter('{http://www.w3.org/2000/svg}text') if text.get('class') == sort]
        told = json.loads(said.stdout)['permits']['permits']
        for ground, sort in ('CONSENT', 'consent'), ('STATUTE', 'statute'):
            said_of = [name for row in told for name in sorted(one['category'] for one in row['categories']
                                                               if one['ground'] == ground)]
            shown = [name for text in texts(sort)[1:] for name in text.rstrip(',').split(', ')]
            self.assertEqual(sorted(shown), sorted(said_of))
        self.assertIn('integraal-plan (zaak zaak-1)', texts('purpose'))
        self.assertEqual(len(texts('purpose')), len(told))
        self.assertNotIn(bsn, picture.read_text())
        self.assertEqual(draw().returncode, 73)  # it is there already


if __name__ == '__main__':
    unittest.main()
