"""The mappings that come with the project, and consent-adapter mapping check: what a mapping lacks is said before a
message is lost by it."""
import os
import pathlib
import re
import tempfile
import unittest
import xml.etree.ElementTree as xml

from harness import SOURCE, tool

MAPPINGS = SOURCE / 'config' / 'adapters'
FIXTURES = SOURCE / 'tests' / 'fixtures'
PACKS = SOURCE / 'config' / 'policies'
STANDARDS = pathlib.Path(os.environ.get('CONSENTD_ISTANDAARDEN', SOURCE / '..' / 'shared' / 'data' / 'istandaarden'))
SHIPPED = sorted(MAPPINGS.glob('*.map'))
RETURNS = (302, 306, 308, 316, 318, 320, 325)

MAPPING = """\
mapping 2
release 1.0
namespace m urn:m
namespace t urn:t
message m:Bericht
origin wmo
purpose toekenning
flow D1
from kernteam
to zorgaanbieder
sender Kop/Van gemeentecode
receiver Kop/Aan agb
identification Kop/Nummer
subject Persoon/Bsn

element Kop envelope required
in Kop
element Van same required
element Aan same required
element Nummer same required
in
element Persoon structure required
in Persoon
element Bsn bsn required
element Naam naw required
element Naam/t:Voornaam same optional
element Naam/t:Achternaam same required
element Telefoon telefoon optional
element Email email optional
element Opmerking vrije-tekst optional
element Product structure one-or-more
element Product/Code soort-voorziening required
"""

# Each way in which a schema can say which elements there are: a type with a name and without, in another file and
# extended, a choice, a group, a reference.
SCHEMA = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:m" xmlns:t="urn:t" targetNamespace="urn:m"
           elementFormDefault="qualified">
  <xs:import namespace="urn:t" schemaLocation="types.xsd"/>
  <xs:include schemaLocation="groups.xsd"/>
  <xs:element name="Bericht">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Kop">
          <xs:complexType><xs:sequence>
            <xs:element name="Van" type="xs:string"/>
            <xs:element name="Aan" type="t:Code"/>
            <xs:element name="Nummer"><xs:simpleType><xs:restriction base="xs:string"/></xs:simpleType></xs:element>
          </xs:sequence></xs:complexType>
        </xs:element>
        <xs:element name="Persoon" type="m:Persoon"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:complexType name="Persoon">
    <xs:sequence>
      <xs:element name="Bsn" type="xs:string"/>
      <xs:element name="Naam" type="t:VolledigeNaam"/>
      <xs:choice>
        <xs:element name="Telefoon" type="xs:string"/>
        <xs:element name="Email" type="xs:string"/>
      </xs:choice>
      <xs:group ref="m:Toelichting"/>
      <xs:element ref="m:Product" maxOccurs="unbounded"/>
    </xs:sequence>
  </xs:complexType>
</xs:schema>
"""
GROUPS = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:m" elementFormDefault="qualified">
  <xs:group name="Toelichting">
    <xs:sequence minOccurs="0"><xs:element name="Opmerking" type="xs:string"/></xs:sequence>
  </xs:group>
  <xs:element name="Product">
    <xs:complexType><xs:all><xs:element name="Code" type="xs:string"/></xs:all></xs:complexType>
  </xs:element>
</xs:schema>
"""
TYPES = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"
           elementFormDefault="qualified">
  <xs:simpleType name="Code"><xs:restriction base="xs:string"/></xs:simpleType>
  <xs:complexType name="Naam">
    <xs:sequence><xs:element name="Voornaam" type="xs:string" minOccurs="0"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="VolledigeNaam">
    <xs:complexContent><xs:extension base="t:Naam">
      <xs:sequence><xs:element name="Achternaam" type="xs:string"/></xs:sequence>
    </xs:extension></xs:complexContent>
  </xs:complexType>
