"""A process that takes part in a run, and can be killed, stopped and cut off.

An actor of another sort is a file beside this one: what it runs (`command`), and what the history says of it (`note`).
"""
import json
import signal
import subprocess
import time

from history import now

AGAIN = 1.0  # seconds after which what ended by itself is started again


class Actor:
    keeps_all = True  # it has every event in the end

    def __init__(self, world, party, name=''):
        self.world, self.party, self.consumer = world, party, name
        self.name = f'{party}/{name or "default"}'
        self.link = world.network.link(world.events_port)
        self.place = world.place / self.name.replace('/', '_')
        self.place.mkdir()
        self.file = self.place / 'stored'
        self.file.touch()
        self.offsets = []  # of the file, where each life began
        self.deaths = 0
        self.process = None
        self.again_at = None  # when it is started again, where it ended by itself

    def command(self):
        raise NotImplementedError

    def streams(self):
        """Where its standard output goes."""
        return subprocess.DEVNULL

    def start(self):
        self.again_at = None
        self.offsets.append(self.file.stat().st_size)
        with open(self.place / 'said', 'ab') as said:
            out = self.streams()
            self.process = subprocess.Popen(list(map(str, self.command())), stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=said, env=self.world.environment)
            if hasattr(out, 'close'):
                out.close()

    def is_ready(self):
        """It has subscribed once: whatever happens from now on is kept for it."""
        return (self.place / 'position').exists()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if self.is_running():
            self.process.send_signal(number)

    def kill(self):
        self.again_at = None
        self.deaths += 1
        self.process.kill()
        self.process.wait()
        self.process = None

    def look(self):
        """Whether it has ended by itself: that is noted, and it is started again, as whoever runs it would do, after a
        while."""
        if self.process is not None and self.process.poll() is not None:
            self.world.history.note('ended', whom=self.name, code=self.process.returncode, said=self.said()[-300:], at=now())
            self.process, self.again_at = None, time.monotonic() + AGAIN
        if self.again_at is not None and time.monotonic() >= self.again_at:
            self.start()

    def said(self):
        return (self.place / 'said').read_text(errors='replace').strip()

    def ask_to_end(self):
        self.again_at = None
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)

    def end(self):
        self.ask_to_end()
        if self.process is None:
            return
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def destroy(self):
        """Ends what it brought with it."""

    def lines(self):
        """(offset, line as read) of each whole line; None for one that cannot be read."""
        at, found = 0, []
        for line in self.file.read_bytes().splitlines(keepends=True):
            try:
                found.append((at, json.loads(line) if line.endswith(b'\n') else None))
            except ValueError:
                found.append((at, None))
            at += len(line)
        return found

    def newest(self):
        """The number that it stored last, by a look at the end of its file."""
        with open(self.file, 'rb') as file:
            file.seek(max(0, file.seek(0, 2) - 4096))
            lines = [line for line in file.read().split(b'\n')[:-1] if line.startswith(b'{"number"')]
        return json.loads(lines[-1])['number'] if lines else 0

    def note(self, history):
        """What the history says of it in the end."""
        stored, lives, offsets = [], [], list(self.offsets)
        for at, line in self.lines():
            while offsets and offsets[0] <= at:
                lives.append(len(stored))
                del offsets[0]
            if line is None:
                history.note('ended', whom=self.name, code='-', said=f'a line at {at} cannot be read', at=now())
            elif 'number' in line:
                stored.append(line)
            else:
                lives.append(len(stored))  # it says itself that it began anew
        lives += [len(stored)] * len(offsets)
        history.note('consumer', name=self.name, party=self.party, all=self.keeps_all, lives=lives or [0], stored=stored,
                     deaths=self.deaths)
