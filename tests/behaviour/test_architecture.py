"""docs/architecture.md says where things are: here it is held to that."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import SOURCE

PAGE = (SOURCE / 'docs' / 'architecture.md').read_text()

# What "a statement's field that no rule looks at" takes, as the page says: a file, a line of it, and what stands
# behind that line from then on.
FIELD = (
    ('proto/consent.proto', r'message GrantRequest \{[\s\S]*?  bool under_secrecy = 13;', '  string told_by = 14;'),
    ('proto/consent.proto', r'message Consent \{[\s\S]*?  uint64 used_by = 22;', '  string told_by = 23;'),
    ('daemon/record/records.proto', r'message Statement \{[\s\S]*?  bool under_secrecy = 27;', '  string told_by = 99;'),
    ('daemon/rules/statement.h', r'struct statement \{[\s\S]*?    const char \*motivation;', '    const char *told_by;'),
    ('daemon/fields/statement_fields.c', r'    \{FLAG \(statement, under_secrecy\)\},',
     '    {TEXT (statement, told_by), .sort = SYNTAX_REFERENCE},'),
    ('clients/ctl/consent/grant.c', r'    \{"form", "FORM",',
     '    {"told-by", "WHO", "who told the subject of it", 0},'),
    ('clients/ctl/consent/grant.c', r'    body.under_secrecy = options_has \(options, "under-secrecy"\);',
     '    body.told_by = arena_strdup (ctl->arena, options_text (options, "told-by"));'),
)

# A test of the changed tree: over the socket, through the store and a restart, and by consentctl.
ADDED = '''\
import json
import unittest
from client import grant_request
from harness import OwnInstanceTest, tool

class Added(OwnInstanceTest):
    def test_the_field_is_taken_kept_and_shown(self):
        bsn = self.person()
        request = grant_request(bsn)
        request.grant.told_by = 'wijkverpleegkundige-3'
        recorded = self.registry.client('kernteam').call(request)
        self.assertOk(recorded)
        request = grant_request(bsn)
        request.grant.told_by = 'x' * 65
        self.assertInvalid(self.registry.client('kernteam').call(request), 'grant.told_by')
        self.registry.restart()
        identifier = recorded.consent_recorded.consent_id.hex()
        shown = tool('ctl/consentctl', '--key', self.registry.key_file('kernteam'), '--json', 'consent', 'show', identifier)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn('wijkverpleegkundige-3', shown.stdout)
'''


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
            text = (SOURCE / 'daemon' / name).read_text()
            self.assertTrue(re.search(rf'(?m)^[a-z].*[ *]{function} \(', text), f'{name} has no {function}')

    def test_each_file_that_is_named_is_there(self):
        self.assertGreater(len(listed()), 20)
        for name in listed():
            self.assertTrue((SOURCE / name).exists(), name)

    def test_no_room_knows_one_above_it(self):
        ran = subprocess.run([SOURCE / 'scripts' / 'rooms'], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)


class Adding(unittest.TestCase):
    """A field is added in a copy of the tree, as the page says, and the copy is built and tried."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='consentd-'))
        self.addCleanup(shutil.rmtree, self.directory)
        self.tree, self.build = self.directory / 'tree', self.directory / 'build'
        shutil.copytree(SOURCE, self.tree, ignore=shutil.ignore_patterns('.git', 'build*'))

    def change(self, name, line, more):
        text, count = re.subn(rf'({line}[^\n]*\n)', lambda found: f'{found.group(1)}{more}\n',
                              (self.tree / name).read_text())
        self.assertEqual(count, 1, f'{name}: {line}')
        (self.tree / name).write_text(text)

    def run_in_tree(self, *command):
        ran = subprocess.run(command, cwd=self.tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=400, env=dict(os.environ, CONSENTD_BUILD=str(self.build)), check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout[-4000:])

    def test_a_field_that_no_rule_looks_at_is_added_in_the_files_that_the_page_names(self):
        section = PAGE[PAGE.index('### A field of a statement'):]
        section = section[:section.index('\n### ', 4)]
        self.assertEqual(sorted({name for name, _, _ in FIELD}), sorted(re.findall(r'^- `([^`]+)`', section, re.MULTILINE)))
        for name, line, more in FIELD:
            self.change(name, line, more)
        (self.tree / 'tests' / 'behaviour' / 'test_added.py').write_text(ADDED)
        self.run_in_tree('meson', 'setup', str(self.build), '-Doptimization=0', '-Ddebug=false', '-Dwerror=true')
        self.run_in_tree('ninja', '-C', str(self.build), '--quiet', 'daemon/consentd', 'clients/ctl/consentctl')
        self.run_in_tree('/usr/bin/python3', 'tests/run.py', str(self.build), 'test_added')


if __name__ == '__main__':
    unittest.main()
