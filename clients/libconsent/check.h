/* Questions to the wire and answers back: what single checks and batches share. */
#pragma once
#include "connection.h"

/* A question as the wire has it; it points into itself, and stays where it is. */
struct lent_check {
    Consentd__CheckRequest wire; /* borrows from the question */
    Consentd__Item *items, **list;
    Consentd__WrittenRequest written_request; /* these where they are claimed */
    Consentd__Evidence evidence;
    Consentd__UrgentReasons urgent_reasons;
    Consentd__Triage triage;
};

/* Fills it; end it with check_return. False, and nothing to end, where the question is larger than a message. */
bool check_lend (const struct consent_question *question, struct lent_check *lent);
void check_return (struct lent_check *lent);

/* The answer that a reply is to a question; takes over the reply. Whatever does not fit is a denial. */
struct consent_answer *check_answer (consent_t *self, Consentd__Reply *reply, const Consentd__CheckRequest *asked);
/* The answer where there was no reply: consent_last_error says why. */
struct consent_answer *check_failed (const consent_t *self, int status);
