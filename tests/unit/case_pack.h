/* The small pack with cases, for the tests of cases.txt: team > cak, naw, for help, on consent or on wmo-2015. The
   flow admits everything, more kinds and codes are known, and health may go to cak. */
#pragma once
#include "changed_pack.h"

/* Eight lines, so that what follows begins on line 9. */
#define ASKED "case a\n nl N\n source S\n provider team\n recipient cak\n purpose help\n items naw\n origin wmo\n"
/* The same with other items, and none of them with an origin. */
#define ASKED_OF(items) \
    "case a\n nl N\n source S\n provider team\n recipient cak\n purpose help\n items " items "\n mode disclose\n"
#define BY_LAW " expect PERMIT statute wmo-2015\n"

/* What policy_read_texts returns of that pack with these cases. */
int case_pack_try_all (const char *cases, struct policy **policy_p, struct policy_faults *faults);
int case_pack_try (const char *cases, struct policy **policy_p, struct policy_error *error);
