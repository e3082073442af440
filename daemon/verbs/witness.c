/* Witnesses of the log: what they have signed of it (A4). */
#include <stdlib.h>
#include <string.h>
#include "audit/cosignatures.h"
#include "events/watchers.h"
#include "text/escape.h"
#include "verbs.h"

/* What is wrong with a signature. NULL: nothing. */
static const char *fault_of (enum cosigned outcome, const char **field)
{
    *field = "log_cosign.signature";
    switch (outcome) {
    case COSIGNED_NOT_OWN:
        *field = "log_cosign.key";
        return "this is the key of another party";
    case COSIGNED_LOG_NAME:
        *field = "log_cosign.key";
        return "this key has the name of the log: a witness has one of its own";
    case COSIGNED_NOT_KEPT:
        *field = "log_cosign.size";
        return "no checkpoint of so many lines is kept: sign the newest";
    case COSIGNED_NOT_VALID:
        return "this is no signature by this key of the checkpoint of so many lines";
    case COSIGNED_AHEAD:
        return "this was signed at a time that is yet to come: is the clock right?";
    case COSIGNED:
    case COSIGNED_FIRST:
    case COSIGNED_IN_PLACE:
    case COSIGNED_LATE:
        break;
    }
    return NULL;
}

/* A key that is new has a line of the log, and its further signatures have none: they are one with the line of the
   watch of their connection, or are counted. */
static void log_cosigning (struct turn *turn, const struct caller *caller, const struct cosigning *cosigning,
                           struct handling *handling)
{
    bool is_first = cosigning->outcome == COSIGNED_FIRST || cosigning->outcome == COSIGNED_IN_PLACE;
    handling->counted = !is_first;
    handling->is_logged =
        !is_first && handling->reply.status == STATUS_OK && watchers_has (turn->watchers, caller);
    if (cosigning->outcome == COSIGNED_IN_PLACE)
        handling->note = arena_printf (turn->arena, "in the place of %s", cosigning->forgotten);
}

/* The name is published, and read on screens of others. */
static bool is_seen_whole (const char *name)
{
    char *shown = escape_text (name);
    bool is_same = strcmp (shown, name) == 0;
    free (shown);
    return is_same;
}

int verb_log_cosign (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    struct cosigning cosigning = {.party = caller->party->text.id,
                                  .size = request->as.log_cosign.size,
                                  .line = request->as.log_cosign.signature};
    const char *field, *fault;
    handling->counted = true;
    if (!note_key_read (&cosigning.key, request->as.log_cosign.key) || cosigning.key.algorithm != NOTE_COSIGNATURE)
        return handling_invalid (handling, "log_cosign.key",
                                 "not the verifier key of a witness: name+hash+base64");
    if (!is_seen_whole (cosigning.key.name))
        return handling_invalid (handling, "log_cosign.key", "its name has characters that cannot be seen");
    int rc = cosignatures_take (turn, &cosigning);
    if (rc != 0)
        return rc;
    fault = fault_of (cosigning.outcome, &field);
    if (fault != NULL)
        return handling_invalid (handling, field, fault);
    handling->reply.body = REPLY_LOG_COSIGN;
    handling->reply.as.log_cosign.size = cosigning.newest;
    log_cosigning (turn, caller, &cosigning, handling);
    return 0;
}

/* The place of an entry in the listing: party, NUL, id of the key. */
static struct bytes place_of (struct turn *turn, const struct cosignature *one)
{
    size_t size = strlen (one->party) + 1;
    uint8_t *place = arena_alloc (turn->arena, size + sizeof one->id);
    memcpy (place, one->party, size);
    memcpy (place + size, one->id, sizeof one->id);
    return (struct bytes){place, size + sizeof one->id};
}

static bool is_behind (struct turn *turn, const struct cosignature *one, struct bytes after)
{
    struct bytes place = place_of (turn, one);
    size_t both = place.size < after.size ? place.size : after.size;
    int order = both > 0 ? memcmp (place.data, after.data, both) : 0;
    return order > 0 || (order == 0 && place.size > after.size);
}

static struct shown_witness show (const struct turn *turn, const struct cosignature *one)
{
    return (struct shown_witness){.party = one->party,
                                  .key = one->key,
                                  .size = one->size,
                                  .signed_at = cosignature_signed_at (one),
                                  .heard_at = one->heard_at,
                                  .watches = watchers_has_party (turn->watchers, one->party)};
}

int verb_log_witnesses (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    (void)caller;
    struct cosignatures all;
    const struct cosignature **newest;
    struct shown_witness *shown = arena_array (turn->arena, request->page.limit, sizeof *shown);
    size_t at = 0, shown_count = 0;
    int rc = cosignatures_read (turn, &all);
    if (rc != 0)
        return rc;
    size_t count = cosignatures_newest (turn, &all, &newest);
    while (at < count && !is_behind (turn, newest[at], request->page.after.bytes))
        at++;
    for (; at < count && shown_count < request->page.limit; at++)
        shown[shown_count++] = show (turn, newest[at]);
    handling->reply.body = REPLY_LOG_WITNESSES;
    handling->reply.as.log_witnesses.witnesses = shown;
    handling->reply.as.log_witnesses.count = shown_count;
    handling->reply.as.log_witnesses.size = turn->state.checkpoint_size;
    handling->reply.more = at < count;
    if (at < count)
        handling->reply.next.bytes = place_of (turn, newest[at - 1]);
    return 0;
}
