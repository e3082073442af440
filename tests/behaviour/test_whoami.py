"""Who a key is to the registry, and what it is told that it may not."""
import json
import unittest

import envelope_pb2 as wire
from harness import RegistryTest, tool

FORBIDDEN = 77


class Whoami(RegistryTest):
    def ctl(self, party, *arguments):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party))

    def test_every_party_is_told_who_it_is_and_where(self):
        for party, kind, role, endpoint in (('kernteam', 'kernteam', 'sociale-team', 'requests'), ('cak', 'cak', 'partner', 'requests'),
                                            ('operator', 'operator', 'operator', 'operators')):
            with self.subTest(party):
                told = json.loads(self.ctl(party, 'whoami', '--json').stdout)['whoami']
                self.assertEqual([told[name] for name in ('party', 'kind', 'role', 'endpoint', 'key_until', 'protocol')],
                                 [party, kind, role, endpoint, '', 1])
                shown = self.ctl(party, 'whoami').stdout
                for word in (party, role, endpoint, told['controller'], told['policy'], told['key'], *told['permissions']):
                    self.assertIn(word, shown)
        self.assertEqual(self.registry.client('cak', 'events').whoami().whoami.endpoint, 'events')

    def test_a_key_that_ends_says_when(self):
        request = wire.Request()
        one = request.party_apply.parties.add(id='svb', kind='svb', role='partner', active=True, agreement_from='2020-01-01')
        one.keys.add(name='van-2026', public_key=self.registry.keys['svb'][0].decode(), until='2099-03-01')
        self.assertOk(self.client('operator').call(request))
        told = self.registry.client('svb').whoami().whoami
        self.assertEqual((told.key, told.key_until), ('van-2026', '2099-03-01'))
        self.assertIn('van-2026, until 2099-03-01', self.ctl('svb', 'whoami').stdout)

    def test_it_is_counted_in_the_log(self):
        self.assertEqual(self.ctl('cak', 'whoami').returncode, 0)
        for line in self.client('operator').audit():
            if line.action == 'whoami':
                self.assertRegex(line.details, r'"\d+, since ')


class Forbidden(RegistryTest):
    def refused(self, client, body, **fields):
        reply = client.ask(body, **fields)
        self.assertStatus(reply, 'FORBIDDEN')
        return reply.message

    def test_the_permission_that_the_role_lacks_is_named(self):
        self.assertEqual(self.refused(self.client('cak'), 'rights_list'), 'cak has the role partner, which lacks the permission rights')
        self.assertEqual(self.refused(self.client('toezicht'), 'snapshot'),
                         'toezicht has the role toezichthouder, which lacks the permission events')
        self.assertEqual(self.refused(self.client('cak'), 'retention_list'),
                         'cak has the role partner, which lacks the permission admin; and retention-list is answered on the '
                         'endpoint operators, and this is requests')

    def test_the_endpoint_is_named_where_it_would_be_answered(self):
        self.assertEqual(self.refused(self.registry.client('operator', 'requests'), 'status'),
                         'status is answered on the endpoint operators, and this is requests')
        self.assertEqual(self.refused(self.client('kernteam'), 'subscribe', credit=1),
                         'subscribe is answered on the endpoint events, and this is requests')

    def test_consentctl_says_it_too(self):
        said = tool('ctl/consentctl', 'status', '--key', self.registry.key_file('cak'))
        self.assertEqual((said.returncode, said.stdout), (FORBIDDEN, ''))
        self.assertIn('FORBIDDEN: cak has the role partner, which lacks the permission admin', said.stderr)


if __name__ == '__main__':
    unittest.main()
