/* Turns questions into messages, and messages into answers. Single checks and batches share this. */
#pragma once
#include "connection.h"

/* A question in the form of the wire. It points into itself, so it may not be moved. */
struct lent_check {
    Consentd__CheckRequest wire; /* borrows from the question */
    Consentd__Item *items, **list;
    Consentd__WrittenRequest written_request; /* this and the next two: only if claimed */
    Consentd__Evidence evidence;
    Consentd__UrgentReasons urgent_reasons;
    Consentd__Triage triage;
};

/* Fills *lent, which must be ended with check_return. False, and there is nothing to end, if the question is
   larger than a message. */
bool check_lend (const struct consent_question *question, struct lent_check *lent);
void check_return (struct lent_check *lent);

/* The reply that this answer would have been alone, of this epoch. What the answer holds is moved there. */
Consentd__Reply *check_reply_of (const ProtobufCBinaryData *epoch, Consentd__BatchAnswer *answer);

/* Makes the answer to a question from a reply, and takes over the reply. A reply that does not fit is a denial.
   `asked` NULL: nobody knows any more what was asked. */
struct consent_answer *check_answer (consent_t *self, Consentd__Reply *reply, const Consentd__CheckRequest *asked);
/* Makes the answer if there was no reply. consent_last_error says why. */
struct consent_answer *check_failed (const consent_t *self, int status);
