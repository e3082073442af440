"""consent-http: certificates that their authority has taken back (tls/crl). In doubt nobody is let in."""
import http.client
import json
import shutil
import signal
import ssl
import unittest

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bridge import JSON, Authority, Bridge, BridgeTest, evaluation

PATH = '/access/v1/evaluation'
REFUSED = (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)
OTHER = 'zorgaanbieder-horizon'


class RevokedTest(BridgeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = Bridge(cls.registry)
        cls.list = cls.own.directory / 'revoked.pem'
        cls.own.authority.revoke(cls.list)
        cls.own.write(crl='revoked.pem')
        cls.own.start()
        cls.addClassCleanup(cls.own.stop)
        bsn = cls.person(cls())
        cls.granted(cls(), bsn)
        cls.body = json.dumps(evaluation(bsn))

    def setUp(self):
        self.reload('0 certificates are revoked')

    def reload(self, says, *names, **how):
        """Writes the list, unless it is written already, and has it read."""
        if not how.pop('is_written', False):
            self.own.authority.revoke(self.list, *names, **how)
        lines = self.own.log().count('\n')
        self.own.process.send_signal(signal.SIGHUP)
        self.registry.wait_for(lambda: self.own.log().count('\n') > lines, 'the lists to be read')
        self.assertIn(says, self.own.log().splitlines()[-1])

    def assertLetIn(self, party):
        response, body = self.own.request(PATH, self.body, party)
        self.assertEqual((response.status, json.loads(body)['decision']), (200, True))

    def assertNotLetIn(self, party):
        with self.assertRaises(REFUSED):
            self.own.request(PATH, self.body, party)

    def ask(self, connection):
        connection.request('POST', PATH, self.body, JSON)
        response = connection.getresponse()
        return response.status, response.read()


class Revoked(RevokedTest):
    def test_one_that_is_on_the_list_is_not_let_in_and_others_are(self):
        self.assertLetIn('kernteam')
        self.reload('1 certificates are revoked', 'kernteam')
        self.assertNotLetIn('kernteam')
        self.assertLetIn(OTHER)
        self.reload('0 certificates are revoked')
        self.assertLetIn('kernteam')

    def test_a_connection_that_is_there_already_is_served_no_more(self):
        with self.own.connection() as revoked, self.own.connection(OTHER) as other:
            for connection in (revoked, other):
                self.assertEqual(self.ask(connection)[0], 200)
            self.reload('1 certificates are revoked', 'kernteam')
            self.assertEqual(self.ask(revoked), (403, b''))
            self.assertEqual(self.ask(other)[0], 200)

    def test_nobody_is_let_in_by_a_list_that_cannot_be_read(self):
        with self.own.connection() as connection:
            self.assertEqual(self.ask(connection)[0], 200)
            self.list.write_bytes(b'nonsense')
            self.reload('nobody is let in', is_written=True)
            self.assertIn('revoked.pem', self.own.log().splitlines()[-1])
            self.assertEqual(self.ask(connection), (403, b''))
        self.assertNotLetIn('kernteam')
        self.list.unlink()
        self.reload('nobody is let in', is_written=True)
        self.assertNotLetIn('kernteam')
        self.reload('0 certificates are revoked')
        self.assertLetIn('kernteam')

    def test_nobody_is_let_in_by_a_list_that_has_ended(self):
        self.reload('has ended', minutes=(-60, -1))
        self.assertNotLetIn('kernteam')
        self.reload('0 certificates', minutes=(-60, 0.05))
        with self.own.connection() as connection:
            self.ask(connection)
            self.registry.wait_for(lambda: 'that has ended' in self.own.log().splitlines()[-1], 'the list to end')
            with self.assertRaises(REFUSED):
                self.assertEqual(self.ask(connection), (403, b''))
                self.ask(connection)
        self.assertNotLetIn('kernteam')


class Without(BridgeTest):
    def test_a_reload_without_lists_changes_nothing_and_says_so(self):
        self.bridge.process.send_signal(signal.SIGHUP)
        self.registry.wait_for(lambda: 'there is no tls/crl' in self.bridge.log(), 'it to be said')
        self.assertEqual(self.bridge.ask('kernteam', 'evaluation', evaluation(self.person()))[0], 200)


class Lists(BridgeTest):
    """What is no list of all certificates that count here, the bridge does not start with."""
    def setUp(self):
        self.own = Bridge(self.registry)
        self.own.write(crl='revoked.pem')
        self.path = self.own.directory / 'revoked.pem'

    def assertCheck(self, names=None):
        ran = self.own.run('--check')
        self.assertEqual(ran.returncode, 78 if names else 0, ran.stderr)
        self.assertIn(names or '', ran.stderr)
        if names:
            self.assertIn('revoked.pem: ', ran.stderr)

    def test_what_cannot_be_believed_is_refused(self):
        self.assertCheck('No such file')
        self.path.write_bytes(self.own.authority.pem())
        self.assertCheck('not a list of revoked certificates')
        Authority().revoke(self.path)
        self.assertCheck('not signed by')
        self.own.authority.revoke(self.path, minutes=(10, 20))
        self.assertCheck('begins later')
        self.own.authority.revoke(self.path, minutes=(-20, -10))
        self.assertCheck('has ended')
        some = x509.IssuingDistributionPoint(full_name=None, relative_name=None, only_contains_user_certs=True,
                                             only_contains_ca_certs=False, only_some_reasons=None, indirect_crl=False,
                                             only_contains_attribute_certs=False)
        for part in (x509.DeltaCRLIndicator(1), some):
            self.own.authority.revoke(self.path, extensions=[(part, True)])
            self.assertCheck('not one of all certificates')
        self.own.authority.revoke(self.path, extensions=[(x509.CRLNumber(1), False)])
        self.assertCheck()

    def test_each_authority_needs_one_and_der_is_one_as_well(self):
        self.own.authority.revoke(self.path, encoding=Encoding.DER)
        self.assertCheck()
        other = Authority('other')
        with open(self.own.directory / 'clients.pem', 'ab') as authorities:
            authorities.write(other.pem())
        self.assertCheck('no list of certificate 2')
        self.own.authority.revoke(self.path)
        second = self.own.directory / 'second.pem'
        other.revoke(second)
        with open(self.path, 'ab') as lists, open(second, 'rb') as more:
            shutil.copyfileobj(more, lists)
        self.assertCheck()


if __name__ == '__main__':
    unittest.main()
