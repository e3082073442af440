"""A consumer of a partner's own, written from docs/protocol.md: it stores each event in a file, syncs that, and then
acknowledges.

    storing.py SETTINGS    a file of JSON: endpoint, server_key, public_key, secret_key, file; and how it behaves:
        position    a file that is there once it has subscribed; of who acknowledges first it says what
        consumer    its name, "" where a party has one
        credit      how many events may be on their way
        pause       seconds that it takes over what it got, before it goes on
        order       "store" first and then acknowledge; "acknowledge" first, which loses events; "never" acknowledge

A line of the file is an event, with the keys of consent-watch and `at`, when it was stored; or, of who never
acknowledges, {"subscribed": true} where it began anew.
"""
import json
import os
import signal
import sys
import time

import zmq

import envelope_pb2 as wire
import events_pb2
from partner import NoAnswer, Partner

TYPES = {events_pb2.CONSENT_GRANTED: 'nl.toestemmingen.toestemming-gegeven',
         events_pb2.CONSENT_REVOKED: 'nl.toestemmingen.toestemming-ingetrokken'}
PUSHES = (events_pb2.HEARTBEAT, events_pb2.ENDED)
SILENCE = 8.0  # seconds without a heartbeat, after which it subscribes anew
TEMPORARY, GAP = 75, 76


def record_of(event):
    return {'number': event.number, 'type': TYPES.get(event.kind, str(event.kind)), 'consent_id': event.consent_id.hex(),
            'providers': list(event.providers), 'recipients': list(event.recipients), 'categories': list(event.categories),
            'purpose': event.purpose, 'whole': event.whole, 'revision': event.revision}


class Storing:
    def __init__(self, settings):
        self.settings = settings
        self.file = open(settings['file'], 'ab+')
        self.last = self.find_last()
        self.client, self.heard_at = None, 0.0
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)

    def stop(self, *_):
        self.stopping = True

    def find_last(self):
        """The number that was stored last. Half a line, of a death while it was written, is taken away."""
        self.file.seek(0)
        data = self.file.read()
        whole = data.rpartition(b'\n')[0]
        if data != (whole + b'\n' if whole else b''):
            self.file.truncate(len(whole) + 1 if whole else 0)
        lines = [json.loads(line) for line in whole.splitlines()]
        return max((line['number'] for line in lines if 'number' in line), default=0)

    def write(self, records):
        moment = time.monotonic_ns()
        self.file.write(b''.join(json.dumps({**one, 'at': moment} if 'number' in one else one).encode() + b'\n'
                                 for one in records))
        self.file.flush()
        os.fdatasync(self.file.fileno())

    def ask(self, verb, **fields):
        request = wire.Request()
        body = getattr(request, verb)
        body.SetInParent()
        for name, value in fields.items():
            setattr(body, name, value)
        return self.client.send(request)

    def connect(self):
        """A new connection, and a subscription that goes on after what is stored; who does not trust its own store goes
        on after what it acknowledged."""
        if self.client:
            self.client.close()
        self.client = Partner(*(self.settings[name].encode() if name.endswith('key') else self.settings[name]
                                for name in ('endpoint', 'server_key', 'public_key', 'secret_key')))
        own = {'consumer': self.settings['consumer']} if self.settings['consumer'] else {}
        wanted = self.last + 1 if self.settings['order'] == 'store' else 0
        self.heard_at = time.monotonic()
        reply = self.client.reply_to(self.ask('subscribe', credit=self.settings['credit'], **{'from': wanted}, **own), SILENCE)
        if reply.status in (wire.UNAVAILABLE, wire.RETRY):
            raise NoAnswer(reply.message)
        if reply.status != wire.OK or (wanted and reply.subscribe.next != wanted):
            self.end(GAP, f'event {wanted} was asked for: {reply.field} {reply.message}, next {reply.subscribe.next}')
        if self.settings['order'] == 'never':
            self.write([{'subscribed': True}])
        with open(self.settings['position'], 'a'):
            pass

    @staticmethod
    def end(code, why):
        print(why, file=sys.stderr)
        sys.exit(code)

    def take(self):
        """What has come by now, in order: at least one push, or NoAnswer."""
        pushes = [self.client.next_push(0.25)]
        while len(pushes) < 64:
            try:
                pushes.append(self.client.next_push(0))
            except NoAnswer:
                break
        self.heard_at = time.monotonic()
        return pushes

    def handle(self, pushes):
        events = [push.event for push in pushes if push.event.kind not in PUSHES and push.event.number > self.last]
        ended = [push.message for push in pushes if push.event.kind == events_pb2.ENDED]
        order = self.settings['order']
        if order == 'never':
            self.write([record_of(push.event) for push in pushes if push.event.kind not in PUSHES])
        elif events:
            self.handle_new(events, order)
        if ended:
            self.end(TEMPORARY, ended[0])

    def handle_new(self, events, order):
        """A number that is not the next one is stored like the others: it is the judge's to see."""
        if order == 'store':
            self.write([record_of(event) for event in events])
        self.last = events[-1].number
        acknowledged = self.ask('acknowledge', number=self.last, credit=len(events))
        time.sleep(self.settings['pause'])
        if order == 'acknowledge':
            self.client.reply_to(acknowledged, SILENCE)
            with open(self.settings['position'], 'w') as position:
                position.write(str(self.last))
            time.sleep(self.settings['pause'])
            self.write([record_of(event) for event in events])

    def look_at_replies(self):
        for reply in self.client.early:
            if reply.status in (wire.INVALID, wire.FORBIDDEN):
                self.end(GAP, f'the registry refuses: {reply.field} {reply.message}')
        self.client.early.clear()

    def run(self):
        while not self.stopping:
            try:
                if self.client is None or time.monotonic() > self.heard_at + SILENCE or \
                        self.client.monitored(zmq.EVENT_DISCONNECTED, 0):
                    self.connect()
                self.handle(self.take())
            except NoAnswer:
                pass
            self.look_at_replies()


if __name__ == '__main__':
    with open(sys.argv[1]) as file:
        Storing(json.load(file)).run()
