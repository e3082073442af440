#!/usr/bin/python3
"""Runs every test of a build directory: the C programs that meson knows, and the behaviour tests.

Usage: run.py BUILD [-SUITE] [NAME...]   with names: only those, as in  run.py build store test_story test_log.AuditLog
                                         with -SUITE: without the C programs of that suite of meson
Says of each how long it took, and how long it and what it started were at work on a processor. Ends with
"N passed, N failed", which counts single tests, not programs.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

TESTS = pathlib.Path(__file__).resolve().parent
STANDARDS = TESTS.parent / '..' / 'shared' / 'data' / 'istandaarden'
VECTORS = TESTS.parent / '..' / 'shared' / 'data' / 'merkle'
MODULE_TIMEOUT = 420
# UndefinedBehaviorSanitizer would only print; and 1, with which a program ends then, is what many a test expects. In
# scripts/test it traps, and AddressSanitizer says where, before cmocka or the program could take the signal for its own.
SANITIZED = {'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1:exitcode=99', 'ASAN_OPTIONS': 'exitcode=99:handle_sigill=2'}
WAITING = 2  # so many tests more at a time than there are processors: most of them wait for something
# Those that take longest, the longest first: begun last, each would be alone in the end. Beside the programs to which meson
# is told to give priority, which have their own turns.
LONGEST = (
    'test_added_field', 'test_receipt', 'test_log_copy', 'test_store', 'test_load', 'test_witness_attacks',
    'test_witnesses', 'test_witness_client', 'test_export', 'test_backup', 'test_archive', 'simulation-told',
    'test_export_collector', 'test_relay', 'store-faults', 'simulation-until', 'store-power', 'test_limits',
    'test_take_back', 'test_evidence', 'store-damage', 'test_deliveries', 'test_conformance', 'simulation-older',
    'test_traps', 'simulation-limits', 'test_quickstart', 'simulation-erasure', 'simulation-vouched', 'test_rules_index',
    'test_bad_day', 'test_bench', 'test_spool', 'simulation-properties', 'test_operations', 'simulation-lines-about',
    'test_import', 'test_adapters', 'simulation-restored', 'store-crash', 'consent',
)


class Ran:
    """What came of a program: `code` is 0 if it ended well, `at_work` the seconds of processor of it and its children."""

    def __init__(self, code, output, seconds, at_work):
        self.code, self.output, self.seconds, self.at_work = code, output, seconds, at_work


class Outcome:
    def __init__(self, name, passed, failed, skipped, ran):
        self.name, self.passed, self.failed, self.skipped, self.ran = name, passed, failed, skipped, ran

    def print(self):
        skipped = f', {self.skipped} skipped' if self.skipped else ''
        counts = f'{self.passed:5} passed, {self.failed} failed{skipped}'
        print(f'{self.name:<32}{counts}  ({self.ran.seconds:.1f} s, {self.ran.at_work:.1f} s at work)', flush=True)
        if self.failed:
            print(self.ran.output, flush=True)


def run(command, timeout, **options):
    start = time.monotonic()
    late = threading.Event()

    def stop():
        late.set()
        os.kill(process.pid, signal.SIGKILL)

    with tempfile.TemporaryFile('w+', errors='replace') as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
        timer = threading.Timer(timeout, stop)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read() + (f'\nstopped after {timeout} seconds' if late.is_set() else '')
    return Ran(process.returncode, output, time.monotonic() - start, usage.ru_utime + usage.ru_stime)


def total(pattern, text):
    return sum(int(number) for number in re.findall(pattern, text))


def run_program(test):
    """A cmocka program says how many tests passed and failed, and which were skipped; one that dies is one failure."""
    environment = {**SANITIZED, **os.environ, **test['env']}
    # Those with priority are at work all the while: beside them others are to go on as soon as what they wait for is there.
    command = ['nice', *test['cmd']] if test['priority'] > 0 else test['cmd']
    ran = run(command, test['timeout'], env=environment, cwd=test['workdir'])
    passed = total(r'\[  PASSED  \] (\d+) test', ran.output)
    failed = total(r'\[  FAILED  \] (\d+) test', ran.output)
    skipped = total(r'\[  SKIPPED \] (\d+) test', ran.output)
    if ran.code != 0 and failed == 0:
        failed = 1
    if ran.code == 0 and passed + skipped == 0:
        passed = 1
    return Outcome(test['name'], passed, failed, skipped, ran)


def compile_protocol(into):
    """What a partner does: protoc over proto/."""
    source = TESTS.parent / 'proto'
    subprocess.run(['protoc', f'--proto_path={source}', f'--python_out={into}', *sorted(source.glob('*.proto'))],
                   check=True)


def run_module(name, build, protocol):
    """A module of behaviour tests, or one class or test of it."""
    environment = {**SANITIZED, **os.environ, 'CONSENTD_BUILD': str(build), 'PYTHONPATH': protocol,
                   'PYTHONDONTWRITEBYTECODE': '1'}
    ran = run(['/usr/bin/python3', '-m', 'unittest', '-v', name], MODULE_TIMEOUT, env=environment, cwd=TESTS / 'behaviour')
    count = total(r'(?m)^Ran (\d+) test', ran.output)
    failed = total(r'\b(?:failures|errors)=(\d+)', ran.output)
    skipped = total(r'\bskipped=(\d+)', ran.output)
    if ran.code != 0 and failed == 0:
        failed = 1
    return Outcome(name, max(0, count - failed - skipped), failed, skipped, ran)


def in_order(jobs):
    """The longest come first, so that no processor is idle in the end; then the other modules, and the other programs."""
    place = {name: number for number, name in enumerate(LONGEST)}
    return sorted(jobs, key=lambda job: place.get(job[0], len(place)))


def carry_out(jobs, background):
    """Yields the outcomes as they come. Those of the background do nothing but reckon, at low priority, and take what
    the others leave while these wait."""
    processors = os.cpu_count()
    with (concurrent.futures.ThreadPoolExecutor(processors) as reckoning,
          concurrent.futures.ThreadPoolExecutor(processors + WAITING) as pool):
        begun = [reckoning.submit(*job) for _, *job in background] + [pool.submit(*job) for _, *job in jobs]
        for done in concurrent.futures.as_completed(begun):
            yield done.result()


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
    gone = sorted(set(LONGEST) - {test['name'] for test in programs} - set(modules))
    if gone and not names:
        sys.exit(f'LONGEST of run.py names what is no test: {", ".join(gone)}')
    outcomes = []
    with tempfile.TemporaryDirectory(prefix='consentd-proto-') as protocol:
        compile_protocol(protocol)
        programs = [test for test in programs
                    if (test['name'] in names if names else without.isdisjoint(test['suite']))]
        of_programs = [(test['name'], run_program, test) for test in programs if test['priority'] == 0]
        background = [(test['name'], run_program, test) for test in programs if test['priority'] > 0]
        chosen = [name for name in sorted(names) if name.startswith('test_')] if names else modules
        of_modules = [(name, run_module, name, build, protocol) for name in chosen]
        for outcome in carry_out(in_order(of_modules + of_programs), background):
            outcomes.append(outcome)
            outcome.print()
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    if skipped:
        print(f'{skipped} skipped')
    print(f'{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed')
    return 1 if failed or not outcomes else 0


if __name__ == '__main__':
    sys.exit(main())
