"""How much of the store one party fills that asks as much, and as long, as it can (L3).

Usage: flood.py BUILD [SECONDS]       with limits as configured by default

It ignores what it is told to wait. Printed are the bytes of the store that are used before, at the end, and halfway; how
many checks were answered and how many put off; and how long it would be until the store is full at the pace of the
second half.
"""
import os
import pathlib
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]


def flood(registry, seconds):
    import envelope_pb2 as wire
    from test_limits import long_check
    client, operator = registry.client('kernteam'), registry.operator()
    keys, counts = [], {wire.OK: 0, wire.UNAVAILABLE: 0}
    used = [operator.status().status_report.store_used]
    for _ in range(2):
        end = time.monotonic() + seconds / 2
        while time.monotonic() < end:
            while len(keys) < 256:
                keys.append(client.send(long_check('999900006')))
            counts[client.reply_to(keys.pop(0), 60).status] += 1
        used.append(operator.status().status_report.store_used)
    size = operator.status().status_report.store_size
    pace = (used[2] - used[1]) / (seconds / 2)
    print(f'store_size={size} used_before={used[0]} used_halfway={used[1]} used_after={used[2]}')
    print(f'answered={counts[wire.OK]} put_off={counts[wire.UNAVAILABLE]}')
    print(f'hours_until_full={(size - used[2]) / pace / 3600 if pace > 0 else float("inf"):.1f}')


def main():
    os.environ['CONSENTD_BUILD'] = str(pathlib.Path(sys.argv[1]).resolve())
    sys.path[:0] = [str(TESTS), str(TESTS / 'behaviour')]
    from run import compile_protocol
    with tempfile.TemporaryDirectory() as protocol:
        compile_protocol(protocol)
        sys.path.insert(0, protocol)
        from harness import Instance
        registry = Instance()
        path = registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('size = "64"', 'size = "1024"').replace('reserve = "8"', 'reserve = "64"'))
        try:
            flood(registry.start(), float(sys.argv[2]) if len(sys.argv) > 2 else 60)
        finally:
            registry.destroy()


if __name__ == '__main__':
    main()
