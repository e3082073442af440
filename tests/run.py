#!/usr/bin/python3
"""Runs every test of a build directory: the C programs that meson knows, and the behaviour tests.

Usage: run.py BUILD [-SUITE] [NAME...]   with names: only those, as in  run.py build store test_story test_log.AuditLog
                                         with -SUITE: without the C programs of that suite of meson
Ends with "N passed, N failed", which counts single tests, not programs.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parent
STANDARDS = TESTS.parent / '..' / 'shared' / 'data' / 'istandaarden'
VECTORS = TESTS.parent / '..' / 'shared' / 'data' / 'merkle'
MODULE_TIMEOUT = 420
# UndefinedBehaviorSanitizer would only print; and 1, with which a program ends then, is what many a test expects.
SANITIZED = {'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1:exitcode=99', 'ASAN_OPTIONS': 'exitcode=99'}
WAITING = 2  # so many tests more at a time than there are processors: most of them wait for something


class Outcome:
    def __init__(self, name, passed, failed, skipped, seconds, output):
        self.name, self.passed, self.failed, self.skipped = name, passed, failed, skipped
        self.seconds, self.output = seconds, output

    def print(self):
        skipped = f', {self.skipped} skipped' if self.skipped else ''
        counts = f'{self.passed:5} passed, {self.failed} failed{skipped}'
        print(f'{self.name:<32}{counts}  ({self.seconds:.1f} s)', flush=True)
        if self.failed:
            print(self.output, flush=True)


def run(command, timeout, **options):
    start = time.monotonic()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, text=True,
                              errors='replace', stdin=subprocess.DEVNULL, check=False, **options)
        return done.returncode, done.stdout, time.monotonic() - start
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b'').decode(errors='replace')
        return 1, f'{output}\nstopped after {timeout} seconds', time.monotonic() - start


def total(pattern, text):
    return sum(int(number) for number in re.findall(pattern, text))


def run_program(test):
    """A cmocka program says how many tests passed and failed, and which were skipped; one that dies is one failure."""
    environment = {**SANITIZED, **os.environ, **test['env']}
    # Those with priority are at work all the while: beside them others are to go on as soon as what they wait for is there.
    command = ['nice', *test['cmd']] if test['priority'] > 0 else test['cmd']
    code, output, seconds = run(command, test['timeout'], env=environment, cwd=test['workdir'])
    passed = total(r'\[  PASSED  \] (\d+) test', output)
    failed = total(r'\[  FAILED  \] (\d+) test', output)
    skipped = total(r'\[  SKIPPED \] (\d+) test', output)
    if code != 0 and failed == 0:
        failed = 1
    if code == 0 and passed + skipped == 0:
        passed = 1
    return Outcome(test['name'], passed, failed, skipped, seconds, output)


def compile_protocol(into):
    """What a partner does: protoc over proto/."""
    source = TESTS.parent / 'proto'
    subprocess.run(['protoc', f'--proto_path={source}', f'--python_out={into}', *sorted(source.glob('*.proto'))],
                   check=True)


def run_module(name, build, protocol):
    """A module of behaviour tests, or one class or test of it."""
    environment = {**SANITIZED, **os.environ, 'CONSENTD_BUILD': str(build), 'PYTHONPATH': protocol,
                   'PYTHONDONTWRITEBYTECODE': '1'}
    code, output, seconds = run(['/usr/bin/python3', '-m', 'unittest', '-v', name], MODULE_TIMEOUT, env=environment,
                                cwd=TESTS / 'behaviour')
    ran = total(r'(?m)^Ran (\d+) test', output)
    failed = total(r'\b(?:failures|errors)=(\d+)', output)
    skipped = total(r'\bskipped=(\d+)', output)
    if code != 0 and failed == 0:
        failed = 1
    return Outcome(name, max(0, ran - failed - skipped), failed, skipped, seconds, output)


def in_order(programs, modules):
    """The longest come first, and the shortest last, so that no processor is idle in the end: those programs to which meson
    is told to give priority, the modules, and the other programs."""
    first = [job for job in programs if job[1]['priority'] > 0]
    return first + modules + [job for job in programs if job not in first]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    names = {name for name in sys.argv[2:] if not name.startswith('-')}
    without = {f'consentd:{name[1:]}' for name in sys.argv[2:] if name.startswith('-')}
    os.environ.setdefault('CONSENTD_ISTANDAARDEN', str(STANDARDS.resolve()))
    if not pathlib.Path(os.environ['CONSENTD_ISTANDAARDEN']).is_dir():
        print('The schemas of iStandaarden are not here (CONSENTD_ISTANDAARDEN): tests that need them are skipped.')
    os.environ.setdefault('CONSENTD_MERKLE', str(VECTORS.resolve()))
    if not pathlib.Path(os.environ['CONSENTD_MERKLE']).is_dir():
        print('The vectors of Merkle proofs are not here (CONSENTD_MERKLE): tests that need them are skipped.')
        del os.environ['CONSENTD_MERKLE']
    known = subprocess.run(['meson', 'introspect', '--tests', build], capture_output=True, text=True, check=True)
    programs = json.loads(known.stdout)
    unknown = sorted(names - {test['name'] for test in programs} - {name for name in names if name.startswith('test_')})
    if unknown:
        sys.exit(f'no such test: {", ".join(unknown)}')
    modules = sorted(path.stem for path in (TESTS / 'behaviour').glob('test_*.py'))
    outcomes = []
    with tempfile.TemporaryDirectory(prefix='consentd-proto-') as protocol:
        compile_protocol(protocol)
        jobs = [(run_program, test) for test in programs
                if (test['name'] in names if names else without.isdisjoint(test['suite']))]
        chosen = [name for name in sorted(names) if name.startswith('test_')] if names else modules
        jobs = in_order(jobs, [(run_module, name, build, protocol) for name in chosen])
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() + WAITING) as pool:
            for done in concurrent.futures.as_completed([pool.submit(*job) for job in jobs]):
                outcomes.append(done.result())
                outcomes[-1].print()
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    if skipped:
        print(f'{skipped} skipped')
    print(f'{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed')
    return 1 if failed or not outcomes else 0


if __name__ == '__main__':
    sys.exit(main())
