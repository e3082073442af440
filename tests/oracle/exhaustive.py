#!/usr/bin/env python3
"""Lets the oracle write its table of a pack, and the daemon's rules decide every combination in it.

Usage: exhaustive.py PROGRAM PACK. The program is taken from the build that CONSENTD_PLAIN names, if it names one: with
sanitizers these hundreds of millions of decisions take too long.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ORACLE = pathlib.Path(__file__).resolve().parent / 'oracle.py'


def main(program, pack):
    if 'CONSENTD_PLAIN' in os.environ:
        program = pathlib.Path(os.environ['CONSENTD_PLAIN']) / 'tests' / 'oracle' / 'test-exhaustive'
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE='1')
    with tempfile.TemporaryDirectory(prefix='consentd-oracle-') as directory:
        table = pathlib.Path(directory) / 'table'
        for command in ([sys.executable, ORACLE, '--self-check'], [sys.executable, ORACLE, pack, table],
                        [program, pack, table]):
            code = subprocess.run(command, env=environment, check=False).returncode
            if code:
                return code
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
