"""What completes in the shells: bash, zsh and fish, each with its own file, ask `consentctl complete`."""
import json
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from harness import BUILD, SOURCE, RegistryTest, tool

FILES = BUILD / 'config' / 'completion'
# The terminal of zsh: a line is typed with a tab, and what is on the line then is printed.
ZSH = r'''
zmodload zsh/zpty
zpty shell "PATH=$PATH TERM=dumb zsh -f -i"
typed () { zpty -w shell "$1"; zpty -r -m shell line "*$2*"; }
typed "PS1=; fpath=($FILES \$fpath); autoload -Uz compinit; compinit -D -u; unsetopt zle_bracketed_paste 2>/dev/null; print rea''dy" ready
show () { zle -U ""; print -r -- "<$BUFFER>"; BUFFER= }
typed "show () { print; print -r -- \"<\$BUFFER>\"; BUFFER= }; zle -N show; bindkey '^X' show; bindkey '^I' complete-word; print do''ne" done
for line in "$@"; do
    zpty -w -n shell "$line"$'\t\x18'
    zpty -r -m shell got '*<*>*'
    print -r -- "${${got##*<}%%>*}"
done
zpty -d shell
'''

# The same of bash, which has no such terminal of its own.
BASH = (r'''PS1=; bind "set enable-bracketed-paste off" "set bell-style none"; source "$FILES/consentctl"; '''
        r'''show () { printf '\n<%s>\n' "$READLINE_LINE"; READLINE_LINE=; }; bind -x '"\C-x": show'; echo rea""dy'''
        '\n')


def completed_in_bash(*lines, environment):
    """What stands on each line when it was typed with a tab behind it, in an interactive bash."""
    shell, terminal = pty.fork()
    if shell == 0:
        os.execvpe('bash', ['bash', '--norc', '--noprofile', '-i'], {**environment, 'TERM': 'dumb'})

    def typed(text, end):
        os.write(terminal, text.encode())
        said, late = '', time.monotonic() + 30
        while not re.search(end, said) and select.select([terminal], [], [], max(0, late - time.monotonic()))[0]:
            said += os.read(terminal, 65536).decode()
        return said
    try:
        typed(BASH, 'ready\r\n')
        return [typed(f'{line}\t\x18', '\n<.*>\r\n').rpartition('<')[2].rpartition('>')[0] for line in lines]
    finally:
        os.write(terminal, b'exit\n')
        os.waitpid(shell, 0)
        os.close(terminal)


def shell_environment():
    places = [*(BUILD / 'clients').iterdir(), BUILD / 'daemon']
    return dict(os.environ, PATH=':'.join([*map(str, places), os.environ['PATH']]), FILES=str(FILES), LC_ALL='C.UTF-8')


def offered(*words):
    """What `complete` prints: a word and what it is, each."""
    run = subprocess.run([BUILD / 'clients/ctl/consentctl', 'complete', '--', *words], capture_output=True, text=True,
                         env=shell_environment(), check=True)
    assert run.stderr == '', run.stderr
    return dict(line.partition('\t')[::2] for line in run.stdout.splitlines())


