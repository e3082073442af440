/* What a stream has of our events, against what we know: from where to go on, and what to publish again. Pure:
   what was found in the stream comes in. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "mark.h"

/* What is there, when a connection begins. */
struct standing {
    const char *party;
    /* Our side. */
    struct mark mark; /* of this stream's name; no name: nothing has settled yet */
    bool placed;      /* there is a position: of `epoch`, up to `acknowledged` */
    char epoch[CONSENT_ID_SIZE];
    uint64_t acknowledged;
    uint64_t from; /* the operator says: begin with this event, whatever the stream lacks; 0: he does not */
    /* The stream's side. */
    int64_t created;
    uint64_t first, last;  /* sequences of the stream */
    uint64_t last_of_ours; /* sequence of the last message with our subject; 0: there is none */
    const char *last_id;   /* and its id, or "" */
};

enum standing_verdict {
    STANDING_GOES_ON = 0,
    STANDING_FOREIGN,     /* somebody else writes on our subject */
    STANDING_OTHER_EPOCH, /* the stream, or the mark, has events of another epoch than the position */
    STANDING_ANEW,        /* the stream was made anew since something settled in it */
    STANDING_PUT_BACK,    /* it ends before what had settled, or before what was acknowledged */
};

/* Judges. Unless it goes on, the stream lacks events that the registry need not keep any more, or has others than
   these: what follows is an operator's to decide. */
enum standing_verdict standing_judge (const struct standing *self);

/* The events that are in the stream, beyond those of which nothing need be known. */
struct shelf;
struct shelf *shelf_new (const struct standing *standing);
void shelf_destroy (struct shelf **self_p);
/* Messages are looked at from the last of ours back, as long as they are above this sequence ... */
uint64_t shelf_until (const struct shelf *self);
/* ... and until shelf_note has noted one that is not above this event. */
uint64_t shelf_base (const struct shelf *self);
/* A message with our subject was found. Its number; 0: its id is none of these events', and nothing was noted. */
uint64_t shelf_note (struct shelf *self, uint64_t sequence, const char *id);
/* All were looked at. The last event up to which the stream has every one that the registry still keeps;
   `sequence` 0: nobody knows where, and it needs no settling. *epoch: of which registry, or "". */
struct settled shelf_through (struct shelf *self, char epoch[CONSENT_ID_SIZE]);
/* Where an operator's `from` of this epoch begins in a stream that ends with sequence `last`: the event before it,
   and behind which message whatever is to be found later will be. */
struct settled shelf_before (const struct shelf *self, const char *epoch, uint64_t last);
/* The sequence of this event in the stream. 0: it is not there, and must be published. */
uint64_t shelf_find (const struct shelf *self, const char *epoch, uint64_t number);
