/* What an overview tells of a line of the log: what was asked about the subject and what came of it, what changed,
   who was told of it, and who has heard (R1, V8). */
#include <string.h>
#include "audit/extract.h"
#include "audit/recorded.h"
#include "codec/codec_recorded.h"
#include "registry/consent_request.h"
#include "registry/disclosed.h"
#include "overview.h"
#include "tellings.h"

enum {
    LINE_SIZE = 128,
    ITEM_SIZE = 160,
    TELLING_SIZE = 64,
    LINE_SYSTEMS = 160, /* listed of one line: it must fit in a page */
};

static void show_check (struct overview_page *self, const struct evidence *evidence, struct overview_entry *entry,
                        struct overview_line *line)
{
    struct shown_decision decision = {0};
    codec_read_recorded (&(struct recorded_check){evidence->request, evidence->reply}, self->turn->arena,
                         &decision);
    line->answer = codec_answer_without_ref (decision.answer, self->turn->arena);
    line->all_reasons = evidence->all_reasons;
    line->reason_count = evidence->reason_count;
    if (decision.asked != NULL)
        line->asked = overview_see_check (self, decision.asked, &entry->left_out);
}

/* Of an answered request what the answer was. */
static enum statement_state state_of (const struct consent_request *request, moment now)
{
    return request->answer == ANSWER_GRANTED   ? STATE_GRANTED
           : request->answer == ANSWER_REFUSED ? STATE_REFUSAL
                                               : consent_request_state (request, now);
}

/* G1: what was asked for, as long as its record can be read. */
static int show_request (struct overview_page *self, struct overview_entry *entry,
                         const struct overview_line *line)
{
    struct consent_request request;
    int rc = consent_request_read (self->turn, self->file, line->consent_id.bytes, &request);
    if (rc != 0)
        return rc == CONSENT_REQUEST_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
    struct shown_consent *shown = arena_alloc (self->turn->arena, sizeof *shown);
    struct statement *asked = arena_memdup (self->turn->arena, &request.asked, sizeof *asked);
    *shown = (struct shown_consent){
        .statement = asked,
        .state = state_of (&request, self->turn->now),
        .in_full = true,
        .asked_by = asked->recorded_by,
        .asked_at = asked->recorded_at,
    };
    asked->recorded_by = "";
    asked->recorded_at = 0;
    vault_subject_ref (self->turn->vault, self->file->id, self->caller->party->text.id, shown->subject_ref.bytes);
    entry->consent = shown;
    return 0;
}

static int show_change (struct overview_page *self, const struct evidence *evidence, struct overview_entry *entry,
                        struct overview_line *line)
{
    struct recorded_change change;
    struct shown_tellings tellings;
    codec_read_change (evidence->reply, self->turn->arena, &change);
    bool is_check = strcmp (line->action, "check") == 0;
    line->has_consent = change.has_consent || (evidence->rested_count == 1 && !is_check);
    if (change.has_consent)
        memcpy (line->consent_id.bytes, change.consent, sizeof line->consent_id.bytes);
    else if (line->has_consent)
        line->consent_id = evidence->rested_on[0];
    struct tellings told = tellings_of (self->turn, line->time, evidence, &change.informed);
    int rc = tellings_show (self->hearings, &told, LINE_SYSTEMS, self->turn, &tellings);
    line->tellings = tellings.telling;
    line->telling_count = tellings.count;
    if (rc == 0 && change.has_consent && strcmp (line->action, "ask") == 0)
        rc = show_request (self, entry, line);
    return rc;
}

/* Notes the source once. */
static void add_source (struct text_set *sources, const char *source)
{
    if (!text_set_has (sources, source))
        sources->item[sources->count++] = source;
}

/* T1: by which articles a disclosure is kept. */
static int show_sources (struct overview_page *self, const struct audit_record *record, struct overview_line *line)
{
    struct record_period periods[DISCLOSED_PERIODS];
    struct disclosed disclosed;
    int rc = disclosed_read (self->turn, record, &disclosed);
    size_t count = rc == 0 && disclosed.is_one ? disclosed_periods (self->turn->policy, &disclosed, periods) : 0;
    line->kept_by.item = arena_array (self->turn->arena, count, sizeof *line->kept_by.item);
    for (size_t i = 0; i < count; i++)
        add_source (&line->kept_by, periods[i].entry->source);
    return rc;
}

/* R7: a line from before the subject was erased opens only if it is kept. */
static int show_kept (struct overview_page *self, const struct audit_record *record, struct overview_line *line)
{
    struct extract_line found;
    if (!record->head.subject_key || record->head.number >= self->since)
        return 0;
    int rc = extract_find (self->turn, self->file->id, record->head.number, &found);
    line->kept = rc == 0;
    line->kept_until = rc == 0 && found.until != MOMENT_NEVER ? found.until : 0;
    vault_key_wipe (&found.own);
    return rc == 0 ? show_sources (self, record, line) : rc == STORE_NOT_FOUND ? AUDIT_NOT_FOUND : rc;
}

/* Also counts the parties, so that the page is not too long. */
static size_t label_line (struct overview_page *self, const struct overview_entry *entry)
{
    const struct overview_line *line = entry->line;
    size_t size = LINE_SIZE + line->answer.size + line->telling_count * TELLING_SIZE;
    overview_label (self, LABEL_PARTY, line->party);
    for (size_t i = 0; i < line->telling_count; i++) {
        overview_label (self, LABEL_PARTY, line->tellings[i].party);
        size += HEARING_SIZE * line->tellings[i].consumer_count;
    }
    if (line->asked != NULL) {
        overview_label_check (self, &line->asked->as.check);
        size += ITEM_SIZE * (1 + line->asked->as.check.item_count);
    }
    if (entry->consent != NULL) {
        overview_label_scope (self, &entry->consent->statement->scope);
        size += consent_size (entry->consent->statement);
    }
    return size;
}

/* The grounds of the answer. */
static void label_grounds (struct overview_page *self, const struct evidence *evidence)
{
    for (size_t i = 0; evidence->has_answer && i < evidence->answer.item_count; i++) {
        overview_label (self, LABEL_STATUTE, evidence->answer.items[i].statute);
        overview_label (self, LABEL_URGENT_REASON, evidence->answer.items[i].urgent_reason);
    }
}

/* R5: an overview of before is a line as well, so the reader sees when it was, and what came since. */
bool overview_add_line (struct overview_page *self, const struct audit_record *record, int *rc)
{
    const struct audit_head *head = &record->head;
    struct evidence *evidence = arena_alloc (self->turn->arena, sizeof *evidence);
    struct overview_line *line = arena_alloc (self->turn->arena, sizeof *line);
    struct overview_entry entry = {.line = line};
    *line = (struct overview_line){.number = head->number,
                                   .time = head->time,
                                   .party = head->party,
                                   .action = head->action,
                                   .result = head->result};
    *rc = recorded_open (self->turn, record, evidence);
    if (*rc == 0)
        *rc = show_kept (self, record, line);
    if (*rc == 0 && strcmp (head->action, "check") == 0)
        show_check (self, evidence, &entry, line);
    if (*rc == 0)
        *rc = show_change (self, evidence, &entry, line);
    if (*rc == AUDIT_NOT_FOUND || *rc == RECORD_DAMAGED) /* that it was, its head says */
        *rc = 0;
    if (*rc != 0)
        return false;
    label_grounds (self, evidence);
    return overview_add (self, &entry, label_line (self, &entry));
}
