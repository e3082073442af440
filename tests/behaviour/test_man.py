"""The manual pages: whole, in order, and of what the programs and the configuration are."""
import json
import re
import shutil
import subprocess
import unittest

from harness import BUILD, SOURCE, tool

PLACE = BUILD / 'docs' / 'man'
COMMANDS = {'sociale-team': (('consent',), ('form',), ('import',), ('held',)), 'cak': (('held',),), 'svb': (('held',),),
            'consent-adapter': (('mapping', 'check'), ('held',))}
OPTION = re.compile(r'(?<![\w-])--[a-z][a-z0-9-]*')
OTHERS = {'--adapter', '--cflags', '--libs', '--now'}  # of scripts/bench, pkg-config, systemctl


def shown(page):
    """The page as a terminal of 80 columns has it."""
    return subprocess.run(['mandoc', '-T', 'utf8', '-O', 'width=78', page], capture_output=True, text=True, check=True).stdout


def plain(page):
    return re.sub('.\b', '', shown(page))


def help_of(program):
    """All that its --help says, of its commands too."""
    place = BUILD / 'daemon/consentd' if program == 'consentd' else next(
        one for one in (BUILD / 'clients').glob(f'*/{program}'))
    if program == 'consentctl':
        return tool(place, 'help', '--all').stdout
    return '\n'.join(tool(place, *words, '--help').stdout for words in ((), *COMMANDS.get(program, ())))


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for needed in ('mandoc', 'scdoc'):
            if not shutil.which(needed):
                raise AssertionError(f'{needed} is not installed: scripts/packages names what the tests need')
        cls.pages = {path.name: plain(path) for path in PLACE.glob('*.[1-8]')}
        programs = [path.stem for path in PLACE.glob('*.[18]')]
        cls.help = {program: help_of(program) for program in programs}

    def test_every_program_that_is_installed_has_one(self):
        targets = json.loads(subprocess.run(['meson', 'introspect', '--targets', BUILD], capture_output=True, text=True,
                                            check=True).stdout)
        installed = {one['name'] for one in targets if one['type'] == 'executable' and one['installed']}
        self.assertIn('consentctl', installed)
        self.assertEqual(installed, set(self.help))

    def test_each_option_of_a_help_stands_in_the_page_and_the_other_way_round(self):
        every = {option for text in self.help.values() for option in OPTION.findall(text)}
        for name, page in self.pages.items():
            options = set(OPTION.findall(page)) - OTHERS
            if name[-1] in '18':
                self.assertEqual(options, set(OPTION.findall(self.help[name[:-2]])), name)
            else:
                self.assertLessEqual(options, every, name)

    def test_each_command_stands_in_the_page(self):
        text = ' '.join(self.pages['consentctl.1'].split())
        listed = self.help['consentctl'].split('\nQuestions\n')[1].split('\nOptions of every command\n')[0]
        commands = [line[2:].split('  ')[0].split() for line in listed.splitlines() if line.startswith('  ')]
        self.assertGreater(len(commands), 90)
        for words in commands:
            self.assertIn('consentctl ' + ' '.join(word for word in words if word.islower()), text)

    def test_each_setting_stands_in_the_page_of_the_configuration_and_the_other_way_round(self):
        for page, sources, known in (('consentd.conf.5', 'daemon/config/*.c', {'limits/handshakes'}),
                                     ('consent-http.conf.5', 'clients/http/bridge.c', set())):
            code = ''.join(path.read_text() for path in SOURCE.glob(sources))
            read = set(re.findall(r'"((?:[a-z]+/[a-z-]+)|controller|policy|parties|listen|url|beyond-loopback)"', code))
            read = {one for one in read if not any(other.startswith(one + '/') for other in read)}
            told = set(re.findall(r'^ +([a-z/-]+) = "', self.pages[page], re.MULTILINE)) | known
            told = {one for one in told if not one.startswith(('roles/', 'parties/'))}
            if page == 'consent-http.conf.5':
                told |= {'parties'}
            self.assertEqual(told, read, page)

    def test_they_are_in_order_and_fit_a_terminal(self):
        for path in sorted(PLACE.glob('*.[1-8]')):
            said = subprocess.run(['mandoc', '-T', 'lint', '-W', 'warning', path], capture_output=True, text=True, check=False).stdout
            said = [line for line in said.splitlines() if 'referenced manual not found' not in line]
            self.assertEqual(said, [], path.name)
            self.assertEqual([line for line in self.pages[path.name].splitlines() if len(line) > 80], [], path.name)

    def test_each_page_that_is_referred_to_is_there(self):
        for name, page in self.pages.items():
            for other, section in re.findall(r'\b((?:consent|lib|cak|svb|sociale)[a-z.-]*)\((\d)\)', page):
                self.assertIn(f'{other}.{section}', self.pages, name)

    def test_the_options_of_an_example_are_those_of_its_command(self):
        helps = dict(re.findall(r'^consentctl ([a-z -]+): ((?:(?!^consentctl [a-z -]+: ).)*)', self.help['consentctl'],
                                re.MULTILINE | re.DOTALL))
        common = self.help['consentctl'].split('Options of every command')[1].split('\n\n')[0]
        every = set(re.findall('^  (--[a-z-]+)', common, re.MULTILINE))
        tried = 0
        for path in SOURCE.glob('docs/man/**/*.scd'):
            for words in re.findall(r'(?:^[$#]|--|&&) consentctl ((?:[^\\\n&|]|\\\\\n)+)', path.read_text(), re.MULTILINE):
                named = words.split()
                command = next((' '.join(named[:size]) for size in (3, 2, 1) if ' '.join(named[:size]) in helps), None)
                self.assertIsNotNone(command, (path.name, words))
                self.assertLessEqual(set(OPTION.findall(words)), set(OPTION.findall(helps[command])) | every, (path.name, words))
                tried += 1
        self.assertGreater(tried, 15)
