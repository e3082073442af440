/* A subscriber that watches the log of a registry, which is played by the test: what the subscriber asks is taken
   from a link to nobody, and what the registry answers, signed as a real one signs, is handed to the stream. */
#pragma once
#include <limits.h>
#include "fake_link.h"
#include "identifier.h"
#include "reply.h"
#include "signed_log.h"

enum { WATCHED_KEY = 1, WATCHED_OTHER_KEY = 2 }; /* numbers of signed_log_signer */

extern uint8_t watched_epoch[ID_BYTES], watched_other_epoch[ID_BYTES], watched_no_epoch[ID_BYTES];

struct watched {
    consent_t *self;
    struct fake_link link;
    char directory[PATH_MAX], position[PATH_MAX + 16];
    uint8_t asked[ID_BYTES]; /* key of the request that was taken last */
    struct merkle_hash proof[MERKLE_PATH_LIMIT];
    char note[SIGNED_LOG_NOTE], key[NOTE_KEY_TEXT_SIZE];
};

/* For cmocka: a subscriber that is placed at event 7, with a position file, in a directory of its own. */
int watched_set_up (void **state);
int watched_tear_down (void **state);

/* --- What the registry says: each is handed to the stream, and what came of it is returned ---------------- */

Consentd__Reply watched_make_reply (Consentd__Status status, uint8_t *epoch);
int watched_hear (struct watched *all, const Consentd__Reply *reply);
/* The answer to the request that was taken last, with a body or without. */
int watched_answer (struct watched *all, Consentd__Reply *reply);
int watched_refuse_in (struct watched *all, Consentd__Status status, char *field, uint8_t *epoch);
int watched_refuse (struct watched *all, Consentd__Status status, const char *field);
/* The log as this key signs it, to who asked the proof from `earlier` on. */
int watched_show_by (struct watched *all, const struct signed_log *log, uint64_t earlier, unsigned key);
int watched_show (struct watched *all, uint64_t lines, uint64_t earlier);
int watched_push (struct watched *all, uint64_t lines);
int watched_subscribe (struct watched *all);
/* The stream comes back on another link, as after a restart of the registry. */
void watched_come_back (struct watched *all);
/* It signs what it has seen, from now on. */
void watched_be_witness (struct watched *all);
/* It watches, and has seen 100 lines. */
void watched_see_100 (struct watched *all);

/* --- What the subscriber does ------------------------------------------------------------------------- */

void watched_assert_quiet (struct watched *all);
/* The next request is of this sort, and asks for this. */
void watched_assert_asks (struct watched *all, Consentd__Request__BodyCase body, uint64_t lines);
#define ASSERT_WATCHES(all, lines) watched_assert_asks (all, CONSENTD__REQUEST__BODY_LOG_WATCH, lines)
#define ASSERT_ASKS(all, lines) watched_assert_asks (all, CONSENTD__REQUEST__BODY_LOG_CHECKPOINT, lines)
#define ASSERT_COSIGNS(all, lines) watched_assert_asks (all, CONSENTD__REQUEST__BODY_LOG_COSIGN, lines)

/* How many lines the position file and the stream have seen. */
uint64_t watched_lines_kept (struct watched *all);
uint64_t watched_lines_seen (struct watched *all);
void watched_assert_contradicted (struct watched *all, int result, const char *why);
/* The text of a file beside the position; NULL: there is none. Caller must free it. */
char *watched_read_beside (struct watched *all, const char *suffix);
