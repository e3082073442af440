/* Lines of the log that are counted together. Each sort has one row in the store, written in the turn that makes
   it happen: so it is durable before an answer leaves (A2), and there are never more rows than parties times
   sorts, so that nobody can fill the store with them. A row becomes one line of the log when there is room, at the
   latest after COUNTED_FOR_MS (A1: what is refused before it is understood has one line a party, kind and minute).
 */
#pragma once
#include "log.h"

enum { COUNTED_FOR_MS = 60000 };

/* Counts one more of the head's party, origin, action and result, at its time. 0 or a failure. */
int counted_add (struct turn *turn, const struct audit_head *head);
/* Appends the line where it finds room outside the reserve, or in the share that the turn uses now; else counts
   it; but never one whose number was promised. 0 or a failure. */
int counted_log (struct turn *turn, const struct audit_head *head, const struct vault_key *key,
                 const struct evidence *evidence);

/* Whether there may be rows that are due, and room for their lines. */
bool counted_is_due (const struct turn *turn);
/* Makes a line of each row, as long as there is room outside the reserve: its time is that of the last, and its
   note says how many, and since when. *refused is how many of them had the result "unavailable". 0 or a failure.
 */
int counted_write (struct turn *turn, uint64_t *refused);
