/* One sentence for people of what something came to. Numbers of errno, of ZeroMQ and of the store mean nothing to
   who reads them, and are never printed. */
#pragma once

/* Of a failure as it is forwarded: -errno, a negative code of the store (store.h), STORE_FULL, STORE_NOT_FOUND,
   RECORD_DAMAGED or STATE_OTHER_VAULT; of any other it says no more than that it is one. Without a full stop. The
   text lives for ever. */
const char *outcome_sentence (int outcome);
