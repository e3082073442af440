"""What a party can name in its requests: by the pack in force, its kind, and who takes part."""
import pathlib
import re
import unittest

import codes_pb2 as codes
import envelope_pb2 as wire

from harness import PARTIES, SOURCE, OwnInstanceTest, RegistryTest, tool

PACK = SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015'
PURPOSE, CATEGORY, ORIGIN, URGENT_REASON, KIND, PARTY = range(1, 7)
NAMES = {PURPOSE: 'purpose', CATEGORY: 'category', ORIGIN: 'origin', URGENT_REASON: 'urgent-reason', KIND: 'kind', PARTY: 'party'}


def codes_of_pack(name):
    """The codes of a file of the pack, in its order."""
    return re.findall(r'(?m)^(?:purpose|category|origin|reason|urgent-reason) (\S+)$', (PACK / f'{name}.txt').read_text())


class VocabularyTest(RegistryTest):
    def page(self, party, **fields):
        request = wire.Request()
        request.vocabulary.SetInParent()
        for name, value in fields.items():
            setattr(request.vocabulary, name, value)
        return self.client(party).call(request)

    def terms(self, party, **fields):
        found, after = [], b''
        while True:
            reply = self.page(party, after=after, **fields)
            self.assertOk(reply)
            found += reply.vocabulary.terms
            after = reply.vocabulary.next
            self.assertEqual(bool(after), reply.vocabulary.more)
            if not after:
                return found

    def codes(self, party, sort, **fields):
        return [term.code for term in self.terms(party, sort=sort, **fields)]


