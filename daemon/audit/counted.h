/* Lines of the log that are counted together. Each sort has one row in the store. The row is written in the turn
   in which it is counted, so it is durable before an answer leaves (A2). There are never more rows than parties
   times sorts, so nobody can fill the store with them. A row becomes one line of the log when there is room, and
   it is due after COUNTED_FOR_MS (A1: what is refused before it is understood has one line a party, kind and
   minute). */
#pragma once
#include "log.h"

enum { COUNTED_FOR_MS = 60000 };

/* Counts one more line with the head's party, origin, action and result, at the head's time. 0 or a failure. */
int counted_add (struct turn *turn, const struct audit_head *head);
/* There is room for a line, outside the reserve or in the share that the turn uses now, or its number was
   promised: a line that was promised is always appended. */
bool counted_has_room (const struct turn *turn);
/* Appends the line if there is room for it. Else counts it. 0 or a failure. */
int counted_log (struct turn *turn, const struct audit_head *head, const struct vault_key *key,
                 const struct evidence *evidence);

/* There may be rows that are due, and there is room for their lines. */
bool counted_is_due (const struct turn *turn);
/* Makes a line of each row, as long as there is room outside the reserve. The time of the line is that of the last
   one counted; its note says how many there were, and since when. *refused is the number of those with the result
   "unavailable". 0 or a failure. */
int counted_write (struct turn *turn, uint64_t *refused);
