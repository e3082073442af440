/* What the register of processing says of one flow of a pack: the columns that AVG 30(1) asks for. */
#pragma once
#include "ask.h"
#include "letter/letter_sender.h"
#include "rules/policy.h"

enum register_column {
    REGISTER_CONTROLLER, /* AVG 30(1)(a) */
    REGISTER_CONTACT,
    REGISTER_OFFICER,
    REGISTER_CODE,
    REGISTER_NAME,
    REGISTER_PURPOSE, /* (b) */
    REGISTER_GROUNDS,
    REGISTER_SUBJECTS, /* (c) */
    REGISTER_DATA,
    REGISTER_SPECIAL,
    REGISTER_PROVIDERS,
    REGISTER_RECIPIENTS, /* (d) */
    REGISTER_ABROAD,     /* (e) */
    REGISTER_PERIODS,    /* (f) */
    REGISTER_MEASURES,   /* (g) */
    REGISTER_SOURCE,
    REGISTER_COLUMNS,
};

extern const char *const register_headings[REGISTER_COLUMNS];

struct register_setting {
    struct arena *arena;
    const struct policy *policy;
    const struct letter_sender *sender; /* nothing is missing in it */
    const Consentd__PartyListReply *parties;
};

/* Fills the cells, which are the arena's. */
void register_row (const struct register_setting *self, const struct policy_flow *flow,
                   const char *cells[REGISTER_COLUMNS]);
/* The texts with `between` between them. The arena's. */
const char *register_join (struct arena *arena, const char *const *texts, size_t count, const char *between);