class Vocabulary(VocabularyTest):
    def test_a_party_is_told_what_the_pack_has_for_its_kind(self):
        told = {(term.sort, term.code): term for term in self.terms('cak')}
        self.assertEqual([code for sort, code in told if sort == PURPOSE], ['eigen-bijdrage'])
        self.assertEqual([code for sort, code in told if sort == CATEGORY],
                         [code for code in codes_of_pack('categories') if code in {
                             'bsn', 'naw', 'geboortedatum', 'burgerlijke-staat', 'toewijzing', 'periode', 'soort-voorziening', 'kostprijs'}])
        self.assertEqual([code for sort, code in told if sort == ORIGIN], codes_of_pack('origins'))
        self.assertEqual([code for sort, code in told if sort == KIND], ['kernteam', 'wmo-team'])
        self.assertEqual([code for sort, code in told if sort == PARTY], ['kernteam', 'wijkteam', 'wmo-team'])
        self.assertFalse([code for sort, code in told if sort == URGENT_REASON], 'D2 admits none')
        for term in told.values():
            self.assertEqual((term.provides, term.receives), (False, True), term)
        self.assertEqual(told[PARTY, 'wijkteam'].kind, 'kernteam')
        self.assertEqual(told[PARTY, 'wijkteam'].label_nl, told[KIND, 'kernteam'].label_nl)
        self.assertEqual((told[CATEGORY, 'naw'].kind, told[CATEGORY, 'naw'].special), ('', False))
        self.assertTrue(all(term.label_nl and term.label_en for term in told.values()))

    def test_it_says_in_which_direction(self):
        told = {(term.sort, term.code): term for term in self.terms('zorgaanbieder-horizon')}
        direction = {code: (told[PURPOSE, code].provides, told[PURPOSE, code].receives)
                     for code in ('monitoring', 'toekenning', 'extern-overleg', 'declaratie')}
        self.assertEqual(direction, {'monitoring': (True, False), 'toekenning': (False, True), 'extern-overleg': (False, True),
                                     'declaratie': (True, False)})
        self.assertTrue(told[CATEGORY, 'naw'].provides and told[CATEGORY, 'naw'].receives)
        self.assertTrue(told[URGENT_REASON, 'vitaal-belang'])
        self.assertTrue(told[CATEGORY, 'deskundigenadvies'].special)
        others = self.codes('wijkteam', PARTY)  # a kernteam, of which one tells another
        self.assertEqual(('kernteam' in others, 'wijkteam' in others), (True, False), 'nobody asks for a disclosure to itself')
        self.assertNotIn((PARTY, 'cak'), told, 'by this pack they have nothing to do with each other')

    def test_of_one_purpose_it_is_what_a_disclosure_for_that_can_have(self):
        horizon = 'zorgaanbieder-horizon'
        self.assertEqual(self.codes(horizon, CATEGORY, purpose='monitoring'), ['naw', 'rapportage'])
        self.assertEqual(self.codes(horizon, PARTY, purpose='monitoring'), ['kernteam', 'wijkteam'])
        self.assertEqual(self.codes(horizon, PARTY, purpose='declaratie'), ['gemeente', 'toezicht'])
        self.assertEqual(self.terms('cak', purpose='monitoring'), [])
        self.assertEqual(self.codes('operator', PURPOSE, purpose='pgb'), ['pgb'])
        self.assertEqual(self.codes('operator', KIND, purpose='pgb'), ['kernteam', 'wmo-team', 'svb'])

    def test_special_data_are_told_to_whom_they_may_flow(self):
        """X2 carries gezondheid; to the veiligheidshuis no special category flows (KB 9.2)."""
        told = self.codes('veiligheidshuis', CATEGORY, purpose='escalatie')
        self.assertIn('verblijfplaats', told)
        self.assertNotIn('gezondheid', told)
        self.assertIn('gezondheid', self.codes('huisarts-dorp', CATEGORY, purpose='escalatie'))

    def test_what_is_told_to_receive_is_what_a_check_finds_a_flow_for(self):
        """Each told pair of a purpose and a category can flow, and each that is not told cannot: by the check itself."""
        bsn, outside = self.person(), {'PURPOSE_NOT_IN_FLOW', 'CATEGORY_NOT_NEEDED', 'NO_FLOW'}
        for purpose in codes_of_pack('purposes'):
            told = {term.code for term in self.terms('zorgaanbieder-horizon', sort=CATEGORY, purpose=purpose) if term.receives}
            givers = self.codes('zorgaanbieder-horizon', PARTY, purpose=purpose)
            flows = set()
            for provider in givers or ['kernteam']:
                reply = self.client('zorgaanbieder-horizon').check(
                    bsn, codes_of_pack('categories'), provider=provider, recipient='zorgaanbieder-horizon', purpose=purpose)
                self.assertOk(reply)
                flows |= {item.category for item in reply.check.items
                          if not {codes.Code.Name(reason.code) for reason in item.reasons} & outside}
            self.assertEqual(told, flows, purpose)

    def test_who_sees_all_is_told_the_whole_pack_and_operators_every_party(self):
        for party in ('operator', 'kernteam', 'toezicht'):
            for sort, name in ((PURPOSE, 'purposes'), (CATEGORY, 'categories'), (ORIGIN, 'origins'), (URGENT_REASON, 'urgent-reasons')):
                self.assertEqual(self.codes(party, sort), codes_of_pack(name), (party, name))
        self.assertEqual(self.codes('operator', PARTY), sorted(PARTIES))
        self.assertEqual(self.codes('kernteam', PARTY), sorted(set(PARTIES) - {'operator'}))

    def test_pages_are_the_whole_in_its_order(self):
        whole = self.terms('operator', limit=100)
        self.assertGreater(len(whole), 60)
        self.assertEqual(whole, self.terms('operator', limit=7))
        self.assertEqual(whole, sorted(whole, key=lambda term: term.sort))
        self.assertEqual(len(self.page('operator').vocabulary.terms), 50)

    def test_what_is_asked_amiss_is_invalid_by_the_field(self):
        for field, wrong in (('purpose', 'nergens'), ('purpose', 'geen doel'), ('limit', 101), ('after', b'1 nergens'), ('after', b'\xff')):
            self.assertInvalid(self.page('cak', **{field: wrong}), f'vocabulary.{field}')
        self.assertInvalid(self.page('cak', after=b'1 eigen-bijdrage', sort=PARTY), 'vocabulary.after')
        self.assertInvalid(self.page('cak', after=b'1 monitoring'), 'vocabulary.after')
        request = wire.Request()
        request.vocabulary.SetInParent()
        request.ParseFromString(request.SerializeToString().replace(b'\x92\x06\x00', b'\x92\x06\x02\x08\x07'))
        self.assertStatus(self.client('cak').call(request), 'INVALID')
        self.assertStatus(self.registry.client('cak', 'events').ask('vocabulary'), 'FORBIDDEN')

    def test_it_takes_no_line_of_the_log_but_is_counted(self):
        before = self.client('operator').audit()[-1].number
        for _ in range(30):
            self.assertOk(self.page('cak'))
        lines = [line for line in self.client('operator').audit(after=before) if line.action == 'vocabulary']
        self.assertLess(len(lines), 10)

    def ctl(self, party, *arguments):
        return tool('ctl/consentctl', '--key', self.registry.key_file(party), *arguments)

    def test_people_see_it_as_a_table_in_their_language(self):
        shown = self.ctl('cak', 'vocabulary')
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertRegex(shown.stdout, r'(?m)^purpose +eigen-bijdrage +receive ')
        self.assertEqual({line.split()[0] for line in shown.stdout.splitlines()[1:]}, {'purpose', 'category', 'origin', 'kind', 'party'})
        dutch = self.ctl('operator', 'vocabulary', '--only', 'category', '--language', 'nl').stdout
        self.assertRegex(dutch, r'(?m)^category +gezondheid .*\(special\)$')
        self.assertEqual({line.split()[0] for line in dutch.splitlines()[1:]}, {'category'})
        self.assertIn('no such purpose', self.ctl('cak', 'vocabulary', '--purpose', 'nergens').stderr)
        wrong = self.ctl('cak', 'vocabulary', '--only', 'doel')
        self.assertEqual((wrong.returncode, wrong.stdout), (64, ''))


class WhenThingsChange(OwnInstanceTest, VocabularyTest):
    def test_who_leaves_is_not_told_and_ends_pages_that_stood_there(self):
        first = self.page('cak', sort=PARTY, limit=2).vocabulary
        self.assertEqual([term.code for term in first.terms], ['kernteam', 'wijkteam'])
        self.assertOk(self.client('operator').party_remove('wijkteam'))
        self.assertEqual(self.codes('cak', PARTY), ['kernteam', 'wmo-team'])
        self.assertInvalid(self.page('cak', sort=PARTY, after=first.next), 'vocabulary.after')
        path = pathlib.Path(self.registry.directory) / 'consentd.conf'
        path.write_text(path.read_text().replace('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))
        self.registry.reload()
        self.assertEqual(self.codes('cak', PARTY), ['gemeente', 'kernteam', 'toezicht', 'wmo-team', 'zorgaanbieder-delta', 'zorgaanbieder-horizon'])
        self.assertNotEqual(self.page('cak').vocabulary.policy_hash, first.policy_hash)


if __name__ == '__main__':
    unittest.main()
