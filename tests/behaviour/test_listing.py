"""Who reads is logged with the user, and a listing in pages is one line of the log (A1)."""
import os
import time
import unittest

import envelope_pb2 as wire

from client import check_request, fill
from harness import OwnInstanceTest, start_of, today, tool
from witness import Witness

USER = 'lezer-4'
PEOPLE = 3


class Listing(OwnInstanceTest):
    def lines(self, action):
        """The lines of this action so far; to read them is one line more, that comes after."""
        return [entry for entry in self.client('operator').audit() if entry.action == action]

    def page(self, party, verb, /, listing=b'', user=USER, **fields):
        request = wire.Request(user=user, listing=listing)
        fill(request, verb, **fields)
        return self.client(party).call(request)

    def filled(self):
        """A subject with consents, requests, obligations and requests for access, of each more than a page of one holds."""
        bsn = self.person()
        for category in ('naw', 'budget', 'toewijzing')[:PEOPLE]:
            self.granted(bsn, categories=[category])
            self.assertOk(self.client('zorgaanbieder-horizon').ask_for(bsn, categories=[category]))
        for recipient in ('cak', 'svb'):
            self.assertOk(self.client('kernteam').ask('rights_open', bsn=bsn, kind=1, by='subject', identity=1, way=1, user=USER))
            self.disclosed = self.client('kernteam').call(check_request(
                bsn, ['bsn'], recipient=recipient, mode='DISCLOSE', purpose={'cak': 'eigen-bijdrage', 'svb': 'pgb'}[recipient]))
        return bsn

    def witnessed(self):
        """Two parties have signed a checkpoint."""
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"'))
        self.registry.reload()
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').status == wire.OK, 'a checkpoint')
        for party in ('cak', 'svb'):
            witness, events = Witness(f'{party}.nl'), self.registry.client(party, 'events')
            newest = events.ask('log_watch').log_checkpoint
            self.assertOk(events.ask('log_cosign', key=witness.key, size=newest.size, signature=witness.sign(newest.checkpoint)))

    def listings(self, bsn):
        """Each listing: who reads it, how, and how the next page is asked of a reply."""
        self.witnessed()
        return {
            'consent-list': ('kernteam', {'bsn': bsn, 'limit': 1},
                             lambda reply: reply.consent_list.consents[-1].consent_id),
            'waiting-list': ('kernteam', {'bsn': bsn, 'limit': 1}, lambda reply: reply.waiting_list.next),
            'obligation-list': ('operator', {'bsn': bsn, 'limit': 1}, lambda reply: reply.obligation_list.next),
            'due-list': ('kernteam', {'until': start_of(today()) + 400 * 86_400_000, 'limit': 1},
                         lambda reply: reply.due_list.next),
            'rights-list': ('kernteam', {'bsn': bsn, 'limit': 1}, lambda reply: reply.rights_list.next),
            'overview': ('kernteam', {'bsn': bsn, 'limit': 1}, lambda reply: reply.overview.next),
            'who-may-receive': ('toezicht', {'bsn': bsn, 'limit': 1, 'provider': 'kernteam'}, lambda reply: reply.permits.next),
            'whom-may-i-ask': ('cak', {'bsn': bsn, 'limit': 1, 'purpose': 'eigen-bijdrage'}, lambda reply: reply.permits.next),
            'audit-list': ('operator', {'limit': 1, 'raw': True}, lambda reply: reply.audit_list.looked_until),
            'events-consumers': ('operator', {'limit': 1}, lambda reply: reply.events_consumers.next),
            'retention-list': ('operator', {'limit': 1}, lambda reply: reply.retention.next),
            'retention-run': ('operator', {'limit': 1}, lambda reply: reply.retention.next),
            'log-lines': ('operator', {'limit': 1}, lambda reply: reply.log_lines.looked_until),
            'log-witnesses': ('operator', {'limit': 1}, lambda reply: reply.log_witnesses.next),
            'snapshot': ('zorgaanbieder-horizon', {'limit': 1}, lambda reply: reply.snapshot.next),
        }

    @staticmethod
    def body(reply):
        return getattr(reply, reply.WhichOneof('body'))

    def test_every_read_is_logged_with_its_user(self):
        bsn = self.person()
        consent = self.granted(bsn)
        decision = self.client('kernteam').check(bsn).check.decision
        opened = self.client('kernteam').ask('rights_open', bsn=bsn, kind=1, by='subject', identity=1, way=1, user=USER)
        rights = opened.rights.request.number
        reads = {'consent_show': ('kernteam', {'consent_id': consent}), 'consent_list': ('kernteam', {'bsn': bsn}),
                 'subject_show': ('kernteam', {'bsn': bsn}), 'waiting_list': ('kernteam', {}),
                 'obligation_list': ('kernteam', {'bsn': bsn}), 'due_list': ('kernteam', {}),
                 'overview': ('kernteam', {'bsn': bsn}), 'who_may_receive': ('toezicht', {'bsn': bsn}),
                 'whom_may_i_ask': ('kernteam', {'bsn': bsn, 'purpose': 'toekenning'}),
                 'rights_list': ('kernteam', {'bsn': bsn}), 'rights_show': ('kernteam', {'number': rights}),
                 'hold_show': ('kernteam', {'bsn': bsn}), 'retention_list': ('operator', {}), 'retention_run': ('operator', {}),
                 'decision_show': ('operator', {'number': decision}), 'audit_list': ('operator', {}),
                 'log_lines': ('operator', {}), 'log_witnesses': ('operator', {}),
                 'snapshot': ('zorgaanbieder-horizon', {}),
                 'receipt': ('operator', {'consent_id': consent}),
                 'party_list': ('operator', {}), 'status': ('operator', {}), 'events_lag': ('operator', {}),
                 'events_consumers': ('operator', {}),
                 'backup': ('operator', {'backup': bytes(range(16))})}
        for verb, (party, fields) in reads.items():
            with self.subTest(verb):
                self.until_signed(party, verb, fields)
                line = self.lines(verb.replace('_', '-'))[-1]
                self.assertEqual((line.party, line.user), (party, USER))
        self.assertOk(self.page('kernteam', 'subject_show', user='', bsn=bsn))
        self.assertEqual(self.lines('subject-show')[-1].user, '', 'nobody was named')

    def until_signed(self, party, verb, fields):
        """A receipt waits for a checkpoint that has its line."""
        while (reply := self.page(party, verb, **fields)).status == wire.RETRY:
            time.sleep(0.1)
        self.assertOk(reply)

    def test_a_user_is_a_reference_and_is_named_once(self):
        bsn = self.person()
        for user in (bsn, f'x-{bsn}', 'twee woorden', 'x' * 65):
            with self.subTest(user=user):
                self.assertInvalid(self.page('kernteam', 'subject_show', user=user, bsn=bsn), 'user')
        request = check_request(bsn)
        request.user = USER
        self.assertInvalid(self.client('kernteam').call(request), 'user')
        batch = wire.Request(user=USER)
        batch.batch.checks.append(check_request(bsn).check)
        self.assertInvalid(self.client('kernteam').call(batch), 'user')

    def test_who_changes_parties_is_logged(self):
        request = wire.Request(user=USER)
        request.party_remove.id = 'svb'
        self.assertOk(self.client('operator').call(request))
        self.assertEqual(self.lines('party-remove')[-1].user, USER)

    def test_the_pages_of_a_listing_are_one_line(self):
        bsn = self.filled()
        for action, (party, fields, after) in self.listings(bsn).items():
            with self.subTest(action):
                verb, before = action.replace('-', '_'), len(self.lines(action))
                reply = self.page(party, verb, **fields)
                pages = 1
                while self.body(reply).more and pages < 40:
                    self.assertEqual(len(reply.listing), 32)
                    reply = self.page(party, verb, reply.listing, after=after(reply), **fields)
                    self.assertOk(reply)
                    pages += 1
                self.assertGreater(pages, 1)
                if action not in ('audit-list', 'log-lines'):  # the log has more lines than forty pages of one
                    self.assertEqual(reply.listing, b'', 'there is no further page')
                # Where the log itself is listed, the look before was a listing of its own.
                self.assertEqual(len(self.lines(action)) - before, 2 if action == 'audit-list' else 1)

    def test_a_page_without_its_ticket_has_a_line_of_its_own(self):
        bsn = self.filled()
        first = self.page('kernteam', 'consent_list', bsn=bsn, limit=1)
        after = first.consent_list.consents[-1].consent_id
        self.assertOk(self.page('kernteam', 'consent_list', bsn=bsn, limit=1, after=after))
        self.assertEqual(len(self.lines('consent-list')), 2)

    def follow(self, reply, **fields):
        """The next page of a listing of the log that has no end."""
        return self.page('operator', 'audit_list', reply.listing, after=reply.audit_list.looked_until, follow=True, **fields)

    def test_who_follows_the_log_is_one_line_of_it_however_often_it_looks(self):
        self.filled()
        found, reply = [], self.page('operator', 'audit_list', follow=True, limit=3)
        while reply.audit_list.entries:
            found += [entry.number for entry in reply.audit_list.entries]
            self.assertTrue(reply.audit_list.more)
            reply = self.follow(reply, limit=3)
        newest = reply.audit_list.newest
        self.assertEqual(found, list(range(1, newest + 1)))
        for _ in range(20):  # nothing is new, and to look makes nothing new
            reply = self.follow(reply, limit=3)
            self.assertOk(reply)
            self.assertEqual((list(reply.audit_list.entries), reply.audit_list.newest), ([], newest))
            self.assertTrue(reply.audit_list.more)
        self.person()
        reply = self.follow(reply, limit=3)
        self.assertIn('subject-set', [entry.action for entry in reply.audit_list.entries])
        self.assertEqual(reply.audit_list.entries[0].number, newest + 1)
        self.assertEqual(len(self.lines('audit-list')), 1)
        without = self.page('operator', 'audit_list', after=newest, limit=100)
        self.assertEqual((without.audit_list.more, without.listing), (False, b''))

    def test_who_follows_the_lines_as_they_are_stored_is_one_line_too(self):
        self.filled()
        reply = self.page('operator', 'log_lines', follow=True)
        for _ in range(5):
            self.assertTrue(reply.log_lines.more)
            newest = reply.log_lines.looked_until
            reply = self.page('operator', 'log_lines', reply.listing, after=newest, follow=True)
            self.assertOk(reply)
        self.assertEqual((reply.log_lines.lines, reply.log_lines.looked_until), (b'', newest))
        self.assertEqual(len(self.lines('log-lines')), 1)
        without = self.page('operator', 'log_lines', after=newest)
        self.assertEqual((without.log_lines.more, without.listing), (False, b''))

    def test_the_reader_of_a_line_has_its_own_pseudonym_of_the_subject(self):
        bsn = self.person()
        told = self.client('operator').ask('subject_show', bsn=bsn).subject_show.subject_ref
        other = self.client('kernteam').ask('subject_show', bsn=bsn).subject_show.subject_ref
        lines = [entry for entry in self.client('operator').audit() if entry.object]
        self.assertEqual({entry.subject_ref for entry in lines}, {told})
        self.assertNotIn(told, (other, lines[0].object))
        self.assertTrue(all(entry.subject_ref == b'' for entry in self.client('operator').audit() if not entry.object))

    def test_a_ticket_is_of_one_party_user_verb_subject_and_place(self):
        bsn, other = self.filled(), self.filled()
        first = self.page('kernteam', 'consent_list', bsn=bsn, limit=1)
        after = first.consent_list.consents[-1].consent_id
        second = self.page('kernteam', 'consent_list', first.listing, bsn=bsn, limit=1, after=after)
        theirs = self.page('kernteam', 'consent_list', bsn=other, limit=1)
        good = first.listing
        forged = bytes([good[0]]) + os.urandom(31)
        wrong = {
            'forged': ('kernteam', 'consent_list', forged, {'bsn': bsn, 'after': after}),
            'another line': ('kernteam', 'consent_list', bytes(8) + good[8:], {'bsn': bsn, 'after': after}),
            'a later moment': ('kernteam', 'consent_list', good[:8] + b'\1' + good[9:], {'bsn': bsn, 'after': after}),
            'too short': ('kernteam', 'consent_list', good[:31], {'bsn': bsn, 'after': after}),
            'another party': ('wmo-team', 'consent_list', good, {'bsn': bsn, 'after': after}),
            'another user': ('kernteam', 'consent_list', good, {'bsn': bsn, 'after': after, 'user': 'iemand-5'}),
            'another subject': ('kernteam', 'consent_list', good,
                                {'bsn': other, 'after': theirs.consent_list.consents[-1].consent_id}),
            'another place': ('kernteam', 'consent_list', good,
                              {'bsn': bsn, 'after': second.consent_list.consents[-1].consent_id}),
            'the beginning': ('kernteam', 'consent_list', good, {'bsn': bsn}),
            'another verb': ('kernteam', 'waiting_list', good, {'bsn': bsn}),
            'no listing': ('kernteam', 'subject_show', good, {'bsn': bsn}),
        }
        before = len(self.lines('consent-list'))
        for name, (party, verb, listing, fields) in wrong.items():
            with self.subTest(name):
                self.assertInvalid(self.page(party, verb, listing, **fields), 'listing')
        self.assertEqual(len(self.lines('consent-list')), before + 9, 'each of them is in the log')
        self.assertOk(self.page('kernteam', 'consent_list', good, bsn=bsn, after=after, limit=2))

    def test_a_ticket_is_of_all_that_is_asked_besides_the_page(self):
        bsn = self.filled()
        decision = self.disclosed.check.decision
        others = {'bsn': self.filled(), 'until': start_of(today()) + 500 * 86_400_000, 'raw': False, 'tellings': True, 'follow': True,
                  'number': self.disclosed.check.decision, 'reader': 'ouder-1', 'consumer': 'portaal', 'permits': True,
                  'provider': 'wmo-team', 'purpose': 'toekenning', 'category': 'naw', 'party': 'kernteam', 'waiting_only': True,
                  'parties': ['cak'], 'actions': ['check'], 'results': ['ok'], 'by_user': 'iemand-5', 'backwards': True}
        pages = {verb.replace('-', '_'): (party, fields, lambda reply, after=after: {'after': after(reply)})
                 for verb, (party, fields, after) in self.listings(bsn).items()}
        pages['decision_show'] = ('operator', {'number': decision}, lambda reply: {'statements': True})
        for verb, (party, fields, after) in pages.items():
            first = self.page(party, verb, **fields)
            follows = {**fields, **after(first)}
            for name in self.asked(verb) - {'after', 'limit', 'last', 'since', 'statements', 'run', 'behind'}:
                with self.subTest(verb, another=name):
                    changed = {**follows, name: others[name]}
                    self.assertInvalid(self.page(party, verb, first.listing, **changed), 'listing')
            with self.subTest(verb, another='place'):
                self.assertInvalid(self.page(party, verb, first.listing, **fields), 'listing')
            self.assertOk(self.page(party, verb, first.listing, **follows))
        listings = {field.name for field in wire.Request.DESCRIPTOR.fields if 'after' in self.asked(field.name)}
        self.assertEqual(listings, set(pages) | {'party_list', 'log_archive', 'vocabulary'}, 'the parties of this registry fit in one '
                         'page, no line of its log is old enough to leave, and a vocabulary has no line')

    @staticmethod
    def asked(verb):
        """The fields of the body of this verb."""
        body = wire.Request.DESCRIPTOR.fields_by_name[verb].message_type
        return set(body.fields_by_name) if body else set()

    def test_the_log_begins_where_it_is_asked_to(self):
        self.person()
        whole = self.client('operator').audit()
        newest = len(whole)
        reply = self.page('operator', 'audit_list', last=2)
        self.assertEqual([entry.number for entry in reply.audit_list.entries], [newest, newest + 1])
        self.assertEqual(self.page('operator', 'audit_list', last=10_000, limit=1).audit_list.entries[0].number, 1)
        middle = whole[newest // 2]
        since = self.page('operator', 'audit_list', since=middle.time).audit_list.entries
        self.assertEqual(since[0].number, next(entry.number for entry in whole if entry.time >= middle.time))
        self.assertEqual(len(self.page('operator', 'audit_list', since=middle.time + 10**10).audit_list.entries), 0)
        self.assertInvalid(self.page('operator', 'audit_list', since=middle.time, after=1), 'audit_list.since')
        self.assertInvalid(self.page('operator', 'audit_list', last=1, after=1), 'audit_list.last')


class Commands(OwnInstanceTest):
    """What consentctl reads."""

    def ctl(self, *arguments, stdin=''):
        result = tool('ctl/consentctl', *arguments, '--key', self.registry.key_file('operator'), stdin=stdin)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def added(self, *arguments, stdin=''):
        """The actions that the log has more after this command."""
        before = len(self.client('operator').audit())
        self.ctl(*arguments, stdin=stdin)
        return [(entry.action, entry.user) for entry in self.client('operator').audit(after=before)
                if entry.number > before + 1]

    def test_verifying_a_log_of_many_lines_adds_one_for_each_question(self):
        bsn = self.person()
        for _ in range(450):
            self.client('kernteam').check(bsn)
        self.assertGreater(len(self.client('operator').audit()), 450)
        listed = [('sign-in', ''), ('audit-list', USER)]
        for command, added in ((['audit', 'verify'], [listed[0], ('log-checkpoint', ''), listed[1]]), (['audit', 'list'], listed),
                               (['audit', 'list', '--limit', '400'], listed)):
            with self.subTest(command):
                self.assertEqual(self.added(*command, '--user', USER), added)

    def test_a_subject_with_many_consents_is_listed_in_one_line(self):
        bsn = self.person()
        for _ in range(40):
            self.granted(bsn)
        self.assertEqual(self.added('consent', 'list', '--user', USER, stdin=bsn),
                         [('sign-in', ''), ('consent-list', USER)])

    def test_a_decision_is_explained_in_one_line(self):
        bsn = self.person()
        for _ in range(40):
            self.granted(bsn)
        decision = self.client('kernteam').disclose(bsn).check.decision
        added = self.added('explain', str(decision), '--user', USER)
        self.assertEqual([line for line in added if line[0] == 'decision-show'], [('decision-show', USER)])
        self.assertEqual({user for action, user in added if action not in ('sign-in', 'whoami', 'policy-pack')}, {USER})

    def test_who_reads_is_the_login_name_unless_said(self):
        added = self.added('party', 'list')
        self.assertTrue(dict(added)['party-list'])


if __name__ == '__main__':
    unittest.main()
