#!/usr/bin/python3
"""Makes a manual page: page.py SCDOC INPUT OUTPUT [--parts DIRECTORY] --share DIRECTORY PROGRAM...

INPUT is scdoc, in which a line that begins with "@" is replaced by what the program itself says in its --help, so that both
cannot differ:
  @synopsis PROGRAM      how it is called
  @options PROGRAM WORD...  its options; of its command WORD... where that has a help of its own
  @exit PROGRAM          its exit codes
  @markdown FILE HEADING the part of this document under that heading
  @settings FILE         each setting of this configuration, with its comment
  @functions FILE        the functions of this header, with their comments; @about FILE, @example FILE: its first comment
  @commands PROGRAM      every command of `PROGRAM help --all`, by its first word; before those of a word stands what is
                         in DIRECTORY/WORD.scd, if there is such a file
"""
import argparse
import collections
import itertools
import pathlib
import re
import subprocess
import sys

import documents
from documents import blocks, escape, literal, said

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPTION = re.compile(r'^( {2,6})(-\S.*?)(?: {2,}(\S.*))?$')


def help_of(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


# --- Options --------------------------------------------------------------------------------------------------------------

def term(names):
    """ "-k, --key FILE": options bold, the names of values underlined."""
    def word(match):
        text = match.group()
        name, given = re.match(r'\[?([^\]]*)', text).group(1), escape(text)
        if re.fullmatch(r'-\S+|[a-z][a-z0-9-]*', name):
            return given.replace(escape(name), f'*{escape(name)}*')
        return given.replace(escape(name), f'_{escape(name)}_') if re.search('[A-Z]', name) else given
    return re.sub(r'[^ ,]+', word, names)


def options(text):
    """Of each option its names, and what is said of it."""
    found = []
    for block in blocks(text):
        if not (OPTION.match(block[0]) or len(block) > 1 and block[0].startswith('Options') and OPTION.match(block[1])):
            continue
        for line in block:
            match = OPTION.match(line)
            if match:
                found.append([match.group(2), match.group(3) or ''])
            elif found and line.startswith('        '):
                found[-1][1] = f'{found[-1][1]} {line.strip()}'.strip()
    return found


def shown_options(text):
    bare = [names for names, about in options(text) if not about]
    if bare:
        sys.exit(f'the help does not explain {", ".join(bare)}')
    return '\n\n'.join(f'{term(names)}\n\t{said(about)}' for names, about in options(text))


# --- How it is called, and how it ends -----------------------------------------------------------------------------------

def synopsis(text, name):
    lines = []
    for line in blocks(text)[0] if text.lower().startswith('usage') else next(b for b in blocks(text) if b[0].startswith('Usage')):
        line = re.sub(r'^[Uu]sage: ', '', line.strip())
        if line.startswith(name + ' '):
            line = re.sub(r'  +\(.*\)$', '', line)
            lines.append(f'*{escape(name)}* ' + term(line[len(name) + 1:]))
    return '++\n'.join(lines)


def exit_codes(text):
    begin = re.search(r'(?:^|\. )Exit codes?:?', text, re.MULTILINE)
    part, entries = text[begin.end():].split('\n\n')[0], []
    if part.startswith('\n'):  # a list, in one column or two
        part = re.sub(r'\n +(?!\d| )|\n {5,}(?=\S)', ' ', re.match(r'(\n +.*)*', part).group())
        cells = [cell for line in part.splitlines() for cell in re.split(r'(?<=\S) {2,}(?=\d)', line.strip()) if cell]
        entries = [re.match(r'(\d+) +(.*)', ' '.join(cell.split())).groups() for cell in cells]
    else:
        entries = re.findall(r'(\d+)\)? (.*?)(?:[,;:] (?=\d)|\.?$)', ' '.join(part.split()))
    return '\n\n'.join(f'*{code}*\n\t{said(why.rstrip("."))}' for code, why in entries)


# --- Commands -------------------------------------------------------------------------------------------------------------

def paragraphs(lines):
    """Text of a help. Lines that begin with blanks are shown as they are."""
    groups = itertools.groupby(lines, lambda line: line.startswith('  '))
    return '\n\n'.join(literal(list(group)) if is_literal else said('\n'.join(group)) for is_literal, group in groups)


def command(text, name):
    parts = blocks(text)
    begin = f'{name} '
    summary = parts[0][0].split(': ', 1)[1]
    usage = parts[1][0].removeprefix(f'Usage: {begin}')
    words = re.match(r'(?:[a-z-]+ ?)+', usage).group().strip()
    out = [f'## {words}', f'*{escape(name)} {words}* {term(usage[len(words):].strip())}'.strip(), said(summary[0].upper() + summary[1:]) + '.']
    for block in parts[2:]:
        if block[0].startswith('Options'):
            out.append(shown_options('\n'.join(block)))
        else:
            out.append(paragraphs(block))
    return words.split()[0], '\n\n'.join(out)


def commands(text, name, parts):
    families = collections.OrderedDict()
    for one in re.split(rf'^(?={name} [a-z][a-z -]*: )', text, flags=re.MULTILINE)[1:]:
        word, shown = command(one, name)
        families.setdefault(word, []).append(shown)
    out = []
    for word, shown in families.items():
        prose = parts / f'{word}.scd'
        out.append(f'# {word.upper()}')
        out += [prose.read_text().strip()] if prose.exists() else []
        out += shown
    return '\n\n'.join(out)


def replaced(line, programs, parts):
    what, name, *words = line[1:].split()
    if what == 'markdown':
        return documents.markdown((ROOT / name).read_text(), ' '.join(words))
    if what in ('settings', 'functions', 'about', 'example'):
        return getattr(documents, what)((ROOT / name).read_text())
    if what == 'commands':
        return commands(help_of(programs[name], 'help', '--all').split('\n\n', 1)[1], name, parts)
    text = help_of(programs[name], *words, '--help')
    return {'synopsis': lambda: synopsis(text, name), 'options': lambda: shown_options(text),
            'exit': lambda: exit_codes(text)}[what]()


def mended(roff):
    """scdoc begins paragraphs where there are none, of which `mandoc -T lint` complains, and lets man break names and options."""
    kept = []
    roff = re.sub(r'(?<![\w\\-])-(?=\w\b)|--[a-z][a-z0-9-]*', lambda match: match.group().replace('-', '\\-'), roff)
    for line in roff.replace('\n.P\n.RE\n', '\n.RE\n.P\n').replace('\n.nh\n', '\n.nh\n.nr HY 0\n').splitlines():
        if kept and kept[-1] == '.P' and re.match(r'\.(P|S[HS]|RE|RS)\b', line):
            kept.pop()
        if not (line == '.P' and kept and re.match(r'\.S[HS] ', kept[-1])):
            kept.append(line)
    return '\n'.join(kept) + '\n'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('scdoc')
    parser.add_argument('input', type=pathlib.Path)
    parser.add_argument('output', type=pathlib.Path)
    parser.add_argument('--parts', type=pathlib.Path)
    parser.add_argument('--share', required=True, help='where the installed documents and packs are')
    parser.add_argument('programs', nargs='*')
    given = parser.parse_args()
    programs = {pathlib.Path(program).name: program for program in given.programs}
    lines = [replaced(line, programs, given.parts) if line.startswith('@') else line
             for line in given.input.read_text().splitlines()]
    text = re.sub(r'\bdocs/(?=[a-z-]+(\\\\-[a-z]+)*\.(md|json)\b)', '/usr/share/doc/consentd/', '\n'.join(lines) + '\n')
    made = subprocess.run([given.scdoc], input=text.replace('/usr/share/', given.share + '/'), capture_output=True, text=True, check=False)
    if made.returncode != 0:
        sys.exit(f'{given.input}: {made.stderr}')
    given.output.write_text(mended(made.stdout))


if __name__ == '__main__':
    main()
