"""Which party is meant: what whoever exchanges messages may know of the organisations that take part."""
import unittest

import envelope_pb2 as wire

from harness import OwnInstanceTest, RegistryTest, PARTIES

NUMBERS = {'zorgaanbieder-horizon': {'agb': '41234567', 'oin': '00000001234567890000'},
           'zorgaanbieder-delta': {'agb': '47654321'},
           'kernteam': {'gemeentecode': '1884'}, 'wmo-team': {'gemeentecode': '1884'}}


class IdentifyTest(RegistryTest):
    def identify(self, *parties, party='kernteam', **by):
        request = wire.Request()
        request.party_identify.parties[:] = parties
        for name, value in by.items():
            setattr(request.party_identify, name, value)
        return self.client(party).call(request)

    def found(self, *parties, **by):
        reply = self.identify(*parties, **by)
        self.assertOk(reply)
        return [one.id for one in reply.party_identify.parties]

    def change(self, party, **more):
        kind, role, lines = PARTIES[party]
        self.registry.change_party(party, kind, role, **{**lines, **NUMBERS.get(party, {}), **more})


class Identify(IdentifyTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for party, numbers in NUMBERS.items():
            kind, role, lines = PARTIES[party]
            cls.registry.change_party(party, kind, role, **{**lines, **numbers})

    def test_of_parties_that_are_named_the_kind_and_the_identifiers_are_told_and_nothing_else(self):
        reply = self.identify('zorgaanbieder-horizon', 'kernteam', 'nergens', 'kernteam')
        self.assertOk(reply)
        kernteam, horizon = reply.party_identify.parties
        self.assertEqual((kernteam.id, kernteam.kind, kernteam.agb, kernteam.gemeentecode, kernteam.oin),
                         ('kernteam', 'kernteam', '', '1884', ''))
        self.assertEqual((horizon.id, horizon.kind, horizon.agb, horizon.gemeentecode, horizon.oin),
                         ('zorgaanbieder-horizon', 'zorgaanbieder', '41234567', '', '00000001234567890000'))
        self.assertEqual([field.name for field in horizon.DESCRIPTOR.fields], ['id', 'kind', 'agb', 'gemeentecode', 'oin'])

    def test_by_an_identifier_all_who_have_exactly_that_are_found(self):
        self.assertEqual(self.found(identifier='gemeentecode', value='1884'), ['kernteam', 'wmo-team'])
        self.assertEqual(self.found(identifier='agb', value='41234567'), ['zorgaanbieder-horizon'])
        self.assertEqual(self.found(identifier='oin', value='00000001234567890000'), ['zorgaanbieder-horizon'])
        self.assertEqual(self.found(identifier='agb', value='41234568'), [])
        self.assertEqual(self.found(identifier='gemeentecode', value='0000'), [])

    def test_an_operator_is_nobody_to_whom_messages_go(self):
        self.assertEqual(self.found('operator', 'cak', 'toezicht'), ['cak', 'toezicht'])

    def test_who_may_neither_check_nor_grant_is_not_told(self):
        self.assertStatus(self.identify('kernteam', party='operator'), 'FORBIDDEN')
        self.assertEqual(self.found('kernteam', party='huisarts-dorp'), ['kernteam'])
        request = wire.Request()
        request.party_identify.parties[:] = ['kernteam']
        self.assertStatus(self.registry.client('kernteam', 'events').call(request), 'FORBIDDEN')

    def test_what_is_asked_amiss_is_invalid_by_the_field(self):
        for field, asked in (('parties', {}), ('identifier', {'value': '1884'}), ('identifier', {'identifier': 'kvk', 'value': '1'}),
                             ('value', {'identifier': 'agb'}), ('value', {'identifier': 'agb', 'value': '4123456'}),
                             ('value', {'identifier': 'agb', 'value': '4123456a'}),
                             ('value', {'identifier': 'oin', 'value': '41234567'}),
                             ('value', {'identifier': 'gemeentecode', 'value': '999900006'})):
            self.assertInvalid(self.identify(**asked), f'party_identify.{field}')
        self.assertInvalid(self.identify('kernteam', identifier='agb', value='41234567'), 'party_identify.parties')
        self.assertInvalid(self.identify(*(f'party-{i}' for i in range(33))), 'party_identify.parties')
        self.assertEqual(self.found(*(f'party-{i}' for i in range(32))), [])
        self.assertInvalid(self.identify('geen partij'), 'party_identify.parties[0]')

    def test_it_takes_no_line_of_the_log_but_is_counted(self):
        before = self.client('operator').audit()[-1].number
        for _ in range(50):
            self.found('kernteam')
        lines = [line for line in self.client('operator').audit(after=before) if line.action == 'party-identify']
        self.assertLess(len(lines), 10)


class IdentifyThoseWhoLeave(OwnInstanceTest, IdentifyTest):
    def test_a_party_that_is_removed_or_does_not_fit_is_not_known_to_others(self):
        for party in NUMBERS:
            self.change(party)
        self.assertEqual(self.found('zorgaanbieder-delta', 'zorgaanbieder-horizon'), ['zorgaanbieder-delta', 'zorgaanbieder-horizon'])
        self.assertOk(self.client('operator').party_remove('zorgaanbieder-delta'))
        self.assertEqual(self.found('zorgaanbieder-delta', 'zorgaanbieder-horizon'), ['zorgaanbieder-horizon'])
        self.assertEqual(self.found(identifier='agb', value='47654321'), [])
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('    toezichthouder = ', '    opzichter = '))
        self.assertEqual(self.found('toezicht'), ['toezicht'])
        self.registry.restart()
        self.shared.clear()
        self.assertEqual(self.found('toezicht'), [])


if __name__ == '__main__':
    unittest.main()
