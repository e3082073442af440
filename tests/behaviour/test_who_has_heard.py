"""V8: who has heard of a withdrawal, and who has not yet."""
import json
import unittest

from harness import RegistryTest, tool

HORIZON, DELTA = 'zorgaanbieder-horizon', 'zorgaanbieder-delta'


class HeardTest(RegistryTest):
    def withdrawn(self, **scope):
        """A consent of which all was withdrawn."""
        consent = self.granted(self.person(), **scope)
        self.assertOk(self.client('kernteam').revoke(consent))
        return consent

    def hear(self, party):
        """The party acknowledges all that it was told."""
        stream = self.registry.client(party, 'events')
        newest = stream.subscribe().subscribe.newest
        for _ in range(newest):
            if stream.next_push().event.number == newest:
                break
        self.assertOk(stream.acknowledge(newest))
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


class WhoHasHeard(HeardTest):
    def test_each_is_listed_with_when_it_heard_or_since_when_it_waits(self):
        self.listen(HORIZON)
        consent = self.withdrawn(recipients=[HORIZON, DELTA])
        before = self.told(consent)
        self.assertEqual({party for party, _ in before}, {'kernteam', HORIZON, DELTA})
        self.assertFalse(any(one.heard or one.unknown for one in before.values()))
        recorded = self.shown(consent)[-1].recorded_at
        self.assertTrue(all(one.since == recorded and one.heard_at == 0 for one in before.values()))
        self.assertTrue(before[HORIZON, 'default'].listens)
        self.hear(HORIZON)
        after = self.told(consent)
        heard = after[HORIZON, 'default']
        self.assertTrue(heard.heard and heard.heard_at >= recorded and heard.since == 0)
        self.assertFalse(after[DELTA, ''].heard)
        self.assertEqual([one.heard for one in self.shown(consent)[-1].heard_by], [False, False, True])

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


if __name__ == '__main__':
    unittest.main()
