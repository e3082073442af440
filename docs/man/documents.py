"""What manual pages take from documents, configurations and headers: scdoc of it. See page.py."""
import re
import textwrap


def escape(text):
    return re.sub(r'([\\_*#\[\]|`<>~+-])', r'\\\1', text)


def said(text):
    """Text in which `code` is marked so, and nothing else."""
    return ''.join(f'*{escape(part)}*' if i % 2 else escape(part) for i, part in enumerate(text.split('`')))


WIDTH = 68  # of a line that is shown as it is, where it is set in from both sides of a terminal of 80


def narrow(line):
    """The line in as many as fit: a remark goes before it, a command on with a backslash, a second column below the first."""
    indent = re.match(' *', line).group()
    remark = re.match(r'(.*\S) +(# .*)', line)
    columns = re.match(r'( *\S.*?\S) {2,}(\S.*)', line)
    if len(line) <= WIDTH:
        return [line]
    if remark:
        return textwrap.wrap(remark.group(2), WIDTH, initial_indent=indent, subsequent_indent=indent + '# ') + [remark.group(1)]
    if ' --' in line:
        parts = textwrap.wrap(re.sub(r' \\$', '', line).strip(), WIDTH - 6, break_on_hyphens=False, break_long_words=False)
        end = ' \\' if line.endswith('\\') else ''
        return (' \\\n' + indent + '    ').join([indent + parts[0]] + parts[1:]).split('\n')[:-1] + \
            [(indent + '    ' + parts[-1] if len(parts) > 1 else indent + parts[0]) + end]
    if columns and columns.start(2) > WIDTH // 2:
        return [columns.group(1)] + textwrap.wrap(columns.group(2), WIDTH, initial_indent=indent + '        ',
                                                  subsequent_indent=indent + '        ')
    if columns:
        before = line[:columns.start(2)]
        return textwrap.wrap(columns.group(2), WIDTH, initial_indent=before, subsequent_indent=' ' * len(before))
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent + '    ', break_on_hyphens=False, break_long_words=False)


def literal(lines):
    """Lines that are shown as they are."""
    shown = [part for line in lines for part in (narrow(line) if line.strip() else [''])]
    return '```\n' + '\n'.join(part.replace('\\', '\\\\') for part in shown) + '\n```'


def blocks(text):
    """The text in pieces, with an empty line between two of them."""
    return [block.splitlines() for block in re.split(r'\n\n+', text.strip('\n'))]


# --- Documents ------------------------------------------------------------------------------------------------------------

MARKED = re.compile(r'\*\*(.+?)\*\*|`([^`]+)`|(?<![\w*])\*([^*\s][^*]*)\*|\[([^]]+)\]\([^)]+\)')


def inline(text):
    out, at = [], 0
    for match in MARKED.finditer(text):
        bold, code, italic, link = match.groups()
        shown = f'*{escape((bold or code).replace("`", ""))}*' if bold or code else f'_{escape(italic)}_' if italic else escape(link)
        out += [escape(text[at:match.start()]), shown]
        at = match.end()
    return ''.join(out) + escape(text[at:])


def table(lines):
    """A row is a term, and what the other columns say of it."""
    rows = [[cell.strip() for cell in re.split(r'(?<!\\)\|', line.strip().strip('|'))] for line in lines]
    heads, out = rows[0], []
    for first, *others in rows[2:]:
        shown = [inline(cell) if len(others) == 1 or head in ('', 'value') else f'{inline(head)}: {inline(cell)}'
                 for head, cell in zip(heads[1:], others) if cell]
        out.append(f'{inline(first) if "`" in first else "*" + escape(first) + "*"}\n\t{"; ".join(shown)}')
    return '\n\n'.join(out)


def listed(lines):
    items = re.split(r'\n(?=(?:- |\d+\. ))', '\n'.join(lines))
    return '\n'.join(f'{"-" if item[0] == "-" else "."} {inline(" ".join(item.split()[1:]))}' for item in items)


