/* Random facts and checks on the small pack: the same in every run. */
#pragma once
#include "fixture_policy.h"
#include "random_pick.h"

/* Lists of parties and of categories, as words; and purposes. */
enum { RANDOM_PARTIES = 5, RANDOM_CATEGORIES = 5, RANDOM_PURPOSES = 3 };
extern const char *const random_parties[RANDOM_PARTIES];
extern const char *const random_categories[RANDOM_CATEGORIES];
extern const char *const random_purposes[RANDOM_PURPOSES];

/* Fresh facts and a check. The caller is one of the two, or a third that hears all or not. */
struct check random_check (struct fixture *self);
/* Takes one part away, some of which only a provider bound by secrecy needs. */
void random_spoil (struct triage *triage, moment now);

/* Whether two decisions are the same to the caller: in everything but the reasons that it does not hear. Consents
   are told apart by id, since their positions may have changed. */
bool sounds_the_same (const struct decision *a, const struct statement *of_a, const struct decision *b,
                      const struct statement *of_b);
bool same_codes (const struct rule_codes *a, const struct rule_codes *b);
