#include "checkpoints.h"
#include <string.h>
#include "config/config.h"
#include "cosignatures.h"
#include "log_key.h"
#include "merkle/checkpoint.h"
#include "record/guard.h"
#include "tree.h"

enum { WANTED_MS = 1000 };

static const struct bytes name = {"checkpoint", 10}; /* in STORE_META */

int checkpoints_newest (struct turn *turn, struct bytes *raw)
{
    int rc = guard_get (turn, STORE_META, name, raw);
    if (rc == 0)
        raw->data = arena_memdup (turn->arena, raw->data, raw->size);
    return rc;
}

/* What the newest one says; size 0: there is none yet. */
static int read_newest (struct turn *turn, struct checkpoint *checkpoint)
{
    struct bytes raw;
    struct note note;
    const char *fault;
    *checkpoint = (struct checkpoint){.size = 0};
    int rc = checkpoints_newest (turn, &raw);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? 0 : rc;
    return note_read (&note, raw) == NOTE_OK && checkpoint_read (checkpoint, note.text, &fault) ? 0
                                                                                                : RECORD_DAMAGED;
}

int checkpoints_load (struct turn *turn)
{
    struct checkpoint checkpoint;
    int rc = read_newest (turn, &checkpoint);
    turn->state.checkpoint_size = checkpoint.size;
    turn->state.checkpoint_at = 0;
    return rc;
}

void checkpoints_want (struct turn *turn)
{
    turn->state.checkpoint_wanted = true;
}

/* How long after the newest one the next is made, if there are new lines. */
static moment time_between (const struct registry_state *state, const struct config *config)
{
    bool is_sooner = state->checkpoint_wanted && config->checkpoint_time > WANTED_MS;
    return is_sooner ? WANTED_MS : config->checkpoint_time;
}

bool checkpoints_are_due (const struct registry_state *state, const struct config *config, moment now)
{
    if (config->log_key == NULL || tree_is_behind (state) || state->tree.size == state->checkpoint_size)
        return false;
    return state->tree.size < state->checkpoint_size || /* that is told by checkpoints_make */
           state->tree.size - state->checkpoint_size >= config->checkpoint_lines ||
           now >= state->checkpoint_at + time_between (state, config);
}

moment checkpoints_due_at (const struct registry_state *state, const struct config *config)
{
    if (config->log_key == NULL || tree_is_behind (state) || state->tree.size == state->checkpoint_size)
        return MOMENT_NEVER;
    return state->checkpoint_at + time_between (state, config);
}

/* The log as it is begins with what was signed. */
static int check_earlier (struct turn *turn)
{
    struct checkpoint earlier;
    struct merkle_hash root;
    int rc = read_newest (turn, &earlier);
    if (rc != 0 || earlier.size == 0)
        return rc;
    if (earlier.size > turn->state.tree.size)
        return AUDIT_FORKED;
    rc = tree_root (turn, earlier.size, &root);
    return rc == 0 && !merkle_same (&root, &earlier.root) ? AUDIT_FORKED : rc;
}

/* The note: its text, an empty line, and a line by each key. */
static struct bytes sign (struct turn *turn)
{
    struct checkpoint made = {.size = turn->state.tree.size, .root = merkle_root (&turn->state.tree)};
    size_t room = CHECKPOINT_TEXT_SIZE + turn->log_key->count * NOTE_LINE_SIZE;
    char *note = arena_alloc (turn->arena, room);
    memcpy (made.origin, turn->config->log_origin, strlen (turn->config->log_origin));
    struct bytes text = {note, checkpoint_write (&made, note)};
    size_t at = text.size;
    note[at++] = '\n';
    for (size_t i = 0; i < turn->log_key->count; i++)
        at += note_sign (&turn->log_key->signer[i], text, 0, note + at, room - at);
    return (struct bytes){note, at};
}

int checkpoints_make (struct turn *turn)
{
    int rc = check_earlier (turn);
    if (rc != 0)
        return rc;
    struct bytes note = sign (turn);
    rc = guard_put (turn, STORE_META, name, note);
    if (rc == 0)
        rc = cosignatures_keep_note (turn, turn->state.tree.size, note);
    turn->state.checkpoint_size = turn->state.tree.size;
    turn->state.checkpoint_at = turn->now;
    turn->state.checkpoint_wanted = false;
    return rc;
}