class Words(unittest.TestCase):
    def test_a_command_completes_word_by_word(self):
        self.assertEqual(offered('consentctl', 'stat'), {'status': 'what the registry is doing: policy, counts, store'})
        self.assertIn('party', offered('consentctl', ''))
        self.assertEqual(set(offered('consentctl', 'party', 'key', '')), {'add', 'list', 'remove'})
        self.assertEqual(set(offered('consentctl', '--json', 'party', 're')), {'remove'})
        self.assertEqual(set(offered('consentctl', 'help', 'party', 'key', 'a')), {'add'})
        self.assertEqual(offered('consentctl', 'nothing', ''), {})

    def test_each_command_and_option_of_the_help_completes_and_nothing_of_the_past(self):
        listed = tool('ctl/consentctl', 'help').stdout.split('\nQuestions\n')[1].split('\nOptions of every command\n')[0]
        commands = [[word for word in line[2:].split('  ')[0].split() if word.islower()]
                    for line in listed.splitlines() if line.startswith('  ')]
        self.assertGreater(len(commands), 90)
        for before in {tuple(command[:-1]) for command in commands}:
            words = {command[len(before)] for command in commands if command[:len(before)] == list(before)}
            self.assertEqual(set(offered('consentctl', *before, '')) - {'help'}, words)
        text = tool('ctl/consentctl', 'consent', 'grant', '--help').stdout
        options = {line.split()[0] for line in text.splitlines() if line.startswith('  --')}
        self.assertEqual(set(offered('consentctl', 'consent', 'grant', '-')), options)
        self.assertNotIn('--motivation', options)

    def test_what_is_given_once_does_not_come_again(self):
        given = offered('consentctl', 'consent', 'grant', '--form', 'oral', '--category', 'naw', '--')
        self.assertNotIn('--form', given)
        self.assertIn('--category', given)

    def test_a_value_is_one_of_its_words_or_a_file_or_a_directory(self):
        self.assertEqual(set(offered('consentctl', 'consent', 'grant', '--form', '')), {'written', 'digital', 'oral'})
        self.assertEqual(set(offered('consentctl', 'consent', 'grant', '--form=w')), {'--form=written'})
        self.assertEqual(set(offered('consentctl', 'consent', 'grant', '--form', '=', 'd')), {'digital'})  # as bash has it
        self.assertEqual(set(offered('consentctl', 'policy', 'show', '--language', '')), {'nl', 'en'})
        self.assertEqual(set(offered('consentctl', '--key', '')), {':files'})
        self.assertEqual(set(offered('consentctl', 'policy', 'check', '')), {':directories'})
        self.assertEqual(offered('consentctl', '--user', ''), {})

    def test_other_programs_complete_by_their_help(self):
        installed = [one['name'] for one in json.loads(subprocess.run(
            ['meson', 'introspect', '--targets', BUILD], capture_output=True, text=True, check=True).stdout)
                     if one['type'] == 'executable' and one['installed']]
        self.assertGreater(len(installed), 8)
        for program in installed:
            self.assertIn('--help' if program != 'consentctl' else '--key', offered(program, '-'))
            self.assertTrue((FILES / f'{program}.fish').exists(), program)
            self.assertIn(f' {program}', (FILES / 'consentctl').read_text())
        self.assertIn('--check', offered('consentd', '-'))
        self.assertEqual(set(offered('consent-watch', '--ack', '')), {'stdin', 'none'})
        self.assertEqual(set(offered('consent-watch', '-k', '')), {':files'})
        self.assertEqual(set(offered('consent-relay', '--tls-certificate', '')), {':files'})
        self.assertEqual(offered('consent-relay', '--stream', ''), {})
        self.assertEqual(set(offered('cak', '--spool', '')), {':directories'})  # also spoken of in another's explanation
        self.assertEqual(set(offered('sociale-team', '')), {'consent', 'form', 'import', 'held', ':files'})
        self.assertEqual(set(offered('sociale-team', 'import', '--re')), {'--result'})
        self.assertEqual(set(offered('consent-adapter', 'mapping', '')), {'check', ':files'})
        self.assertEqual(set(offered('consent-adapter', 'mapping', 'check', '--')), {'--pack', '--xsd', '--help'})
        self.assertEqual(set(offered('cak', 'held', 're')), {'release', ':files'})

    def test_no_other_program_is_run_and_none_by_its_place(self):
        with tempfile.TemporaryDirectory() as place:
            mark = Path(place) / 'was-run'
            for name in ('consent-watch', 'other'):
                program = Path(place) / name
                program.write_text(f'#!/bin/sh\ntouch {mark}\n')
                program.chmod(0o755)
            offered(str(Path(place) / 'consent-watch'), '-')
            with mock.patch.dict(os.environ, PATH=f'{os.environ["PATH"]}:{place}'):
                offered('other', '-')
            self.assertFalse(mark.exists())

    def test_with_a_bsn_among_the_words_it_is_silent(self):
        self.assertIn('status', offered('consentctl', '--user', 'jan', 'sta'))
        self.assertEqual(offered('consentctl', '--user', '999900006', 'sta'), {})
        self.assertEqual(offered('consentctl', 'consent', 'grant', '--case=999900006', '--f'), {})


