"""The index of rules and codes, which says of each where it is and what tests it."""
import re
import subprocess
import unittest

from harness import SOURCE


class RulesIndex(unittest.TestCase):
    def test_every_rule_that_decides_has_a_place_and_every_code_a_test(self):
        ran = subprocess.run([SOURCE / 'scripts' / 'rules'], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertLessEqual(max(map(len, ran.stdout.splitlines())), 120)
        places = re.findall(r'^  ([GCMV]\d+) +(daemon/\S+):(\d+)', ran.stdout, re.MULTILINE)
        self.assertEqual([name for name, _, _ in places],
                         [f'{letter}{number + 1}' for letter, count in (('G', 12), ('C', 15), ('M', 10), ('V', 8))
                          for number in range(count)])
        for name, path, line in places:
            self.assertTrue((SOURCE / path).read_text().splitlines()[int(line) - 1], name)


if __name__ == '__main__':
    unittest.main()
