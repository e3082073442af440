/* What is past its period of retention: listed, and destroyed (T1, T2, KB 20). One page looks at a bounded number
   of subjects. What it finds past is marked to be erased, so a run that is cut off goes on in the next one. */
#include <string.h>
#include "audit/extract.h"
#include "registry/bucket_walk.h"
#include "registry/erasure.h"
#include "registry/retained.h"
#include "verbs.h"

enum {
    CURSOR_PLAIN = 2 + WRAPPED_KEY_PLACE, /* which table, and the key in it behind which the page begins */
    CURSOR_SIZE = CURSOR_PLAIN + VAULT_SEAL_OVERHEAD,
    WALKS_A_PAGE = 8, /* subjects of whom the lines of the log are looked at */
};

/* The page that is made. */
struct retention_page {
    struct turn *turn;
    const struct caller *caller;
    moment at; /* past by then */
    bool destroys;
    size_t walks, limit;
    struct shown_retention *entries;
    struct reply *reply;
};

/* All that have a file, an extract, or lines only. */
static const struct walked everybody = {
    .bucket_count = 1, .tables = wrapped_key_tables, .table_count = WRAPPED_KEY_TABLES};

/* --- Where a page begins ------------------------------------------------------------------------------ */

/* The cursor holds a pseudonym of the registry's own, which is nobody's to know: it is sealed. */
static const struct vault_binding binding = {"retention", 1, "", 0};

static struct bytes seal_cursor (struct turn *turn, const struct bucket_walk *walk)
{
    uint8_t plain[CURSOR_PLAIN] = {(uint8_t)walk->table, (uint8_t)walk->last_size};
    uint8_t *sealed = arena_alloc (turn->arena, CURSOR_SIZE);
    memcpy (plain + 2, walk->last, walk->last_size);
    vault_seal (vault_system_key (turn->vault), &binding, plain, sizeof plain, sealed);
    return (struct bytes){sealed, CURSOR_SIZE};
}

static bool open_cursor (struct turn *turn, struct bytes cursor, struct bucket_walk *walk)
{
    uint8_t plain[CURSOR_PLAIN];
    *walk = (struct bucket_walk){.bucket = 0};
    if (cursor.size == 0)
        return true;
    if (cursor.size != CURSOR_SIZE ||
        vault_unseal (vault_system_key (turn->vault), &binding, cursor.data, cursor.size, plain) != 0)
        return false;
    walk->table = plain[0];
    walk->last_size = plain[1];
    memcpy (walk->last, plain + 2, sizeof walk->last);
    return walk->table < WRAPPED_KEY_TABLES && walk->last_size <= sizeof walk->last;
}

/* --- What is on it ------------------------------------------------------------------------------------ */

static void list_reasons (struct turn *turn, const struct retained *found, struct shown_retention *entry)
{
    uint32_t *all = arena_array (turn->arena, RETAINED_BY, sizeof *all);
    entry->kept_by = all;
    for (uint32_t one = 0; one < RETAINED_BY; one++)
        if (found->by[one])
            all[entry->kept_by_count++] = one;
}

/* Shows what is past its period, and marks it if it is to be destroyed and nothing keeps it. 0, ERASURE_FULL or a
   failure. */
static int add (struct retention_page *page, const uint8_t subject[VAULT_ID_SIZE], enum erasure_kind kind,
                const struct retained *found)
{
    struct erasure_mark mark = {.kind = kind};
    struct shown_retention *entry = &page->entries[page->reply->as.retention.count];
    memcpy (mark.subject, subject, VAULT_ID_SIZE);
    int rc = page->destroys && !retained_is_kept (found) ? erasure_mark (page->turn, &mark) : 0;
    if (rc != 0)
        return rc;
    *entry = (struct shown_retention){.extract = kind == ERASURE_OF_EXTRACTS,
                                      .until = found->until,
                                      .lines = found->lines,
                                      .disclosures = found->disclosures,
                                      .source = found->source};
    vault_subject_ref (page->turn->vault, subject, page->caller->party->text.id, entry->subject_ref.bytes);
    list_reasons (page->turn, found, entry);
    page->reply->as.retention.count++;
    return 0;
}

