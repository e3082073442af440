"""docs/architecture.md says where things are: here it is held to that. What a change touches: test_added_field."""
import re
import subprocess
import unittest

from harness import SOURCE

PAGE = (SOURCE / 'docs' / 'architecture.md').read_text()

def walked():
    """(file, function) of every line of the tables of walks."""
    return re.findall(r'^\| \d+ \| `([^`]+)` `([^`]+)`', PAGE, re.MULTILINE)


def listed():
    """Every file and folder that the page names."""
    return set(re.findall(r'`((?:daemon|proto|clients|tests|docs|scripts|config)/[^`* ]+)`', PAGE))


class Page(unittest.TestCase):
    def test_each_step_of_a_walk_is_a_function_in_the_file_that_is_named(self):
        self.assertGreater(len(walked()), 15)
        for name, function in walked():
            text = (SOURCE / ('' if name.startswith('clients/') else 'daemon') / name).read_text()
            self.assertTrue(re.search(rf'(?m)^[a-z].*[ *]{function} \(', text), f'{name} has no {function}')

    def test_each_file_that_is_named_is_there(self):
        self.assertGreater(len(listed()), 20)
        for name in listed():
            self.assertTrue((SOURCE / name).exists(), name)

    def test_no_room_knows_one_above_it(self):
        ran = subprocess.run([SOURCE / 'scripts' / 'rooms'], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)


if __name__ == '__main__':
    unittest.main()
