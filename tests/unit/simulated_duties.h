/* What a simulation says of what disclosures oblige to, and of what is coming (C10, M5), as lines of text. */
#pragma once
#include "rules/statement.h"
#include "simulation_verbs.h"

#define FEE .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo" /* on a statute of the pack */

enum {
    SUBJECT = CONSENTD__OBLIGATION__INFORM_SUBJECT,
    RECORD = CONSENTD__OBLIGATION__RECORD_IN_PLAN,
    WHY = CONSENTD__OBLIGATION__RECORD_AGAINST_WILL,
    SOURCE = CONSENTD__OBLIGATION__INFORM_OF_SOURCE,
    RECTIFY = CONSENTD__OBLIGATION__RECTIFY_DATA,
    ERASE = CONSENTD__OBLIGATION__ERASE_DATA,
};

/* Discloses FEE, which must be permitted; the number of its decision. */
uint64_t simulation_disclosed (struct simulation *self);
/* Requests that report an obligation of that decision done, or put it off. */
Consentd__Request *simulation_done (struct simulation *self, uint64_t decision, unsigned kind, moment when);
Consentd__Request *simulation_put_off (struct simulation *self, uint64_t decision, unsigned kind, moment until);

/* Tells who received one of these categories of the subject, or NULL: anything, that it is to be corrected or
   erased (R4), in a turn of its own with a line of the log; the number of that line. */
uint64_t simulation_recipients_told (struct simulation *self, const char *bsn, unsigned kind,
                                     const struct text_set *categories);

/* "SUBJECT 2026-05-16 of kernteam", with " deferrable", " deferred", " done". */
const char *simulation_duty (struct simulation *self, const Consentd__Duty *duty);
/* The same of each, with ", " between. */
const char *simulation_duties (struct simulation *self, Consentd__Duty *const *duties, size_t count);
/* A page of what the party sees of 999900006, which must be shown; and all that it sees, which is one page. */
Consentd__ObligationListReply *simulation_duties_page (struct simulation *self, const char *party, unsigned limit,
                                                       ProtobufCBinaryData after);
const char *simulation_listed (struct simulation *self, const char *party);

/* A request for what is coming; a page of it: obligations, "ends 2026-06-25", "lapses 2026-06-10 birthday"; and
   everything that the party sees coming, a page of so many at a time. */
Consentd__Request *simulation_due_list (struct simulation *self, moment until, unsigned limit,
                                        ProtobufCBinaryData after);
const char *simulation_due (struct simulation *self, const Consentd__DueListReply *reply);
const char *simulation_coming (struct simulation *self, const char *party, moment until, unsigned limit);
