/* Whether what a view knows may be believed now. Pure: the clock and the messages are given to it.

   How old the knowledge is, is judged by the registry's own clock: a message that was held up on its way, or in a
   process that was stopped, says when it was sent. What the registry's clock shows now is never underestimated: it
   was at most what it said in an answer, plus what has passed since the question was *asked*, by CLOCK_BOOTTIME,
   which goes on while a machine sleeps. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "consent.h"

enum {
    VIEW_DISAGREE = 1000, /* ms by which a message may seem to come from the future: a clock is not that wrong */
    VIEW_DRIFT = 8192,    /* two clocks may differ by so small a part of what has passed */
    VIEW_STANDS =
        2, /* heartbeats in a row that are older than the silence that is allowed, and did not come at once */
};

/* The first page of a snapshot: what stands. Moments of the registry in ms since 1970, own ones by CLOCK_BOOTTIME.
 */
struct view_start {
    uint64_t number, revision, basis;
    int64_t as_of; /* the registry's time when it answered */
    int64_t asked; /* when it was asked */
};

/* What came on the stream. */
struct view_heard {
    bool is_event;     /* else a heartbeat */
    uint64_t number;   /* of the event; of a heartbeat the newest one that there is */
    uint64_t revision; /* up to which all is known with it, and what came before */
    uint64_t basis;
    bool stopped; /* the registry does not decide: its clock jumped */
    int64_t time; /* when it was sent, by the registry's clock */
    int64_t at;   /* when it is looked at */
};

/* Begins zeroed, but for `silence`: nothing is known. */
struct view_state {
    int silence; /* ms: so old may the knowledge be */
    bool placed;
    enum consent_view_why trouble; /* CONSENT_VIEW_NOT_PERMITTED: none */
    uint64_t number;               /* events up to this one are known */
    uint64_t revision, basis;
    bool behind;        /* there are more: */
    uint64_t announced; /* the newest of which the last heartbeat told, */
    uint64_t announced_revision;
    int64_t announced_at; /* and when, by the registry's clock */
    int64_t offset;       /* the registry's time less CLOCK_BOOTTIME, or somewhat more */
    int64_t drifted;      /* until when it was corrected for what two clocks may differ */
    int64_t heard;        /* when the last message was looked at */
    int64_t as_of;        /* of the snapshot */
    int64_t confirmed;    /* all was known at this time of the registry */
    int late;             /* heartbeats in a row that came late */
};

/* A snapshot was taken: from now on that is known. */
void view_state_place (struct view_state *self, const struct view_start *start);
/* Nothing may be believed any more, for this reason, until a snapshot is taken. */
void view_state_end (struct view_state *self, enum consent_view_why why);

/* What a message is to the view. */
enum view_news {
    VIEW_NO_NEWS, /* nothing is to be done; of an event: it is in the snapshot already */
    VIEW_APPLY,   /* the next event: it must be applied */
    VIEW_LOST,    /* nothing may be believed until a new snapshot is taken; `trouble` says why */
};
enum view_news view_state_hear (struct view_state *self, const struct view_heard *heard);

/* CONSENT_VIEW_NOT_PERMITTED: what is known may be believed at `at`. Else why not. */
enum consent_view_why view_state_judge (const struct view_state *self, int64_t at);
/* The registry's time at `at`, or somewhat later. */
int64_t view_state_time (const struct view_state *self, int64_t at);
/* How old the knowledge is at `at`, at most: ms. -1: there is none. */
int64_t view_state_age (const struct view_state *self, int64_t at);