class Live(RegistryTest):
    """What the registry knows: asked with the key of the command line."""

    def offered(self, party, *words):
        return offered('consentctl', '--key', self.registry.key_file(party), *words)

    def test_codes_and_parties_of_the_registry_complete(self):
        parties = self.offered('operator', 'check', '--recipient', 'zorg')
        self.assertIn('zorgaanbieder-horizon', parties)
        self.assertTrue(all(party.startswith('zorg') for party in parties))
        self.assertIn('cak', self.offered('kernteam', 'check', '--provider', 'c'))
        self.assertIn('toekenning', self.offered('kernteam', 'subject', 'whom-may-i-ask', ''))
        self.assertEqual(set(self.offered('operator', 'party', 'show', 'ca')), {'cak'})
        self.assertEqual(set(self.offered('operator', 'party', 'add', 'x', '--kind', 'ca')), {'cak'})
        self.assertEqual(set(self.offered('kernteam', 'consent', 'grant', '--category=naw,bs')), {'--category=naw,bsn'})
        self.assertEqual(set(self.offered('kernteam', 'check', '--item', 'bsn,naw:jeu')), {'bsn,naw:jeugdwet'})

    def test_other_programs_know_them_too(self):
        for words in (('--key', self.registry.key_file('kernteam')), (f'--key={self.registry.key_file("kernteam")}',)):
            self.assertIn('toekenning', offered('sociale-team', *words, '--purpose', 'toe'))

    def test_bash_completes_an_origin_though_it_splits_words_at_a_colon(self):
        lines = {'check --item naw:jeu': 'check --item naw:jeugdwet ', 'check --item bsn,naw:jeu': 'check --item bsn,naw:jeugdwet ',
                 'check --item=naw:wg': 'check --item=naw:wgs ', 'check --item naw:': 'check --item naw:',
                 'check --item naw:wmo --purpose toe': 'check --item naw:wmo --purpose toekenning ',
                 'check --item naw:wmo,bsn:jeu': 'check --item naw:wmo,bsn:jeugdwet '}
        said = completed_in_bash(*(f'consentctl {line}' for line in lines),
                                 environment={**shell_environment(), 'CONSENT_KEY': str(self.registry.key_file('kernteam'))})
        self.assertEqual(said, [f'consentctl {line}' for line in lines.values()])

    def test_the_label_is_in_the_language_of_the_user(self):
        for language, label in (('nl_NL.UTF-8', 'Toekennen van een'), ('en_GB.UTF-8', 'Granting a')):
            with mock.patch.dict(os.environ, LANG=language):
                env = {key: value for key, value in shell_environment().items() if key != 'LC_ALL'}
            run = subprocess.run([BUILD / 'clients/ctl/consentctl', 'complete', '--', 'consentctl', '--key',
                                  self.registry.key_file('kernteam'), 'check', '--purpose', 'toek'], capture_output=True,
                                 text=True, env=env, check=True)
            self.assertIn(label, run.stdout)

    def test_ids_of_consents_complete_and_nothing_of_whom_they_are(self):
        bsn = self.person()
        consent = self.granted(bsn, days=10).hex()
        for party in ('operator', 'kernteam'):
            ids = self.offered(party, 'consent', 'show', '')
            self.assertIn(consent, ids)
            self.assertNotIn(bsn, str(ids))
        self.assertEqual(set(self.offered('operator', 'receipt', 'consent', consent[:12])), {consent})
        self.assertEqual(self.offered('cak', 'consent', 'show', ''), {})

    def test_a_registry_that_is_away_is_nothing_and_soon(self):
        self.addCleanup(self.registry.start)
        self.registry.stop()
        began = time.monotonic()
        self.assertEqual(self.offered('kernteam', 'check', '--provider', ''), {})
        self.assertEqual(offered('consentctl', '--key', '/nowhere', 'check', '--provider', ''), {})
        self.assertLess(time.monotonic() - began, 5)


class Shells(unittest.TestCase):
    """The shells themselves, with what is installed for them."""

    def run_shell(self, *words):
        if not shutil.which(words[0]):
            self.fail(f'{words[0]} is not installed: scripts/packages names what the tests need')
        run = subprocess.run(words, capture_output=True, text=True, env=shell_environment(), timeout=30, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, ''))
        return run.stdout.splitlines()

    def test_bash(self):
        ask = '''source "$FILES/consentctl"
        compopt () { echo "compopt $*"; }  # else only readline may
        offer () { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; _consentctl "$1" "${!#}" "${@: -2:1}"; echo "${COMPREPLY[*]}"; }
        complete -p consentctl sociale-team
        offer consentctl poli; offer consentctl party key ""; offer consentctl consent grant --form = w
        offer consentctl --key ""; offer consentctl policy check ""; offer consent-watch --ack s
        cd "$0"; offer sociale-team f; offer consentctl unknown ""'''
        with tempfile.TemporaryDirectory() as place:
            for name in ('formulier van mij.json', 'ander.json'):
                (Path(place) / name).touch()
            said = self.run_shell('bash', '--norc', '--noprofile', '-c', ask, place)
        self.assertEqual(said, [
            'complete -F _consentctl consentctl', 'complete -F _consentctl sociale-team', 'policy', 'add list remove',
            'written', 'compopt -o default', '', 'compopt -o filenames -o dirnames', '', 'stdin', 'compopt -o filenames',
            'form formulier van mij.json', ''])

    def test_zsh(self):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / 'a key file.key').touch()
            said = self.run_shell('zsh', '-f', '-c', ZSH, 'zsh', 'consentctl poli', 'consentctl consent grant --form=dig',
                                  'consent-relay --set', f'consentctl --key={place}/a', f'consentctl policy check {place[:-1]}')
        self.assertEqual([line.strip() for line in said], [
            'consentctl policy', 'consentctl consent grant --form=digital', 'consent-relay --settle',
            f'consentctl --key={place}/a\\ key\\ file.key', f'consentctl policy check {place}/'])

    def test_fish(self):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / 'kernteam.key').touch()
            (Path(place) / 'kernpack').mkdir()
            ask = (f'source {SOURCE}/config/completion/function.fish\nsource $FILES/consentctl.fish\n'
                   'source $FILES/consent-watch.fish\n')
            for line in ('consentctl poli', 'consent-watch --ack s', f'consentctl --key={place}/kernt',
                         f'consentctl policy check {place}/kern', 'consentctl consent grant --form=d'):
                ask += f'complete -C "{line}"\n'
            said = self.run_shell('fish', '--no-config', '-c', ask)
        self.assertEqual([line.split('\t')[0] for line in said], [
            'policy', 'stdin', f'--key={place}/kernteam.key', f'{place}/kernpack/', '--form=digital'])
        self.assertIn('check, show', said[0])
