"""A spool: messages go through a directory by themselves, wait for what they need, and are accounted for."""
import json
import os
import unittest

import test_erasure
from harness import BUILD, SOURCE, OwnInstanceTest, today, tool
from spooling import D1, REPORT, Spool, message
from test_restriction import restriction_request

HORIZON = 'zorgaanbieder-horizon'
WIJKTEAM = 'wijkteam'  # that may ask for consents, which the social team answers
WITHOUT_SEX = [category for category in D1 if category != 'geslacht']


class SpoolTest(OwnInstanceTest):
    build = BUILD

    def spool(self, *options, party='kernteam'):
        spool = Spool(self.registry, '--to', HORIZON, *options, party=party, build=self.build)
        self.addCleanup(spool.destroy)
        return spool

    def of_the_wijkteam(self):
        """A spool that runs, of a team that may ask for consents."""
        self.registry.change_party(WIJKTEAM, 'kernteam', 'partner', gemeentecode='1885')
        return self.started('--request', party=WIJKTEAM)

    def started(self, *options, **more):
        spool = self.spool(*options, **more)
        spool.start()
        return spool

    def disclosures(self):
        """The lines of the log that say that something was disclosed."""
        return [entry for entry in self.client('operator').audit()
                if entry.action == 'check' and 'DISCLOSE' in entry.details and entry.result in ('permit', 'partial')]

    def notices(self, spool):
        return [json.loads(path.read_text()) for path in sorted((spool.path / 'notices').iterdir())]


