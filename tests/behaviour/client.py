"""The partner's client with the words of this field: one method a verb, with the defaults that most tests want.

The defaults make an adult's consent that every rule admits, so that a test names only what it is about.
"""
import hashlib
import time

import admin_pb2
import check_pb2
import codes_pb2
import consent_pb2
import envelope_pb2 as wire
import events_pb2
import subject_pb2

from partner import Partner

DAY = 86_400_000
USER = 'medewerker-17'
NOTICE = ('toestemming-sociaal-domein', '1', 'nl')
KIND = events_pb2.EventKind.Value


def now():
    return int(time.time() * 1000)


def fill(request, verb, **fields):
    """Gives the request this body, with these plain values, or lists of them."""
    body = getattr(request, verb)
    body.SetInParent()
    for name, value in fields.items():
        if isinstance(value, list):
            getattr(body, name).extend(value)
        else:
            setattr(body, name, value)


def grant_request(bsn, providers=('kernteam',), recipients=('zorgaanbieder-horizon',), categories=('naw',),
                  purpose='toekenning', signers=('subject',), form='WRITTEN', one_time=False, days=60, case_ref='',
                  origins=(), valid_from=0, answers=b'', under_secrecy=False):
    request = wire.Request()
    grant = request.grant
    grant.under_secrecy = under_secrecy
    grant.answers = answers
    grant.bsn = bsn
    grant.scope.providers[:] = providers
    grant.scope.recipients[:] = recipients
    grant.scope.categories[:] = categories
    grant.scope.origins[:] = origins
    grant.scope.purpose = purpose
    grant.scope.case_ref = case_ref
    grant.motivation = 'nodig voor de uitvoering van het plan'
    grant.form = consent_pb2.Form.Value(form)
    grant.evidence.reference = 'dossier-2026-14'
    grant.evidence.sha256 = hashlib.sha256(b'het ondertekende formulier').digest()
    signed_at = now() - 60_000
    grant.notice.id, grant.notice.version, grant.notice.language = NOTICE
    grant.notice.given_at = signed_at - 60_000
    for signer in signers:
        grant.signatures.add(signer=signer, given_at=signed_at)
    grant.valid_from = valid_from
    grant.valid_until = now() + days * DAY
    grant.one_time = one_time
    grant.user = USER
    return request


def refuse_request(bsn, providers=('kernteam',), recipients=('zorgaanbieder-horizon',), categories=('naw',),
                   purpose='toekenning', signers=('subject',), case_ref='', origins=(), answers=b''):
    request = wire.Request()
    refuse = request.refuse
    refuse.answers = answers
    refuse.bsn = bsn
    refuse.scope.providers[:] = providers
    refuse.scope.recipients[:] = recipients
    refuse.scope.categories[:] = categories
    refuse.scope.origins[:] = origins
    refuse.scope.purpose = purpose
    refuse.scope.case_ref = case_ref
    refuse.motivation = 'de betrokkene wil dit niet'
    for signer in signers:
        refuse.signatures.add(signer=signer, given_at=now() - 60_000)
    refuse.user = USER
    return request


def ask_request(bsn, providers=('kernteam',), recipients=('zorgaanbieder-horizon',), categories=('naw',),
                purpose='toekenning', one_time=False, days=60, case_ref='', origins=(), valid_from=0,
                under_secrecy=False):
    request = wire.Request()
    ask = request.ask
    ask.under_secrecy = under_secrecy
    ask.bsn = bsn
    ask.scope.providers[:] = providers
    ask.scope.recipients[:] = recipients
    ask.scope.categories[:] = categories
    ask.scope.origins[:] = origins
    ask.scope.purpose = purpose
    ask.scope.case_ref = case_ref
    ask.motivation = 'nodig om de zorg af te stemmen'
    ask.valid_from = valid_from
    ask.valid_until = now() + days * DAY
    ask.one_time = one_time
    ask.user = USER
    return request


