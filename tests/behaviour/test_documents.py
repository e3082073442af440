"""The documents as a whole: lines that fit, names that lead somewhere, and lists of docs/protocol.md against what they are of."""
import re
import unittest

import envelope_pb2

from harness import SOURCE

PAGES = [*sorted((SOURCE / 'docs').glob('*.md')), SOURCE / 'docs' / 'clients' / 'README.md', SOURCE / 'README.md',
         SOURCE / 'CONTRIBUTING.md']
PROTOCOL = (SOURCE / 'docs' / 'protocol.md').read_text()
COLUMNS = 132


def headings(page):
    """What a page may be asked to be read at: its headings, and the words with which a paragraph of it begins in bold."""
    text = page.read_text()
    return {name.rstrip('.:') for name in re.findall(r'(?m)^#+ (.*)$', text) + re.findall(r'(?m)^(?:- )?\*\*([^*]+)\*\*', text)}


def flat(page):
    return re.sub(r'\s+', ' ', page.read_text())


def words(text):
    return set(re.findall(r'`(\w+)`', text))


def passage(pattern):
    return re.search(pattern, PROTOCOL, re.DOTALL)[1]


class Pages(unittest.TestCase):
    def test_no_line_but_one_of_a_table_is_longer_than_a_screen(self):
        for page in PAGES:
            for number, line in enumerate(page.read_text().splitlines(), 1):
                self.assertTrue(len(line) <= COLUMNS or line.startswith('|'), f'{page}:{number}: {len(line)} columns')

    def test_each_file_that_is_named_is_there(self):
        named = 0
        for page in PAGES:
            text = page.read_text()
            places = (SOURCE, SOURCE / 'docs', SOURCE / 'daemon', page.parent)
            for name in {*re.findall(r'`([\w./-]+\.md)`', text), *re.findall(r'\]\(([^):#]+)\)', text),
                         *re.findall(r'`((?:daemon|proto|clients|tests|docs|scripts|config)/[^`* ]+\.[a-z]+)`', text)}:
                named += 1
                self.assertTrue(any((place / name).exists() for place in places), f'{page}: {name}')
        self.assertGreater(named, 100)

    def test_each_section_that_is_named_is_there(self):
        named = 0
        for page in PAGES:
            text = flat(page)
            for other, said in re.findall(r'`(?:docs/)?([\w-]+\.md)`, ([A-Z][^.;:)`]*)', text):
                named += 1
                self.assertTrue(any(said.startswith(name) for name in headings(SOURCE / 'docs' / other)), f'{page}: {other}, {said}')
            for said in re.findall(r'[(;] ?([A-Z][^()`.;:]*?), (?:below|above)', text):
                named += 1
                self.assertIn(said, headings(page), page)
        self.assertGreater(named, 12)

    def test_each_section_that_an_alert_a_unit_or_a_program_names_is_there(self):
        there, named = headings(SOURCE / 'docs' / 'operations.md'), 0
        for path in [path for folder in ('config', 'daemon', 'clients') for path in (SOURCE / folder).rglob('*') if path.is_file()]:
            text = re.sub(r'\n[ #"*]*', ' ', path.read_bytes().decode(errors='replace'))
            for said in re.findall(r'operations\.md, ([A-Z][^.;:)"]*)', text):
                named += 1
                self.assertTrue(any(said.startswith(name) for name in there), f'{path}: {said}')
        self.assertGreater(named, 10)

    def test_the_long_page_begins_with_its_sections(self):
        text = (SOURCE / 'docs' / 'operations.md').read_text()
        contents, _, rest = text.partition('\n## ')
        rows = [name.strip() for row in re.findall(r'(?m)^\| [^|]+ \| (.*) \|$', contents)[1:] for name in row.split('·')]
        self.assertEqual(sorted([*rows, 'What does not exist yet']), sorted(re.findall(r'(?m)^## (.*)$', text)))


class Protocol(unittest.TestCase):
    """The lists of verbs: all of them, those that are answered again, and those that wait for the clock."""

    @classmethod
    def setUpClass(cls):
        table = (SOURCE / 'daemon' / 'dispatch' / 'verb_table.c').read_text()
        rows = re.findall(r'\[VERB_(\w+)\] = \{(.*?)\},\n', table, re.DOTALL)
        cls.rows = {{'RESTRICT': 'restrict_data'}.get(name, name.lower()): row for name, row in rows if name != 'NONE'}

    def marked(self, mark):
        return {name for name, row in self.rows.items() if f'.{mark} = true' in row}

    def test_every_request_is_a_verb_of_the_grammar(self):
        told = [name.strip().replace('-', '_') for name in passage(r'\n    verb         = (.*?)\n\n').split('/')]
        asked = [field.name for field in envelope_pb2.Request.DESCRIPTOR.oneofs_by_name['body'].fields]
        self.assertEqual(sorted(told), sorted(asked))
        self.assertEqual(set(told), set(self.rows))

    def test_what_is_answered_again_is_told(self):
        told = passage(r'is answered again from the record: the reply to (.*?), if its status was OK')
        self.assertEqual(words(re.sub(r'\([^)]*\)', '', told)), self.marked('answers_again'))

    def test_what_waits_for_the_clock_is_told(self):
        self.assertEqual(words(passage(r'4\. the clock, for (.*?): UNAVAILABLE')), self.marked('decides'))

    def test_what_the_conformance_of_a_client_rests_on_it_must_do(self):
        """A case that fails a client names a section which says MUST."""
        sections = re.split(r'(?m)^##+ (?=\d)', PROTOCOL)
        must = {section.split()[0].rstrip('.') for section in sections if 'MUST' in section}
        cases = [case for name in ('check', 'listen', 'key')
                 for case in re.findall(r'\{"([\w-]+)", "([\d.]+)"', (SOURCE / 'clients' / 'conformance' / f'cases_{name}.c').read_text())]
        self.assertGreater(len(cases), 25)
        self.assertEqual([case for case in cases if case[1] not in must], [])


if __name__ == '__main__':
    unittest.main()
