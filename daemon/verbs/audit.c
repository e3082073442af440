/* What operators look at: the log (A1, A5). */
#include <string.h>
#include "audit/archive.h"
#include "audit/counted.h"
#include "audit/lines_about.h"
#include "audit/recorded.h"
#include "codec/codec.h"
#include "record/subject_key.h"
#include "registry/subject_file.h"
#include "log_filter.h"
#include "tellings.h"
#include "verbs.h"

enum { LINE_LIMIT = 56 * 1024, TELLING_SIZE = 56 };

/* Finds whether the subject's record is older than this generation, which the line gave it, or cannot be read. A
   line that is kept of a subject who was erased gave it to a record that is gone. */
static int find_older (struct turn *turn, const struct audit_head *head, uint64_t generation, bool *is_older)
{
    struct subject_file file;
    struct generation now;
    if (generation == 0) /* the line changed no record */
        return 0;
    int rc = subject_read_generation (turn, head->object, &now);
    if (rc != 0 || head->number < now.since)
        return rc;
    rc = subject_file_open_by_id (turn, head->object, &file);
    *is_older = rc == RECORD_DAMAGED || (rc == 0 && file.generation < generation);
    subject_file_close (&file);
    return rc == RECORD_DAMAGED || rc == SUBJECT_FILE_ERASING ? 0 : rc;
}

/* What a page is asked for, and by which party. */
struct log_question {
    const char *party;
    const struct request *asked;
    struct hearings *hearings;
};

static int show_tellings (struct turn *turn, const struct evidence *evidence, const struct log_question *question,
                          struct audit_line *line)
{
    struct recorded_change change;
    struct shown_tellings tellings;
    codec_read_change (evidence->reply, turn->arena, &change);
    struct tellings told = tellings_of (turn, line->time, evidence, &change.informed);
    int rc = tellings_show (question->hearings, &told, 0, turn, &tellings);
    line->tellings = tellings.telling;
    line->telling_count = tellings.count;
    return rc;
}

/* One line as operators see it, with the details as JSON, and what else was asked. */
static int show_line (struct turn *turn, const struct audit_record *record, const struct log_question *question,
                      struct audit_line *line)
{
    const struct request *asked = question->asked;
    const bool raw = asked->as.audit_list.raw && asked->bsn[0] == 0;
    struct evidence evidence = {0};
    int rc = recorded_open (turn, record, &evidence);
    if (rc != 0 && rc != AUDIT_NOT_FOUND && rc != RECORD_DAMAGED)
        return rc; /* a damaged line is shown as it is stored: whoever verifies the chain sees it from the hash */
    const struct audit_head *head = &record->head;
    *line = (struct audit_line){
        .number = head->number,
        .time = head->time,
        .party = head->party,
        .action = head->action,
        .result = head->result,
        .origin = audit_origin_name (head->origin),
        .user = evidence.user,
        .has_object = head->has_object,
        .raw = raw ? record->raw : (struct bytes){NULL, 0},
        .has_hash = raw,
    };
    memcpy (line->object.bytes, head->object, sizeof line->object.bytes);
    if (head->has_object)
        vault_subject_ref (turn->vault, head->object, question->party, line->subject_ref.bytes);
    memcpy (line->hash, record->hash, sizeof line->hash);
    struct codec_evidence shown = {evidence.request, evidence.reply, evidence.note, evidence.all_reasons,
                                   evidence.reason_count};
    line->details = rc == 0 ? codec_describe (turn->arena, &shown) : "";
    /* The line must fit in a message. If the details do not, the reader opens the stored line himself. */
    if (strlen (line->details) + (raw ? record->raw.size : 0) > LINE_LIMIT)
        line->details = "";
    if (rc == 0 && asked->as.audit_list.tellings && (rc = show_tellings (turn, &evidence, question, line)) != 0)
        return rc;
    return raw ? find_older (turn, head, evidence.generation, &line->record_is_older) : 0;
}

/* The file that a line cannot be read from. */
static const char *describe_fault (struct turn *turn)
{
    const struct archive_fault *fault = archive_fault (turn->archive, 0);
    struct codec_evidence shown = {.note = arena_printf (turn->arena, "%s %s", fault->path, fault->why)};
    return codec_describe (turn->arena, &shown);
}

/* Stands for a line that is missing or cannot be read. It has no bytes and no hash. */
static struct audit_line damaged_line (struct turn *turn, uint64_t number, int why)
{
    return (struct audit_line){.number = number,
                               .party = "",
                               .action = "log",
                               .result = why == AUDIT_NOT_FOUND ? "missing" : "damaged",
                               .origin = audit_origin_name (AUDIT_DAEMON),
                               .user = "",
                               .details = why == ARCHIVE_DAMAGED ? describe_fault (turn) : ""};
}

/* The number before the first line that was asked for, of those up to `newest`. */
static int find_first (struct turn *turn, const struct request *request, uint64_t newest, uint64_t *number)
{
    uint64_t last = request->page.last;
    *number = request->page.after.order;
    if (last > 0)
        *number = newest > last ? newest - last : 0;
    return request->page.since != 0 ? audit_find_before (turn, request->page.since, number) : 0;
}

/* A1: writes the lines for what was counted until now, before anybody looks for them. */
static int write_counted (struct turn *turn)
{
    uint64_t refused;
    struct arena_mark mark = arena_mark (turn->arena);
    int rc = turn->state.counted_since != 0 ? counted_write (turn, &refused) : 0;
    arena_release (turn->arena, mark);
    return rc;
}

/* One request looks at no more lines, and answers with no more bytes, than this. */
enum { BYTES_LOOKED_AT = 8 << 20, PAGE_SIZE = 60 * 1024, LINE_OVERHEAD = 256 };

