/* What the registry knows that completes a word: the codes of its policy pack, its parties, consents. */
#pragma once
#include "complete_parts.h"
#include "envelope.pb-c.h"

/* Each asks with the key that the command line names, or the usual one, and once. Where the registry is away, does
   not answer within a second, or does not admit that, nothing is offered. What is asked has its line in the log.
 */

/* The codes of one sort, or the parties, each with its label, in Dutch where the language of the user is. */
void complete_live_terms (const struct completing *self, Consentd__TermSort sort);
/* The ids of consents, refusals and requests: for an operator those of the newest lines of the log, for who may
   `grant` or `explain` those of what is due within 30 days. With when and by whom; nothing of whom it is about. */
void complete_live_ids (const struct completing *self);
