"""What time tells of consents that the answer may not tell of (C9, L6).

Usage: timing.py BUILD        a build without sanitizers

A party asks about two sorts of subjects, of whom it may hear nothing: one sort has ten consents between others, the other
has none. Of each subject the least time of 12 batches of 256 checks is taken. Printed is how well that tells the sorts
apart, as the area under the ROC curve (AUC): 0.5 is not at all, 1.0 is always; also that of subjects without consents
among themselves, which is what noise alone gives. Checks of a batch are equal, differ in the user that they name, or
in that and in the case.

Then it asks about two sorts of whom nothing was recorded: one sort is on record, the other is not known to the registry
(C2). Of each subject the first check is timed, and the least of the next eight, each in a message of its own and with
ADVISE; the sorts in turns.

Besides the time that the party itself can take, which on a busy machine tells little, the time is taken that the daemon's
thread was running: what the party could come to know at best.
"""
import os
import pathlib
import sys
import tempfile
import time

SUBJECTS, BATCHES, CHECKS, CONSENTS = 24, 12, 256, 10
STRANGERS, AGAIN = 150, 8
TESTS = pathlib.Path(__file__).resolve().parents[1]


def auc(these, those):
    """How often one of `these` took longer than one of `those`."""
    wins = sum((one > other) + 0.5 * (one == other) for one in these for other in those)
    return wins / (len(these) * len(those))


def running_time(process):
    """Seconds that the thread which decides was running."""
    return int(pathlib.Path(f'/proc/{process.pid}/task/{process.pid}/schedstat').read_text().split()[0]) / 1e9


def least_times(client, process, bsn, kind):
    """Of 12 batches the least time that the party sees, and that the daemon was running."""
    import envelope_pb2 as wire
    from client import check_request
    seen, running = float('inf'), float('inf')
    for _ in range(BATCHES):
        request = wire.Request()
        for number in range(CHECKS):
            check = request.batch.checks.add()
            check.CopyFrom(check_request(bsn, recipient='zorgaanbieder-delta').check)
            if kind != 'equal':
                check.user = f'medewerker-{number}'
            if kind == 'cases':
                check.case_ref = f'zaak-{number}'
        request.version, request.idempotency_key = 1, os.urandom(16)
        message = request.SerializeToString()
        ran, begin = running_time(process), time.perf_counter()
        client.send_frames(message)
        reply = client.receive(60)
        seen = min(seen, time.perf_counter() - begin)
        time.sleep(0.002)  # what it does after its answer is its own
        running = min(running, running_time(process) - ran)
        if reply.status != wire.OK:
            raise SystemExit(f'a batch was not answered: {reply.message}')
    return seen, running


def measure_batches(client, process, prefix, sorts):
    """How well the time of batches tells the first of these sorts of subjects from the second, and that from the third."""
    for kind in ('equal', 'differing', 'cases'):
        times = {sort: [] for sort in sorts}
        for people in zip(*sorts.values()):  # in turns, so that what changes meanwhile changes for all
            for sort, bsn in zip(sorts, people):
                times[sort].append(least_times(client, process, bsn, kind))
        for clock, what in enumerate(('seen', 'running')):
            some, none, others = ([pair[clock] for pair in of_sort] for of_sort in times.values())
            name = f'{prefix}{kind}_{what}'
            print(f'auc_{name}={auc(some, none):.2f} auc_{name}_noise={auc(others, none):.2f} '
                  f'microseconds_{name}={1e6 * sorted(none)[SUBJECTS // 2]:.0f},{1e6 * sorted(some)[SUBJECTS // 2]:.0f}',
                  flush=True)


def time_of(client, process, message):
    """What the party sees of one request, and how long the daemon was running."""
    ran, begin = running_time(process), time.perf_counter()
    client.send_frames(message)
    reply = client.receive(60)
    seen = time.perf_counter() - begin
    time.sleep(0.002)
    if not reply.HasField('check'):
        raise SystemExit(f'a check was not answered: {reply.message}')
    return seen, running_time(process) - ran


