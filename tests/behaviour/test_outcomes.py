"""The contract of errors, as daemon/outcome.h keeps it for the whole daemon."""
import re
import unittest

from harness import SOURCE

OF_OTHERS = re.compile('MDB_|NULL$')  # LMDB's own numbers go no further than store/


class Outcomes(unittest.TestCase):
    def setUp(self):
        self.named = set(re.findall(r'X \(([A-Z_]+),', (SOURCE / 'daemon' / 'outcome.h').read_text()))
        self.sources = {path: path.read_text() for path in sorted((SOURCE / 'daemon').rglob('*.[ch]'))}

    def test_what_a_caller_compares_an_outcome_with_is_numbered_in_one_place(self):
        compared = {(path.name, name) for path, text in self.sources.items()
                    for name in re.findall(r'\b(?:rc|r|result) [!=]= ([A-Z]\w+)', text) if not OF_OTHERS.match(name)}
        self.assertGreater(len(compared), 50)
        self.assertEqual([one for one in compared if one[1] not in self.named], [])

    def test_every_outcome_is_returned_or_handled_somewhere(self):
        code = '\n'.join(text for path, text in self.sources.items() if path.suffix == '.c')
        self.assertEqual([name for name in self.named if not re.search(rf'\b{name}\b', code)], [])


if __name__ == '__main__':
    unittest.main()
