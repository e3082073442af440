"""How long others wait while the largest batch is decided that discloses all or nothing: it is decided in one turn (C11).

Usage: together.py BUILD [ITEMS [one-time]]        a build without sanitizers

A care provider discloses ITEMS (5) data of 2,048 people at once, four times, each permitted by a consent; with `one-time` by
one of its own for each datum, which it uses up: then once. Another party asks one check after the other meanwhile. Printed
are the longest that this one waited, and the time that the daemon's thread was running, which a busy machine does not add to.
"""
import os
import pathlib
import sys
import tempfile
import threading
import time

CATEGORIES = ['naw', 'telefoon', 'email', 'bsn', 'geslacht', 'doel', 'omvang', 'budget']
PEOPLE, TIMES, ALONE = 2048, 4, 200


def seconds_of_one(other, bsn):
    from client import check_request
    begin = time.perf_counter()
    other.call(check_request(bsn, provider='wmo-team'))
    return time.perf_counter() - begin


def measure_one(registry, other, request, bsn):
    from timing import running_time
    answered, waited = [], []
    ran = running_time(registry.process)
    asking = threading.Thread(target=lambda: answered.append(registry.client('kernteam').call(request)))
    asking.start()
    while not answered:
        waited.append(seconds_of_one(other, bsn))
    asking.join()
    ran = running_time(registry.process) - ran
    permitted = sum(answer.check.verdict == 1 for answer in answered[0].batch.answers)
    print(f'request={request.ByteSize()} reply={answered[0].ByteSize()} permitted={permitted} '
          f'other_waited={1000 * max(waited):.0f}ms daemon_ran={1000 * ran:.0f}ms')


def measure(items, one_time):
    from harness import Instance, valid_bsns
    from test_batch_together import disclosure, together
    registry, bsns = Instance(), valid_bsns()
    registry.lift_limits()
    try:
        registry.start()
        kernteam, other = registry.client('kernteam'), registry.client('wmo-team')
        people, categories = [next(bsns) for _ in range(PEOPLE)], CATEGORIES[:items]
        for bsn in people:
            kernteam.subject_set(bsn, '1980-05-17')
            for scope in ([[category] for category in categories] if one_time else [categories]):
                kernteam.grant(bsn, categories=scope, one_time=one_time)
        print(f'alone={1000 * max(seconds_of_one(other, people[0]) for _ in range(ALONE)):.0f}ms')
        for _ in range(1 if one_time else TIMES):
            measure_one(registry, other, together(*(disclosure(bsn, categories) for bsn in people)), people[0])
    finally:
        registry.destroy()


def main():
    os.environ['CONSENTD_BUILD'] = str(pathlib.Path(sys.argv[1]).resolve())
    tests = pathlib.Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(tests), str(tests / 'behaviour')]
    from run import compile_protocol
    with tempfile.TemporaryDirectory() as protocol:
        compile_protocol(protocol)
        sys.path.insert(0, protocol)
        measure(int(sys.argv[2]) if len(sys.argv) > 2 else 5, 'one-time' in sys.argv[3:])


if __name__ == '__main__':
    main()
