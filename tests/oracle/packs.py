"""The codes and the two policy packs, as tables typed from their specification and not from the shipped files."""

from collections import namedtuple

# What both packs share

OFFICIAL = 'kernteam wmo-team gemeente opdrachtgever-jeugd'.split()
NOT_BOUND = 'zorgaanbieder pgb-hulpverlener beschermd-wonen cak svb zorgverzekeraar school veiligheidshuis'.split()
PROFESSIONAL = 'huisarts medisch-specialist vrijgevestigde veilig-thuis'.split()
KINDS = OFFICIAL + NOT_BOUND + PROFESSIONAL
# As a provider also: one who is raised to professional secrecy, by the party's own setting or by what the request says
# of the professional who acts (`under_secrecy`), and one that is not active.
PROVIDERS = KINDS + [kind + ':raised' for kind in OFFICIAL + NOT_BOUND] + ['school:inactive']
THIRD_PARTIES = ['opdrachtgever-jeugd'] + NOT_BOUND + PROFESSIONAL
AGREEMENT_ASKED = ('opdrachtgever-jeugd zorgaanbieder vrijgevestigde beschermd-wonen cak svb zorgverzekeraar '
                   'veiligheidshuis').split()
# KB 9.2: only to these may a special category flow.
MAY_RECEIVE_SPECIAL = ('kernteam wmo-team zorgaanbieder huisarts medisch-specialist vrijgevestigde beschermd-wonen '
                       'veilig-thuis').split()

THE_EIGHT = 'naw burgerlijke-staat geboortedatum geslacht correspondentie telefoon email bsn'.split()
NETWORK = 'netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon netwerk-email'.split()
PLAN = 'gespreksverslag integraal-plan'.split()
ZRM = ('zrm-financien zrm-dagbesteding zrm-huisvesting zrm-huiselijke-relaties zrm-geestelijke-gezondheid '
       'zrm-lichamelijke-gezondheid zrm-verslaving zrm-adl zrm-sociaal-netwerk zrm-maatschappelijke-participatie '
       'zrm-justitie').split()
DECISION = ('behandelaar doel deskundigenadvies toewijzing periode soort-voorziening omvang budget kostprijs').split()
PROGRESS = 'rapportage declaratie besteding verwijzing beeindiging'.split()
EXISTENCE = 'voorziening-dat advies-dat'.split()
SPECIAL = ('gezondheid godsdienst ras politieke-gezindheid seksueel-leven vakbond strafrechtelijk '
           'juridische-status').split()
CATEGORIES = (THE_EIGHT + ['vertegenwoordiger'] + NETWORK + ['netwerk-geboortedatum'] + PLAN + ZRM + DECISION
              + ['verblijfplaats'] + PROGRESS + EXISTENCE + SPECIAL + ['vrije-tekst'])

HEALTH = ('zrm-geestelijke-gezondheid zrm-lichamelijke-gezondheid zrm-verslaving deskundigenadvies rapportage '
          'gezondheid').split()
OTHER_SPECIAL = ('zrm-justitie godsdienst ras politieke-gezindheid seksueel-leven vakbond strafrechtelijk '
                 'juridische-status').split()

PURPOSES = ('registratie-hulpvraag informatie-plan ondersteuning integraal-plan toekenning eigen-bijdrage pgb '
            'monitoring levering verzoek-toewijzing declaratie verantwoording-pgb extern-overleg escalatie').split()
COMPATIBLE = {('ondersteuning', 'integraal-plan')}  # a consent for the first also serves the second
LONGEST_MONTHS = {'extern-overleg': 3, 'integraal-plan': 3}  # every other purpose: 12
MANAGER_FIRST = INFORM_ALWAYS = ('escalatie',)
RECORDED_IN_PLAN = ('extern-overleg', 'escalatie')
INFORM_DAYS = 14

# Who signs, from each age on: the subject, the representatives. Who may withdraw from 12 on is no matter of the pack.
AGES_OF = {
    'kaag-en-braassem-2015': ((0, False, True), (12, True, True), (16, True, False)),
    'wmo-jeugdwet-2026': ((0, False, True), (12, True, False), (16, True, False)),
}
REPRESENTATIVES_THAT_COUNT = 'ouder-met-gezag voogd curator mentor gemachtigde'.split()

ORIGINS = 'wmo jeugdwet participatiewet wgs zvw aanbieder brp'.split()
DEFAULT_ORIGIN = 'wmo'

# What an urgent reason carries, and whether it passes a restriction.
UrgentReason = namedtuple('UrgentReason', 'carries passes_restriction')
URGENT_REASONS = {
    'vitaal-belang': UrgentReason('all', True),
    'veiligheid-derden': UrgentReason('all', True),
    'volksgezondheid': UrgentReason('health', False),
    'bemoeizorg': UrgentReason('health', False),
}

