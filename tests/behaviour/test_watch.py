"""consent-watch: each revocation once it happened, none missed, whoever dies in between."""
import json
import pathlib
import re
import shutil
import subprocess
import time
import unittest

from harness import BUILD, SOURCE, OwnInstanceTest, tool, watch

PROGRAM = BUILD / 'clients' / 'watch' / 'consent-watch'


class ConsentWatch(OwnInstanceTest):
    def watch(self, *arguments):
        out = open(self.registry.directory / 'heard', 'ab')
        self.addCleanup(out.close)
        key = self.registry.key_file('zorgaanbieder-horizon')
        process = subprocess.Popen([PROGRAM, '--key', key, *map(str, arguments)], stdout=out, stderr=subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.terminate()
            process.wait(10)

    def heard(self):
        return [json.loads(line) for line in (self.registry.directory / 'heard').read_text().splitlines()]

    def tell(self, count=1):
        """Each is an event for every party that the consent names."""
        return [self.granted(self.person()).hex() for _ in range(count)]

    def revoke(self, count=1):
        consents = [self.granted(self.person()) for _ in range(count)]
        for consent in consents:
            self.assertOk(self.client('kernteam').revoke(consent))
        return [consent.hex() for consent in consents]

    def wait_for(self, count):
        self.registry.wait_for(lambda: len(self.heard()) >= count, f'{count} events')

    def test_each_revocation_is_one_json_object_on_a_line(self):
        self.watch()
        consents = self.revoke(3)
        self.wait_for(6)
        granted, heard = self.heard()[:3], self.heard()[3:]
        self.assertEqual([event['consent_id'] for event in granted], consents)
        self.assertEqual({event['type'] for event in granted}, {'nl.toestemmingen.toestemming-gegeven'})
        self.assertEqual({event['whole'] for event in granted}, {False})
        self.assertEqual([event['consent_id'] for event in heard], consents)
        self.assertEqual([event['number'] for event in heard], [4, 5, 6])
        self.assertEqual(heard[0]['type'], 'nl.toestemmingen.toestemming-ingetrokken')
        self.assertEqual(heard[0]['categories'], ['naw'])

    def test_r3_a_restriction_and_its_end_are_lines_too_and_name_no_consent(self):
        self.watch()
        bsn = self.person()
        self.granted(bsn)
        for verb in ('restrict_data', 'lift_restriction'):
            self.assertOk(self.client('kernteam').ask(verb, bsn=bsn, whole=True, reason='betwist', user='medewerker-17'))
        self.wait_for(3)
        heard = self.heard()[1:]
        self.assertEqual([event['type'] for event in heard], ['nl.toestemmingen.gegevens-afgeschermd',
                                                              'nl.toestemmingen.afscherming-opgeheven'])
        for event in heard:
            self.assertEqual((event['categories'], event['whole']), (['naw'], True))
            self.assertNotIn('consent', event)
            self.assertNotIn('betwist', json.dumps(event))

    def test_it_goes_on_where_it_was_after_its_own_death_and_that_of_the_daemon(self):
        position = self.registry.directory / 'position'
        process = self.watch('--position', position)
        consents = self.tell(2)
        self.wait_for(2)
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        consents += self.tell(2)
        self.wait_for(4)
        process.kill()
        process.wait()
        consents += self.tell(2)
        self.watch('--position', position)
        self.wait_for(6)
        time.sleep(0.3)
        numbers = [event['number'] for event in self.heard()]
        self.assertEqual(sorted(set(numbers)), [1, 2, 3, 4, 5, 6])  # none is missed; the last may come twice
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual({event['consent_id'] for event in self.heard()}, set(consents))

    def test_an_event_that_its_program_could_not_handle_comes_again(self):
        # Fails the first time, and keeps what it got the second time.
        script = self.registry.write('handler', '#!/bin/sh\ncat >> "$1.all"\ntest -e "$1.once" && exit 0\n'
                                     'touch "$1.once"\nexit 1\n', 0o755)
        target = self.registry.directory / 'handled'
        process = self.watch('--count', 1, '--exec', script, target)
        self.tell(1)
        self.assertEqual(process.wait(30), 0)
        first, second = map(json.loads, pathlib.Path(f'{target}.all').read_text().splitlines())
        self.assertEqual(first, second)
        self.assertEqual(first['number'], 1)

    def test_it_stops_when_asked(self):
        process = self.watch()
        self.tell(1)
        self.wait_for(1)
        process.terminate()
        self.assertEqual(process.wait(10), 0)

    def test_it_starts_anew_at_a_number(self):
        self.tell(3)
        self.assertEqual(self.watch('--count', 3).wait(20), 0)
        self.assertEqual(self.watch('--count', 2, '--from', 4).poll(), None)
        self.tell(2)
        self.wait_for(5)
        self.assertEqual([event['number'] for event in self.heard()], [1, 2, 3, 4, 5])

    def test_a_second_one_takes_over_and_the_first_says_so(self):
        first = self.watch()
        self.tell(1)
        self.wait_for(1)
        self.watch()
        self.assertEqual(first.wait(20), 75)

    def test_a_registry_without_a_log_that_was_put_back_to_an_older_state_is_a_gap(self):
        """With a log it is a contradiction: test_witness_client."""
        path = self.registry.directory / 'consentd.conf'
        path.write_text(re.sub(r'(?m)^ +(log|origin) = .*\n', '', path.read_text()))
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        (self.registry.directory / 'data').mkdir(mode=0o700)
        self.registry.start()
        self.shared.clear()
        position, data = self.registry.directory / 'position', self.registry.directory / 'data'
        self.tell(1)
        self.assertEqual(self.watch('--position', position, '--count', 1).wait(20), 0)
        self.registry.stop()
        shutil.copytree(data, self.registry.directory / 'backup')
        self.registry.start()
        self.shared.clear()
        self.tell(2)
        self.assertEqual(self.watch('--position', position, '--count', 2).wait(20), 0)
        self.registry.stop()
        shutil.rmtree(data)
        shutil.copytree(self.registry.directory / 'backup', data)
        self.registry.start()
        self.assertEqual(self.watch('--position', position).wait(20), 76)

    def test_wrong_usage_and_wrong_key_files_are_said(self):
        self.assertEqual(tool('watch/consent-watch').returncode, 64)
        told = tool('watch/consent-watch', '--help')
        self.assertEqual(told.returncode, 0)
        types = re.findall(r'"nl\.toestemmingen\.([a-z-]+)"', (SOURCE / 'clients/libconsent/event.c').read_text())
        self.assertGreaterEqual(len(types), 7)
        self.assertEqual([kind for kind in types if kind not in told.stdout], [], 'types of events that --help is silent on')
        key = self.registry.key_file('zorgaanbieder-horizon')
        self.assertEqual(tool('watch/consent-watch', '--key', key, '--count', 'veel').returncode, 64)
        empty = tool('watch/consent-watch', '--key', key, '--once', '--position', '')
        self.assertEqual(empty.returncode, 64, 'a position that is nowhere')
        key.chmod(0o644)
        self.assertEqual(watch('--key', key, '--once').returncode, 78)

    def test_a_key_without_events_does_not_watch(self):
        key = self.registry.key_file('toezicht')
        self.assertEqual(watch('--key', key, '--once').returncode, 77)


if __name__ == '__main__':
    unittest.main()