def first_and_next(client, process, bsn):
    """The times of the first check about somebody, and the least of those of the next ones."""
    from client import check_request
    times = []
    for _ in range(1 + AGAIN):
        request = check_request(bsn, recipient='zorgaanbieder-delta', mode='ADVISE')
        request.version, request.idempotency_key = 1, os.urandom(16)
        times.append(time_of(client, process, request.SerializeToString()))
    return {'first': times[0], 'next': tuple(map(min, zip(*times[1:])))}


def measure_unknown(registry, kernteam, delta, bsns):
    batches = {sort: [next(bsns) for _ in range(SUBJECTS)] for sort in ('unknown', 'known', 'others')}
    for bsn in batches['known'] + batches['others']:
        kernteam.subject_set(bsn, '1980-05-17')
    measure_batches(delta, registry.process, 'unknown_', batches)
    sorts = {sort: [next(bsns) for _ in range(STRANGERS)] for sort in ('known', 'others', 'unknown', 'strangers')}
    for bsn in sorts['known'] + sorts['others']:
        kernteam.subject_set(bsn, '1980-05-17')
    for _ in range(STRANGERS // 4):  # what the process does for the first time
        first_and_next(delta, registry.process, next(bsns))
    times = {sort: [] for sort in sorts}
    for people in zip(*sorts.values()):
        for sort, bsn in zip(sorts, people):
            times[sort].append(first_and_next(delta, registry.process, bsn))
    for when in ('first', 'next'):
        for clock, what in enumerate(('seen', 'running')):
            of = {sort: [one[when][clock] for one in times[sort]] for sort in sorts}
            middle = ','.join(f'{1e6 * sorted(of[sort])[STRANGERS // 2]:.0f}' for sort in ('unknown', 'known'))
            name = f'unknown_{when}_{what}'
            print(f'auc_{name}={auc(of["unknown"], of["known"]):.2f} auc_{name}_noise={auc(of["others"], of["known"]):.2f},'
                  f'{auc(of["strangers"], of["unknown"]):.2f} microseconds_{name}={middle}', flush=True)


def measure():
    import envelope_pb2 as wire
    from harness import Instance, valid_bsns
    registry = Instance()
    path = registry.directory / 'consentd.conf'
    text = path.read_text().replace('size = "64"', 'size = "2048"')
    for name in ('requests-per-second', 'requests-burst', 'log-burst', 'subjects-per-hour', 'unknown-per-hour'):
        text = '\n'.join(line for line in text.split('\n') if not line.strip().startswith(f'{name} '))
        text = text.replace('\nlimits\n', f'\nlimits\n    {name} = "1000000"\n')
    path.write_text(text)
    try:
        registry.start()
        kernteam, delta = registry.client('kernteam'), registry.client('zorgaanbieder-delta')
        bsns = valid_bsns()
        some, none, others = ([next(bsns) for _ in range(SUBJECTS)] for _ in range(3))
        for bsn in some + none + others:
            kernteam.subject_set(bsn, '1980-05-17')
        for bsn in some:
            for _ in range(CONSENTS):
                reply = kernteam.grant(bsn)
                if reply.status != wire.OK:
                    raise SystemExit(f'no consent was recorded: {reply}')
        measure_batches(delta, registry.process, '', {'some': some, 'none': none, 'others': others})
        measure_unknown(registry, kernteam, delta, bsns)
    finally:
        registry.destroy()


def main():
    os.environ['CONSENTD_BUILD'] = str(pathlib.Path(sys.argv[1]).resolve())
    sys.path[:0] = [str(TESTS), str(TESTS / 'behaviour')]
    from run import compile_protocol
    with tempfile.TemporaryDirectory() as protocol:
        compile_protocol(protocol)
        sys.path.insert(0, protocol)
        measure()


if __name__ == '__main__':
    main()