/* A page that is filled. */
struct log_page {
    struct audit_line *lines;
    size_t limit, count, size; /* size: bytes of the answer, about */
    bool is_full;              /* a line had no room: the next page begins with it */
    uint64_t number;           /* the lines up to it were looked at; backwards: those from it on */
    uint64_t last;             /* the last one that was asked */
    int64_t left;              /* lines that may still be looked at */
    size_t bytes;              /* that were looked at */
    struct log_question question;
};

static void add_damaged (struct turn *turn, struct log_page *page, uint64_t number, int why)
{
    page->lines[page->count++] = damaged_line (turn, number, why);
}

/* Adds a line, if it is one of those that were asked. */
static int add_line (struct turn *turn, const struct audit_record *record, struct log_page *page)
{
    struct audit_line *line = &page->lines[page->count];
    bool is_asked;
    page->bytes += record->raw.size;
    page->left -= log_filter_cost (page->question.asked);
    int rc = log_filter_judge (turn, page->question.asked, record, &is_asked);
    if (rc != 0 || !is_asked)
        return rc;
    rc = show_line (turn, record, &page->question, line);
    if (rc != 0)
        return rc;
    page->size += LINE_OVERHEAD + strlen (line->details) + line->raw.size + TELLING_SIZE * line->telling_count;
    page->is_full = page->count > 0 && page->size > PAGE_SIZE;
    page->count += !page->is_full;
    return 0;
}

/* Looks at line `number`. One that is missing or damaged is shown as such. */
static int look_at (struct turn *turn, uint64_t number, struct log_page *page)
{
    struct arena_mark mark = arena_mark (turn->arena);
    struct audit_record record;
    const size_t before = page->count;
    int rc = audit_read (turn, number, &record);
    if (audit_is_unreadable (rc)) {
        add_damaged (turn, page, number, rc);
        return 0;
    }
    if (rc == 0)
        rc = add_line (turn, &record, page);
    if (page->count == before)
        arena_release (turn->arena, mark);
    return rc;
}

static bool may_go_on (const struct log_page *page)
{
    return page->count < page->limit && !page->is_full && page->bytes < BYTES_LOOKED_AT && page->left > 0;
}

/* Lines one after the other. */
static int list_all (struct turn *turn, struct log_page *page)
{
    const bool backwards = page->question.asked->as.audit_list.backwards;
    while (may_go_on (page) && (backwards ? page->number > 1 : page->number < page->last)) {
        uint64_t number = backwards ? page->number - 1 : page->number + 1;
        int rc = look_at (turn, number, page);
        if (rc != 0 || page->is_full)
            return rc;
        page->number = number;
    }
    return 0;
}

/* Only lines about this subject; one that cannot be read may be one of them. */
static int list_about (struct turn *turn, const char *bsn, struct log_page *page)
{
    struct lines_about search = {
        .number = page->number, .until = page->last, .left = LINES_A_PAGE, .shows_unreadable = true};
    int rc = 0;
    vault_subject_id (turn->vault, bsn, search.object);
    while (may_go_on (page)) {
        struct audit_record record;
        rc = lines_about_next (turn, &search, &record);
        if (rc == RECORD_DAMAGED || rc == ARCHIVE_DAMAGED) {
            add_damaged (turn, page, search.number, rc);
            rc = 0;
        } else if (rc == 0)
            rc = add_line (turn, &record, page);
        if (rc != 0)
            break;
        page->number = page->is_full ? page->number : search.number;
    }
    if (!page->is_full && page->count < page->limit)
        page->number = search.number;
    return rc == AUDIT_NOT_FOUND || rc == AUDIT_LATER ? 0 : rc;
}

/* Which lines are asked, and where to begin with them. */
static int find_range (struct turn *turn, const struct request *request, struct log_page *page)
{
    uint64_t before;
    int rc = 0;
    page->last = turn->state.audit_number;
    if (request->as.audit_list.until != 0) {
        rc = audit_find_before (turn, request->as.audit_list.until, &before);
        page->last = before < page->last ? before : page->last;
    }
    if (rc == 0)
        rc = find_first (turn, request, page->last, &page->number);
    if (request->as.audit_list.backwards && (page->number == 0 || page->number > page->last))
        page->number = page->last + 1;
    return rc;
}

/* Says what the page has, and whether there is another. */
static void tell_page (const struct turn *turn, const struct request *request, const struct log_page *page,
                       struct reply *reply)
{
    const bool follows = request->as.audit_list.follow, backwards = request->as.audit_list.backwards;
    reply->body = REPLY_AUDIT_LIST;
    reply->as.audit_list.lines = page->lines;
    reply->as.audit_list.count = page->count;
    reply->more = backwards ? page->number > 1 : page->number < page->last || (follows && page->number > 0);
    reply->next.order = page->number;
    reply->as.audit_list.newest = turn->state.audit_number;
    memcpy (reply->as.audit_list.newest_hash, turn->state.audit_hash, VAULT_HASH_SIZE);
}

int verb_audit_list (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    struct log_page page = {.limit = request->page.limit,
                            .left = log_filter_is_set (request) ? LINES_A_PAGE : INT64_MAX,
                            .question = {caller->party->text.id, request, hearings_new (turn)}};
    int rc =
        request->as.audit_list.follow ? 0 : write_counted (turn); /* who follows sees them when they are due */
    if (rc == 0)
        rc = find_range (turn, request, &page);
    if (rc != 0)
        return rc;
    page.lines = arena_array (turn->arena, page.limit, sizeof *page.lines);
    rc = request->bsn[0] != 0 ? list_about (turn, request->bsn, &page) : list_all (turn, &page);
    if (rc == 0)
        tell_page (turn, request, &page, &handling->reply);
    return rc;
}
