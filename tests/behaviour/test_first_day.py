"""docs/first-day.md, from its first command to its last, as it stands there."""
import os
import unittest

from pages import PageTest, commands

PAGE = 'first-day.md'


class FirstDay(PageTest):
    def test_it_leads_to_a_check_that_is_permitted(self):
        self.type_all(PAGE, '## 1.')
        said = self.type_all(PAGE, '## 2.')
        self.assertRegex(said[-1], r'(?m)^decisions +go on$')
        self.type_all(PAGE, '## 3.')
        kept = sorted(str(path.relative_to(self.place('/media/keys'))) for path in self.place('/media/keys').rglob('*.*'))
        self.assertEqual(kept, ['newest/subjects.keys', 'newest/subjects.root', 'once/log-key.txt', 'once/log.key', 'once/operator.key',
                                'once/server.key', 'once/vault.key'])
        self.assertIn('gemeente-voorbeeld.nl/toestemmingen+', self.place('/media/keys/once/log-key.txt').read_text())
        self.type_all(PAGE, '## 4.')
        self.assertEqual([path.name for path in self.place('/var/backups/consentd').glob('20*/*')], ['consentd.mdb'])
        self.type_all(PAGE, '## 5.')
        self.type_all(PAGE, '## 6.')
        self.assertIn('zorgaanbieder-horizon', self.type_all(PAGE, '## 7.')[-1])
        asked = self.type_all(PAGE, '## 8.', {4: 1})
        self.assertEqual([said.split()[0] for said in (asked[4], asked[6])], ['DENY', 'PERMIT'])
        self.type_all(PAGE, '## 9.')
        self.assertEqual(sorted(os.listdir(self.home)), ['.config', 'bewaking.key', 'horizon.key', 'kernteam.key', 'operator-2.key'])

    def test_no_command_of_the_page_is_left_out(self):
        told = sum(len(list(commands(PAGE, f'## {number}.'))) for number in range(1, 10))
        self.assertEqual(told, len(list(commands(PAGE))))


if __name__ == '__main__':
    unittest.main()
