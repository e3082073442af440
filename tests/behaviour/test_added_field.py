"""How wide a change is: a text is added to the statement, and a verb with an answer of its own, in a copy of the source,
which is built and asked about it."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import SOURCE

# Of a field that no rule looks at, and that consentctl takes: file, the line that the new one comes after, the new one.
FIELD = (
    ('proto/consent.proto', r'message GrantRequest \{\n', '  string remark = 100;\n'),
    ('proto/consent.proto', r'message Consent \{\n', '  string remark = 100;\n'),
    ('daemon/record/records.proto', r'message Statement \{\n', '  string remark = 100;\n'),
    ('daemon/rules/statement.h', r'struct statement \{\n', '    const char *remark;\n'),
    ('daemon/fields/statement_fields.c', r'static const struct field statement\[\] = \{\n',
     '    {TEXT (statement, remark), .in_full = true, .sort = SYNTAX_TEXT},\n'),
    ('clients/ctl/consent/grant.c', r'struct option grant_options\[\] = \{\n',
     '    {"remark", "WORDS", "what else was said", 0},\n'),
    ('clients/ctl/consent/grant.c', r'    body\.user = .*\n    int error = read_signatures \(ctl, options, now, .*\n',
     '    body.remark = options_field (options, "remark");\n'),
)
# That the log shows it to operators.
SHOWN = (
    ('daemon/fields/statement_fields.c', r'    \{TEXT \(statement, remark\)', ', .in_log = true'),
)
# That a rule of the check looks at it, and gives a code of its own for it, which consentctl explains.
RULE = (
    ('daemon/rules/consent_ground.c', r'        failed \|= reason_set_of \(OTHER_CASE\);\n',
     "    if (consent->remark[0] != '\\0')\n        failed |= reason_set_of (REMARKED);\n"),
    ('daemon/rules/codes.h', r'    X \(GROUND_NOT_ALLOWED, .*\n', '    X (REMARKED, 39, "C7") \\\n'),
    ('proto/codes.proto', r'  GROUND_NOT_ALLOWED = .*\n', '  REMARKED = 39;\n'),
    ('clients/ctl/check/code_words.c', r'code_words explanations\[\] = \{\n',
     '    {CODE (REMARKED), "C7", "KB 3", "the consent has a remark", "de toestemming heeft een opmerking"},\n'),
    ('daemon/rules/statement.h', r'#define STATEMENT_SILENT +\\\n', '    .remark = "", \\\n'),
)
# Of a verb with an answer of its own: the operators' clock, shown.
VERB = (
    ('proto/envelope.proto', r'    ClockResetRequest clock_reset = .*\n', '    ClockShowRequest clock_show = 200;\n'),
    ('proto/envelope.proto', r'    PartyApplyReply party_apply = .*\n', '    ClockShowReply clock_show = 200;\n'),
    ('proto/admin.proto', r'message ClockResetRequest \{\n.*\n\}\n',
     'message ClockShowRequest {\n  string user = 1;\n}\n'
     'message ClockShowReply {\n  int64 kept_time = 1;\n  bool stopped = 2;\n}\n'),
    ('daemon/bodies.h', r'    X \(CLOCK_RESET, clock_reset\) .*\n', '    X (CLOCK_SHOW, clock_show) \\\n'),
    ('daemon/bodies.h', r'#define ANSWER_LIST\(X\) .*\n', '    X (CLOCK_SHOW, clock_show) \\\n'),
    ('daemon/bodies.h', r'union told \{\n',
     '    struct {\n        moment kept_time;\n        bool stopped;\n    } clock_show;\n'),
    ('daemon/codec/fields_operate.c', r'ASKED \(clock_reset, clock_asks\);\n',
     'ASKED (clock_show, clock_asks);\n'
     'static const struct field clock_show_tells[] = {{MOMENT (reply, as.clock_show.kept_time)},\n'
     '                                                {FLAG (reply, as.clock_show.stopped)}};\n'
     'TOLD (clock_show, reply, clock_show_tells);\n'),
    ('daemon/dispatch/verb_table.c', r'const struct verb_entry verb_table\[VERBS\] = \{\n',
     '    [VERB_CLOCK_SHOW] = {.name = "clock-show",\n                         .handle = verb_clock_show,\n'
     '                         .channels = ON_OPERATORS,\n                         .permissions = PERMISSION_ADMIN},\n'),
    ('daemon/verbs/clock.c', r'enum \{ AHEAD_MS = .*\n', """
