/* What each verb does. Each verb has one function, each family of verbs one file.

   Each returns 0 with the answer in `handling`, or a failure that ends the turn: RECORD_DAMAGED and failures of
   the store become UNAVAILABLE, never a permit (C12). */
#pragma once
#include "caller.h"
#include "handling.h"
#include "request.h"
#include "turn.h"

typedef int verb_handler (struct turn *turn, const struct caller *caller, const struct request *request,
                          struct handling *handling);

/* verb_whoami and so on. A batch has no handler: each of its checks is judged as a check. */
#define HANDLER_OF_LIST(NAME, name) verb_handler verb_##name;
VERB_LIST (HANDLER_OF_LIST)
#undef HANDLER_OF_LIST

/* About how many bytes a consent, or one withdrawal of it, takes on the wire; rather too many than too few. A
   consent, and a page of consents, must fit in a message. */
enum { CONSENT_SIZE_LIMIT = 48 * 1024 };
size_t consent_size (const struct statement *statement);
size_t consent_withdrawal_size (const struct withdrawal *one);

/* The caller sees consents whole. Other parties see only their own items (V2, C9). */
bool verb_sees_whole (const struct caller *caller);

/* The caller may explain decisions: all that they rested on. */
bool verb_may_explain (const struct caller *caller);
/* The party takes part, and is an organisation of the pack's, not an operator. */
bool verb_takes_part (const struct party_entry *entry);
/* The line of the log holds a decision. */
struct audit_head;
bool verb_is_decision (const struct audit_head *head);

/* A reference in the request holds the BSN of the subject of handling->file (A3). The answer is then INVALID. To
   be called once the caller may see that subject, and before anything is changed. */
bool verb_names_own_bsn (struct turn *turn, const struct request *request, struct handling *handling);

/* About how many bytes an obligation takes in an answer, rather too many than too few. A page of them ends at
   DUTY_SIZE_LIMIT. */
enum { DUTY_SIZE_LIMIT = 44 * 1024 };
size_t verb_obligation_size (const struct kept_duty *duty);
/* The caller sees the obligation: it is the holder, or it may explain or is an operator. */
bool verb_obligation_is_shown (const struct caller *caller, const struct kept_duty *duty);
