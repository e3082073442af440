"""A local view of a real registry: it answers as a check would, and fails closed under partition, where it or the registry
is stopped, and where a backup is put back; then it catches up by itself."""
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import envelope_pb2 as wire

from client import check_request
from harness import OwnInstanceTest, start_of, today, tool
from viewing import View

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'faults'))
from network import Network  # noqa: E402

SILENCE = 6000  # ms; a heartbeat comes every 5000
CATEGORIES = ('naw', 'bsn', 'budget', 'toewijzing', 'rapportage', 'email')


class ViewTest(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='view-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.bsn = self.person()
        self.consent = self.granted(self.bsn)
        self.subject = self.client('kernteam').check(self.bsn).check.subject_ref.hex()

    def view(self, name='beeld', party='kernteam', network=None, **links):
        key = self.registry.key_file(party)
        if links:
            text = key.read_text()
            for endpoint, link in links.items():
                text = text.replace(self.registry.endpoints[endpoint], f'tcp://127.0.0.1:{link.port}')
            key = self.place / f'{name}.key'
            key.write_text(text)
            key.chmod(0o600)
        made = View(self, key, '--consumer', name, '--silence', SILENCE, '--wait', 20000)
        self.wait_for(made, 'PERMITTED')
        return made

    def wait_for(self, view, why, timeout=20, **question):
        return view.wait_for(why, lambda: view.ask(self.subject, **question), timeout)

    def revoked_and_granted(self):
        """Nobody permits what was revoked; then the subject consents anew."""
        self.assertOk(self.client('kernteam').revoke(self.consent))


class Views(ViewTest):
    def asked(self, bsn, category, recipient='zorgaanbieder-horizon', case=''):
        request = check_request(bsn, [category], recipient=recipient, mode='ADVISE')
        request.check.items[0].origin = ''
        request.check.case_ref = case
        reply = self.client('kernteam').call(request)
        self.assertOk(reply)
        return reply.check.verdict == 1

    def newest(self, party):
        return {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}[party]

    def assertAgrees(self, view):
        """The view says what a check says, of everything."""
        compared = set()
        for recipient in ('zorgaanbieder-horizon', 'cak'):
            for category in CATEGORIES:
                for case in ('', 'dossier-9'):
                    permitted = view.ask(self.subject, recipient=recipient, category=category, case=case)['permitted']
                    self.assertEqual(permitted, self.asked(self.bsn, category, recipient, case), (recipient, category, case))
                    compared.add(permitted)
        return compared

    def test_it_answers_as_a_check_does_whatever_happens(self):
        view = self.view()
        self.assertEqual(self.assertAgrees(view), {True, False})
        second = self.granted(self.bsn, categories=['naw', 'bsn'], case_ref='dossier-9')
        third = self.granted(self.bsn, categories=['budget'])
        steps = [lambda: self.client('kernteam').revoke(self.consent),
                 lambda: self.client('kernteam').ask('restrict_data', bsn=self.bsn, whole=True, reason='betwist', user='m-1'),
                 lambda: self.client('kernteam').ask('lift_restriction', bsn=self.bsn, whole=True, reason='klaar', user='m-1'),
                 lambda: self.client('kernteam').revoke(second, categories=['bsn']),
                 lambda: self.client('kernteam').refuse(self.bsn, categories=['budget']),
                 lambda: self.client('kernteam').revoke(third)]
        for step in [lambda: None, *steps]:
            reply = step()
            self.assertTrue(reply is None or reply.status == wire.OK, reply)
            newest = self.newest('kernteam')
            view.wait('it heard', lambda status: status['number'] == newest and status['why'] == 'NOT_PERMITTED', view.status)
            self.assertAgrees(view)
        self.assertEqual(view.status()['snapshots'], 1, 'all of it by events')

    def test_other_parties_or_another_pack_are_a_new_snapshot(self):
        view = self.view()
        self.registry.change_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner', active='no')
        self.wait_for(view, 'NOT_PERMITTED')
        view.wait('anew', lambda status: status['snapshots'] == 2, view.status)

    def test_it_fails_closed_when_cut_off_or_stopped(self):
        """Three views: one cut off, one stopped and gone on, and one beside it to which nothing happens."""
        network = Network()
        self.addCleanup(network.close)
        port = {name: int(self.registry.endpoints[name].rsplit(':', 1)[1]) for name in ('requests', 'events')}
        links = {name: network.link(number) for name, number in port.items()}
        cut, stopped, beside = self.view('afgesneden', **links), self.view('gestopt'), self.view('ernaast')
        for link in links.values():
            link.stall()
        stopped.process.send_signal(signal.SIGSTOP)
        self.assertOk(self.client('kernteam').revoke(self.consent))
        begun = time.monotonic()
        self.wait_for(beside, 'NOT_PERMITTED', 2)
        self.wait_for(cut, 'SILENT')
        self.assertLess(time.monotonic() - begun, SILENCE / 1000 + 1)
        time.sleep(max(0, begun + SILENCE / 1000 + 0.5 - time.monotonic()))
        for _ in range(20):
            stopped.send(f'{self.subject} kernteam zorgaanbieder-horizon toekenning naw')
        stopped.process.send_signal(signal.SIGCONT)
        for link in links.values():
            link.go_on()
        for _ in range(20):
            self.assertFalse(stopped.line()['permitted'])
        for view in (cut, stopped):
            self.never_permitted(view, 'NOT_PERMITTED')
        self.granted(self.bsn)
        for view in (cut, stopped, beside):
            self.wait_for(view, 'PERMITTED')
            self.assertEqual(view.status()['snapshots'], 1, 'the events were kept')

    def never_permitted(self, view, until):
        end = time.monotonic() + 20
        while (answer := view.ask(self.subject))['why'] != until:
            self.assertFalse(answer['permitted'], answer)
            self.assertLess(time.monotonic(), end, answer)
            time.sleep(0.02)

    def test_a_registry_that_is_stopped_killed_and_started_is_waited_for(self):
        view = self.view()
        self.registry.signal(signal.SIGSTOP)
        self.wait_for(view, 'SILENT')
        self.registry.signal(signal.SIGCONT)
        self.wait_for(view, 'PERMITTED')
        self.registry.kill()
        self.shared.clear()
        self.registry.start()
        self.assertOk(self.client('kernteam').revoke(self.consent))
        self.never_permitted_for_long(view)
        self.assertEqual(view.status()['snapshots'], 1)

    def never_permitted_for_long(self, view):
        """What was revoked is permitted no longer than the silence that is allowed."""
        begun = time.monotonic()
        while view.ask(self.subject)['permitted']:
            self.assertLess(time.monotonic() - begun, SILENCE / 1000 + 0.5)
            time.sleep(0.02)
        self.never_permitted(view, 'NOT_PERMITTED')

    def test_a_backup_that_is_put_back_is_another_registry(self):
        """What was consented since is not permitted, since the registry knows nothing of it."""
        done = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'backup', self.place / 'copy')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.granted(self.bsn, categories=['bsn'])
        view = self.view()
        self.wait_for(view, 'PERMITTED', category='bsn')
        self.registry.stop()
        self.shared.clear()
        target = self.registry.directory / 'data' / 'consentd.mdb'
        shutil.copy(self.place / 'copy' / 'consentd.mdb', target)
        target.chmod(0o600)
        self.registry.start(options=['--restored'])
        self.wait_for(view, 'NOT_PERMITTED', category='bsn')
        self.wait_for(view, 'PERMITTED')
        self.assertEqual(view.status()['snapshots'], 2)
        self.assertRegex(view.status()['problem'], 'epoch|restored')

    def test_what_is_wrong_is_said(self):
        key = self.registry.key_file('kernteam')
        said = tool('view/consent-view', '--key', key, '--consumer', '../x')
        self.assertEqual((said.returncode, said.stdout), (78, ''), said.stderr)
        self.assertIn('consumer', said.stderr)
        for options in ([], ['--key', key, '--silence', '0'], ['--key', key, '--time', 'x'], ['--key', key, 'more'],
                        ['--key', ''], ['--unknown']):
            self.assertEqual(tool('view/consent-view', *options).returncode, 64, options)
        timed = tool('view/consent-view', '--key', key, '--time', '10000')
        self.assertEqual(timed.returncode, 0, timed.stderr)
        self.assertRegex(timed.stdout, r'^\d+ ns a question, of 10000, among \d+ permits\n$')
        # Without a name it takes no other system's place, and acknowledges nothing of theirs.
        listed = self.client('operator').ask('events_consumers', party='kernteam').events_consumers.consumers
        self.assertEqual([one.consumer for one in listed], ['view'])
