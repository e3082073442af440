#!/usr/bin/env python3
"""Writes C with the words of the overview of each pack: overview_shipped.py OUTPUT PACK/brieven/overzicht.txt ..."""
import pathlib
import sys

HEAD = '/* Made by overview_shipped.py. */\n#include "overview/overview_shipped.h"\n\n'


def main():
    output, *templates = map(pathlib.Path, sys.argv[1:])
    text, table = HEAD, 'const struct overview_shipped overview_shipped[] = {\n'
    for number, path in enumerate(templates):
        data = path.read_bytes()
        text += f'static const unsigned char words_{number}[] = {{\n'
        text += ''.join('    ' + ', '.join(map(str, data[i:i + 20])) + ',\n' for i in range(0, len(data), 20)) + '};\n\n'
        table += f'    {{"{path.parent.parent.name}", (const char *)words_{number}, sizeof words_{number}}},\n'
    output.write_text(text + table + '    {0, 0, 0},\n};\n')


if __name__ == '__main__':
    main()