</xs:schema>
"""


def check(*arguments):
    return tool('adapter/consent-adapter', 'mapping', 'check', *arguments)


def lines_of(mapping):
    """(namespaces, names) of each element that a mapping has a line for: a second reader of the format."""
    spaces, root, base, known = {}, None, (), set()
    for line in mapping.read_text().splitlines():
        words = line.split('#')[0].split()
        if words[:1] == ['namespace']:
            spaces[words[1]] = words[2]
        elif words[:1] == ['message']:
            prefix, name = words[1].split(':')
            root = (spaces[prefix], name)
        elif words[:1] in (['in'], ['element']):
            path = base if words[0] == 'element' else ()
            for step in words[1].split('/') if len(words) > 1 else []:
                prefix, _, name = step.rpartition(':')
                path += ((spaces[prefix] if prefix else (path[-1] if path else root)[0], name),)
            if words[0] == 'in':
                base = path
            else:
                known.add(path)
    return root, known


def elements_of(message):
    """The path of each element of a message below its root."""
    def walk(element, path):
        for child in element:
            below = path + (tuple(child.tag[1:].split('}')),)
            yield below
            yield from walk(child, below)
    root = xml.parse(message).getroot()
    return tuple(root.tag[1:].split('}')), set(walk(root, ()))


class Shipped(unittest.TestCase):
    def test_there_is_one_for_every_message_of_the_chain(self):
        kinds = {path.stem for path in SHIPPED if '-' not in path.stem}
        self.assertEqual(kinds, {f'{law}{kind}' for law in ('wmo', 'jw')
                                 for kind in (301, 305, 307, 315, 317, 319, 323, *RETURNS)})

    def test_under_the_law_of_today_every_one_is_in_order(self):
        checked = check('--pack', PACKS / 'wmo-jeugdwet-2026', *SHIPPED)
        self.assertEqual((checked.returncode, checked.stderr), (0, ''), checked.stdout)
        self.assertEqual(checked.stdout.count(': in order; not held against a schema (--xsd)\n'), len(SHIPPED))
        self.assertLessEqual(max(map(len, checked.stdout.splitlines())), 110)

    def test_the_regulation_of_2015_has_no_flow_for_what_providers_send_of_their_own(self):
        checked = check('--pack', PACKS / 'kaag-en-braassem-2015', *SHIPPED)
        self.assertEqual(checked.returncode, 65)
        faults = re.findall(r'^(\w+)\.map:\d+: (.*)$', checked.stdout, re.MULTILINE)
        self.assertEqual({name for name, fault in faults},
                         {f'{law}{kind}' for law in ('wmo', 'jw') for kind in (305, 307, 315, 317, 319)})
        for name, fault in faults:
            self.assertRegex(fault, "^'(E2|E3|D4)' is not a flow of this pack: under it nothing of this message goes$")

    @unittest.skipUnless(STANDARDS.is_dir(), 'the schemas of iStandaarden are not here (CONSENTD_ISTANDAARDEN)')
    def test_every_element_of_every_real_schema_has_a_line(self):
        schemas = {path.stem.lower() for path in (STANDARDS / 'xsd').glob('*/*3*.xsd')}
        self.assertGreater(len(schemas), 20)
        checked = check('--pack', PACKS / 'wmo-jeugdwet-2026', '--xsd', STANDARDS / 'xsd', *SHIPPED)
        self.assertEqual((checked.returncode, checked.stderr), (0, ''), checked.stdout)
        without = set(re.findall(r'^(\w+)\.map: in order; not held against a schema', checked.stdout, re.MULTILINE))
        self.assertEqual({path.stem.split('-')[0] for path in SHIPPED} - without, schemas)

    def test_every_element_of_our_own_messages_has_a_line(self):
        messages = sorted(FIXTURES.glob('*3[0-9][0-9].xml'))
        self.assertEqual(len(messages), 28)
        for message in messages:
            with self.subTest(message.stem):
                root, elements = elements_of(message)
                for mapping in MAPPINGS.glob(f'{message.stem}*.map'):
                    known_root, known = lines_of(mapping)
                    self.assertEqual(root, known_root)
                    whole = {path for path in elements if not any(path[:i] in known for i in range(1, len(path)))}
                    self.assertEqual(elements - known if '-' not in mapping.stem else whole - known, set())

    def test_what_is_held_back_and_what_never_goes_is_shown(self):
        shown = check('--pack', PACKS / 'wmo-jeugdwet-2026', MAPPINGS / 'wmo301.map', MAPPINGS / 'wmo301-pgb.map').stdout
        allocation, budget = shown.split('wmo301-pgb.map\n', 1)
        self.assertIn('flow      D1 (Toekenning aan de zorgaanbieder)', allocation)
        goes, held = allocation.split('Held back, because the flow does not carry it:')
        self.assertRegex(goes, r'verblijfplaats +Client/Contactgegevens/Contact/Soort where Soort is anything else\n'
                               r' +Client/Contactgegevens/Contact/Adres where Soort is anything else')
        self.assertRegex(held, r'juridische-status +Client/JuridischeStatus')
        never = budget.split('Never goes:')[1]
        self.assertIn('Client/Contactgegevens/Contact/Adres where Soort is anything else', never)
        self.assertIn('Client/Geslacht', never)


class Wrong(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.directory / 'message.xsd').write_text(SCHEMA)
        (self.directory / 'types.xsd').write_text(TYPES)
        (self.directory / 'groups.xsd').write_text(GROUPS)

    def changed(self, what, by, name='own.map', text=MAPPING):
        """A mapping with one text of it changed."""
        self.assertEqual(text.count(what), 1, what)
        path = self.directory / name
        path.write_text(text.replace(what, by))
        return path

    def judge(self, mapping, *more):
        """(exit code, what was found)"""
        checked = check('--xsd', self.directory / 'message.xsd', '--pack', PACKS / 'wmo-jeugdwet-2026', mapping, *more)
        self.assertEqual(checked.stderr, '')
        return checked.returncode, re.findall(rf'^{mapping.name}:(?!.*in order$)(?! wrong$) ?(.*)$', checked.stdout,
                                              re.MULTILINE)

    def assertFound(self, what, by, *found):
        self.assertEqual(self.judge(self.changed(what, by)), (65, list(found)))

    def test_one_that_fits_is_in_order(self):
        self.assertEqual(self.judge(self.changed('release 1.0', 'release 1.1')), (0, []))

    def test_an_element_of_the_schema_that_has_no_line_is_named_with_its_place(self):
        self.assertFound('element Opmerking vrije-tekst optional\n', '',
                         '22: Persoon/Opmerking has no line: it would be left out of every message. '
                         'Add one that says its category')
        self.assertFound('element Naam/t:Voornaam same optional\n', '',
                         '25: Persoon/Naam/Voornaam has no line: it would be left out of every message. '
                         'Add one that says its category')

    def test_a_line_for_what_the_schema_lacks_is_named(self):
        self.assertFound('element Email email optional\n', 'element Email email optional\nelement Fax telefoon optional\n',
                         '30: the schema has no element Fax in Persoon')

    def test_what_is_required_here_and_there_must_agree(self):
        self.assertFound('vrije-tekst optional', 'vrije-tekst required',
                         '30: no such message could ever go: it cannot do without Persoon/Opmerking, and flow D1 does not '
                         'carry vrije-tekst',
                         '30: Persoon/Opmerking may be absent by the schema, but is required here: messages without it '
                         'would be refused')
        self.assertFound('naw required', 'naw optional',
                         '25: Persoon/Naam is required by the schema, but not here: what goes out without it would not be '
                         'valid')

    def test_what_is_repeated_here_and_there_must_agree(self):
        self.assertFound('structure one-or-more', 'structure required',
                         '31: Persoon/Product may be repeated by the schema, but stands once here: messages with more '
                         'would be refused')
        self.assertFound('email optional', 'email any-number',
                         '29: Persoon/Email may be repeated here, but stands once by the schema')

    def test_lines_stand_in_the_order_of_the_schema(self):
        self.assertFound('element Telefoon telefoon optional\nelement Email email optional\n',
                         'element Email email optional\nelement Telefoon telefoon optional\n',
                         '29: Persoon/Telefoon stands before Persoon/Email in the schema: lines go in its order')

    def test_what_holds_elements_and_what_a_value_must_agree(self):
        self.assertFound('element Product/Code soort-voorziening required\n', '',
                         '31: Persoon/Product holds elements by the schema; here it holds a value')
        self.assertFound('element Opmerking vrije-tekst optional\n',
                         'element Opmerking vrije-tekst optional\nelement Opmerking/Regel same optional\n',
                         '30: Persoon/Opmerking holds a value by the schema; here it holds elements')

    def test_codes_that_the_pack_does_not_know_are_named_with_what_was_meant(self):
        self.assertFound('Bsn bsn required', 'Bsn bns required',
                         """24: 'bns' is not a category of this pack; did you mean "bsn"?""")
        self.assertFound('origin wmo', 'origin wmmo',
                         *(f"""{line}: 'wmmo' is not an origin of this pack; did you mean "wmo"?"""
                           for line in (24, 25, 28, 29, 30, 32)))
        self.assertFound('purpose toekenning', 'purpose tekenning',
                         """7: 'tekenning' is not a purpose of this pack; did you mean "toekenning"?""",
                         '7: flow D1 is for toekenning, and not for tekenning')
        self.assertFound('to zorgaanbieder', 'to zorgaanbieders',
                         """10: 'zorgaanbieders' is not a kind of party of this pack; did you mean "zorgaanbieder"?""")

    def test_a_flow_of_another_purpose_and_one_that_is_not_there_are_named(self):
        self.assertFound('flow D1', 'flow D9',
                         "8: 'D9' is not a flow of this pack: under it nothing of this message goes")
        self.assertFound('purpose toekenning', 'purpose levering', '7: flow D1 is for toekenning, and not for levering')

    def test_a_kind_of_party_that_the_flow_does_not_have_is_noted(self):
        self.assertEqual(self.judge(self.changed('from kernteam', 'from kernteam school')),
                         (0, ['9: note: school gives nothing by flow D1']))
        self.assertEqual(self.judge(self.changed('to zorgaanbieder', 'to zorgaanbieder cak')),
                         (0, ['10: note: cak receives nothing by flow D1']))

    def test_a_category_that_is_held_back_is_no_fault_unless_nothing_could_go(self):
        held = check('--pack', PACKS / 'wmo-jeugdwet-2026', self.changed('email optional', 'godsdienst optional'))
        self.assertEqual(held.returncode, 0)
        self.assertRegex(held.stdout, r'Held back, because the flow does not carry it:\n +godsdienst +Persoon/Email\n')
        self.assertFound('naw required', 'godsdienst required',
                         '25: no such message could ever go: it cannot do without Persoon/Naam, and flow D1 does not carry '
                         'godsdienst')

    def test_a_fault_of_the_language_is_told_with_its_line(self):
        checked = check(self.changed('flow D1', 'flows D1'), self.changed('1.0', '1.1', 'right.map'))
        self.assertEqual((checked.returncode, checked.stdout.splitlines()[0]),
                         (65, "own.map:8: 'flows' is not a word of a mapping"))
        self.assertIn('right.map: in order; not held against a policy (--pack) or a schema (--xsd)', checked.stdout)

    def test_the_shape_that_goes_out_is_held_against_its_own_schema(self):
        (self.directory / 'pgb.xsd').write_text((MAPPINGS / 'pgb.xsd').read_text())
        pgb = re.sub(' +', ' ', (MAPPINGS / 'wmo301-pgb.map').read_text())
        for what, by, found in (
                ('periode required value [0-9]{4}-[0-9]{2}-[0-9]{2} as Begindatum',
                 'periode optional value [0-9]{4}-[0-9]{2}-[0-9]{2} as Begindatum',
                 'Client/ToegewezenProducten/ToegewezenProduct/Ingangsdatum is written as Begindatum, which the schema '
                 'requires, but may be left out'),
                ('optional as Budgetidentificatie', 'optional as Budgetnummer',
                 'the schema has no element Budgetnummer in BudgetPeriode'),
                ('element Communicatie correspondentie optional\n', 'element Communicatie correspondentie any-number\n',
                 'Client/Communicatie may be repeated here, but stands once by the schema'),
                ('element Bsn bsn required', 'element Bsn bsn required as Burger',
                 'the schema has no element Burger in Budgethouder')):
            with self.subTest(by):
                checked = check(self.changed(what, by, 'pgb.map', pgb))
                self.assertEqual(checked.returncode, 65)
                self.assertRegex(checked.stdout, rf'(?m)^pgb\.map:\d+: {re.escape(found)}$')
        without = check(self.changed('schema pgb.xsd', '', 'pgb.map', pgb))
        self.assertEqual(without.returncode, 65)
        self.assertIn('pgb.map: there is no schema of its shape beside it', without.stdout)

    def test_a_schema_that_is_not_understood_or_of_other_messages_is_no_approval(self):
        mapping = self.changed('release 1.0', 'release 1.1')
        for what, by in (('<xs:group ref="m:Toelichting"/>', '<xs:any/>'), ('type="t:VolledigeNaam"', 'type="t:Niets"'),
                         ('ref="m:Product"', 'ref="m:Niets"')):
            (self.directory / 'message.xsd').write_text(SCHEMA.replace(what, by))
            checked = check('--xsd', self.directory / 'message.xsd', mapping)
            self.assertEqual(checked.returncode, 78, checked.stdout)
            self.assertRegex(checked.stderr, r"line \d+ of the XML Schema: '\w+' is not understood here")
        (self.directory / 'message.xsd').write_text(SCHEMA.replace('name="Bericht"', 'name="Brief"'))
        self.assertEqual(self.judge(mapping),
                         (65, ['5: the schema is of other messages: it has no Bericht in urn:m']))
        for path in (self.directory / 'gone.xsd', mapping, '/dev/full'):
            self.assertEqual(check('--xsd', path, mapping).returncode, 78)

    def test_of_a_directory_the_schema_whose_messages_these_are_is_taken(self):
        mapping = self.changed('email optional', 'email any-number')
        for path in (self.directory, self.directory / 'message.xsd'):
            checked = check('--xsd', path, mapping)
            self.assertEqual(checked.returncode, 65)
            self.assertIn('own.map:29: Persoon/Email may be repeated here', checked.stdout)
        (self.directory / 'iwmo').mkdir()
        for file in self.directory.glob('*.xsd'):
            file.rename(self.directory / 'iwmo' / file.name)
        self.assertEqual(check('--xsd', self.directory, mapping).returncode, 65)
        none = check('--xsd', self.directory, MAPPINGS / 'wmo305.map')
        self.assertEqual(none.returncode, 0)
        self.assertIn(f'wmo305.map: note: no schema in {self.directory} is of these messages: it is not held against one',
                      none.stdout)

    def test_a_command_that_lacks_something_says_so(self):
        for arguments in ((), ('--what', SHIPPED[0]), ('--pack',)):
            self.assertEqual(check(*arguments).returncode, 64, arguments)
        self.assertEqual(check('--pack', self.directory, SHIPPED[0]).returncode, 78)
        self.assertIn('Usage: consent-adapter mapping check', check('--help').stdout)
        self.assertEqual(tool('adapter/consent-adapter', 'mapping').returncode, 64)


if __name__ == '__main__':
    unittest.main()
