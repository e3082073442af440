"""V8: who has heard of a withdrawal, and who has not yet."""
import json
import unittest

import events_pb2

from harness import PLAIN, Instance, OwnInstanceTest, RegistryTest, tool
from letters import BOUND, LONGEST_SENTENCE, Readability, sender
from test_clock import LIBRARY, can_be_told_a_time
from test_overview import CODES, Blocks

HORIZON, DELTA, CAK = 'zorgaanbieder-horizon', 'zorgaanbieder-delta', 'cak'


class Hearing:
    """What a test needs to have consumers hear, and to look who has heard."""

    def withdrawn(self, bsn=None, **scope):
        """A consent of which all was withdrawn."""
        consent = self.granted(bsn or self.person(), **scope)
        self.assertOk(self.client('kernteam').revoke(consent))
        return consent

    def consumer(self, party, name=''):
        stream = self.registry.client(party, 'events')
        self.assertOk(stream.subscribe(consumer=name))
        return stream

    def hear(self, party, name='', until=None):
        """The consumer acknowledges all that it was told, or up to that event."""
        stream = self.registry.client(party, 'events')
        begun = stream.subscribe(consumer=name)
        self.assertOk(begun)
        until = until or begun.subscribe.newest
        for _ in range(begun.subscribe.next, until + 1):
            stream.next_event(every=True)
        self.assertOk(stream.acknowledge(until))
        self.registry.close(stream)

    def shown(self, consent, party='kernteam'):
        reply = self.client(party).consent_show(consent)
        self.assertOk(reply)
        return reply.consent_show.consent.withdrawals

    def told(self, consent, party='kernteam'):
        """Of the newest withdrawal, by party and consumer."""
        return {(one.party, one.consumer): one for one in self.shown(consent, party)[-1].heard_by}

    def printed(self, consent, party='kernteam', *arguments):
        done = tool('ctl/consentctl', '--key', self.registry.key_file(party), *arguments, 'consent', 'show', consent.hex())
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def forget(self, party, consumer):
        self.assertOk(self.client('operator').ask('events_forget', party=party, consumer=consumer, reason='staat uit',
                                                  user='beheer-1'))


