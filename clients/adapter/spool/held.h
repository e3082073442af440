/* Messages that are held: since when, until when, what they wait for, and the consent that was asked for. */
#pragma once
#include "codec/document_writer.h"
#include "spool_parts.h"

/* Finds what is known of how the item is held, for its report and for held_put. */
void held_begin (struct spool *self, struct item *item);
/* Says it in the report that is open. */
void held_describe (const struct item *item, struct document_writer *report);
/* Within a change of the ledger. */
void held_put (struct spool *self, struct item *item);
void held_forget (struct spool *self, const char *name);

/* Has those decided anew that are about the subject. 0 or -errno. */
int held_wake (struct spool *self, const char *subject_ref);
/* Notes what was answered to a request for consent ("granted", "refused", "deferred"), in the ledger and in the
   reports of what waits for it. 0 or -errno. */
int held_answered (struct spool *self, const char *consent_id, const char *answer);
/* The same of one message. `request` is borrowed. */
int held_note_request (struct spool *self, const char *name, json_t *request);
/* 0 or -errno. Caller owns *report_p. */
int held_report (struct spool *self, const char *name, json_t **report_p);

/* held_end.c */
/* Ends those about a subject who was erased: nothing is left of them but that. 0 or -errno. */
int held_erase (struct spool *self, const char *subject_ref);
/* Ends what is past its date. 0 or an exit code. */
int held_expire (struct spool *self);
/* Ends one for a reason that is no passage's: "DROPPED", "EXPIRED". 0 or -errno; -ENOENT: there is no such
 * message. */
int held_end (struct spool *self, const char *name, const char *code, const char *reason);

/* held_request.c: asks for the consents that the items of the group lack. 0 or an exit code. */
int held_request (struct spool *self);
/* A request that was answered, or is no more: who lacks the same later asks anew. 0 or -errno. */
int held_asked_no_more (struct spool *self, const char *consent_id);
