"""A policy pack on one sheet of paper: each cell against the tables typed from the packs' specification, and whether it is one
sheet."""
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

from harness import SOURCE, tool

sys.path.append(str(SOURCE / 'tests' / 'oracle'))
import packs

PACKS = SOURCE / 'config' / 'policies'


class Matrix(HTMLParser):
    """self.sorts: the categories in the order of the columns. self.rows: of each flow the cells' classes."""

    def __init__(self, page):
        super().__init__()
        self.sorts, self.special, self.rows, self.flow, self.texts = [], [], {}, None, []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        classes = (given.get('class') or '').split()
        if tag == 'th' and 'sort' in classes:
            self.sorts.append(given['title'])
            self.special += [given['title']] if 'special' in classes else []
        elif tag == 'tr':
            self.flow = None
        elif tag == 'td' and 'c' in classes:
            self.rows[self.flow].append(set(classes) - {'c'})

    def handle_data(self, data):
        self.texts.append(data)
        if self.flow is None and data in {flow.name for flow in packs.FLOWS}:
            self.flow = data
            self.rows[data] = []

    def cells(self):
        return {(flow, sort): cell - {'special'} for flow, row in self.rows.items()
                for sort, cell in zip(self.sorts, row, strict=True) if cell - {'special'}}


def carries(pack, statute, category):
    special = packs.STATUTES[pack][statute].carries
    return special == 'all' or category not in packs.OTHER_SPECIAL and (special == 'health' or category not in packs.HEALTH)


def expected(pack):
    """By the specification: {(flow, category): the classes of the cell}."""
    cells = {}
    for flow in packs.FLOWS:
        for category in flow.categories if pack in flow.besides else ():
            is_special = category in packs.HEALTH + packs.OTHER_SPECIAL
            to = [kind for kind in flow.recipients if not is_special or kind in packs.MAY_RECEIVE_SPECIAL]
            statutes = [one for one in flow.besides[pack] if isinstance(one, tuple) and carries(pack, one[0], category)]
            by_law = 'W' if any(one[1:] == (None, None) for one in statutes) else 'w' if statutes else ''
            if to:
                cells[flow.name, category] = {('T' if flow.consent else '') + by_law or 'A'} | (
                    {'some'} if len(to) < len(flow.recipients) else set())
    return cells


def sheet(pack, *options):
    shown = tool('ctl/consentctl', 'policy', 'show', PACKS / pack, *options)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


class SheetTest(unittest.TestCase):
    def test_each_cell_says_what_the_pack_is_specified_to_hold(self):
        for pack in packs.PACKS:
            with self.subTest(pack):
                matrix = Matrix(sheet(pack, '--html', '--language', 'nl'))
                self.assertEqual(matrix.cells(), expected(pack))
                self.assertEqual(set(matrix.sorts), {category for _, category in expected(pack)})
                self.assertEqual(set(matrix.special), set(matrix.sorts) & set(packs.HEALTH + packs.OTHER_SPECIAL))

    def test_both_languages_say_the_same_in_their_own_words(self):
        dutch, english = (Matrix(sheet('wmo-jeugdwet-2026', '--html', '--language', one)) for one in ('nl', 'en'))
        self.assertEqual(dutch.cells(), english.cells())
        self.assertIn('Wie tekent een toestemming', dutch.texts)
        self.assertIn('Who signs a consent', english.texts)
        for texts in dutch.texts, english.texts:
            self.assertIn('wmo-5.2.6', texts)

    def test_it_asks_for_nothing_from_elsewhere(self):
        page = sheet('wmo-jeugdwet-2026', '--html')
        self.assertNotRegex(page, r'<script|<link|src=|href=|url\(|@import')

    def test_it_is_one_sheet_of_a4_landscape(self):
        for pack in packs.PACKS:
            with self.subTest(pack), tempfile.TemporaryDirectory() as scratch:
                file = Path(scratch) / 'blad.pdf'
                sheet(pack, '--out', file, '--language', 'nl')
                about = subprocess.run(['pdfinfo', file], capture_output=True, text=True, check=True).stdout
                self.assertRegex(about, r'Pages: +1\n')
                self.assertRegex(about, r'Page size: +84[12]\.\d+ x 59[56]')

    def test_what_cannot_be_is_said_before_anything_is_written(self):
        for options, word in ((('--html', '--format', 'pdf'), '--html and --format'), (('--language', 'de'), 'nl or en'),
                              (('--format', 'csv'), '--format is text, html')):
            refused = tool('ctl/consentctl', 'policy', 'show', PACKS / packs.PACKS[0], *options)
            self.assertEqual((refused.returncode, refused.stdout), (64, ''))
            self.assertIn(word, refused.stderr)


if __name__ == '__main__':
    unittest.main()
