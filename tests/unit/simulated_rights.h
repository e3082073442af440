/* Requests by which a subject exercises rights, in a simulation: made, put off, heard, decided, and what is said
   of them. */
#pragma once
#include "simulation_verbs.h"

/* Who records requests, and who keeps their list besides. */
#define TEAM "kernteam"
#define CLERK "klachten"

struct said_request {
    const char *bsn, *by, *received, *asked;
    unsigned kind, identity, way;
    uint64_t against;
};

enum {
    GRANTED_WHOLE = CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED,
    IN_PART = CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART,
    REFUSED_WHOLE = CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED,
    WITHDRAWN = CONSENTD__RIGHTS_STATE__RIGHTS_WITHDRAWN,
};

enum {
    CAME_NO_OBJECTION = CONSENTD__RIGHTS_VIEW_CAME__VIEW_NO_OBJECTION,
    CAME_OBJECTS = CONSENTD__RIGHTS_VIEW_CAME__VIEW_OBJECTS,
};

/* A copy of the text, or of the other one if it is NULL. */
char *simulated_text (struct simulation *sim, const char *given, const char *otherwise);

Consentd__Request *simulated_opening (struct simulation *sim, const struct said_request *said);
Consentd__Reply *simulated_rights_opened (struct simulation *sim, const struct said_request *said);
uint64_t simulated_rights_number_of (struct simulation *sim, const Consentd__Reply *reply);
Consentd__Request *simulated_extending (struct simulation *sim, uint64_t number, moment until);
Consentd__Request *simulated_hearing (struct simulation *sim, uint64_t number, moment until, unsigned came);
Consentd__Request *simulated_deciding (struct simulation *sim, uint64_t number, unsigned outcome,
                                       const char *announced);
Consentd__Request *simulated_showing (struct simulation *sim, uint64_t number);
const Consentd__RightsRequest *simulated_rights_shown (struct simulation *sim, uint64_t number);
const char *simulated_day_of (struct simulation *sim, moment when);
/* "open 2026-05-29": the state, and the last day. */
const char *simulated_state_of (struct simulation *sim, uint64_t number);
/* "RIGHTS 7 2026-05-29 999900006, VIEW 7 ..." */
const char *simulated_rights_due (struct simulation *sim, const char *party, moment until);
/* "7 8": the numbers on all pages. */
const char *simulated_rights_list (struct simulation *sim, const char *party, const char *bsn, unsigned limit);
void simulated_rights_assert_event (struct simulation *sim, const char *party, uint64_t event, unsigned kind,
                                    uint64_t number);
int simulated_rights_setup (void **state);
int simulated_rights_setup_2026 (void **state);

#define OPEN_REPLY(sim, ...) simulated_rights_opened (sim, &(struct said_request){__VA_ARGS__})
/* Opens a request, which must be admitted; its number. */
#define OPENED(sim, ...) simulated_rights_number_of (sim, OPEN_REPLY (sim, __VA_ARGS__))
#define EXTEND(sim, number, until) simulation_answer (sim, TEAM, simulated_extending (sim, number, until))
#define HEAR(sim, number, until, came) simulation_answer (sim, TEAM, simulated_hearing (sim, number, until, came))
#define DECIDE(sim, number, outcome, announced) \
    simulation_answer (sim, TEAM, simulated_deciding (sim, number, outcome, announced))
#define NUMBERS(sim, format, ...) arena_printf ((sim)->arena, format, __VA_ARGS__)
#define RIGHTS_TEST(name) cmocka_unit_test_setup_teardown (name, simulated_rights_setup, simulation_teardown)
#define RIGHTS_TEST_2026(name) \
    cmocka_unit_test_setup_teardown (name, simulated_rights_setup_2026, simulation_teardown)
