"""What the rules look at: statements, restrictions, requests, and the flow that joins two parties."""

from collections import namedtuple

from packs import (AGREEMENT_ASKED, FLOWS, HEALTH, MANAGER_FIRST, MAY_RECEIVE_SPECIAL, OTHER_SPECIAL, PROFESSIONAL,
                   THIRD_PARTIES, UR, WR)

# `order` is the order of recording, which a clock that is put back does not turn round: of statements, withdrawals,
# uses and restrictions in one count. Sets are frozensets, `case` is None where it is bound to none; `withdrawals` and
# `signatures` are tuples. `used` is None or a Use.
Consent = namedtuple('Consent', 'order recorded since until providers recipients categories purpose origins case form '
                     'evidence one_time under_secrecy signatures withdrawals used')
Refusal = namedtuple('Refusal', 'order recorded providers recipients categories purpose origins case')
Withdrawal = namedtuple('Withdrawal', 'order at providers recipients categories')  # None: all of the statement's
Use = namedtuple('Use', 'order at')

# A ground without consent that the request claims. `by` is a set; `missing` names the parts of the triage decision that
# are not there, as far as the pack and the moment tell, those that only a provider bound by secrecy needs among them.
Claim = namedtuple('Claim', 'kind by given_at reason missing', defaults=(None, frozenset(), None, None, frozenset()))
SECRECY_PARTS = frozenset('consent_sought no_other_way serious_harm conflict_of_duties'.split())

# What one item asks, and what the pack says of it. `manager` is 'given' (manager_consulted), 'nobody' (no_manager) or
# None; `gate` the code of C4, or None. `agreement` is 'asked', 'not asked' or, of a party that is not active,
# 'impossible'.
Rules = namedtuple('Rules', 'pack agreement gate statutes admits_consent written_request urgent_reasons special '
                   'secrecy third_party one_time manager_first',
                   defaults=(None, (), False, False, False, None, False, False, False, False))
Asked = namedtuple('Asked', 'provider recipient purpose category origin case mode manager claim')


def special(category):
    return 'health' if category in HEALTH else 'other' if category in OTHER_SPECIAL else None


def carries_special(carries, sort):
    """Does what carries `carries` (none, health, all) carry a category of this sort?"""
    return sort is None or carries == 'all' or (carries == 'health' and sort == 'health')


def carries_category(flow, recipient, category):
    return category in flow.categories and (special(category) is None or recipient in MAY_RECEIVE_SPECIAL)


def c4_flow(pack, provider, recipient, purpose, category):
    """The flow that joins the four, or the code of what is missing. Provider and recipient are kinds."""
    flows = [f for f in FLOWS if pack in f.besides and provider in f.providers and recipient in f.recipients]
    if not flows:
        return None, 'NO_FLOW'
    flows = [f for f in flows if f.purpose == purpose]
    if not flows:
        return None, 'PURPOSE_NOT_IN_FLOW'
    flows = [f for f in flows if carries_category(f, recipient, category)]
    if not flows:
        return None, 'CATEGORY_NOT_NEEDED'
    return flows[0], None


def agreement_of(provider, recipient, active):
    if not active:
        return 'impossible'
    return 'asked' if provider in AGREEMENT_ASKED or recipient in AGREEMENT_ASKED else 'not asked'


def rules_of(pack, provider, recipient, purpose, category, raised=False, active=True):
    """What the pack says of a cell. Provider and recipient are kinds; `raised`: to professional secrecy, by the party's
    own setting or by the request (G7)."""
    agreement = agreement_of(provider, recipient, active)
    flow, gate = c4_flow(pack, provider, recipient, purpose, category)
    if gate:
        return Rules(pack, agreement, gate)
    besides = flow.besides[pack]
    statutes = tuple(b[0] for b in besides if b not in (WR, UR)
                     and (b[1] is None or provider in b[1]) and (b[2] is None or recipient in b[2]))
    secrecy = provider in PROFESSIONAL or raised
    return Rules(pack, agreement, None, statutes, flow.consent, WR in besides, UR in besides, special(category),
                 secrecy, recipient in THIRD_PARTIES, secrecy or flow.one_time, purpose in MANAGER_FIRST)
