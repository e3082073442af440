/* The log as evidence that anybody can check without trusting the registry (A4). */
#include <string.h>
#include "audit/checkpoints.h"
#include "audit/cosignatures.h"
#include "audit/log.h"
#include "audit/tree.h"
#include "big_endian.h"
#include "events/watchers.h"
#include "log_key.h"
#include "merkle/checkpoint.h"
#include "proving.h"
#include "registry/log_copies.h"
#include "verbs.h"

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

/* What is told of the newest checkpoint. */
struct telling_of_log {
    const char *body; /* of the request: "log_watch" */
    uint64_t earlier;
    struct witness_wish wish;
};

static int tell_newest (struct turn *turn, const struct telling_of_log *asked, struct cosigned_note *newest,
                        struct handling *handling)
{
    struct tree_proof proof = {.count = 0};
    struct cosigned_note cosigned = {.size = 0};
    bool enough;
    int rc = asked->earlier > 0 ? tree_prove_earlier (turn, asked->earlier, newest->size, &proof) : 0;
    if (rc == 0)
        rc = cosignatures_add (turn, &asked->wish, newest, &enough);
    if (rc == 0 && !enough)
        rc = cosignatures_find (turn, &asked->wish, 0, &cosigned);
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
    handling->reply.body = REPLY_LOG_CHECKPOINT;
    handling->reply.as.log_checkpoint.checkpoint = newest->note;
    handling->reply.as.log_checkpoint.size = newest->size;
    handling->reply.as.log_checkpoint.proof = proof_bytes (turn, &proof);
    handling->reply.as.log_checkpoint.keys = list_keys (turn);
    handling->reply.as.log_checkpoint.cosigned = rc == 0 ? cosigned.note : (struct bytes){"", 0};
    return 0;
}

static int tell_checkpoint (struct turn *turn, const struct telling_of_log *asked, struct handling *handling)
{
    struct cosigned_note newest;
    struct checkpoint read;
    int rc = proving_newest (turn, &newest.note, &read);
    if (rc == STORE_NOT_FOUND)
        return say_none (handling);
    if (rc != 0)
        return rc;
    if (asked->earlier > read.size)
        return handling_invalid (handling, arena_printf (turn->arena, "%s.earlier", asked->body),
                                 "the newest checkpoint has fewer lines than that");
    newest.size = read.size;
    return tell_newest (turn, asked, &newest, handling);
}

int verb_log_checkpoint (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling)
{
    const struct telling_of_log asked = {"log_checkpoint", request->as.log_checkpoint.earlier,
                                         request->as.log_checkpoint.wish};
    if (!proving_judge_wish (turn, asked.body, &asked.wish, handling))
        return 0;
    int rc = tell_checkpoint (turn, &asked, handling);
    handling->is_logged = handling->reply.status == STATUS_OK && watchers_has (turn->watchers, caller);
    return rc;
}

int verb_log_watch (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    const struct telling_of_log asked = {.body = "log_watch", .earlier = request->as.log_watch.earlier};
    int rc = tell_checkpoint (turn, &asked, handling);
    if (rc != 0)
        return rc;
    handling->is_logged = handling->reply.status == STATUS_OK && watchers_has (turn->watchers, caller);
    watchers_add (turn->watchers, caller);
    return 0;
}

int verb_log_prove (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    (void)caller;
    struct cosigned_note proving;
    struct audit_record record;
    struct tree_proof proof;
    const struct witness_wish *wish = &request->as.log_prove.wish;
    uint64_t number = request->as.log_prove.number;
    if (number == 0 || number > turn->state.audit_number)
        return handling_invalid (handling, "log_prove.number", "there is no such line");
    if (!proving_judge_wish (turn, "log_prove", wish, handling))
        return 0;
    int rc = proving_find (turn, wish, number, &proving);
    if (rc == STORE_NOT_FOUND)
        return wish->keys.count > 0 ? handling_invalid (handling, "log_prove.witnesses",
                                                        "no checkpoint that has this line has their signatures")
                                    : say_none (handling);
    if (rc == 0 && number > proving.size)
        return handling_invalid (handling, "log_prove.number",
                                 "no checkpoint has this line yet: try again in a while");
    if (rc == 0)
        rc = audit_find (turn, number, &record);
    if (rc == 0)
        rc = tree_prove_line (turn, number, proving.size, &proof);
    if (rc != 0)
        return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
    handling->reply.body = REPLY_LOG_PROVE;
    handling->reply.as.log_prove.line = record.raw;
    handling->reply.as.log_prove.proof = proof_bytes (turn, &proof);
    handling->reply.as.log_prove.checkpoint = proving.note;
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
    handling->reply.more = number < until || (request->as.log_lines.follow && number > 0);
    handling->reply.next.order = number;
    return 0;
}

/* The newest checkpoint, for one who has none of so many lines. */
static int tell_newer (struct turn *turn, uint64_t checkpoint, struct bytes *raw)
{
    struct checkpoint newest;
    int rc = proving_newest (turn, raw, &newest);
    if (rc == STORE_NOT_FOUND || (rc == 0 && newest.size <= checkpoint))
        *raw = (struct bytes){"", 0};
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int verb_log_copied (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    const struct log_copied told = {request->as.log_copied.name, request->as.log_copied.fault,
                                    request->as.log_copied.copier, request->as.log_copied.number};
    enum log_copies_outcome outcome = log_copies_note (turn, &told, &caller->connection);
    if (outcome == LOG_COPIES_UNEXPECTED)
        return handling_invalid (handling, "log_copied.name",
                                 "no copy of this name is expected: log/copies of the configuration names them");
    if (outcome == LOG_COPIES_TAKEN)
        return handling_invalid (handling, "log_copied.name", "another copier reports under this name");
    int rc = tell_newer (turn, request->as.log_copied.checkpoint, &handling->reply.as.log_copied.checkpoint);
    if (rc != 0)
        return rc;
    handling->reply.body = REPLY_LOG_COPIED;
    handling->reply.as.log_copied.newest = turn->state.audit_number;
    handling->is_logged = outcome == LOG_COPIES_NOTED;
    return 0;
}
