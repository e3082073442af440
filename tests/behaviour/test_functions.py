"""How functions look, in the daemon and the clients (CONTRIBUTING)."""
import re
import unittest

from harness import SOURCE

THEIRS = {'request_handle'}  # called by libmicrohttpd, with what that gives
COMMENT = re.compile(r'/\*.*?\*/', re.DOTALL)
FUNCTION = re.compile(r'^[A-Za-z_][\w *]*?\b(\w+) \(((?:[^()]|\([^()]*\))*)\)\s*(?=[{;]|__attribute__)', re.MULTILINE)


def parameters(text):
    """How many a list between brackets has, those of functions that are parameters apart."""
    flat = re.sub(r'\([^()]*\)|\[[^\]]*\]', '', text)
    return 0 if flat.strip() in ('', 'void') else flat.count(',') + 1


class Functions(unittest.TestCase):
    def test_none_takes_more_than_five_parameters(self):
        found = [(path.relative_to(SOURCE), name, parameters(given))
                 for room in ('daemon', 'clients') for path in sorted((SOURCE / room).rglob('*.[ch]'))
                 for name, given in FUNCTION.findall(COMMENT.sub('', path.read_text()))]
        self.assertGreater(len(found), 2000)
        self.assertEqual([f'{path}: {name} takes {count}' for path, name, count in found if count > 5 and name not in THEIRS], [])

    def test_parameters_are_counted(self):
        self.assertEqual(parameters('void'), 0)
        self.assertEqual(parameters('int a, const char key[2], void (*say) (int, int), struct bytes b'), 4)


if __name__ == '__main__':
    unittest.main()
