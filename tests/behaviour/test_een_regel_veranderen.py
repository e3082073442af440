"""docs/een-regel-veranderen.md: its commands, as they stand there and in their order, by somebody who has a pack and a key."""
import os
import re
import shutil
import subprocess

from harness import BUILD, SOURCE, OwnInstanceTest

PAGE = SOURCE / 'docs' / 'een-regel-veranderen.md'
COMMANDS = ('consentctl', 'cp', 'sed', 'cat')


def blocks():
    """The indented parts of the page that begin with a command."""
    for block in re.findall(r'(?:^    .*\n|^\n(?=    ))+', PAGE.read_text(), re.MULTILINE):
        text = ''.join(line.removeprefix('    ') for line in block.strip('\n').splitlines(keepends=True))
        if text.split()[0] in COMMANDS:
            yield text


class EenRegelVeranderen(OwnInstanceTest):
    def run_block(self, block):
        where = self.registry.directory / 'bureau'
        return subprocess.run(['bash', '-euc', block], cwd=where, capture_output=True, text=True, timeout=120,
                              env={**os.environ, 'PATH': f'{BUILD}/clients/ctl:{os.environ["PATH"]}'})

    def test_each_step_does_what_the_page_says(self):
        where = self.registry.directory / 'bureau'
        where.mkdir()
        shutil.copytree(SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026', where / 'geldend')
        shutil.copy(self.registry.key_file('operator'), where / 'sleutel-van-een-operator')
        said, codes = [], []
        for block in blocks():
            for command in [block] if '<<' in block else block.splitlines():
                ran = self.run_block(command)
                said.append(ran.stdout + ran.stderr)
                codes.append((command.splitlines()[0], ran.returncode))
        self.assertEqual([(command, code) for command, code in codes if code != 0], [
            ('consentctl policy test nieuw --language nl', 1), ('consentctl policy diff geldend nieuw --language nl', 1),
            ('consentctl --key sleutel-van-een-operator policy diff geldend nieuw --since 2026-10-01 --language nl', 1)])
        told = '\n'.join(said)
        self.assertRegex(told, r'FOUT  d2-burgerlijke-staat-niet-naar-cak')
        self.assertRegex(told, r'goed  d2-burgerlijke-staat-niet-naar-cak')
        self.assertIn('Van 715 cellen zijn er 0 nieuw en 2 weg, en laten er 0 iets anders toe.', told)
        self.assertTrue((where / 'blad.pdf').stat().st_size and (where / 'blad-nieuw.pdf').stat().st_size)
        self.assertEqual(sum('policy replay' in command for command, _ in codes), 1)
