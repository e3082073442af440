"""Consents, refusals, withdrawals and restrictions at random, each answer judged by the oracle."""
import consent_pb2

from client import DAY, Client, grant_request, now, refuse_request, revoke_request, wire
from judged import EXPLAINS, KINDS, MOST, JudgedSubject, facts, packs, people, rules, rules_for, statements

CASES = (None, None, 'case-1', 'case-2')


class JudgedStatements(JudgedSubject):
    def flow(self):
        """A flow of the pack that parties here can use; more often one that asks for a manager."""
        flows = [one for one in packs.FLOWS if self.pack in one.besides]
        while True:
            flow = self.random.choice(flows + [one for one in flows if one.purpose in packs.MANAGER_FIRST] * 2)
            providers = [party for party, kind in KINDS.items() if kind in flow.providers]
            recipients = [party for party, kind in KINDS.items() if kind in flow.recipients]
            if providers and recipients and (len(set(providers + recipients)) > 1):
                return flow, providers, recipients

    def scope(self, most):
        """Providers, recipients, categories and a purpose that some flow joins, every one with every other (G3)."""
        while True:
            if self.standing() and self.chance(40):
                return self.scope_again(most)
            flow, providers, recipients = self.flow()
            providers, recipients = self.some(providers, most), self.some(recipients, most)
            categories = self.some(flow.categories, 3)
            pairs = [(p, r) for p in providers for r in recipients if p != r]
            joined = [self.rules_of(p, r, flow.purpose, c) for p, r in pairs for c in categories]
            if pairs and not any(one.gate for one in joined):
                return providers, recipients, categories, flow.purpose, joined

    def rules_of(self, *cell):
        return rules_for(self.pack, *cell)

    def scope_again(self, most):
        """That of an earlier statement, or a part: what a later one supersedes or shuts out."""
        s = self.random.choice(self.standing())
        providers, recipients, categories = sorted(s.providers), sorted(s.recipients), sorted(s.categories)
        if most == 1:
            pairs = [(p, r) for p in providers for r in recipients if p != r]
            providers, recipients = [[party] for party in self.random.choice(pairs)]
        if self.chance(20):
            categories = self.some(categories, 3)
        cells = [(p, r, s.purpose, c) for p in providers for r in recipients for c in categories if p != r]
        return providers, recipients, categories, s.purpose, [self.rules_of(*cell) for cell in cells]

    def signers(self, at):
        """Most often those who must; else some who are known, or are not."""
        needed = people.who_must(self.pack, self.person, at)
        if needed and not self.chance(25):
            return sorted(needed)
        return self.some(['subject'] + [one.reference for one in self.person.representatives], 2)

    def grant_codes(self, scope, joined, signatures, under_secrecy):
        """What a grant is refused for, of the rules that this does not take care to keep: G3, G8, G9."""
        codes = [] if all(one.admits_consent for one in joined) else ['NOT_NEEDED']
        if not people.counted(self.pack, self.person, signatures):
            codes.append('REPRESENTATION_MISSING')
        if self.pack == 'wmo-jeugdwet-2026' and self.statute_carries_all(scope, under_secrecy):
            codes.append('CONSENT_NOT_THE_GROUND')
        return codes

    def statute_carries_all(self, scope, under_secrecy):
        """G9: every item, for each origin that the consent is for and each purpose that it serves; an item under a
        restriction that the statute does not pass is not carried."""
        providers, recipients, categories, purpose, origins = scope
        purposes = [purpose] + [served for own, served in packs.COMPATIBLE if own == purpose]
        cells = [(p, r, served, c, under_secrecy) for p in providers for r in recipients for c in categories
                 for served in purposes if p != r]
        return all(self.statute_carries(cell, origins) for cell in cells if not self.rules_of(*cell).gate)

    def statute_carries(self, cell, origins):
        gates = rules.Gates(False, self.facts(now(), cell[3]).restriction is not None)
        return all(rules.c6_statute(self.rules_of(*cell), 'DISCLOSE', origin, gates)[0]
                   for origin in origins or [packs.DEFAULT_ORIGIN])

    def grant(self):
        one_time, under_secrecy = self.chance(20), False
        providers, recipients, categories, purpose, joined = self.scope(1 if one_time or self.chance(50) else 2)
        if any(one.one_time for one in joined):
            providers, recipients, one_time = providers[:1], recipients[:1], True
            if providers == recipients:
                return None
        if one_time and len(providers) == len(recipients) == 1:
            under_secrecy = self.chance(30)
        joined = [self.rules_of(p, r, purpose, c, under_secrecy) for p in providers for r in recipients
                  for c in categories if p != r]
        oral = not any(one.special or one.third_party for one in joined) and self.chance(30)
        origins = self.some(packs.ORIGINS, 2) if self.chance(20) else []
        case, at = self.random.choice(CASES), now() - 1
        signatures = tuple(people.Signature(signer, at) for signer in self.signers(at))
        request = grant_request(self.bsn, providers, recipients, categories, purpose, (), one_time=one_time,
                                form='ORAL' if oral else 'WRITTEN', origins=origins, case_ref=case or '',
                                under_secrecy=under_secrecy,
                                valid_from=self.random.choice([0, 0, 0, now() - 5 * DAY, now() + DAY, now() + 300]))
        grant = request.grant
        if self.chance(15):
            grant.valid_until = max(now(), grant.valid_from) + self.random.choice([150, 500])
        for signature in signatures:
            grant.signatures.add(signer=signature.signer, given_at=signature.at)
        codes = self.grant_codes((providers, recipients, categories, purpose, origins), joined, signatures,
                                 under_secrecy)
        reply = self.call('kernteam', request, f'grant {grant.scope} {signatures} {one_time=} {under_secrecy=} {oral=}')
        if grant.valid_until <= now() and reply.status == wire.INVALID:
            return self.must_be('field of a grant that came too late', reply.field, 'grant.valid_until')
        self.must_be('grant', self.answer(reply), 'REJECTED ' + ' '.join(codes) if codes else 'OK')
        if codes:
            return None
        self.given.append(facts.Consent(
            self.next_order(), reply.time, grant.valid_from or reply.time, grant.valid_until, frozenset(providers),
            frozenset(recipients), frozenset(categories), purpose, frozenset(origins), case,
            'oral' if oral else 'written', True, one_time, under_secrecy, signatures, (), None))
        self.ids.append(reply.consent_recorded.consent_id)

    @staticmethod
    def answer(reply):
        codes = Client.codes(reply.refusals) if reply.status == wire.REJECTED else []
        return ' '.join([wire.Status.Name(reply.status)] + codes)

    def refuse(self):
        providers, recipients, categories, purpose, _ = self.scope(2)
        case, origins = self.random.choice(CASES), self.some(packs.ORIGINS, 2) if self.chance(20) else []
        at = now() - 1
        signer = self.random.choice(['subject'] + [one.reference for one in self.person.representatives])
        request = refuse_request(self.bsn, providers, recipients, categories, purpose, (), case or '', origins)
        request.refuse.signatures.add(signer=signer, given_at=at)
        may = people.m8_may_withdraw(self.pack, self.person, signer, at)
        reply = self.call('kernteam', request, f'refuse {request.refuse.scope} by {signer}')
        self.must_be('refuse', self.answer(reply), 'OK' if may else 'REJECTED REPRESENTATION_MISSING')
        if may:
            self.given.append(facts.Refusal(self.next_order(), reply.time, frozenset(providers), frozenset(recipients),
                                            frozenset(categories), purpose, frozenset(origins), case))
            self.ids.append(reply.consent_recorded.consent_id)

    def revoke(self):
        """The whole of a consent, or a part, by somebody; passed on by the social team or a party named in it."""
        consents = [number for number, s in enumerate(self.given)
                    if isinstance(s, facts.Consent) and number not in self.corrected and not statements.wholly_withdrawn(s)]
        if not consents:
            return
        number = self.random.choice(consents)
        consent, part = self.given[number], {}
        if self.chance(50):
            field = self.random.choice(['providers', 'recipients', 'categories'])
            part = {field: self.some(getattr(consent, field), 2)}
        who = self.random.choice(['subject', 'subject'] + [one.reference for one in self.person.representatives])
        caller = 'kernteam'
        if not part and self.chance(40):
            caller = self.random.choice(sorted(consent.providers | consent.recipients))
        reply = self.call(caller, revoke_request(self.ids[number], who, **part),
                          f'{caller} revokes {number} {part} by {who}')
        may = people.m8_may_withdraw(self.pack, self.person, who, reply.time, consent.signatures)
        self.must_be('revoke', self.answer(reply), 'OK' if may else 'REJECTED REPRESENTATION_MISSING')
        if not may:
            return
        withdrawal = facts.Withdrawal(self.next_order(), reply.time, *(
            frozenset(part[field]) if field in part else None for field in ('providers', 'recipients', 'categories')))
        taken = [item for item in statements.items_of(consent) if statements.takes_away(withdrawal, item)
                 and not statements.withdrawn_for(consent, item)]
        self.given[number] = consent._replace(withdrawals=consent.withdrawals + (withdrawal,))
        own = [item for item in taken if caller in EXPLAINS or caller in item[:2]]
        self.must_be('already', reply.revoke.already, not own)  # V2: no reply tells a party of other parts
        if own:
            self.judge_still_covered(reply, consent, own)

    def judge_still_covered(self, reply, consent, own):
        """V2. A refusal that covers only some cases or origins leaves it open whether the consent still counts."""
        purposes = [purpose for purpose in packs.PURPOSES if statements.serves_purpose(consent, purpose)]
        asked = [facts.Asked(*item[:2], purpose, item[2], None, None, None, None, None)
                 for item in own for purpose in purposes]
        surely = {self.ids[n] for n, s in enumerate(self.given) for one in asked
                  if one.purpose == consent.purpose and self.in_force(s, one, reply.time, sure=True)}
        perhaps = {self.ids[n] for n, s in enumerate(self.given) for one in asked
                   if self.in_force(s, one, reply.time, sure=False)}
        listed = set(reply.revoke.still_covered_by)
        if not surely <= listed <= perhaps:
            self.differs('still_covered_by', listed, f'{surely}, at most {perhaps}')

    def in_force(self, consent, asked, at, sure):
        known = self.facts(at)
        if not isinstance(consent, facts.Consent) or statements.not_named(consent, asked):
            return False
        if not consent.since <= at < consent.until or statements.expired(consent, asked, at):
            return False
        if statements.superseded(known, consent) or not statements.granted_at(known, consent, at, MOST):
            return False
        if statements.withdrawn_for(consent, statements.item_of(asked)):
            return False
        later = [s for s in self.given if isinstance(s, facts.Refusal) and s.order > consent.order
                 and not statements.not_named(s, asked)]
        return not any(sure or (s.case is None and not s.origins) for s in later)

    # --- Restrictions -------------------------------------------------------------------------------------------------

    def restrict(self):
        request, categories = wire.Request(), [None]
        body = request.lift_restriction if self.restrictions and self.chance(60) else request.restrict_data
        if self.chance(50):
            body.whole = True
        else:
            categories = self.some(packs.CATEGORIES[:12], 5)
            body.categories[:] = categories
        body.bsn, body.reason, body.user = self.bsn, 'verzoek van de betrokkene', 'medewerker-17'
        reply = self.call('kernteam', request, f'{request.WhichOneof("body")} {categories}')
        self.must_be('restriction', wire.Status.Name(reply.status), 'OK')
        order = self.next_order()
        for category in categories:
            if body is request.lift_restriction:
                self.restrictions.pop(category, None)
            else:
                self.restrictions.setdefault(category, order)
        self.must_be('restrictions', {one.category or None for one in reply.restriction.restrictions},
                     set(self.restrictions))

    # --- What is shown ------------------------------------------------------------------------------------------------

    def state_of(self, number, at):
        """Of several ends the one that came first is the state (G10). At one moment expiry and lapse come first."""
        s, known = self.given[number], self.facts(at)
        if isinstance(s, facts.Refusal):
            return 'REFUSAL'
        if number in self.corrected or statements.superseded(known, s):
            return 'SUPERSEDED'
        withdrawal = statements.wholly_withdrawn(s)
        ends = [(s.until, 0, 'EXPIRED'), (people.lapses_at(self.pack, self.person, s.signatures), 0, 'LAPSED')]
        ends += [(withdrawal.at, withdrawal.order, 'REVOKED')] if withdrawal else []
        ends += [(s.used.at, s.used.order, 'USED_UP')] if s.used else []
        return min([end for end in ends if end[0] <= at], default=(0, 0, 'GRANTED'))[2]

    def show(self):
        """Every statement with its state, to who may explain; one to a party, if it is named in it."""
        reply = self.clients('kernteam').consent_list(self.bsn, limit=32)
        shown = [(one.consent_id, consent_pb2.Consent.State.Name(one.state)) for one in reply.consent_list.consents]
        self.must_be('consent_list', shown,
                     [(self.ids[n], self.state_of(n, reply.time)) for n in range(len(self.given))][:32])
        if self.given:
            self.show_to(self.random.choice(sorted(KINDS)), self.random.randrange(len(self.given)))

    def show_to(self, party, number):
        """C9, V2: a party sees of a consent its own items and their withdrawals, and nothing of one that has none."""
        s = self.corrected.get(number, self.given[number])
        reply = self.clients(party).consent_show(self.ids[number])
        if party in EXPLAINS:
            return
        own = [item for item in statements.items_of(s) if party in item[:2]]
        self.must_be(f'consent_show {number} to {party}', wire.Status.Name(reply.status), 'OK' if own else 'NOT_FOUND')
        if own:
            scope = reply.consent_show.consent.scope
            for field, place in (('providers', 0), ('recipients', 1), ('categories', 2)):
                self.must_be(f'{field} of consent_show {number} to {party}', set(getattr(scope, field)),
                             {item[place] for item in own})