# The packs

Statute = namedtuple('Statute', 'origins carries breaks_secrecy passes_restriction')
STATUTES = {
    'kaag-en-braassem-2015': {
        'wmo-2015': Statute(('wmo', 'brp'), 'none', False, False),
        'jeugdwet': Statute(('jeugdwet', 'brp'), 'none', False, False),
    },
    'wmo-jeugdwet-2026': {
        'wmo-5.1.1': Statute(('wmo', 'brp'), 'health', False, False),
        'wmo-5.2.1': Statute(('wmo', 'brp'), 'health', False, False),
        'wmo-5.2.2': Statute(('wmo', 'aanbieder', 'brp'), 'all', True, False),
        'wmo-5.2.4': Statute(('wmo', 'brp'), 'health', False, False),
        'wmo-5.2.6': Statute(tuple(ORIGINS), 'all', True, True),
        'jeugdwet-7.4.0-1': Statute(('jeugdwet', 'brp'), 'all', False, False),
        'jeugdwet-7.4.0-2': Statute(('jeugdwet', 'aanbieder', 'brp'), 'all', True, False),
        'jeugdwet-8.1.8': Statute(('jeugdwet', 'brp'), 'health', False, False),
    },
}

ORDER_OF_GROUNDS = {
    'kaag-en-braassem-2015': ('consent', 'statute', 'without-consent'),
    'wmo-jeugdwet-2026': ('statute', 'consent', 'without-consent'),
}

# `besides` holds, a pack, what the flow admits besides consent: statutes, each as (code, by kinds, to kinds) with None
# for every kind, then wr (written request) and ur (urgent reasons). A pack that is not there does not have the flow.
# `consent` says whether consent carries it at all.
Flow = namedtuple('Flow', 'name providers recipients purpose categories besides one_time consent',
                  defaults=(False, True))

TEAMS = ('kernteam', 'wmo-team')
COLLEGE = ('gemeente', 'kernteam', 'wmo-team', 'opdrachtgever-jeugd')
WR, UR = 'wr', 'ur'


def statute(code, by=None, to=None):
    return (code, by, to)


def only_2015(*admitted):
    return {'kaag-en-braassem-2015': admitted}


def both(*admitted):
    return {'kaag-en-braassem-2015': admitted, 'wmo-jeugdwet-2026': admitted}


def each(in_2015, in_2026):
    return {'kaag-en-braassem-2015': in_2015, 'wmo-jeugdwet-2026': in_2026}


def only_2026(*admitted):
    return {'wmo-jeugdwet-2026': admitted}


OLD_STATUTES = (statute('wmo-2015'), statute('jeugdwet'))