class WhoHasHeard(Hearing, OwnInstanceTest):
    def test_one_consumer_has_heard_and_one_has_not(self):
        self.consumer(HORIZON, 'backoffice')
        self.consumer(HORIZON, 'portaal')
        consent = self.withdrawn()
        recorded = self.shown(consent)[-1].recorded_at
        before = self.told(consent)
        self.assertEqual(set(before), {('kernteam', ''), (HORIZON, 'backoffice'), (HORIZON, 'portaal')})
        for one in before.values():
            self.assertEqual((one.heard, one.unknown, one.heard_at, one.since), (False, False, 0, recorded))
        self.assertTrue(before[HORIZON, 'portaal'].listens)
        self.assertFalse(before['kernteam', ''].listens)
        self.hear(HORIZON, 'backoffice')
        heard = self.told(consent)[HORIZON, 'backoffice']
        self.assertEqual((heard.heard, heard.since), (True, 0))
        self.assertGreaterEqual(heard.heard_at, recorded)
        self.assertFalse(self.told(consent)[HORIZON, 'portaal'].heard)
        self.assertEqual([one.heard for one in self.shown(consent)[-1].heard_by], [False, False, True])
        printed = self.printed(consent)
        self.assertRegex(printed, r'(?m)^zorgaanbieder-horizon +portaal +not yet +\d{4}-\d\d-\d\d \d\d:\d\d[+]\d\d +listens$')
        self.assertRegex(printed, r'(?m)^zorgaanbieder-horizon +backoffice +\d{4}-\d\d-\d\d \d\d:\d\d[+]\d\d +- +is away$')
        self.assertRegex(printed, r'(?m)^kernteam +- +not yet +\d{4}-\d\d-\d\d \d\d:\d\d[+]\d\d +no system listened$')

    def test_each_withdrawal_has_those_that_it_concerns(self):
        consent = self.granted(self.person(), recipients=[HORIZON, DELTA], categories=['naw', 'periode'])
        self.assertOk(self.client('kernteam').revoke(consent, recipients=[HORIZON], categories=['naw']))
        self.hear(HORIZON)
        self.assertOk(self.client('kernteam').revoke(consent))
        first, second = ({one.party: one.heard for one in each.heard_by} for each in self.shown(consent))
        self.assertEqual(first, {'kernteam': False, HORIZON: True})
        self.assertEqual(second, {'kernteam': False, HORIZON: False, DELTA: False})

    def test_whoever_came_later_was_not_to_hear_of_it(self):
        self.hear(HORIZON, 'oud')
        consent = self.withdrawn()
        self.hear(HORIZON, 'oud')
        stream = self.registry.client(HORIZON, 'events')
        newest = stream.subscribe(consumer='oud').subscribe.newest
        later = self.registry.client(HORIZON, 'events')
        self.assertOk(later.subscribe(number=newest + 1, consumer='nieuw'))
        self.assertEqual([name for party, name in self.told(consent) if party == HORIZON], ['oud'])

    def test_one_that_was_forgotten_is_listed_if_it_had_heard_and_else_nobody_waits_for_it(self):
        for name in ('backoffice', 'portaal', 'weg'):
            self.consumer(HORIZON, name)
        consent = self.withdrawn()
        self.hear(HORIZON, 'backoffice')
        self.forget(HORIZON, 'backoffice')
        self.forget(HORIZON, 'weg')
        told = self.told(consent)
        self.assertEqual({name for party, name in told if party == HORIZON}, {'backoffice', 'portaal'})
        self.assertTrue(told[HORIZON, 'backoffice'].heard)
        self.assertGreater(told[HORIZON, 'backoffice'].forgotten_at, 0)
        self.assertRegex(self.printed(consent), r'(?m)^zorgaanbieder-horizon +backoffice .* forgotten \d{4}')

    def test_a_party_that_was_removed_and_one_that_never_listened_are_listed(self):
        self.consumer(HORIZON, 'backoffice')
        consent = self.withdrawn(recipients=[HORIZON, DELTA])
        self.assertOk(self.client('operator').party_remove(HORIZON))
        told = self.told(consent, 'operator')
        self.assertEqual({key: one.heard for key, one in told.items()},
                         {('kernteam', ''): False, (HORIZON, 'backoffice'): False, (DELTA, ''): False})

    def test_who_may_not_see_consents_whole_hears_of_nobody(self):
        consent = self.withdrawn()
        self.assertEqual(len(self.shown(consent, HORIZON)[-1].heard_by), 0)
        self.assertNotIn('Who has heard', self.printed(consent, HORIZON))
        self.assertIn('Who has heard', self.printed(consent, 'operator'))

    def test_the_data_have_the_same(self):
        consent = self.withdrawn()
        told = json.loads(self.printed(consent, 'kernteam', '--json'))['consent_show']['consent']['withdrawals'][0]['heard_by']
        self.assertEqual({one['party'] for one in told}, {'kernteam', HORIZON})
        self.assertEqual({one['heard'] for one in told}, {False})

    def test_it_is_known_after_a_restart(self):
        self.consumer(HORIZON, 'portaal')
        consent = self.withdrawn()
        self.hear(HORIZON, 'backoffice')
        before = {key: (one.heard, one.heard_at, one.since) for key, one in self.told(consent).items()}
        self.registry.restart()
        self.shared.clear()
        self.assertEqual({key: (one.heard, one.heard_at, one.since) for key, one in self.told(consent).items()}, before)


