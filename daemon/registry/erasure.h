/* Erases subjects (R7). A subject is marked; in the round that follows, the subject is taken out of the store, and
   the key under which the subject's own key was wrapped is destroyed (keyring.h). A round:

   1. The keyring gets new keys for the buckets of all who are marked.
   2. In each of these buckets, who is marked is taken out, in a turn of its own, after what a statute requires to be
   kept was (keeping.h); extracts (audit/extract.h) that are past their period are deleted; all other keys that are
   wrapped under the bucket's are wrapped anew (record/subject_key.h says in which tables they stand). Both keys
   open until the round is over, so that everybody else can be read at every moment.
   3. Requests for consent that no list has are swept.
   4. The list beside the keyring is made (erasure_list.h), for copies of the store from before.
   5. All of that is made durable, and then the former keys are destroyed.

   Each step is whole or has not happened, and is known by what it left: the marks stand in the store, the former
   keys in the keyring, and a key that was wrapped anew opens under the newest key. So a round that was cut off at
   any moment is gone through again from step 2, and finds done what was done. Who was marked after the subject's
   key was wrapped anew waits for the next round, since the newest key would still open what older pages hold. */
#pragma once
#include "bucket_walk.h"
#include "marks.h"

struct in_force;
struct registry;

/* How far a round is. In memory: a start goes through it again. Begins zeroed. */
struct erasure {
    struct bucket_walk walk;       /* through the buckets that are replaced */
    uint8_t trying[VAULT_ID_SIZE]; /* who is taken out in this turn */
    uint64_t line;                 /* of the extract that is destroyed, the lines up to this one were looked at */
    uint8_t request[16];           /* requests for consent were swept up to this one */
    bool is_swept, is_listed;
};

/* Marks a subject to be erased, also who has no record and whom only the log knows (record/unknown_key.h). From
   the moment that the turn is durable it will be done. Twice is once. 0; SUBJECT_FILE_NOT_FOUND; ERASURE_FULL;
   ERASURE_HELD: a legal hold stands; RECORD_DAMAGED: the subject's key or record cannot be read, so nobody can
   tell; or a failure. */
int erasure_mark (struct turn *turn, const struct erasure_mark *mark);
/* Finds whether the subject is marked: until it is erased nobody opens its file (subject_file.h). 0 or a failure.
 */
int erasure_find_marked (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], bool *marked);

/* A round is due, or under way. */
bool erasure_is_due (const struct registry *registry);
/* Does a bounded part of what is due, between two turns. Where it writes the keyring or makes the store durable,
   it waits for the disk. 0 or a failure, with one sentence in the registry's keyring_error if the keyring cannot
   be written; it is then tried again. */
int erasure_go_on (struct registry *registry, const struct in_force *in_force, moment wall);
