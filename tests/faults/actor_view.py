"""consent-view, and somebody who asks it without end what the team gives to whom.

A view stores nothing: what it answers is judged. The hardest moment is when it was stopped and goes on: what it finds in its
socket is old, and so is what it knows. So questions wait for it by then.
"""
import collections
import json
import os
import random
import select
import signal
import subprocess
import threading
import time

from actor import Actor
from history import now
from model import items_of

PAUSE = 0.02  # seconds between two questions
BURST = 8     # questions that wait for a view that was stopped


class Talk:
    """The questions to one process, and its answers, which come in their order."""

    def __init__(self, process):
        self.process, self.questions, self.buffer = process, collections.deque(), b''
        self.lock = threading.Lock()

    def ask(self, line, question):
        with self.lock:
            self.questions.append({**question, 'sent': now()})
            self.process.stdin.write(line)

    def answers(self, seconds):
        """[(question, answer)] of what comes in this time."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return []
        *lines, self.buffer = (self.buffer + os.read(self.process.stdout.fileno(), 65536)).split(b'\n')
        return [(self.questions.popleft(), json.loads(line)) for line in lines]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()


class View(Actor):
    """`limit`: seconds of silence after which the view must say no. `silence`: what it is told of that, which is the same
    but for a control."""
    keeps_all = False

    def __init__(self, world, party, name='', limit=7.0, silence=None):
        super().__init__(world, party, name)
        self.limit, self.silence = limit, silence or limit
        self.random = random.Random(world.random.random())
        self.talk, self.is_stopped, self.over = None, False, False
        self.asker = threading.Thread(target=self.ask_all, daemon=True)
        world.history.note('view', name=self.name, limit=int(limit * 1e9))

    def command(self):
        own = ['--consumer', self.consumer] if self.consumer else []
        return [self.world.build / 'clients' / 'view' / 'consent-view', '--key', self.world.key_file(self.party, self), *own,
                '--silence', int(self.silence * 1000)]

    def start(self):
        self.again_at = None
        self.offsets.append(0)
        with open(self.place / 'said', 'ab') as said:
            self.process = subprocess.Popen(list(map(str, self.command())), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=said, env=self.world.environment, bufsize=0)
        self.is_stopped = False
        self.talk = Talk(self.process)
        if not self.asker.is_alive():
            self.asker.start()

    def is_ready(self):
        return True  # it takes a snapshot

    def signal(self, number):
        if number == signal.SIGSTOP:
            self.is_stopped = True
        elif number == signal.SIGCONT and self.is_stopped and self.is_running():
            for _ in range(BURST):
                self.ask(self.talk)
        super().signal(number)
        if number == signal.SIGCONT:
            self.is_stopped = False

    def ask_all(self):
        talk = None
        while not self.over:
            if talk is not self.talk:
                talk = self.talk
            try:
                if not self.is_stopped and not talk.questions:
                    self.ask(talk)
                for question, answer in talk.answers(0.05):
                    self.world.history.note('answer', view=self.name, **question, done=now(), **answer)
            except (OSError, ValueError, IndexError):
                pass  # it was killed meanwhile
            time.sleep(PAUSE)

    def ask(self, talk):
        grant = self.world.any_grant()
        if grant is None:
            return
        reference = self.world.references.get((self.party, grant['subject']))
        mine = [item for item in sorted(items_of(grant['scope'])) if self.party in item[:2]]
        if not mine or reference is None:
            return
        provider, recipient, category = self.random.choice(mine)
        purpose = grant['scope']['purpose']
        talk.ask(f'{reference} {provider} {recipient} {purpose} {category}\n'.encode(),
                 {'subject': grant['subject'], 'provider': provider, 'recipient': recipient, 'category': category,
                  'purpose': purpose})

    def end(self):
        self.over = True
        super().end()
        if self.asker.is_alive():
            self.asker.join(10)

    def note(self, history):
        pass