# What is wanted of the triage decision; a test leaves out or changes what it is about.
TRIAGE = {
    'necessity': 'zonder dit kan niemand helpen',
    'subsidiarity': 'met minder gaat het niet',
    'proportionality': 'alleen wat nodig is',
    'purpose_limitation': 'alleen hiervoor',
    'objections': 'niet gevraagd: dat was te gevaarlijk',
    'manager_consulted': 'manager-3',
    'serious_situation': True,
    'urgent_support': True,
    'inform': check_pb2.BEFORE,
}
TRIAGE_OF_SECRECY = {
    'consent_sought': 'gevraagd en niet gekregen',
    'no_other_way': 'er is geen andere weg',
    'serious_harm': 'ernstige schade voor een ander',
    'conflict_of_duties': 'in gewetensnood',
}


def claim_urgent_reasons(request, reason='vitaal-belang', **triage):
    claim = request.check.urgent_reasons
    claim.reason = reason
    claim.triage.CopyFrom(check_pb2.Triage(**(triage or TRIAGE)))
    return request


def claim_written_request(request, by='subject', given_at=None):
    claim = request.check.written_request
    claim.by[:] = by.split()
    claim.given_at = now() - 3_600_000 if given_at is None else given_at
    claim.evidence.reference = 'dossier-2026-14'
    claim.evidence.sha256 = hashlib.sha256(b'het ondertekende verzoek').digest()
    return request


def check_request(bsn, categories=('naw',), provider='kernteam', recipient='zorgaanbieder-horizon',
                  purpose='toekenning', mode='ADVISE', origin='wmo', case_ref='', all_or_nothing=False,
                  under_secrecy=False, manager_consulted='', no_manager=''):
    request = wire.Request()
    check = request.check
    check.manager_consulted, check.no_manager = manager_consulted, no_manager
    check.under_secrecy = under_secrecy
    check.bsn = bsn
    check.provider = provider
    check.recipient = recipient
    check.purpose = purpose
    for category in categories:
        check.items.add(category=category, origin=origin)
    check.user = USER
    check.case_ref = case_ref
    check.mode = check_pb2.Mode.Value(mode)
    check.all_or_nothing = all_or_nothing
    return request


def revoke_request(consent_id, withdrawn_by='subject', providers=(), recipients=(), categories=(), nobody_reason=''):
    request = wire.Request()
    revoke = request.revoke
    revoke.consent_id = consent_id
    revoke.providers[:] = providers
    revoke.recipients[:] = recipients
    revoke.categories[:] = categories
    revoke.withdrawn_by = withdrawn_by
    revoke.nobody_reason = nobody_reason
    revoke.user = USER
    return request


def subject_request(bsn, born, representatives=(), capabilities=(), died=None, **how):
    """`representatives` holds dictionaries of the fields of a Representative."""
    request = wire.Request()
    subject = request.subject_set
    subject.bsn = bsn
    subject.birth_date = str(born or '')
    subject.death_date = str(died or '')
    for representative in representatives:
        fields = {'kind': 'ouder-met-gezag', 'from': str(born or ''), **representative}
        subject.representatives.add(**fields)
    for day, capable in capabilities:
        subject.capabilities.add(**{'from': str(day), 'capable': capable})
    subject.user = USER
    for name, value in how.items():
        setattr(subject, name, value)
    return request


# What tests of something else are not about: every statement, and many a disclosure, is told (V5).
IN_PASSING = (events_pb2.CONSENT_GRANTED, events_pb2.CONSENT_REFUSED, events_pb2.OBLIGATION_AROSE)


