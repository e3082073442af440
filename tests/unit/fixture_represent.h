/* Who exercises the subject's rights (section 4 of the rules), on top of the small pack. */
#pragma once
#include "fixture_policy.h"
#include "rules/represent.h"

/* A child born 2014-06-15 with a mother who has authority: 12 on 2026-06-15, 16 on 2030-06-15. */
struct representative *fixture_child (struct fixture *self);
/* The subject is not capable from that day on; and is again from that one, after it. */
void fixture_incapable_from (struct fixture *self, const char *day);
void fixture_capable_again_from (struct fixture *self, const char *day);

/* Who must sign on that day: "subject", "representatives", "both" or "nobody". */
const char *fixture_signers_on (struct fixture *self, const char *day);
/* The usual consent without any signature, to sign; and whether all who must have signed it. */
struct statement *fixture_unsigned_consent (struct fixture *self);
bool fixture_is_signed (struct fixture *self, const struct statement *one);
/* It lapses as that day begins; NULL: never. Or it has never counted. */
void fixture_assert_lapses (struct fixture *self, const struct statement *one, const char *day);
void fixture_assert_never_counted (struct fixture *self, const struct statement *one);
