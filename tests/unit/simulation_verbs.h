/* What tests of a simulation say: requests in a line, answers as a line of text.

   Lists are words between spaces. What a line leaves out is what most tests want: the adult subject 999900006,
   kernteam to zorgaanbieder-horizon, toekenning, naw; a written form with evidence and notice, signed by the
   subject a minute ago, valid for 60 days. */
#pragma once
#include "simulation.h"

#define AT(text) simulation_at (text)

/* The recipient where a line says none. */
extern const char horizon[];

/* cmocka's setup: a fresh simulation in which 999900006 is on record, an adult. */
int simulation_setup_adult (void **state);
/* The entries of tests in cmocka's table: of a fresh simulation, and of one with that adult. */
#define SIMULATION_TEST(name) cmocka_unit_test_setup_teardown (name, simulation_setup, simulation_teardown)
#define ADULT_TEST(name) cmocka_unit_test_setup_teardown (name, simulation_setup_adult, simulation_teardown)

struct simulated_statement {
    const char *bsn, *from, *to, *categories, *purpose, *origins, *case_ref;
    Consentd__Form form; /* 0: written */
    bool no_evidence, one_time;
    const char *signers;
    moment signed_at;        /* 0: a minute ago */
    const char *also_signer; /* who signed at another moment */
    moment also_signed_at;
    moment valid_from, valid_until; /* NO_END: none */
    const uint8_t *answers;         /* the request for it */
    const char *key;                /* 16 bytes, of the idempotency key; else a new one */
};

enum { NO_END = 1 };

struct simulated_check {
    const char *by; /* the party that asks; else the one that discloses */
    const char *bsn, *from, *to, *purpose, *case_ref;
    const char *items; /* "naw/wmo bsn/jeugdwet rapportage"; without origin: "naw/" */
    bool advise;       /* else DISCLOSE */
    bool all_or_nothing;
    const char *written_by; /* claims a written request of these persons */
    int64_t written_at;     /* 0: an hour ago */
    const char *manager;    /* who was consulted (C15) */
    const char *no_manager; /* or why nobody was */
    bool under_secrecy;
    const char *urgent;  /* claims this urgent reason, with a whole triage decision, told before; */
    const char *without; /* but for these of its fields */
    moment inform_by;    /* told after, by then */
};

struct simulated_revocation {
    const char *by; /* the party that passes it on: kernteam */
    const uint8_t *consent;
    const char *from, *to, *categories; /* absent: all */
    const char *withdrawn_by;           /* subject */
    const char *nobody_reason;          /* then withdrawn_by is left out */
};

struct simulated_person { /* the whole of the record, which takes the place of the one before */
    const char *bsn, *born, *died;
    const char *representatives; /* "ouder-1 curator-1:curator voogd-1:voogd:2020-01-01:2026-05-20"; else of kind
                                    ouder-met-gezag, from 2000 on, with no end */
    const char *refused;         /* which of them are refused (M7), */
    const char *refused_from;    /* from this day on */
    const char *incapable_from, *capable_from; /* days; in this order */
};

struct simulated_request { /* for a consent (G1) */
    const char *by;        /* the party that asks: zorgaanbieder-horizon */
    const char *bsn, *from, *to, *categories, *purpose, *origins, *case_ref, *motivation;
    bool one_time;
    moment valid_from, valid_until; /* NO_END: none */
};

/* A request of that verb, whose body is empty, to be filled in. */
Consentd__Request *simulation_asking (struct simulation *self, Consentd__Request__BodyCase body);

Consentd__Request *simulation_statement (struct simulation *self, const struct simulated_statement *said,
                                         bool refusal);
Consentd__Request *simulation_check (struct simulation *self, const struct simulated_check *asked);
Consentd__Request *simulation_revocation (struct simulation *self, const struct simulated_revocation *said);
Consentd__Request *simulation_person (struct simulation *self, const struct simulated_person *person);
/* Puts that adult on record. */
void simulation_adult (struct simulation *self);

/* A batch of these checks. */
Consentd__Request *simulation_batch (struct simulation *self, const struct simulated_check *asked, size_t count);
Consentd__Request *simulation_request (struct simulation *self, const struct simulated_request *asked);
Consentd__Request *simulation_defer (struct simulation *self, const uint8_t *request, const char *reason);