class Client(Partner):
    def next_event(self, timeout=30.0, every=False):
        """The next event; with `every` also one that only tells what was recorded."""
        while True:
            push = super().next_event(timeout)
            if every or push.event.kind not in IN_PASSING:
                return push

    def grant(self, bsn, **scope):
        return self.call(grant_request(bsn, **scope))

    def refuse(self, bsn, **scope):
        return self.call(refuse_request(bsn, **scope))

    def ask_for(self, bsn, **scope):
        """Asks the social team for a consent."""
        return self.call(ask_request(bsn, **scope))

    def waiting(self, bsn=''):
        """Every request that waits for its answer."""
        requests, after = [], b''
        while True:
            reply = self.ask('waiting_list', bsn=bsn, after=after)
            if reply.status != wire.OK:
                raise AssertionError(f'the waiting list is not shown: {reply.message}')
            requests += reply.waiting_list.requests
            if not reply.waiting_list.more:
                return requests
            after = reply.waiting_list.next

    def defer(self, consent_id, reason='wil eerst overleggen'):
        return self.ask('defer', consent_id=consent_id, reason=reason, user=USER)

    def check(self, bsn, categories=('naw',), **question):
        return self.call(check_request(bsn, categories, **question))

    def disclose(self, bsn, categories=('naw',), **question):
        return self.call(check_request(bsn, categories, mode='DISCLOSE', **question))

    def revoke(self, consent_id, withdrawn_by='subject', **part):
        return self.call(revoke_request(consent_id, withdrawn_by, **part))

    def subject_set(self, bsn, born, **more):
        """The record is then this and nothing else, whatever it was."""
        version = self.subject_show(bsn).subject_show.version
        return self.call(subject_request(bsn, born, whole=True, expected=version, **more))

    def subject_change(self, bsn, born=None, remove=None, **more):
        """Only what is named changes. Says itself what version it changes, unless `expected` does."""
        if 'expected' not in more:
            more['expected'] = self.subject_show(bsn).subject_show.version
        request = subject_request(bsn, born, **more)
        if remove:
            request.subject_set.remove.CopyFrom(subject_pb2.SubjectRemoval(**remove))
        return self.call(request)

    def subject_show(self, bsn):
        return self.ask('subject_show', bsn=bsn)

    def consent_show(self, consent_id):
        return self.ask('consent_show', consent_id=consent_id)

    def consent_list(self, bsn, **page):
        return self.ask('consent_list', bsn=bsn, **page)

    def ask(self, verb, **fields):
        """Any verb whose fields are plain values, or lists of them."""
        request = wire.Request()
        fill(request, verb, **fields)
        return self.call(request)

    def whoami(self):
        return self.ask('whoami')

    def status(self):
        return self.ask('status')

    def subscribe(self, number=0, credit=64, consumer=''):
        request = wire.Request()
        request.subscribe.consumer = consumer
        setattr(request.subscribe, 'from', number)
        request.subscribe.credit = credit
        return self.call(request)

    def acknowledge(self, number, credit=0):
        return self.ask('acknowledge', number=number, credit=credit)

    def party_add(self, party, kind, role, public_key, **more):
        request = wire.Request()
        request.party_add.party.CopyFrom(
            admin_pb2.Party(id=party, kind=kind, role=role, **more))
        request.party_add.party.keys.add(name='first', public_key=public_key.decode())
        return self.call(request)

    def party_remove(self, party):
        return self.ask('party_remove', id=party)

    def audit(self, **filters):
        """The whole log, page by page."""
        entries, after = [], filters.pop('after', 0)
        while True:
            reply = self.ask('audit_list', after=after, limit=100, **filters)
            if reply.status != wire.OK:
                raise AssertionError(f'the log is not shown: {reply.message}')
            entries += reply.audit_list.entries
            if not reply.audit_list.more:
                return entries
            after = reply.audit_list.looked_until

    @staticmethod
    def status_name(reply):
        return wire.Status.Name(reply.status)

    @staticmethod
    def verdict_name(verdict):
        return check_pb2.Verdict.Name(verdict)

    @staticmethod
    def codes(reasons):
        return [codes_pb2.Code.Name(reason.code) for reason in reasons]
