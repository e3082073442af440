"""Checks at random, each answer judged by the oracle: verdicts, grounds, what the caller hears, until when, duties."""
import check_pb2
import codes_pb2

from client import (TRIAGE, TRIAGE_OF_SECRECY, Client, check_request, claim_urgent_reasons, claim_written_request, now,
                    wire)
from judged import EXPLAINS, KINDS, MOST, facts, packs, people, rules, statements
from judged_corrections import JudgedCorrections
from judged_statements import CASES


class History(JudgedCorrections):
    def question(self):
        """Provider, recipient, purpose and categories: most often those of a statement, perhaps with another in one."""
        if not self.standing() or self.chance(15):
            providers, recipients, categories, purpose, _ = self.scope(1)
        else:
            s = self.random.choice(self.standing())
            providers, recipients, categories, purpose = (sorted(s.providers), sorted(s.recipients),
                                                          sorted(s.categories), s.purpose)
            if self.chance(30):
                flow, _, _ = self.flow()
                purpose = self.random.choice(['integraal-plan', flow.purpose])
            if self.chance(40):
                providers = self.like(providers) if self.chance(50) else providers
                recipients = self.like(recipients) if self.chance(50) else recipients
        provider, recipient = self.random.choice(providers), self.random.choice(recipients)
        if provider == recipient:
            return None
        categories = self.some(set(categories) | {'naw', 'bsn', self.random.choice(packs.CATEGORIES)}, 4)
        return provider, recipient, purpose, categories

    @staticmethod
    def like(parties):
        """Those of the same kinds, these among them."""
        return [party for party, kind in KINDS.items() if kind in {KINDS[one] for one in parties}]

    def claim(self, request, secrecy, at):
        """What is claimed without consent, on the wire and for the oracle."""
        if not self.chance(35):
            return facts.Claim()
        if self.chance(40):
            return self.written_request(request, at)
        reason = self.random.choice(sorted(packs.URGENT_REASONS) + ['vitaal-belang'])
        whole = {**TRIAGE, **(TRIAGE_OF_SECRECY if secrecy or self.chance(20) else {})}
        triage = {name: value for name, value in whole.items() if not self.chance(3)}
        claim_urgent_reasons(request, reason, **triage)
        missing = {name for name in list(TRIAGE) + list(TRIAGE_OF_SECRECY) if name not in triage}
        return facts.Claim('urgent-reasons', reason=reason, missing=frozenset(missing))

    def written_request(self, request, at):
        by = people.who_must(self.pack, self.person, at)
        if not by or self.chance(30):
            by = set(self.some(['subject'] + [one.reference for one in self.person.representatives], 3))
        refusals = [s.recorded for s in self.given if isinstance(s, facts.Refusal)]
        given_at = at - 1 if not refusals or self.chance(60) else min(refusals) - 5
        claim_written_request(request, ' '.join(sorted(by)), given_at)
        return facts.Claim('written-request', by=frozenset(by), given_at=given_at)

    def manager(self, check):
        kind = self.random.choice([None, 'given', 'nobody'])
        if kind == 'given':
            check.manager_consulted = 'manager-3'
        if kind == 'nobody':
            check.no_manager = 'geen manager bereikbaar'
        return kind

    def check(self):
        question = self.question()
        if question is None:
            return
        provider, recipient, purpose, categories = question
        caller = self.random.choice([provider, provider, recipient, recipient, 'toezicht'])
        under_secrecy, mode = self.chance(15), self.random.choice(['ADVISE', 'DISCLOSE'])
        case = self.random.choice(CASES)
        request = check_request(self.bsn, (), provider, recipient, purpose, mode, case_ref=case or '',
                                all_or_nothing=self.chance(20), under_secrecy=under_secrecy)
        items = [(category, self.random.choice([None, 'wmo', 'wmo', 'wmo', 'jeugdwet', 'zvw', 'aanbieder']))
                 for category in categories]
        for category, origin in items:
            request.check.items.add(category=category, origin=origin or '')
        secrecy = under_secrecy or KINDS[provider] in packs.PROFESSIONAL
        claim = self.claim(request, secrecy, now())
        asked = [facts.Asked(provider, recipient, purpose, category, origin, case, mode, None, claim)
                 for category, origin in items]
        manager = self.manager(request.check)
        asked = [one._replace(manager=manager) for one in asked]
        reply = self.call(caller, request, f'{caller} asks {request.check} as {claim}')
        self.must_be('check', wire.Status.Name(reply.status), 'OK')
        self.judge(reply.check, caller, asked, under_secrecy, request.check.all_or_nothing and mode == 'DISCLOSE')

    def decide(self, one, under_secrecy, at):
        cell = self.rules_of(one.provider, one.recipient, one.purpose, one.category, under_secrecy)
        return rules.decide(self.facts(at, one.category), cell, one, False)

    def judge(self, answer, caller, asked, under_secrecy, all_or_nothing):
        at = answer.evaluated_at
        decisions = [self.decide(one, under_secrecy, at) for one in asked]
        expected = self.words(decisions, caller, all_or_nothing)
        self.must_be('check', [self.words_of(item, self.ids) for item in answer.items], expected)
        permits = sum(one.startswith('PERMIT') for one in expected)
        verdict = 'DENY' if not permits else 'PERMIT' if permits == len(expected) else 'PARTIAL'
        self.must_be('verdict', Client.verdict_name(answer.verdict), verdict)
        self.judge_until(answer, caller, asked, under_secrecy, all_or_nothing)
        permitted = [one for one in decisions if isinstance(one, rules.Permit)] if permits else []
        self.judge_duties(answer, caller, asked[0], permitted)
        if asked[0].mode == 'DISCLOSE' and permits:
            self.use(decisions, at)

    def words(self, decisions, caller, all_or_nothing):
        """What the caller hears of each item."""
        nothing = all_or_nothing and not all(isinstance(one, rules.Permit) for one in decisions)
        return [self.words_of_decision(one, caller, nothing) for one in decisions]

    def words_of_decision(self, decision, caller, nothing):
        """`nothing`: for ALL_OR_NOTHING nothing is disclosed."""
        listener = None if caller in EXPLAINS else caller
        known = self.facts(0)
        if not isinstance(decision, rules.Permit):
            return 'DENY ' + ' '.join(rules.c9_heard(known, listener, decision.reasons))
        if nothing:
            return 'DENY ALL_OR_NOTHING'
        kind, code, statement = decision.ground
        against = decision.against is not None and rules.c9_hears(known, listener, [decision.against])
        return f'PERMIT {kind} {code} {statement}{" against-will" if against else ""}'

    @staticmethod
    def words_of(item, ids):
        if Client.verdict_name(item.verdict) != 'PERMIT':
            return ' '.join(['DENY'] + [codes_pb2.Code.Name(reason.code) for reason in item.reasons])
        kind = check_pb2.Ground.Name(item.ground).lower().replace('_', '-')
        consent = ids.index(item.consent_id) if item.consent_id else None
        against = ' against-will' if item.against_will else ''
        return f'PERMIT {kind} {item.statute or item.urgent_reason or "-"} {consent}{against}'

    def judge_until(self, answer, caller, asked, under_secrecy, all_or_nothing):
        """Up to `until` nothing of the answer would differ, the decision's own effects apart: at each moment at which
        something known begins or ends."""
        at, until = answer.evaluated_at, answer.until or MOST
        self.must_be('until is later than now', until > at, True)
        moments = {moment for s in self.given if isinstance(s, facts.Consent) for moment in (s.since, s.until)}
        for one in self.person.representatives:
            moments |= {people.start_of(day) for day in (one.since, one.until, one.refused) if day}
        moments |= {people.start_of(one.since) for one in self.person.capabilities}
        if self.person.birth:
            moments |= {people.start_of(people.birthday(self.person.birth, years)) for years in (12, 16)}
        def heard(moment):
            decisions = [self.decide(one, under_secrecy, moment) for one in asked]
            return [word.replace(' against-will', '') for word in self.words(decisions, caller, all_or_nothing)]

        for moment in sorted(moment for moment in moments if at < moment < until):
            self.must_be(f'until {until}: at {moment}', heard(at), heard(moment))

    # --- Duties (C10, C15) --------------------------------------------------------------------------------------------

    def judge_duties(self, answer, caller, one, permits):
        """`one` is any of what is asked: it has the parties, the purpose and the mode."""
        got = {check_pb2.Obligation.Name(kind) for kind in answer.obligations}
        of_provider, of_recipient = self.duties(one, permits, answer.evaluated_at)
        heard = {'KEEP_SECRET', 'ONE_TIME'} | (of_recipient if caller == one.recipient else set())
        expected = of_provider | of_recipient
        if caller not in EXPLAINS + (one.provider,):
            expected &= heard
        elif caller == one.provider and caller not in EXPLAINS:
            expected = of_provider
        self.must_be('obligations', got, expected)
        if one.mode == 'DISCLOSE':
            if 'INFORM_SUBJECT' in of_provider and any(p.ground.kind == 'statute' for p in permits):
                self.informed.add((one.recipient, one.purpose))
            if of_recipient:
                self.informed.add(('source', one.provider, one.purpose))

    def duties(self, one, permits, at):
        """Those of the provider, notices among them, and those of the recipient."""
        if not permits:
            return set(), set()
        kinds = {permit.ground.kind for permit in permits}
        of_provider, alive = {'KEEP_SECRET'}, not people.is_dead(self.person, at)
        if any(p.ground.kind == 'consent' and self.given[p.ground.statement].one_time for p in permits):
            of_provider.add('ONE_TIME')
        if one.purpose in packs.RECORDED_IN_PLAN or 'urgent-reasons' in kinds:
            of_provider.add('RECORD_IN_PLAN')
        if any(permit.against is not None for permit in permits):
            of_provider.add('RECORD_AGAINST_WILL')
        if alive and self.is_to_inform(one, kinds):
            of_provider |= {'INFORM_SUBJECT'} | self.whom_to_inform_beside(at)
        third = KINDS[one.recipient] not in packs.THIRD_PARTIES and KINDS[one.provider] in packs.THIRD_PARTIES
        source = third and kinds != {'consent'} and ('source', one.provider, one.purpose) not in self.informed
        return of_provider, {'INFORM_OF_SOURCE'} if alive and source else set()

    def is_to_inform(self, one, kinds):
        if one.purpose in packs.INFORM_ALWAYS or kinds & {'written-request', 'urgent-reasons'}:
            return True
        return 'statute' in kinds and (one.recipient, one.purpose) not in self.informed

    def whom_to_inform_beside(self, at):
        beside = set()
        if (people.who_must(self.pack, self.person, at) or set()) - {'subject'}:
            beside.add('INFORM_REPRESENTATIVE')
        if (people.has_age(self.person, 12, at) and not people.has_age(self.person, 16, at)
                and people.is_capable(self.person, at)):
            beside.add('INFORM_YOUTH')
        return beside

    # --- One-time consents --------------------------------------------------------------------------------------------

    def use(self, decisions, at):
        """A one-time consent is used up as a whole by the first disclosure that rests on it (C11)."""
        order = self.next_order()
        for decision in decisions:
            if isinstance(decision, rules.Permit) and decision.ground.kind == 'consent':
                number = decision.ground.statement
                if self.given[number].one_time:
                    self.given[number] = self.given[number]._replace(used=facts.Use(order, at))

    # --- What happens -------------------------------------------------------------------------------------------------

    def run(self, steps):
        """The subject, then so many things at random."""
        if not self.chance(10):
            self.set_person()
        whats = ([self.grant] * 6 + [self.refuse] * 2 + [self.revoke] * 3 + [self.correct] * 2 + [self.restrict] + [self.set_person]
                 + [self.check] * 14 + [self.show] * 2)
        for _ in range(steps):
            self.random.choice(whats)()
        return self