/* The party that such a check comes from. */
const char *simulation_asker (const struct simulated_check *asked);

/* "consent", "wmo-2015", "written request", "vitaal-belang", "EXPIRED REVOKED": ground or reasons of each item,
   between commas, after the verdicts were found to agree with each other; "TRIAGE_INCOMPLETE(inform_why)". A
   status that is not OK: "REJECTED MUST_BE_ONE_TIME", "INVALID check.purpose", "FORBIDDEN". An answer OK that is
   not a check's: "OK". Given again: with " again" behind it, or " again revoked". */
const char *simulation_said (struct simulation *self, const Consentd__Reply *reply);
/* What the log shows operators of its first line of this action. */
const char *simulation_logged (struct simulation *self, const char *action);

/* The same of one answer to a batch. */
const char *simulation_said_at (struct simulation *self, const Consentd__Reply *batch, size_t index);

/* These ask in a turn of their own, and answer with that text. */
const char *simulation_answer (struct simulation *self, const char *party, Consentd__Request *request);
#define GRANT(sim, ...) simulation_said (sim, GRANT_REPLY (sim, __VA_ARGS__))
#define REFUSE(sim, ...)                      \
    simulation_said (                         \
        sim, simulation_ask (sim, "kernteam", \
                             simulation_statement (sim, &(struct simulated_statement){__VA_ARGS__}, true)))
#define CHECK(sim, ...) simulation_said (sim, CHECK_REPLY (sim, __VA_ARGS__))
#define REVOKE(sim, ...) simulation_said (sim, REVOKE_REPLY (sim, __VA_ARGS__))
#define PERSON(sim, ...) \
    simulation_said (    \
        sim, simulation_ask (sim, "kernteam", simulation_person (sim, &(struct simulated_person){__VA_ARGS__})))

#define ASK(sim, ...) simulation_said (sim, ASK_REPLY (sim, __VA_ARGS__))
#define DEFER(sim, request) \
    simulation_said (sim,   \
                     simulation_ask (sim, "kernteam", simulation_defer (sim, request, "wil eerst overleggen")))

/* The whole answer. */
#define GRANT_REPLY(sim, ...) \
    simulation_ask (sim, "kernteam", simulation_statement (sim, &(struct simulated_statement){__VA_ARGS__}, false))
#define CHECK_REPLY(sim, ...)                                                       \
    simulation_ask (sim, simulation_asker (&(struct simulated_check){__VA_ARGS__}), \
                    simulation_check (sim, &(struct simulated_check){__VA_ARGS__}))
#define REVOKE_REPLY(sim, ...)                                                            \
    simulation_ask (sim, simulation_passer (&(struct simulated_revocation){__VA_ARGS__}), \
                    simulation_revocation (sim, &(struct simulated_revocation){__VA_ARGS__}))
#define ASK_REPLY(sim, ...)                                                               \
    simulation_ask (sim, simulation_requester (&(struct simulated_request){__VA_ARGS__}), \
                    simulation_request (sim, &(struct simulated_request){__VA_ARGS__}))
/* Asks for a consent, which must be admitted; the id of the request. */
#define ASKED(sim, ...) simulation_granted (sim, ASK_REPLY (sim, __VA_ARGS__))
/* Records a consent, which must be admitted, if with a warning (G9); its id, 16 bytes. */
#define GRANTED(sim, ...) simulation_granted (sim, GRANT_REPLY (sim, __VA_ARGS__))

const char *simulation_requester (const struct simulated_request *asked);
const char *simulation_passer (const struct simulated_revocation *said);
const uint8_t *simulation_granted (struct simulation *self, const Consentd__Reply *reply);

/* The operator puts the registry's time back to the clock on the wall (C14). */
void simulation_reset_clock (struct simulation *self);

/* The words of a list, with spaces between, sorted. */
const char *simulation_words (struct simulation *self, char *const *words, size_t count);
/* The `index`th number of the range for tests that passes the 11-test; as long as the simulation. */
const char *simulation_bsn (struct simulation *self, unsigned index);
