#!/usr/bin/env python3
"""Writes C with the words of the overview of each pack.

    overview_shipped.py OUTPUT PACK/brieven/overzicht.txt PACK/brieven/wetten.txt ...
"""
import pathlib
import sys

HEAD = '/* Made by overview_shipped.py. */\n#include "overview/overview_shipped.h"\n\n'


def main():
    output, *paths = map(pathlib.Path, sys.argv[1:])
    text, packs = HEAD, {}
    for number, path in enumerate(paths):
        data = path.read_bytes()
        text += f'static const unsigned char file_{number}[] = {{\n'
        text += ''.join('    ' + ', '.join(map(str, data[i:i + 20])) + ',\n' for i in range(0, len(data), 20)) + '};\n\n'
        packs.setdefault(path.parent.parent.name, []).append(
            f'{{"{path.name}", (const char *)file_{number}, sizeof file_{number}}}')
    text += 'const struct overview_shipped overview_shipped[] = {\n'
    text += ''.join(f'    {{"{pack}", {", ".join(files)}}},\n' for pack, files in packs.items())
    output.write_text(text + '    {0, {0, 0, 0}, {0, 0, 0}},\n};\n')


if __name__ == '__main__':
    main()
