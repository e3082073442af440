/* Who is marked to be erased (R7), until a round of erasure.h has done it. Few at a time: they are one entry of
   STORE_META. */
#pragma once
#include "keyring.h"
#include "turn.h"

enum { ERASURE_MARKS = KEYRING_REPLACED_LIMIT }; /* that may wait at once */

enum erasure_kind {
    ERASURE_OF_SUBJECT = 1, /* all that is held about the subject, but for what a statute requires to be kept */
    ERASURE_OF_EXTRACTS,    /* what was kept so, and is past its period */
};

struct erasure_mark {
    uint8_t subject[VAULT_ID_SIZE];
    enum erasure_kind kind;
    uint64_t
        request; /* of the subject, on which it is done: its number, under which it is kept if anything is; 0: none
                  */
};

/* Marks the subject, if it is not marked so already. 0, ERASURE_FULL, RECORD_DAMAGED or a failure. */
int marks_add (struct turn *turn, const struct erasure_mark *mark);
/* Takes away the mark of this kind, if there is one. 0, RECORD_DAMAGED or a failure. */
int marks_remove (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum erasure_kind kind);
/* 0; STORE_NOT_FOUND: the subject is not marked so; RECORD_DAMAGED or a failure. */
int marks_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum erasure_kind kind,
                struct erasure_mark *mark);
/* All, in the arena. 0, RECORD_DAMAGED or a failure. */
int marks_read (struct turn *turn, struct erasure_mark **all, size_t *count);
/* Finds at a start whether there are any, for turn->state.erasing. 0, RECORD_DAMAGED or a failure. */
int marks_load (struct turn *turn);