def markdown(text, heading):
    lines = text.splitlines()
    begin = next(i for i, line in enumerate(lines) if re.fullmatch(rf'#+ {re.escape(heading)}', line))
    level = lines[begin].index(' ')
    end = next((i for i, line in enumerate(lines) if i > begin and re.match(rf'#{{1,{level}}} ', line)), len(lines))
    out = []
    for block in blocks('\n'.join(lines[begin + 1:end])):
        if block[0].startswith('#'):
            out.append('## ' + escape(block.pop(0).lstrip('# ')))
        if not block:
            continue
        if block[0].startswith('    '):
            shown = literal([line[4:] for line in block])
            if out and out[-1].endswith('\n```'):  # an empty line was between them
                shown = out.pop()[:-4] + '\n' + shown[3:]
            out.append(shown)
        elif block[0].startswith('|'):
            out.append(table(block))
        elif re.match(r'- |\d+\. ', block[0]):
            out.append(listed(block))
        else:
            out.append(inline('\n'.join(block)))
    return '\n\n'.join(out)


# --- Configurations -------------------------------------------------------------------------------------------------------

SETTING = re.compile(r'(?P<off>#?) *(?:# )?(?P<name>[a-z][a-z-]*)(?: = "(?P<value>[^"]*)")?(?: +# *(?P<said>.*))?$')


def settings(text):
    """A setting is a term, by its whole path. A comment before settings is text; of its lines that begin with a word and more
    than one blank each is a term."""
    out, sections, text = [], [], text.split('\n\n', 1)[1]
    for line in text.splitlines():
        more = re.fullmatch(r'#? {12,}# *(\S.*)', line)  # what was said above goes on
        setting = SETTING.fullmatch(line)
        comment = re.fullmatch(r' *# *(\S.*)', line)
        permission = re.fullmatch(r'# {3}([a-z-]+) {2,}(\S.*)', line)
        if more or (comment and re.fullmatch(r'# {20,}.*', line)):
            out[-1] = f'{out[-1]} {said((more or comment).group(1))}'
        elif setting and (setting['value'] is not None or not setting['off'] and not comment):
            del sections[setting.start('name') // 4:]
            if setting['value'] is None:
                sections.append(setting['name'])
                continue
            shown = f'*{escape("/".join([*sections, setting["name"]]))}* = "{escape(setting["value"])}"'
            out.append(f'{shown}\n\t{said(setting["said"] or "an example")}')
        elif permission:
            out.append(f'*{permission.group(1)}*\n\t{said(permission.group(2))}')
        elif comment:
            begun = [out.pop()] if out and '\t' not in out[-1] else []
            out.append('\n'.join(begun + [said(comment.group(1))]))
    return re.sub(',\n\n', '\n\n', '\n\n'.join(out))


# --- The header of the library --------------------------------------------------------------------------------------------

def comment_text(comment):
    """The paragraphs of a comment, and apart those that are indented: an example."""
    text = re.sub(r'\n {0,3}', '\n', comment.strip('/* \n'))
    parts = [part for part in re.split(r'\n\n+', text) if part.strip()]
    return '\n\n'.join(said(part.strip()) for part in parts if not part.startswith('  ')), \
        '\n'.join(part for part in parts if part.startswith('  '))


def about(text):
    return comment_text(re.match(r'/\*.*?\*/', text, re.DOTALL).group())[0]


def example(text):
    lines = comment_text(re.match(r'/\*.*?\*/', text, re.DOTALL).group())[1].splitlines()
    return literal([line[4:] for line in lines])


def functions(text):
    """Each function that is declared, with the comment before it."""
    out = []
    for comment, declared in re.findall(r'(/\*(?:(?!\*/).)*\*/)\n((?:[a-z][^{}\n]*consent_\w+ \((?:[^{};]*);\n)+)', text, re.DOTALL):
        shown = [line for one in declared.split(';') if one.strip()
                 for line in textwrap.wrap(' '.join(one.split()) + ';', WIDTH, subsequent_indent='    ')]
        out.append(f'{literal(shown)}\n\n{comment_text(comment)[0]}')
    return '\n\n'.join(out)