class WhatGoes(SpoolTest):
    def test_what_may_go_is_in_sent_with_its_report_and_nothing_is_left_of_it(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        spool.put('a.xml', message(bsn))
        result = spool.once()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual((spool.names('sent'), spool.names('in'), spool.names('held')), (['a.xml'], [], []), result.stderr)
        self.assertNotIn('Geheime opmerking', spool.text('sent', 'a.xml'))
        report = spool.report('sent', 'a.xml')
        self.assertEqual(report['outcome'], 'THINNED')
        self.assertNotIn(bsn, json.dumps(report))
        self.assertIn('sent 1, held 0, failed 0', result.stderr)
        self.assertEqual(sorted(path.name for path in (spool.path / 'work').iterdir()), ['commands', 'in'])
        self.assertEqual(list((spool.path / 'work' / 'in').iterdir()), [])
        self.assertEqual(len(self.disclosures()), 1)

    def test_each_ends_in_one_place_and_the_summary_counts_them(self):
        bsn, other, spool = self.person(), self.person(), self.spool()
        self.granted(bsn, categories=D1)
        spool.put('goes.xml', message(bsn))
        spool.put('held.xml', message(other, 2))
        spool.put('broken.xml', '<w:Bericht')
        summary = json.loads(spool.once('--json').stdout)
        self.assertEqual(summary, {'sent': 1, 'held': 1, 'failed': 1, 'waits': 0, 'held_by_code': {'DENIED': 1}})
        self.assertEqual([spool.names(folder) for folder in ('sent', 'held', 'failed', 'in')],
                         [['goes.xml'], ['held.xml'], ['broken.xml'], []])
        self.assertEqual(spool.text('held', 'held.xml'), message(other, 2))
        self.assertEqual(spool.report('failed', 'broken.xml')['outcome'], 'BAD_MESSAGE')
        self.assertEqual(len(self.disclosures()), 1)

    def test_a_name_that_is_taken_is_given_another(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        for number in range(3):
            spool.put('a.xml', message(bsn, number))
            self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(spool.names('sent'), ['a.xml', 'a.xml~2', 'a.xml~3'])
        self.assertEqual({spool.report('sent', name)['file'] for name in spool.names('sent')}, set(spool.names('sent')))

    def test_a_message_that_is_named_as_a_report_is_one_all_the_same(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        spool.put('a.report.json', message(bsn))
        spool.put('b' * 240, message(bsn, 2))
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(len(list((spool.path / 'sent').iterdir())), 4)
        self.assertEqual(list((spool.path / 'in').iterdir()), [])

    def test_what_is_being_written_is_not_read_and_goes_when_it_is_closed(self):
        bsn, spool = self.person(), self.started()
        self.granted(bsn, categories=D1)
        text = message(bsn)
        for name in ('.hidden', 'a.tmp', 'a.part'):
            (spool.path / 'in' / name).write_text(text)
        with open(spool.path / 'in' / 'slow.xml', 'w', encoding='utf-8') as file:
            file.write(text[:len(text) // 2])
            file.flush()
            spool.put('fast.xml', message(bsn, 2))
            spool.wait_until_in('sent', 'fast.xml')
            self.assertEqual(spool.names('sent') + spool.names('failed'), ['fast.xml'])
            file.write(text[len(text) // 2:])
        spool.wait_until_in('sent', 'slow.xml')
        self.assertEqual(spool.names('in'), ['.hidden', 'a.part', 'a.tmp'])
        self.assertEqual(spool.stop(), 0, spool.said())

    def test_one_process_has_a_spool_at_a_time(self):
        spool = self.started()
        spool.wait_for(lambda: (spool.path / 'ledger').exists(), 'the spool does not begin')
        result = spool.once()
        self.assertEqual(result.returncode, 73)
        self.assertIn('another process has this spool', result.stderr)

    def test_a_spool_that_others_may_write_is_refused(self):
        spool = self.spool()
        os.chmod(spool.path / 'in', 0o777)
        result = spool.once()
        self.assertEqual(result.returncode, 73)
        self.assertIn('/in: others may write here', result.stderr)

    def test_everything_waits_while_the_registry_is_away_and_that_is_said_once(self):
        bsn, spool, names = self.person(), self.spool(), [f'{number}.xml' for number in range(4)]
        self.granted(bsn, categories=D1)
        self.registry.stop()
        # Three of these are a group. The last is read ahead, and so is taken already when what had no answer is taken again.
        for number, name in enumerate(names):
            spool.put(name, message(bsn, number) + f'<!--{"x" * 7_000_000}-->')
        spool.start()
        spool.wait_for(lambda: 'the registry is not there' in spool.said(), 'nothing is said')
        self.assertEqual(spool.names('sent') + spool.names('held') + spool.names('failed'), [])
        self.registry.start()
        for name in names:
            spool.wait_until_in('sent', name)
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual((spool.names('sent'), 'sent 4, held 0' in spool.said()), (names, True), spool.said())
        self.assertEqual(spool.said().count('the registry is not there'), 1, spool.said())
        self.assertEqual(spool.said().count('the registry is there again'), 1, spool.said())


class WhatIsHeld(SpoolTest):
    def test_a_held_message_asks_once_for_what_it_lacks_and_goes_by_itself_when_it_is_granted(self):
        bsn, spool, kernteam = self.person(), self.of_the_wijkteam(), self.client('kernteam')
        spool.put('a.xml', message(bsn, sender='1885'))
        spool.put('b.xml', message(bsn, 2, sender='1885'))
        spool.wait_until_in('held', 'b.xml')
        spool.wait_for(lambda: (spool.report('held', 'a.xml')['request'] and spool.report('held', 'b.xml')['request']), 'not asked')
        waiting = kernteam.waiting(bsn)
        self.assertEqual(len(waiting), 1, spool.report('held', 'a.xml')['request'])
        report = spool.report('held', 'a.xml')
        self.assertEqual(report['request'], {'consent_id': waiting[0].consent_id.hex(), 'answer': None})
        self.assertEqual((report['code'], report['waits_for']), ('DENIED', 'EVENT'))
        self.assertEqual(self.disclosures(), [])
        asked = list(waiting[0].scope.categories)
        self.assertTrue({'bsn', 'naw', 'geslacht'} <= set(asked) <= set(D1), asked)
        self.assertOk(kernteam.grant(bsn, providers=[WIJKTEAM], categories=asked, origins=['wmo'], answers=waiting[0].consent_id, days=30))
        spool.wait_until_in('sent', 'a.xml')
        spool.wait_until_in('sent', 'b.xml')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual(list((spool.path / 'held').iterdir()), [])
        self.assertEqual(len(self.disclosures()), 2)

    def test_the_social_team_finds_what_its_own_spool_lacks_on_its_list_and_a_form_answers_it(self):
        bsn, spool, key = self.person(), self.started('--request'), ('--key', self.registry.key_file('kernteam'))
        spool.put('a.xml', message(bsn))
        spool.wait_until_in('held', 'a.xml')
        spool.wait_for(lambda: spool.report('held', 'a.xml')['request'], 'not asked')
        self.assertEqual(spool.report('held', 'a.xml')['request']['answer'], None, spool.report('held', 'a.xml')['request'])
        asked, = json.loads(tool('ctl/consentctl', 'request', 'list', '--json', *key).stdout)['waiting_list']['requests']
        self.assertEqual((asked['bsn'], asked['asked_by']), (bsn, 'kernteam'))
        form = json.loads((SOURCE / 'config' / 'toestemmingsformulier.json').read_text())
        form.update(bsn=bsn, gegevens=asked['scope']['categories'], herkomst=asked['scope']['origins'], geldig_maanden=1)
        form['voorlichting']['verstrekt_op'] = form['ondertekening'][0]['op'] = str(today())
        answer = tool('sociale-team/sociale-team', 'consent', '-', '--answers', asked['consent_id'], *key, stdin=json.dumps(form))
        self.assertEqual((answer.returncode, answer.stdout.strip()), (0, asked['consent_id']), answer.stderr)
        spool.wait_until_in('sent', 'a.xml')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual((self.client('kernteam').waiting(bsn), len(self.disclosures())), ([], 1))

    def test_a_refusal_keeps_it_and_says_so(self):
        bsn, spool, kernteam = self.person(), self.of_the_wijkteam(), self.client('kernteam')
        spool.put('a.xml', message(bsn, sender='1885'))
        spool.wait_until_in('held', 'a.xml')
        spool.wait_for(lambda: kernteam.waiting(bsn), 'not asked')
        asked, = kernteam.waiting(bsn)
        self.assertOk(kernteam.refuse(bsn, providers=[WIJKTEAM], categories=list(asked.scope.categories), origins=['wmo'],
                                      answers=asked.consent_id))
        spool.wait_for(lambda: (spool.report('held', 'a.xml')['request'] or {}).get('answer') == 'refused', 'not noted')
        spool.wait_for(lambda: 'REFUSED' in json.dumps(spool.report('held', 'a.xml')), 'not decided anew')
        self.assertEqual(kernteam.waiting(bsn), [])
        listed = spool.held('list')
        self.assertIn('nothing: the subject refuses', listed.stdout, listed.stderr)
        self.assertEqual(spool.stop(), 0, spool.said())

    def test_an_answer_is_heard_also_where_the_report_is_too_large_to_be_changed(self):
        """As that of a message with ten thousands of elements is."""
        bsn, spool, kernteam = self.person(), self.of_the_wijkteam(), self.client('kernteam')
        spool.put('a.xml', message(bsn, sender='1885'))
        spool.wait_for(lambda: kernteam.waiting(bsn) and spool.report('held', 'a.xml')['request'], 'not asked')
        os.truncate(spool.path / 'held' / f'a.xml{REPORT}', 17 * 1024 * 1024)
        asked, = kernteam.waiting(bsn)
        self.assertOk(kernteam.refuse(bsn, providers=[WIJKTEAM], categories=list(asked.scope.categories), origins=['wmo'],
                                      answers=asked.consent_id))
        spool.wait_for(lambda: 'refused' in spool.text('held', f'a.xml{REPORT}'), 'not decided anew')
        self.assertEqual(spool.report('held', 'a.xml')['request']['answer'], 'refused')
        self.assertEqual(spool.stop(), 0, spool.said())

    def test_a_consent_that_came_while_nobody_listened_is_heard_at_the_next_start(self):
        bsn, spool = self.person(), self.spool()
        spool.put('a.xml', message(bsn))
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(spool.names('held'), ['a.xml'])
        self.granted(bsn, categories=D1)
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual((spool.names('held'), spool.names('sent')), ([], ['a.xml']))

    def test_its_date_ends_it(self):
        bsn, spool = self.person(), self.spool('--hold-days', '0')
        spool.put('a.xml', message(bsn))
        self.assertEqual(spool.once().returncode, 0)
        spool.once()
        self.assertEqual((spool.names('held'), spool.names('failed')), ([], ['a.xml']))
        report = spool.report('failed', 'a.xml')
        self.assertEqual((report['outcome'], report['code']), ('FAILED', 'EXPIRED'))
        self.assertEqual(spool.text('failed', 'a.xml'), message(bsn))

    def test_who_must_solve_it_lists_shows_releases_and_drops(self):
        bsn, spool = self.person(), self.started()
        self.granted(bsn, categories=WITHOUT_SEX)
        spool.put('a.xml', message(bsn))
        spool.put('b.xml', message(bsn, 2))
        spool.wait_until_in('held', 'a.xml')
        spool.wait_until_in('held', 'b.xml')
        listed = spool.held('list')
        self.assertEqual(len(listed.stdout.splitlines()), 3, listed.stderr)
        self.assertEqual({one['file'] for one in json.loads(spool.held('list', '--json').stdout)}, {'a.xml', 'b.xml'})
        shown = spool.held('show', 'a.xml').stdout
        self.assertIn('geslacht: CATEGORY_NOT_CONSENTED (C7)', shown)
        self.assertNotIn(bsn, shown)
        before = spool.report('held', 'a.xml')['reported_at']
        self.assertEqual(spool.held('release', 'a.xml').returncode, 0)
        spool.wait_for(lambda: spool.report('held', 'a.xml')['reported_at'] != before, 'not decided anew')
        (spool.path / 'work' / 'commands' / 'no command').mkdir()
        for reason, fault in ((' \u200b\n', 'wants a reason'), (f'is van {bsn}\n', "could be somebody's BSN"), ('a' * 5000, 'too long'),
                              ('\udcff\n', 'not text')):
            refused = spool.held('drop', 'b.xml', stdin=reason)
            self.assertEqual((refused.returncode, fault in refused.stderr), (64, True), refused.stderr)
            self.assertNotIn(bsn, refused.stderr)
        self.assertEqual(spool.held('drop', 'b.xml', stdin='dubbel\n').returncode, 0)
        spool.wait_until_in('failed', 'b.xml')
        report = spool.report('failed', 'b.xml')
        self.assertEqual((report['code'], report['error']), ('DROPPED', 'dubbel'))
        self.assertEqual(spool.held('drop', 'a.xml').returncode, 64)
        self.assertEqual(spool.held('show', 'c.xml').returncode, 66)
        self.assertEqual(spool.held('release', '../in/a.xml').returncode, 64)
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual(spool.names('held'), ['a.xml'])


class WhatHappensAfterwards(SpoolTest):
    def sent(self, *options):
        """A spool that runs, and the subject of a message that went through it, with the consent."""
        bsn, spool = self.person(), self.started(*options)
        consent = self.granted(bsn, categories=D1)
        spool.put('a.xml', message(bsn))
        spool.wait_until_in('sent', 'a.xml')
        return bsn, spool, consent

    def notice(self, spool, kind):
        spool.wait_for(lambda: list((spool.path / 'notices').glob(f'*-{kind}.json')), f'there is no notice of {kind}')
        notices = self.notices(spool)
        self.assertEqual(len(notices), 1)
        return notices[0]

    def test_a_withdrawal_makes_a_notice_once(self):
        bsn, spool, consent = self.sent()
        unconcerned = self.granted(self.person(), categories=D1)
        self.assertOk(self.client('kernteam').revoke(unconcerned))
        self.assertOk(self.client('kernteam').revoke(consent))
        notice = self.notice(spool, 'toestemming-ingetrokken')
        self.assertEqual([(one['file'], one['recipient']) for one in notice['messages']], [('a.xml', HORIZON)])
        self.assertEqual(notice['event']['consent_id'], consent.hex())
        self.assertNotIn(bsn, json.dumps(notice))
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(len(self.notices(spool)), 1)

    def test_what_is_restricted_or_corrected_is_told_to_who_passed_it_on(self):
        bsn, spool, _ = self.sent()
        self.assertOk(self.client('kernteam').call(restriction_request('restrict_data', bsn)))
        self.assertEqual(self.notice(spool, 'gegevens-afgeschermd')['messages'][0]['file'], 'a.xml')
        spool.put('b.xml', message(bsn, 2))
        spool.wait_until_in('held', 'b.xml')
        self.assertOk(self.client('kernteam').call(restriction_request('lift_restriction', bsn)))
        spool.wait_until_in('sent', 'b.xml')
        self.assertEqual(spool.stop(), 0, spool.said())


class WhatIsErased(SpoolTest, test_erasure.ErasureTest):
    def test_of_an_erased_subject_nothing_is_kept_but_that_it_was(self):
        bsn, spool, kernteam = self.person(), self.of_the_wijkteam(), self.client('kernteam')
        self.granted(bsn, recipients=[WIJKTEAM], purpose='registratie-hulpvraag')
        self.assertPermit(kernteam.disclose(bsn, recipient=WIJKTEAM, purpose='registratie-hulpvraag'))
        spool.put('a.xml', message(bsn, sender='1885'))
        spool.wait_until_in('held', 'a.xml')
        self.erased(self.asked(bsn, 'GRANTED_IN_PART'), bsn)
        spool.wait_until_in('failed', 'a.xml' + REPORT)
        report = spool.report('failed', 'a.xml')
        self.assertEqual((report['outcome'], report['code']), ('FAILED', 'ERASED'))
        self.assertEqual((spool.names('held'), spool.names('failed'), spool.names('in')), ([], [], []))
        self.assertEqual(spool.stop(), 0, spool.said())


if __name__ == '__main__':
    unittest.main()
