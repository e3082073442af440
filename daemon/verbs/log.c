/* The log as evidence that anybody can check without trusting the registry (A4). */
#include <string.h>
#include "audit/checkpoints.h"
#include "audit/log.h"
#include "audit/tree.h"
#include "big_endian.h"
#include "log_key.h"
#include "merkle/checkpoint.h"
#include "verbs.h"

/* The newest checkpoint, and what it says. STORE_NOT_FOUND: there is none. */
static int read_newest (struct turn *turn, struct bytes *raw, struct checkpoint *checkpoint)
{
    struct note note;
    const char *fault;
    int rc = checkpoints_newest (turn, raw);
    if (rc != 0)
        return rc;
    return note_read (&note, *raw) == NOTE_OK && checkpoint_read (checkpoint, note.text, &fault) ? 0
                                                                                                 : RECORD_DAMAGED;
}

static int say_none (struct handling *handling)
{
    return handling_status (handling, STATUS_NOT_FOUND,
                            "there is no checkpoint of the log yet, or no key is configured for it");
}

static struct bytes proof_bytes (struct turn *turn, const struct tree_proof *proof)
{
    return (struct bytes){arena_memdup (turn->arena, proof->hash, proof->count * sizeof *proof->hash),
                          proof->count * sizeof *proof->hash};
}

static struct text_set list_keys (struct turn *turn)
{
    struct text_set keys = {0};
    if (turn->log_key == NULL)
        return keys;
    keys.item = arena_array (turn->arena, turn->log_key->count, sizeof *keys.item);
    for (size_t i = 0; i < turn->log_key->count; i++) {
        char *text = arena_alloc (turn->arena, NOTE_KEY_TEXT_SIZE);
        note_key_write (&turn->log_key->signer[i].key, text);
        keys.item[keys.count++] = text;
    }
    return keys;
}

int verb_log_checkpoint (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling)
{
    (void)caller;
    struct bytes raw;
    struct checkpoint newest;
    struct tree_proof proof = {.count = 0};
    uint64_t earlier = request->as.log_checkpoint.earlier;
    int rc = read_newest (turn, &raw, &newest);
    if (rc == STORE_NOT_FOUND)
        return say_none (handling);
    if (rc == 0 && earlier > newest.size)
        return handling_invalid (handling, "log_checkpoint.earlier",
                                 "the newest checkpoint has fewer lines than that");
    if (rc == 0 && earlier > 0)
        rc = tree_prove_earlier (turn, earlier, newest.size, &proof);
    if (rc != 0)
        return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
    handling->reply.body = REPLY_LOG_CHECKPOINT;
    handling->reply.as.log_checkpoint.checkpoint = raw;
    handling->reply.as.log_checkpoint.size = newest.size;
    handling->reply.as.log_checkpoint.proof = proof_bytes (turn, &proof);
    handling->reply.as.log_checkpoint.keys = list_keys (turn);
    return 0;
}

int verb_log_prove (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    (void)caller;
    struct bytes raw;
    struct checkpoint newest;
    struct audit_record record;
    struct tree_proof proof;
    uint64_t number = request->as.log_prove.number;
    if (number == 0 || number > turn->state.audit_number)
        return handling_invalid (handling, "log_prove.number", "there is no such line");
    int rc = read_newest (turn, &raw, &newest);
    if (rc == STORE_NOT_FOUND)
        return say_none (handling);
    if (rc == 0 && number > newest.size)
        return handling_invalid (handling, "log_prove.number",
                                 "no checkpoint has this line yet: try again in a while");
    if (rc == 0)
        rc = audit_find (turn, number, &record);
    if (rc == 0)
        rc = tree_prove_line (turn, number, newest.size, &proof);
    if (rc != 0)
        return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
    handling->reply.body = REPLY_LOG_PROVE;
    handling->reply.as.log_prove.line = record.raw;
    handling->reply.as.log_prove.proof = proof_bytes (turn, &proof);
    handling->reply.as.log_prove.checkpoint = raw;
    return 0;
}

enum { LENGTH_SIZE = 4, PAGE_SIZE = 900 * 1024 };

/* Lines one after the other, as many as fit. */
static int add_lines (struct turn *turn, uint64_t until, uint64_t *number, struct bytes *lines)
{
    uint8_t *page = arena_alloc (turn->arena, PAGE_SIZE);
    size_t size = 0;
    while (*number < until) {
        struct audit_record record;
        struct arena_mark mark = arena_mark (turn->arena);
        int rc = audit_read (turn, *number + 1, &record);
        bool fits = rc == 0 && size + LENGTH_SIZE + record.raw.size <= PAGE_SIZE;
        if (fits) {
            put_be32 (page + size, (uint32_t)record.raw.size);
            memcpy (page + size + LENGTH_SIZE, record.raw.data, record.raw.size);
            size += LENGTH_SIZE + record.raw.size;
            (*number)++;
        }
        arena_release (turn->arena, mark);
        if (rc != 0)
            return rc;
        if (!fits)
            break;
    }
    *lines = (struct bytes){page, size};
    return 0;
}

int verb_log_lines (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    (void)caller;
    uint64_t number = request->page.after.order, until = request->as.log_lines.until;
    struct bytes lines;
    if (until > turn->state.audit_number)
        return handling_invalid (handling, "log_lines.until", "there is no such line");
    if (until == 0)
        until = turn->state.audit_number;
    if (number > until)
        return handling_invalid (handling, "log_lines.after", "there is no line after that one, up to `until`");
    uint64_t last = until - number > request->page.limit ? number + request->page.limit : until;
    int rc = add_lines (turn, last, &number, &lines);
    if (rc != 0)
        return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
    handling->reply.body = REPLY_LOG_LINES;
    handling->reply.as.log_lines.lines = lines;
    handling->reply.more = number < until;
    handling->reply.next.order = number;
    return 0;
}
