/* A small pack, its parties, a subject and his statements, for the tests of the rules.

   The pack, consent first. Besides consent a flow has statutes, and may admit a written request (wr) or urgent
   reasons (ur):

     ondersteuning   kernteam > kernteam                         naw rapportage justitie      ur
     integraal-plan  kernteam zorgaanbieder huisarts > kernteam  naw rapportage               wr ur
     toekenning      kernteam > zorgaanbieder huisarts           naw bsn rapportage justitie  wr ur
                       wmo (to zorgaanbieder), zorgwet
     toekenning      huisarts > kernteam                         naw                          wmo; wr ur
     eigen-bijdrage  kernteam > cak                              naw bsn rapportage           wmo
     extern-overleg  kernteam > zorgaanbieder school             naw                          one-time; wr
     escalatie       kernteam huisarts > veilig-thuis            naw rapportage justitie      meldrecht; wr ur

   rapportage is special (health), justitie special (other); cak may have nothing special. A consent for
   ondersteuning also serves integraal-plan, which is valid for 3 months at most; all others 12.

     statute     origins    carries   breaks secrecy   passes a restriction
     wmo         wmo, brp   none      no               no
     zorgwet     wmo        health    no               no
     meldrecht   every      all       yes              yes

     reason      carries    passes a restriction
     vitaal      all        yes
     zorg        health     no
     overlast    none       yes

   Who is told afterwards is told within 14 days. Parties: kernteam and wijkteam (kind kernteam), horizon
   (zorgaanbieder), jansen (huisarts, bound by secrecy), cak, meldpunt (veilig-thuis), school. Agreements, where
   needed, run from 2026-01-01 to 2028-01-01. */
#pragma once
#include "arena.h"
#include "testing.h"
#include "rules/decide.h"
#include "rules/grant.h"

enum { FIXTURE_STATEMENTS = 40, FIXTURE_PARTIES = 7 };
enum { HOUR = 60 * 60 * 1000 }; /* milliseconds */

struct fixture {
    struct arena *arena;
    struct policy policy; /* lists that a test wants to change it replaces in its own copy */
    struct policy_age_band ages[3];
    struct party parties[FIXTURE_PARTIES];
    struct subject subject; /* born 1980-06-15, signs alone */
    struct statement statements[FIXTURE_STATEMENTS];
    size_t statement_count;
    struct listener listener; /* hears all */
    moment now;               /* 2026-05-01 12:00 */
    struct decision decision; /* of the last fixture_decide */
};

/* cmocka's setup and teardown: *state is a fresh struct fixture. */
int fixture_setup (void **state);
int fixture_teardown (void **state);
/* The entry of a test in cmocka's table. */
#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown (name, fixture_setup, fixture_teardown)

/* 00:00 of that day, "YYYY-MM-DD", in Amsterdam. */
moment fixture_at (const char *day);
struct day fixture_day (const char *day);
/* A set of the words. Lives as long as the fixture, as all else here. */
struct text_set fixture_set (struct fixture *self, const char *words);
struct party *fixture_party (struct fixture *self, const char *id);
/* For struct grant_parties; the table is the fixture. */
const struct party *fixture_find_party (const void *table, const char *id);

/* Records a reusable consent of 2026-04-01, valid for a year, written, with evidence and notice, signed by the
   subject. Lists are words. Change it as the test needs. */
struct statement *fixture_consent (struct fixture *self, const char *providers, const char *recipients,
                                   const char *categories, const char *purpose);
/* The same as a refusal. */
struct statement *fixture_refusal (struct fixture *self, const char *providers, const char *recipients,
                                   const char *categories, const char *purpose);
/* Withdraws all of the statement, at that moment; narrow the result to withdraw a part. */
struct withdrawal *fixture_withdraw (struct fixture *self, struct statement *statement, moment recorded_at);
/* Signs the statement, besides who signed before. */
void fixture_sign (struct fixture *self, struct statement *statement, const char *signer, moment given_at);
/* From that day on the category is restricted, "": everything. In place of an earlier restriction. */
void fixture_restrict (struct fixture *self, const char *category, const char *day);
/* Registers a representative from that day on. */
struct representative *fixture_representative (struct fixture *self, const char *reference, const char *kind,
                                               const char *from);

/* The pack tries statutes before consent. */
void fixture_statute_first (struct fixture *self);

/* A DISCLOSE. `items` are words "category" or "category/origin". */
struct check fixture_check (struct fixture *self, const char *provider, const char *recipient, const char *purpose,
                            const char *items);
/* The usual case: a consent, and the check that it carries: kernteam to wijkteam, naw, ondersteuning. There is no
   statute for that. */
struct statement *fixture_usual_consent (struct fixture *self);
struct check fixture_usual_check (struct fixture *self);
/* Two checks for which there is no statute either: kernteam to wijkteam, ondersteuning; and jansen, who is bound
   by secrecy, to kernteam, integraal-plan. */
struct check fixture_support_check (struct fixture *self, const char *items);
struct check fixture_plan_check (struct fixture *self, const char *items);
/* Claims a written request by these persons, of an hour ago; or urgent reasons with a complete triage decision,
   which is lent. */
void fixture_claim_request (struct fixture *self, struct check *check, const char *by);
struct triage *fixture_claim_urgency (struct fixture *self, struct check *check, const char *reason);
/* The same for zorg, and the subject is told an hour from now. */
struct triage *fixture_claim_and_inform_after (struct fixture *self, struct check *check);
struct decide_facts fixture_facts (struct fixture *self);
/* Resolves the statements, decides at `now`, and returns the decision. */
const struct decision *fixture_decide (struct fixture *self, const struct check *check);
/* The names of the codes, with spaces between; "" if none. */
const char *fixture_codes (struct fixture *self, const struct rule_codes *codes);
/* Decides and says of the first item "consent", "statute", "written request", the code of the urgent reason, or
   all its reasons. */
const char *fixture_outcome (struct fixture *self, const struct check *check);
#define assert_outcome(fixture, check, expected) assert_string_equal (fixture_outcome (fixture, check), expected)
/* The reasons of that item of the last decision which the listener may hear. */
const char *fixture_heard (struct fixture *self, size_t item);
/* The state of a statement as people see it, `now`. */
enum statement_state fixture_state (struct fixture *self, size_t index);
/* What the triage decision lacked at the last decision: the names of its parts, with spaces between. */
const char *fixture_missing (struct fixture *self);
/* Whether nothing of it is left at that moment; and whether another one has taken its place by `now`. */
bool fixture_is_withdrawn (const struct statement *one, moment at);
bool fixture_is_superseded (struct fixture *self, const struct statement *one);
