/* The room in the store as operators are told of it: once where it comes near its end, once when it is full, and
   once when it no longer is, with how many requests were refused meanwhile; never a line a request. */
#pragma once
#include "store/store.h"
#include "turn.h"

/* Of what is not of the reserve so much is in use. */
enum room_level { ROOM_AMPLE, ROOM_80, ROOM_95, ROOM_FULL };

struct room {
    enum room_level level;  /* as told */
    struct store_info info; /* as of the last commit */
    moment refused_at;      /* when a request last found no room; 0: none did */
    uint64_t refused;       /* requests that found no room, since the start */
};

/* "ample", "80 %", "95 %", "full" */
const char *room_level_name (enum room_level level);
/* The level now. Full is where a request found no room. A level is left two percent below where it begins, and
   that of being full after a minute without a refusal, so that nothing goes to and fro. */
enum room_level room_level_now (const struct room *self, moment now);
/* Writes the line of the log that the level is another, in the daemon's own share, and the alarm to operators
   where it is a higher one: 0; STORE_FULL where even that has no room; or a failure. `refused`: requests that were
   counted as refused. */
int room_log (struct turn *turn, const struct room *self, enum room_level now, uint64_t refused);
/* Says it on standard error, and takes it as told. */
void room_tell (struct room *self, enum room_level now, uint64_t refused);
