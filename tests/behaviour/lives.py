"""Lives of which an overview is made: each is recorded in a registry, and its BSN returned.

Used by test_overview, which asserts what each letter says, and by scripts/letters, which shows them.
"""
import rights_pb2

from client import USER, check_request, claim_urgent_reasons
from harness import years_ago
from test_restriction import restriction_request

HORIZON, DELTA = 'zorgaanbieder-horizon', 'zorgaanbieder-delta'


def acknowledge_all(test, party):
    """The party hears everything that waits for it."""
    stream = test.registry.client(party, 'events')
    reply = stream.subscribe(credit=64)
    if reply.subscribe.newest > reply.subscribe.acknowledged:
        test.assertOk(stream.acknowledge(reply.subscribe.newest))
    test.registry.close(stream)


def ordinary(test):
    """Two consents, one of which was asked for; disclosures on consent, and a refused question."""
    team, horizon = test.client('kernteam'), test.client(HORIZON)
    bsn = test.person()
    test.granted(bsn, categories=['naw', 'toewijzing'], case_ref='zaak-2026-118')
    test.assertPermit(team.disclose(bsn, ['naw', 'toewijzing'], case_ref='zaak-2026-118'))
    test.assertPermit(team.disclose(bsn, ['naw'], case_ref='zaak-2026-118'))
    asked = horizon.ask_for(bsn, categories=['budget', 'omvang'])
    test.assertOk(asked)
    test.granted(bsn, categories=['budget'], answers=asked.consent_recorded.consent_id, days=30)
    test.assertPermit(team.disclose(bsn, ['budget']))
    test.assertDenied(horizon.check(bsn, ['gezondheid']), 'CATEGORY_NOT_NEEDED')
    test.assertOk(team.disclose(bsn, ['naw'], provider='kernteam', recipient='cak', purpose='eigen-bijdrage'))
    test.assertOk(team.subject_show(bsn))
    test.assertOk(team.ask('rights_open', bsn=bsn, kind=rights_pb2.RIGHTS_RECTIFICATION, by='subject', user=USER,
                           wish='mijn adres klopt niet', way=rights_pb2.WAY_COUNTER, identity=rights_pb2.IDENTITY_DOCUMENT))
    return bsn


def child(test):
    """A child of ten with two parents; a professional refuses one of them (M7), so the other signs alone."""
    team = test.client('kernteam')
    born = years_ago(10)
    bsn = test.person(born, representatives=[
        {'reference': 'ouder-noord', 'from': str(born)},
        {'reference': 'ouder-zuid', 'from': str(born), 'refused_from': str(years_ago(1)),
         'refused_reason': 'vader bedreigt de moeder'}])
    test.granted(bsn, categories=['naw'], signers=['ouder-noord'])
    test.assertPermit(team.disclose(bsn, ['naw']))
    urgent = check_request(bsn, ['naw'], provider='kernteam', recipient=HORIZON, mode='DISCLOSE')
    team.call(claim_urgent_reasons(urgent))
    return bsn


def withdrawn(test):
    """Somebody who gave a consent, took a part of it back, then all, and said no; one party has heard."""
    team = test.client('kernteam')
    bsn = test.person()
    consent = test.granted(bsn, recipients=[HORIZON, DELTA], categories=['naw', 'toewijzing'])
    test.assertPermit(team.disclose(bsn, ['naw']))
    acknowledge_all(test, HORIZON)
    test.assertOk(team.revoke(consent, categories=['toewijzing']))
    test.assertOk(team.revoke(consent))
    acknowledge_all(test, HORIZON)
    test.assertOk(team.refuse(bsn, recipients=[HORIZON], categories=['naw']))
    test.assertDenied(team.disclose(bsn, ['naw']), 'REVOKED', 'REFUSED')
    test.assertOk(team.call(restriction_request('restrict_data', bsn, ['naw'])))
    return bsn


def busy(test, disclosures=500):
    """Somebody of whom data were passed on very often, to two organisations."""
    team = test.client('kernteam')
    bsn = test.person()
    test.granted(bsn, recipients=[HORIZON, DELTA], categories=['naw', 'toewijzing', 'doel'])
    sent = []
    for i in range(disclosures):
        recipient = DELTA if i % 5 == 0 else HORIZON
        categories = ['naw', 'toewijzing'] if i % 3 else ['doel']
        sent.append(team.send(check_request(bsn, categories, recipient=recipient, mode='DISCLOSE')))
        if len(sent) == 50:
            for _ in sent:
                test.assertPermit(team.receive())
            sent = []
    for _ in sent:
        test.assertPermit(team.receive())
    return bsn
