"""What happened in a run under faults: who asked and was answered what, and what each consumer has stored.

Every moment is of one monotonic clock, in nanoseconds, whichever process noted it; so what is before what is never a
matter of two clocks. A record is a dictionary, and a history a list of them:

    grant     subject, consent, scope, sent, done, revision
    revoke    consent, part, sent, done, revision, already
    check     subject, provider, recipient, category, purpose, sent, done, permitted
    view      name, limit (nanoseconds of silence after which it must say no)
    answer    view, and of a view's answer what a check has; revision, heard_ms
    consumer  name, party, all (false: it need not have caught up), lives, stored
    injected  what, whom, from, until
    refused   what, subject, said: a request that should have been carried out and was not
    ended     whom, code, said: an actor that ended and was not asked to

`done` is None where no answer came. A scope and a part are dictionaries of lists: providers, recipients, categories; a
scope has a purpose too, and an empty list of a part means all. `lives` says at which place in `stored` each life of the
consumer began. What is stored are the events as they came, with the keys of consent-watch. A subject is a number of the
run's own: no BSN is in a history.
"""
import json
import time


def now():
    return time.monotonic_ns()


class History:
    def __init__(self):
        self.records = []

    def note(self, kind, **fields):
        """Adds a record, which whoever added it may fill in later."""
        record = {'kind': kind, **fields}
        self.records.append(record)
        return record

    def of(self, *kinds):
        return [record for record in self.records if record['kind'] in kinds]

    def save(self, path):
        with open(path, 'w') as file:
            for record in self.records:
                file.write(json.dumps(record) + '\n')

    @classmethod
    def load(cls, path):
        made = cls()
        with open(path) as file:
            made.records = [json.loads(line) for line in file]
        return made