static int look_at_subject (struct retention_page *page, const uint8_t subject[VAULT_ID_SIZE])
{
    struct retained found;
    int rc = retained_find (page->turn, subject, &found);
    page->walks += found.is_found;
    if (rc == SUBJECT_FILE_ERASING)
        page->reply->as.retention.under_way++;
    else if (rc == 0 && found.by[RETAINED_BY_CONSENT])
        page->reply->as.retention.in_force++;
    else if (rc == 0 && !found.is_found)
        page->reply->as.retention.damaged++;
    else if (rc == 0 && found.until == MOMENT_NEVER)
        page->reply->as.retention.without_end++;
    else if (rc == 0 && found.until > page->at)
        page->reply->as.retention.not_past++;
    else if (rc == 0)
        rc = add (page, subject, ERASURE_OF_SUBJECT, &found);
    return rc == SUBJECT_FILE_ERASING ? 0 : rc;
}

static int look_at_past (struct retention_page *page, const struct extract *extract)
{
    struct retained found = {.is_found = true, .until = extract->until, .source = ""};
    struct subject_file file;
    int rc = subject_file_open_by_id (page->turn, extract->subject, &file);
    found.by[RETAINED_BY_HOLD] = rc == 0 && subject_is_held (&file.subject);
    found.by[RETAINED_BY_DAMAGE] = rc == RECORD_DAMAGED;
    subject_file_close (&file);
    return rc == 0 || rc == RECORD_DAMAGED ? add (page, extract->subject, ERASURE_OF_EXTRACTS, &found) : rc;
}

/* What a statute required to be kept of somebody erased. A hold on a record that there is since keeps it too. */
static int look_at_extract (struct retention_page *page, const struct extract *extract)
{
    struct erasure_mark unused;
    if (extract->until > page->at) {
        page->reply->as.retention.not_past++;
        return 0;
    }
    int rc = marks_find (page->turn, extract->subject, ERASURE_OF_EXTRACTS, &unused);
    bool is_marked = rc == 0;
    if (rc == STORE_NOT_FOUND)
        rc = look_at_past (page, extract);
    if (is_marked || rc == SUBJECT_FILE_ERASING)
        page->reply->as.retention.under_way++;
    else if (rc == RECORD_DAMAGED) /* nobody knows which extracts the subject has */
        page->reply->as.retention.damaged++;
    return rc == SUBJECT_FILE_ERASING || rc == RECORD_DAMAGED ? 0 : rc;
}

static int look_at (struct retention_page *page, const struct entry_name *name)
{
    struct extract extract;
    if (name->table != STORE_EXTRACT)
        return look_at_subject (page, name->key);
    return extract_read_name ((struct bytes){name->key, name->size}, &extract) ? look_at_extract (page, &extract)
                                                                               : 0;
}

static bool is_full (const struct retention_page *page)
{
    return page->reply->as.retention.count == page->limit || page->walks >= WALKS_A_PAGE;
}

/* Goes on until the page is full, everybody was looked at, or no more can be done now. */
static int make (struct retention_page *page, struct bucket_walk *walk)
{
    struct entry_name names[BUCKET_WALK_LIMIT];
    size_t count, done = 0;
    int rc = bucket_walk_list (page->turn, walk, &everybody, names, &count);
    while (rc == 0 && done < count && !is_full (page)) {
        rc = look_at (page, &names[done]);
        done += rc == 0;
    }
    bool is_later = rc == KEEPING_LATER || rc == ERASURE_FULL;
    page->reply->as.retention.wait = rc == ERASURE_FULL;
    if (rc != 0 && !is_later)
        return rc;
    if (!is_later || done > 0)
        bucket_walk_move (walk, &everybody, names, done, count);
    return 0;
}

static int show (struct turn *turn, const struct caller *caller, const struct request *request, bool destroys,
                 struct handling *handling)
{
    moment until = request->as.retention.until;
    struct retention_page page = {.turn = turn,
                                  .caller = caller,
                                  .at = until > turn->now ? until : turn->now,
                                  .destroys = destroys,
                                  .limit = request->page.limit,
                                  .reply = &handling->reply};
    struct bucket_walk walk;
    if (!open_cursor (turn, request->page.after.bytes, &walk))
        return handling_invalid (handling, destroys ? "retention_run.after" : "retention_list.after",
                                 "this is `next` of the page before");
    page.entries = arena_array (turn->arena, page.limit, sizeof *page.entries);
    handling->reply.as.retention.entries = page.entries;
    handling->reply.body = REPLY_RETENTION;
    int rc = make (&page, &walk);
    handling->reply.more = rc == 0 && !bucket_walk_is_over (&walk, &everybody);
    if (handling->reply.more)
        handling->reply.next.bytes = seal_cursor (turn, &walk);
    return rc;
}

int verb_retention_list (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling)
{
    return show (turn, caller, request, false, handling);
}

int verb_retention_run (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    return show (turn, caller, request, true, handling);
}
