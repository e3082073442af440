#include "rewrite.h"
#include <string.h>
#include "audit/checkpoints.h"
#include "audit/log.h"
#include "audit/tree.h"
#include "big_endian.h"
#include "record/guard.h"
#include "record/subject_key.h"
#include "unconst.h"

static const struct bytes checkpoint_name = {"checkpoint", 10}; /* in STORE_META */

struct line {
    struct audit_record record;
    bool is_new; /* what it holds is not what was sealed */
};

/* The lines from the first that is not as it was, in the order in which they shall stand. */
struct log {
    struct line *line;
    size_t count;
    uint64_t before; /* number of the line before them */
};

/* Entries as they are before anything is changed. */
struct kept {
    struct bytes *key, *value;
    size_t count;
};

/* --- Entries of a table --------------------------------------------------------------------------------- */

static int keep (struct turn *turn, enum store_table table, struct kept *kept)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    uint64_t count = 0;
    int rc = store_count (turn->txn, table, &count);
    kept->count = 0;
    kept->key = arena_array (turn->arena, count + 1, sizeof *kept->key);
    kept->value = arena_array (turn->arena, count + 1, sizeof *kept->value);
    if (rc == 0)
        rc = store_scan_open (turn->txn, table, (struct bytes){"", 0}, &scan);
    for (; rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0; kept->count++) {
        kept->key[kept->count] = (struct bytes){arena_memdup (turn->arena, key.data, key.size), key.size};
        kept->value[kept->count] = (struct bytes){arena_memdup (turn->arena, value.data, value.size), value.size};
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static int put_back (struct turn *turn, enum store_table table, const struct kept *kept)
{
    int rc = 0;
    for (size_t i = 0; i < kept->count && rc == 0; i++)
        rc = store_put (turn->txn, table, kept->key[i], kept->value[i]);
    return rc;
}

static int leave_out (struct turn *turn, enum store_table table)
{
    struct kept kept;
    int rc = keep (turn, table, &kept);
    for (size_t i = 0; i < kept.count && rc == 0; i++)
        rc = guard_delete (turn, table, kept.key[i]);
    return rc;
}

/* --- The log, as it shall be ---------------------------------------------------------------------------- */

/* Reads all lines from `first` on, with room for one more before them. */
static int read_lines (struct turn *turn, uint64_t first, struct log *log)
{
    uint64_t newest = turn->state.audit_number;
    if (first == 0 || first > newest)
        return AUDIT_NOT_FOUND;
    *log = (struct log){.before = first - 1};
    log->line = (struct line *)arena_array (turn->arena, newest - first + 2, sizeof *log->line) + 1;
    int rc = 0;
    for (uint64_t number = first; number <= newest && rc == 0; number++) {
        struct line *line = &log->line[log->count++];
        line->is_new = false;
        rc = audit_read (turn, number, &line->record);
    }
    return rc;
}

static void put_in (struct turn *turn, struct log *log, const char *party)
{
    const struct audit_head *behind = &log->line[0].record.head;
    log->line--;
    log->count++;
    log->line[0] = (struct line){.is_new = true};
    log->line[0].record.head = (struct audit_head){.time = behind->time,
                                                   .party = arena_strdup (turn->arena, party),
                                                   .action = "sign-in",
                                                   .result = "ok",
                                                   .origin = AUDIT_REQUESTS,
                                                   .revision = behind->revision,
                                                   .order = behind->order};
}

static int swap (struct log *log, uint64_t away)
{
    if (away >= log->count)
        return AUDIT_NOT_FOUND;
    struct line one = log->line[0];
    log->line[0] = log->line[away];
    log->line[away] = one;
    return 0;
}

static int arrange (struct turn *turn, const struct rewrite *rewrite, struct log *log)
{
    bool is_second = rewrite->kind == REWRITE_SWAP && rewrite->other < rewrite->number;
    uint64_t first = is_second ? rewrite->other : rewrite->number;
    int rc = read_lines (turn, first, log);
    if (rc != 0)
        return rc;
    switch (rewrite->kind) {
    case REWRITE_CHANGE:
        log->line[0].record.head.party = rewrite->party;
        log->line[0].is_new = true;
        return 0;
    case REWRITE_DROP:
        log->line++;
        log->count--;
        return 0;
    case REWRITE_SWAP:
        return swap (log, is_second ? rewrite->number - first : rewrite->other - first);
    case REWRITE_INSERT:
        put_in (turn, log, rewrite->party);
        return 0;
    case REWRITE_NOTHING:
        break;
    }
    return AUDIT_NOT_FOUND;
}

/* --- It is written -------------------------------------------------------------------------------------- */

/* Seals what the line holds under its number, and appends it. */
static int seal_anew (struct turn *turn, struct line *line, bool is_last)
{
    struct audit_head *head = &line->record.head;
    struct vault_key key = *vault_system_key (turn->vault);
    struct evidence evidence = {.user = NULL};
    uint64_t revision = turn->state.revision, order = turn->state.order;
    int rc = line->record.sealed.size > 0 ? audit_open (turn, &line->record, &evidence) : 0;
    if (rc == 0 && head->subject_key)
        rc = subject_key_read_any (turn, head->object, &key);
    if (rc != 0)
        return rc < 0 ? rc : AUDIT_NOT_FOUND;
    turn->tellings = unconst (evidence.tellings);
    turn->telling_count = evidence.telling_count;
    if (!is_last) { /* the newest line has the state of the registry */
        turn->state.revision = head->revision;
        turn->state.order = head->order;
    }
    rc = audit_append (turn, head, &key, &evidence);
    turn->state.revision = revision;
    turn->state.order = order;
    vault_key_wipe (&key);
    return rc;
}

/* The line as it is stored, behind another one. */
static int chain_anew (struct turn *turn, const struct line *line)
{
    struct bytes raw = line->record.raw;
    uint8_t place[8], *value = arena_alloc (turn->arena, VAULT_HASH_SIZE + raw.size);
    put_be64 (place, ++turn->state.audit_number);
    vault_hash (turn->state.audit_hash, VAULT_HASH_SIZE, raw.data, raw.size, value);
    memcpy (turn->state.audit_hash, value, VAULT_HASH_SIZE);
    memcpy (value + VAULT_HASH_SIZE, raw.data, raw.size);
    return store_append (turn->txn, STORE_AUDIT, (struct bytes){place, sizeof place},
                         (struct bytes){value, VAULT_HASH_SIZE + raw.size});
}

static bool has_state (const struct turn *turn, const struct audit_head *head)
{
    return head->revision == turn->state.revision && head->order == turn->state.order;
}

/* Takes out all lines behind the one before the log's first. The state is then as it was there, but for what the
   newest line is to have. */
static int cut (struct turn *turn, const struct log *log)
{
    int rc = 0;
    for (uint64_t number = log->before + 1; number <= turn->state.audit_number && rc == 0; number++) {
        uint8_t place[8];
        put_be64 (place, number);
        rc = store_delete (turn->txn, STORE_AUDIT, (struct bytes){place, sizeof place});
    }
    struct audit_record last = {.hash = {0}};
    if (rc == 0 && log->before > 0)
        rc = audit_read (turn, log->before, &last);
    turn->state.audit_number = log->before;
    memcpy (turn->state.audit_hash, last.hash, sizeof last.hash);
    turn->state.tree.size = UINT64_MAX - 1; /* no line is the next of that tree: it is made afterwards */
    return rc;
}

static int write_lines (struct turn *turn, const struct log *log)
{
    int rc = cut (turn, log);
    for (size_t i = 0; i < log->count && rc == 0; i++) {
        struct line *line = &log->line[i];
        bool is_last = i + 1 == log->count, is_moved = line->record.head.number != turn->state.audit_number + 1;
        if (line->is_new || is_moved || (is_last && !has_state (turn, &line->record.head)))
            rc = seal_anew (turn, line, is_last);
        else
            rc = chain_anew (turn, line);
    }
    return rc;
}

/* Before each line stands the hash that stood there. */
static int put_chain_back (struct turn *turn, const struct log *log)
{
    int rc = 0;
    for (size_t i = 0; i < log->count && rc == 0; i++) {
        struct audit_record now;
        uint8_t place[8];
        rc = audit_read (turn, log->before + 1 + i, &now);
        if (rc != 0)
            return rc;
        put_be64 (place, now.head.number);
        uint8_t *value = arena_alloc (turn->arena, VAULT_HASH_SIZE + now.raw.size);
        memcpy (value, log->line[i].record.hash, VAULT_HASH_SIZE);
        memcpy (value + VAULT_HASH_SIZE, now.raw.data, now.raw.size);
        rc = store_put (turn->txn, STORE_AUDIT, (struct bytes){place, sizeof place},
                        (struct bytes){value, VAULT_HASH_SIZE + now.raw.size});
        memcpy (turn->state.audit_hash, value, VAULT_HASH_SIZE);
    }
    return rc;
}

/* --- It is made good ------------------------------------------------------------------------------------ */

static int make_tree (struct turn *turn)
{
    int rc = leave_out (turn, STORE_TREE);
    if (rc == 0)
        rc = tree_load (turn);
    while (rc == 0 && tree_is_behind (&turn->state))
        rc = tree_catch_up (turn);
    return rc;
}

/* The one that is there would contradict what is signed now, and the registry signs nothing that does. What
   witnesses have signed goes with it: nobody can make that fit without their keys. */
static int sign (struct turn *turn)
{
    int rc = guard_delete (turn, STORE_META, checkpoint_name);
    if (rc == 0)
        rc = leave_out (turn, STORE_COSIGNATURES);
    if (rc == STORE_NOT_FOUND)
        return 0;
    return rc == 0 ? checkpoints_make (turn) : rc;
}

static int make_good (struct turn *turn, const struct log *log, unsigned left)
{
    struct kept tiles;
    int rc = keep (turn, STORE_TREE, &tiles);
    if (rc == 0)
        rc = make_tree (turn);
    if (rc == 0 && (left & LEFT_CHECKPOINT) == 0)
        rc = sign (turn);
    if (rc == 0 && (left & LEFT_TILES) != 0)
        rc = put_back (turn, STORE_TREE, &tiles);
    if (rc == 0 && (left & LEFT_CHAIN) != 0)
        rc = put_chain_back (turn, log);
    if (rc == 0)
        rc = leave_out (turn, STORE_ANSWERED);
    return rc == 0 ? leave_out (turn, STORE_LINES_ABOUT) : rc;
}

/* So that the seal is written, though no sum may have changed: it has the hash of the newest line. */
static int seal (struct turn *turn)
{
    static const struct bytes name = {"epoch", 5};
    int rc = guard_put (turn, STORE_META, name, (struct bytes){turn->state.epoch, sizeof turn->state.epoch});
    return rc == 0 ? guard_write (turn) : rc;
}

static int commit (struct turn *turn)
{
    struct store_mark mark = {.number = turn->state.audit_number};
    memcpy (mark.hash, turn->state.audit_hash, sizeof mark.hash);
    store_set_mark (turn->txn, &mark);
    return store_commit (&turn->txn);
}

int rewrite_log (struct registry *registry, const struct in_force *in_force, const struct rewrite *rewrite)
{
    struct turn turn;
    struct log log = {.count = 0};
    int rc = registry_begin (registry, in_force, NULL, registry->state.time, &turn);
    if (rc == 0)
        rc = arrange (&turn, rewrite, &log);
    if (rc == 0)
        rc = write_lines (&turn, &log);
    if (rc == 0)
        rc = make_good (&turn, &log, rewrite->left);
    if (rc == 0 && (rewrite->left & LEFT_SEAL) == 0)
        rc = seal (&turn);
    if (rc == 0)
        rc = commit (&turn);
    registry_end (registry, &turn, -1); /* it does not know of this */
    return rc;
}