int verb_clock_show (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    (void)caller;
    (void)request;
    handling->reply.body = REPLY_CLOCK_SHOW;
    handling->reply.as.clock_show.kept_time = turn->now;
    handling->reply.as.clock_show.stopped = turn->state.clock_stopped;
    return 0;
}
"""),
    ('clients/ctl/operate/clock.c', r'static const struct option reset_options.*\n', """
static void print_shown (struct ctl *ctl, const Consentd__Reply *reply)
{
    char kept[MOMENT_TEXT];
    (void)ctl;
    printf ("%s\\n", moment_print (reply->clock_show->kept_time, kept));
}

static int run_show (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__ClockShowRequest body;
    consentd__clock_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CLOCK_SHOW, clock_show, &body);
    body.user = arena_strdup (ctl->arena, ctl->user);
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_CLOCK_SHOW, print_shown);
}
"""),
    ('clients/ctl/operate/clock.c', r'const struct command clock_commands\[\] = \{\n',
     '    {"clock show", NULL, "shows the time of the registry", "", NULL, run_show},\n'),
)
PARTS = ('meson.build', 'meson_options.txt', 'proto', 'daemon', 'clients', 'config', 'docs', 'tests')


class AddedField(unittest.TestCase):
    """The field and the verb have nothing to do with each other: they are added to one copy of the source, so that what
    neither changes is built once."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix='consentd-added-')
        cls.addClassCleanup(directory.cleanup)
        cls.source, cls.build = pathlib.Path(directory.name, 'source'), pathlib.Path(directory.name, 'build')
        cls.source.mkdir()
        for name in PARTS:
            part = SOURCE / name
            (shutil.copytree if part.is_dir() else shutil.copy) (part, cls.source / name)
        cls.change(FIELD, 'added-field')
        cls.change(VERB, 'added-verb')
        cls.run_in('meson', 'setup', '--buildtype=plain', cls.build)

    @classmethod
    def add(cls, name, after, line):
        path = cls.source / name
        text, found = re.subn(after, lambda match: match.group() + line, path.read_text())
        if found != 1:
            raise AssertionError(f'{found} times {after} in {name}')
        path.write_text(text)

    @classmethod
    def change(cls, changes, test):
        """And adds the test of the change."""
        for change in changes:
            cls.add(*change)
        shutil.copy(SOURCE / 'tests' / 'fixtures' / f'test-{test}.c', cls.source / 'tests' / 'unit')
        cls.add('tests/unit/meson.build', r'unit_tests = \[\n', f"  '{test}',\n")

    @classmethod
    def run_in(cls, *command):
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace',
                             cwd=cls.source, timeout=360, check=False)
        if ran.returncode != 0:
            raise AssertionError(f'{command} ended with {ran.returncode}: {ran.stdout[-4000:]}')
        return ran.stdout

    def build_and_run(self, test, *more):
        self.run_in('ninja', '-C', self.build, f'tests/unit/test-{test}', *more)
        self.run_in(self.build / 'tests' / 'unit' / f'test-{test}')

    def test_a_field_of_a_statement_is_added_in_five_files_and_with_a_rule_in_nine(self):
        self.build_and_run('added-field')
        self.change(SHOWN, 'shown-field')
        self.build_and_run('shown-field')
        self.assertLessEqual(len({name for name, _, _ in FIELD + SHOWN}), 5)
        self.change(RULE, 'added-rule')
        self.build_and_run('added-rule', 'clients/ctl/consentctl')
        self.assertLessEqual(len({name for name, _, _ in FIELD + RULE}), 9)
        help_text = self.run_in(self.build / 'clients' / 'ctl' / 'consentctl', 'consent', 'grant', '--help')
        self.assertIn('--remark', help_text)

    def test_the_page_on_the_architecture_names_these_files(self):
        page = (SOURCE / 'docs' / 'architecture.md').read_text()
        field = page[page.index('### A field of a statement'):page.index('### A verb')]
        for name in sorted({name for name, _, _ in FIELD}):
            self.assertIn(f'`{name}`', field)
        reason = page[page.index('### A reason'):]
        for name in ('daemon/rules/codes.h', 'proto/codes.proto', 'clients/ctl/check/code_words.c'):
            self.assertIn(f'`{name}`', reason)

    def test_a_verb_with_an_answer_of_its_own_is_added_in_six_files_beside_the_envelope(self):
        self.build_and_run('added-verb', 'daemon/consentd', 'clients/ctl/consentctl')
        self.assertLessEqual(len({name for name, _, _ in VERB} - {'proto/envelope.proto'}), 6)


if __name__ == '__main__':
    unittest.main()