FLOWS = [
    Flow('A1', TEAMS, TEAMS + ('zorgaanbieder', 'huisarts', 'medisch-specialist', 'vrijgevestigde', 'beschermd-wonen'),
         'registratie-hulpvraag', THE_EIGHT,
         each((WR, UR), (statute('wmo-5.1.1', to=TEAMS), WR, UR))),
    Flow('B1', TEAMS, TEAMS, 'informatie-plan', NETWORK,
         each(OLD_STATUTES + (UR,), (statute('wmo-5.1.1'), statute('jeugdwet-7.4.0-1'), UR)), consent=False),
    Flow('C1', ('kernteam',), ('kernteam',), 'ondersteuning', ['naw'] + PLAN + ZRM, only_2015(UR)),
    Flow('C1', TEAMS, TEAMS, 'ondersteuning', ['naw'] + PLAN + ZRM, only_2026(statute('wmo-5.1.1'), UR)),
    Flow('C2', ('wmo-team', 'zorgaanbieder', 'huisarts', 'medisch-specialist', 'vrijgevestigde', 'school', 'gemeente'),
         ('kernteam',), 'integraal-plan', ['naw', 'voorziening-dat', 'advies-dat', 'rapportage', 'gezondheid'],
         each((WR,), (WR, UR))),
    Flow('D1', TEAMS, ('zorgaanbieder',), 'toekenning',
         THE_EIGHT + ['vertegenwoordiger', 'behandelaar', 'doel', 'deskundigenadvies', 'gespreksverslag',
                      'integraal-plan', 'verblijfplaats', 'toewijzing', 'periode', 'soort-voorziening', 'omvang',
                      'budget'],
         each((WR, UR), (statute('wmo-5.2.1'), statute('jeugdwet-7.4.0-1'), WR, UR))),
    Flow('D2', TEAMS, ('cak',), 'eigen-bijdrage',
         ['bsn', 'naw', 'geboortedatum', 'burgerlijke-staat', 'toewijzing', 'periode', 'soort-voorziening',
          'kostprijs'],
         each(OLD_STATUTES, (statute('wmo-5.2.1'),))),
    Flow('D3', TEAMS, ('svb',), 'pgb',
         ['bsn', 'naw', 'geboortedatum', 'correspondentie', 'telefoon', 'email', 'vertegenwoordiger', 'toewijzing',
          'periode', 'soort-voorziening', 'budget'],
         each(OLD_STATUTES, (statute('wmo-5.2.1'), statute('jeugdwet-8.1.8')))),
    Flow('E1', ('zorgaanbieder', 'medisch-specialist', 'vrijgevestigde', 'pgb-hulpverlener'), ('kernteam',),
         'monitoring', ['naw', 'rapportage'],
         each((WR, UR), (statute('wmo-5.2.2', by=('zorgaanbieder', 'pgb-hulpverlener')),
                         statute('jeugdwet-7.4.0-2', by=('zorgaanbieder',)), WR, UR))),
    Flow('F1', ('zorgaanbieder',), ('gemeente', 'opdrachtgever-jeugd'), 'declaratie',
         ['bsn', 'toewijzing', 'periode', 'soort-voorziening', 'omvang', 'declaratie'],
         each(OLD_STATUTES, (statute('wmo-5.2.2'), statute('jeugdwet-7.4.0-2')))),
    Flow('F2', ('svb',), ('gemeente', 'opdrachtgever-jeugd'), 'verantwoording-pgb',
         ['bsn', 'toewijzing', 'periode', 'budget', 'besteding'],
         each(OLD_STATUTES, (statute('wmo-5.2.4'), statute('jeugdwet-8.1.8')))),
    Flow('X1', TEAMS, ('school', 'huisarts', 'zorgaanbieder', 'medisch-specialist', 'vrijgevestigde'),
         'extern-overleg', ['naw', 'geboortedatum', 'gespreksverslag', 'integraal-plan', 'voorziening-dat'],
         both(WR, UR), one_time=True),
    Flow('X2', TEAMS + ('zorgaanbieder', 'huisarts', 'medisch-specialist', 'vrijgevestigde', 'pgb-hulpverlener',
                        'beschermd-wonen', 'school'), ('veilig-thuis', 'veiligheidshuis'), 'escalatie',
         ['naw', 'geboortedatum', 'correspondentie', 'telefoon', 'verblijfplaats', 'gespreksverslag', 'rapportage',
          'gezondheid', 'zrm-huiselijke-relaties', 'voorziening-dat'],
         each((WR, UR), (statute('wmo-5.2.6', to=('veilig-thuis',)), WR, UR))),
    Flow('E2', ('zorgaanbieder',), COLLEGE, 'levering',
         ['bsn', 'naw', 'geboortedatum', 'geslacht', 'toewijzing', 'periode', 'soort-voorziening', 'omvang',
          'beeindiging'],
         only_2026(statute('wmo-5.2.2'), statute('jeugdwet-7.4.0-2'))),
    Flow('E3', ('zorgaanbieder', 'vrijgevestigde'), COLLEGE, 'verzoek-toewijzing',
         ['bsn', 'naw', 'geboortedatum', 'geslacht', 'vertegenwoordiger', 'toewijzing', 'periode', 'soort-voorziening',
          'omvang', 'budget', 'verwijzing', 'beeindiging'],
         only_2026(statute('wmo-5.2.2', by=('zorgaanbieder',)), statute('jeugdwet-7.4.0-2', by=('zorgaanbieder',)))),
    Flow('D4', COLLEGE, ('zorgaanbieder', 'vrijgevestigde'), 'verzoek-toewijzing', ['toewijzing', 'beeindiging'],
         only_2026(statute('wmo-5.2.1', to=('zorgaanbieder',)), statute('jeugdwet-7.4.0-1', to=('zorgaanbieder',)))),
    Flow('F3', ('zorgaanbieder', 'pgb-hulpverlener'), ('cak',), 'eigen-bijdrage',
         ['bsn', 'periode', 'soort-voorziening'], only_2026(statute('wmo-5.2.2'))),
    Flow('F4', ('zorgaanbieder', 'pgb-hulpverlener'), ('svb',), 'pgb',
         ['bsn', 'periode', 'soort-voorziening', 'omvang', 'declaratie'], only_2026(statute('wmo-5.2.2'))),
    Flow('F5', ('cak',), ('gemeente', 'kernteam'), 'eigen-bijdrage',
         ['bsn', 'periode', 'kostprijs'], only_2026(statute('wmo-5.2.4'))),
    Flow('C3', ('zorgverzekeraar',), ('kernteam',), 'integraal-plan',
         ['voorziening-dat', 'gezondheid'], only_2026()),
]
PACKS = list(STATUTES)