class Overview(Hearing, RegistryTest):
    """What the subject reads of it."""

    def overview(self, bsn, *arguments):
        done = tool('ctl/consentctl', 'overview', '--key', self.registry.key_file('kernteam'), *arguments, stdin=bsn)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def test_the_systems_of_an_organisation_are_told_apart_where_there_are_several(self):
        bsn = self.person()
        self.consumer(HORIZON, 'portaal')
        self.consumer(DELTA)
        self.withdrawn(bsn, recipients=[HORIZON, DELTA])
        self.hear(HORIZON, 'backoffice')
        self.hear(DELTA)
        text = ' '.join(self.overview(bsn, '--format', 'text').split())
        party = r'Zorgaanbieder \(zorgaanbieder-horizon\), systeem'
        self.assertRegex(text, party + r' portaal Verteld op: [^:]+uur Heeft het bericht gezien: nog niet')
        self.assertRegex(text, party + r' backoffice Verteld op: [^:]+uur Heeft het bericht gezien: ja, op \d+ \w+ \d{4} om')
        self.assertRegex(text, r'Zorgaanbieder \(zorgaanbieder-delta\) Verteld op: [^:]+uur Heeft het bericht gezien: ja, op')
        self.assertIn('Dan staat elk systeem apart.', text)
        reading = Readability(Blocks(self.overview(bsn, '--format', 'html')).blocks)
        self.assertGreaterEqual(reading.ease, BOUND)
        self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE)
        self.assertEqual(CODES.findall(text), [])
        data = json.loads(self.overview(bsn, '--format', 'json'))
        told, = [entry['line']['tellings'] for entry in data['entries'] if entry['line'] and entry['line']['action'] == 'revoke']
        self.assertEqual({one['party']: one['heard'] for one in told}, {'kernteam': False, HORIZON: False, DELTA: True})
        systems, = [one['consumers'] for one in told if one['party'] == HORIZON]
        self.assertEqual([(one['consumer'], one['heard']) for one in systems], [('portaal', False), ('backoffice', True)])

    def test_where_no_organisation_has_several_systems_no_system_is_named(self):
        bsn = self.person()
        self.withdrawn(bsn, recipients=[CAK], purpose='eigen-bijdrage')
        self.hear(CAK)
        text = self.overview(bsn, '--format', 'text')
        self.assertIn('Heeft het bericht gezien', text)
        self.assertNotIn('systeem', text)

    def test_the_letter_of_the_withdrawal_says_it(self):
        self.consumer(HORIZON, 'portaal')
        consent = self.withdrawn()
        self.hear(HORIZON, 'backoffice')
        pack = self.registry.directory / 'policies' / 'kaag-en-braassem-2015'
        (pack / 'brieven' / 'gemeente.txt').write_text(sender())
        done = tool('ctl/consentctl', 'letter', 'withdrawal', consent.hex(), '--format', 'text', '--policy', pack, '--key', self.registry.key_file('kernteam'))
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        read, _, waiting = ' '.join(done.stdout.split()).partition('Wie heeft het bericht nog niet gelezen?')
        self.assertIn('- Zorgaanbieder Horizon, systeem backoffice', read)
        self.assertIn('- Zorgaanbieder Horizon, systeem portaal', waiting)
        self.assertIn('- Kernteam Voorbeeld', waiting)


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Overdue(Hearing, OwnInstanceTest):
    """What was left unheard for more than a day (events/overdue)."""

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.registry.start()
        self.shared = {}

    def move(self, hours):
        """Restarts the daemon so many hours from now."""
        self.registry.stop()
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME': f'{round(hours * 60):+}m',
                             'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
        self.shared = {}

    def unheard(self):
        """Who is overdue, as soon as the daemon has looked at all."""
        return {(one.party, one.consumer) for one in self.client('operator').status().status_report.unheard}

    def wait_for_unheard(self, *who):
        self.registry.wait_for(lambda: self.unheard() == set(who), f'{who} to be overdue', 20.0)

    def alarms(self):
        return [entry.party for entry in self.client('operator').audit()
                if (entry.action, entry.result) == ('alarm', 'withdrawal-unheard')]

    def test_operators_and_the_social_team_are_told_once_until_it_was_heard(self):
        self.consumer(HORIZON, 'portaal')
        self.hear('kernteam')
        self.withdrawn()
        self.hear(HORIZON, 'backoffice')
        self.hear('kernteam')
        self.move(23)
        self.wait_for_unheard()
        self.move(25)
        self.wait_for_unheard((HORIZON, 'portaal'))
        self.assertEqual(self.alarms(), [HORIZON])
        alarm, = self.client('operator').status().status_report.alarms
        self.assertEqual((alarm.kind, alarm.party, alarm.consumer), ('withdrawal-unheard', HORIZON, 'portaal'))
        for party in ('operator', 'kernteam'):
            event = self.consumer(party).next_event().event
            self.assertEqual((event.kind, event.alarm, event.party, event.consumer),
                             (events_pb2.REGISTRY_ALARM, 'withdrawal-unheard', HORIZON, 'portaal'))
        printed = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'status').stdout
        self.assertRegex(printed, r'(?m)^zorgaanbieder-horizon +portaal +\d{4}-\d\d-\d\d \d\d:\d\d\+0[12] +2$')
        self.move(26)
        self.wait_for_unheard((HORIZON, 'portaal'))
        self.assertEqual(self.alarms(), [HORIZON])
        self.hear(HORIZON, 'portaal')
        self.wait_for_unheard()
        self.withdrawn()
        self.hear('kernteam')
        self.hear(HORIZON, 'portaal')
        self.move(51)
        self.wait_for_unheard((HORIZON, 'backoffice'))
        self.assertEqual(self.alarms(), [HORIZON, HORIZON])

    def test_a_party_that_never_listened_is_waited_for_and_one_that_was_removed_or_forgotten_is_not(self):
        self.consumer(DELTA, 'weg')
        self.consumer(CAK)
        self.withdrawn(recipients=[HORIZON, DELTA])
        self.withdrawn(recipients=[CAK], purpose='eigen-bijdrage')
        self.forget(DELTA, 'weg')
        self.assertOk(self.client('operator').party_remove(CAK))
        self.move(25)
        self.wait_for_unheard((HORIZON, ''), ('kernteam', ''))
        self.assertEqual(sorted(self.alarms()), ['kernteam', HORIZON])


if __name__ == '__main__':
    unittest.main()
