"""The facts of a situation as lines of words, for the driver: what does not depend on the cell.

    subject CASE RESTRICTED BIRTH DEATH MUST   CASE of the request; RESTRICTED: how many statements were recorded before
                                               the restriction; MUST: those who must consent at the check
    representative NAME KIND SINCE REFUSED     days
    capability SINCE yes|no
    refusal RECORDED PROVIDERS RECIPIENTS CATEGORIES PURPOSE ORIGINS CASE
    consent the same, then SINCE UNTIL FORM EVIDENCE ONE_TIME UNDER_SECRECY SIGNERS
    withdrawal ORDER AT PROVIDERS RECIPIENTS CATEGORIES    of the consent before it
    use ORDER AT                                           of the consent before it
    end

Moments are milliseconds, days 2026-06-15, lists joined by commas; what is not there is -. CATEGORIES are `asked`, the
half of the asked category, and `other`: the other half, or beside `asked` one of it. PURPOSE may be `asked` or
`another`, ONE_TIME `asked`. ORDER counts with the statements, of which the first is 10, the second 20.
"""

from facts import Consent
from people import who_must
from situations import NOW, person_of, restriction_of, statements_of


def word(value):
    if value is None or value == '':
        return '-'
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    if isinstance(value, (set, frozenset, tuple)):
        return ','.join(sorted(value)) or '-'
    return str(value)


def line(*words):
    return ' '.join(map(word, words))


def statement_lines(statement, one_time):
    scope = (statement.providers, statement.recipients, statement.categories, statement.purpose, statement.origins,
             statement.case)
    if not isinstance(statement, Consent):
        return [line('refusal', statement.recorded, *scope)]
    signers = tuple(signature.signer for signature in statement.signatures)
    lines = [line('consent', statement.recorded, *scope, statement.since, statement.until, statement.form,
                  statement.evidence, one_time, statement.under_secrecy, signers)]
    lines += [line('withdrawal', *withdrawal) for withdrawal in statement.withdrawals]
    return lines + ([line('use', *statement.used)] if statement.used else [])


def one_time_word(spec):
    return 'asked' if getattr(spec, 'one_time', None) is None else spec.one_time


def lines_of(pack, scenario, age):
    person = person_of(scenario, age)
    lines = [line('subject', scenario.case, restriction_of(scenario) // 10, person.birth, person.death,
                  tuple(who_must(pack, person, NOW) or ()))]
    lines += [line('representative', one.reference, one.kind, one.since, one.refused)
              for one in person.representatives]
    lines += [line('capability', change.since, change.capable) for change in person.capabilities]
    for statement, spec in zip(statements_of(scenario, age, pack, 'asked', False), scenario.statements):
        lines += statement_lines(statement, one_time_word(spec))
    return lines + ['end']
