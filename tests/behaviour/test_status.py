"""`consentctl status` on a screen of 80 columns and 24 lines: whether all is well, what is not, and what to do."""
import re
import unittest

from harness import BUILD, OwnInstanceTest, tool
from terminal import shown_at


class Screen(OwnInstanceTest):
    def command(self):
        return BUILD / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file('operator'), 'status'

    def screen(self):
        lines = [line.rstrip('\r') for line in shown_at(80, *self.command())]
        while lines and not lines[-1]:
            lines.pop()
        self.assertLess(len(lines), 24, '\n'.join(lines))
        self.assertEqual([line for line in lines if len(line) > 80], [])
        return lines

    def test_all_is_well(self):
        lines = self.screen()
        self.assertEqual(lines[:2], ['All is well.', ''])
        self.assertRegex('\n'.join(lines), r'(?m)^decisions +go on$')
        self.assertNotRegex('\n'.join(lines), r'(?m)^(let go|failed commits) ')

    def test_what_is_not_well_and_what_to_do(self):
        path = self.registry.directory / 'consentd.conf'
        text = path.read_text()
        path.write_text(text.replace('#   copies = "tweede"', '    copies = "tweede"').replace('#   copy-lag = "300"', '    copy-lag = "1"')
                        .replace('subjects-per-hour = "2000"', 'subjects-per-hour = "1"'))
        self.registry.reload()
        for _ in range(3):
            self.client('kernteam').check(next(self.bsns))
        path.write_text(path.read_text().replace('cache = "16"', 'cache = "much"'))
        self.registry.reload()
        self.registry.wait_for(lambda: self.registry.log().count('alarm: ') >= 2, 'both alarms')
        lines = self.screen()
        self.assertEqual(lines[0], '2 things are not well:')
        told = ' '.join(line.strip() for line in lines[1:lines.index('')])
        self.assertEqual(re.sub(' +', ' ', told),
                         'WARNING the last reload changed nothing; mend what is named below, and reload '
                         'WARNING copies of the log that are behind: 1; see operations.md, A second place')
        self.assertRegex('\n'.join(lines), r'(?m)^last reload +\S*consentd\.conf')
        self.assertRegex('\n'.join(lines), r'(?m)^many-subjects +kernteam\b')
        health = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'health')
        self.assertEqual(health.stdout, 'WARNING - the last reload changed nothing; copies of the log that are behind: 1\n')


if __name__ == '__main__':
    unittest.main()
