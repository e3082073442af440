"""How wide a change is: a text is added to the statement in a copy of the source, which is built and asked about it."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import SOURCE

# Of a field that no rule looks at: file, the line that the new one comes after, the new one.
FIELD = (
    ('proto/consent.proto', r'message GrantRequest \{\n', '  string remark = 100;\n'),
    ('proto/consent.proto', r'message Consent \{\n', '  string remark = 100;\n'),
    ('daemon/record/records.proto', r'message Statement \{\n', '  string remark = 100;\n'),
    ('daemon/rules/statement.h', r'struct statement \{\n', '    const char *remark;\n'),
    ('daemon/fields/statement_fields.c', r'static const struct field statement\[\] = \{\n',
     '    {TEXT (statement, remark), .in_full = true, .sort = SYNTAX_TEXT},\n'),
)
# That a rule of the check looks at it, and gives a code of its own for it, which consentctl explains. The cases of a
# policy pack have statements without it.
RULE = (
    ('daemon/rules/consent_ground.c', r'        failed \|= reason \(OTHER_CASE\);\n',
     "    if (consent->remark[0] != '\\0')\n        failed |= reason (REMARKED);\n"),
    ('daemon/rules/codes.h', r'    X \(GROUND_NOT_ALLOWED, .*\n', '    X (REMARKED, 39, "C7") \\\n'),
    ('proto/codes.proto', r'  GROUND_NOT_ALLOWED = .*\n', '  REMARKED = 39;\n'),
    ('clients/ctl/check/code_words.c', r'code_words explanations\[\] = \{\n',
     '    {CODE (REMARKED), "C7", "KB 3", "the consent has a remark", "de toestemming heeft een opmerking"},\n'),
    ('daemon/policy/cases/policy_case_statement.c', r'        \.motivation = "",\n', '        .remark = "",\n'),
)
PARTS = ('meson.build', 'meson_options.txt', 'proto', 'daemon', 'clients', 'config', 'tests')


class AddedField(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix='consentd-added-')
        self.addCleanup(directory.cleanup)
        self.source, self.build = pathlib.Path(directory.name, 'source'), pathlib.Path(directory.name, 'build')
        self.source.mkdir()
        for name in PARTS:
            part = SOURCE / name
            (shutil.copytree if part.is_dir() else shutil.copy) (part, self.source / name)

    def add(self, name, after, line):
        path = self.source / name
        text, found = re.subn(after, lambda match: match.group() + line, path.read_text())
        self.assertEqual(found, 1, f'{after} in {name}')
        path.write_text(text)

    def run_in(self, *command):
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace',
                             cwd=self.source, timeout=360, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout[-4000:])

    def build_with(self, changes, test, *more):
        for change in changes:
            self.add(*change)
        shutil.copy(SOURCE / 'tests' / 'fixtures' / f'test-{test}.c', self.source / 'tests' / 'unit')
        self.add('tests/unit/meson.build', r'unit_tests = \[\n', f"  '{test}',\n")
        if not self.build.exists():
            self.run_in('meson', 'setup', '--buildtype=plain', self.build)
        self.run_in('ninja', '-C', self.build, f'tests/unit/test-{test}', *more)
        self.run_in(self.build / 'tests' / 'unit' / f'test-{test}')

    def test_a_field_of_a_statement_is_added_in_five_files_and_with_a_rule_in_nine(self):
        self.build_with(FIELD, 'added-field')
        self.assertLessEqual(len({name for name, _, _ in FIELD}), 5)
        self.build_with(RULE, 'added-rule', 'clients/ctl/consentctl')
        self.assertLessEqual(len({name for name, _, _ in FIELD + RULE}), 9)


if __name__ == '__main__':
    unittest.main()
