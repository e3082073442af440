/* How long to wait before what did not succeed is tried again. */
#pragma once

/* ms after `tries` (from 1) that failed: a second, and twice as long after each further one, up to a minute; half
   of that partly at random, so that many who wait do not return at once. Longer where `asked`, seconds that the
   other side asks for (0: none), are more: at most an hour. */
long pause_after (unsigned tries, long asked);
