/* What tests of the packs in config/policies/ say of one: sets of codes, and a row of the table as the text of the
   specification gives it. */
#pragma once
#include "policy/policy_read.h"

#define TEAMS "kernteam wmo-team"
#define REPORTERS \
    TEAMS " zorgaanbieder huisarts medisch-specialist vrijgevestigde pgb-hulpverlener beschermd-wonen school"
#define EIGHT "naw burgerlijke-staat geboortedatum geslacht correspondentie telefoon email bsn"
#define ZRM                                                                                                     \
    "zrm-financien zrm-dagbesteding zrm-huisvesting zrm-huiselijke-relaties zrm-geestelijke-gezondheid "        \
    "zrm-lichamelijke-gezondheid zrm-verslaving zrm-adl zrm-sociaal-netwerk zrm-maatschappelijke-participatie " \
    "zrm-justitie"

/* The pack of this name, which must be right. Caller owns it. */
struct policy *shipped_pack_read (const char *name, policy_hash_function *hash);

typedef code shipped_pack_find (const struct policy *policy, const char *name);
shipped_pack_find shipped_pack_statute;
/* The codes of a list between spaces, each of which the pack must know. */
code_set shipped_pack_set (const struct policy *policy, const char *list, shipped_pack_find *find);
void assert_same_set (code_set actual, code_set expected, const char *what);

struct expected_flow {
    const char *code, *source, *providers, *recipients, *purpose, *categories;
    const char *statutes; /* in their order, and by and to whom: "wmo-5.2.2 by zorgaanbieder; jeugdwet-8.1.8" */
    bool written_request, urgent_reasons, one_time;
    unsigned cells; /* provider kind x recipient kind x category that flow, special ones only where they may */
    bool no_consent;
};

void assert_flow (const struct policy *policy, const struct policy_flow *flow,
                  const struct expected_flow *expected);
