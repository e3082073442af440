#!/usr/bin/env python3
"""Writes C with the script of the form, and its hash as a Content-Security-Policy names it.

    form_script.py OUTPUT form_script.js
"""
import base64
import hashlib
import pathlib
import sys


def main():
    output, path = map(pathlib.Path, sys.argv[1:])
    script = path.read_bytes()
    assert b'</' not in script and b'\0' not in script
    code = base64.b64encode(hashlib.sha256(script).digest()).decode()
    numbers = ''.join('    ' + ', '.join(map(str, script[i:i + 20])) + ',\n' for i in range(0, len(script), 20))
    output.write_text('/* Made by form_script.py. */\n#include "form_script.h"\n\n'
                      f'static const unsigned char text[] = {{\n{numbers}    0,\n}};\n\n'
                      f'const struct letter_script form_script = {{(const char *)text, "sha256-{code}"}};\n')


if __name__ == '__main__':
    main()
