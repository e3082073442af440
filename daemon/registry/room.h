/* What operators are told about the room in the store: once when it is nearly full, once when it is full, and once
   when it no longer is, with the number of requests refused meanwhile. Never a line for each request. */
#pragma once
#include "store/store.h"
#include "turn.h"

/* How much of the room outside the reserve is in use. */
enum room_level { ROOM_AMPLE, ROOM_80, ROOM_95, ROOM_FULL };

struct room {
    enum room_level level;  /* as last told */
    struct store_info info; /* as of the last commit */
    moment refused_at;      /* when a request last found no room; 0: never */
    uint64_t refused;       /* requests that found no room, since the start */
};

/* "ample", "80 %", "95 %", "full" */
const char *room_level_name (enum room_level level);
/* The level now. It is ROOM_FULL if a request found no room. A level ends two percent below where it begins, and
   ROOM_FULL also ends after a minute without a refusal, so that the level does not go to and fro. */
enum room_level room_level_now (const struct room *self, moment now);
/* Writes the line of the log about a new level, in the daemon's own share, and raises an alarm if the level is
   higher. `refused` is the number of requests that were refused. 0; STORE_FULL where even that share has no room;
   or a failure. */
int room_log (struct turn *turn, const struct room *self, enum room_level now, uint64_t refused);
/* Says it on stderr, and notes that it was told. */
void room_tell (struct room *self, enum room_level now, uint64_t refused);
