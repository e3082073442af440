/* What operators look at: the daemon's state, and the log. */
#include <string.h>
#include "registry/alarm.h"
#include "audit/counted.h"
#include "codec/codec.h"
#include "registry/room.h"
#include "registry/subject_file.h"
#include "rules/policy.h"
#include "recorded.h"
#include "verbs.h"

/* Reports as many unfit parties as a page can hold. The list of parties has all of them. */
static void report_parties (struct turn *turn, struct status_report *report)
{
    enum { UNFIT_LISTED = 64 };
    const struct party_entry *entry;
    size_t index = 0;
    for (size_t i = 0; i < parties_count (turn->parties); i++)
        report->parties += parties_at (turn->parties, i)->party.active;
    report->unfit.item = arena_array (turn->arena, UNFIT_LISTED, sizeof *report->unfit.item);
    while (report->unfit.count < UNFIT_LISTED && (entry = parties_next_unfit (turn->parties, &index)) != NULL)
        report->unfit.item[report->unfit.count++] =
            arena_printf (turn->arena, "%s: %s: %s", entry->text.id, entry->unfit.name, entry->unfit.message);
}

static void show_alarms (struct turn *turn, struct status_report *report)
{
    struct shown_alarm *shown = arena_array (turn->arena, turn->report->alarm_count, sizeof *shown);
    for (size_t i = 0; i < turn->report->alarm_count; i++) {
        const struct alarm *alarm = &turn->report->alarms[i];
        shown[i] = (struct shown_alarm){alarm_name (alarm->kind), alarm->party, alarm->at};
    }
    report->alarms = shown;
    report->alarm_count = turn->report->alarm_count;
}

int verb_status (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct handling *handling)
{
    (void)caller;
    (void)request;
    struct status_report *report = &handling->reply.as.status;
    struct store_info info;
    int rc = store_info (turn->store, &info);
    if (rc == 0)
        rc = store_count (turn->txn, STORE_CONSENT, &report->consents);
    if (rc == 0)
        rc = store_count (turn->txn, STORE_SUBJECT, &report->subjects);
    if (rc != 0)
        return rc;
    handling->reply.body = REPLY_STATUS;
    report->server = "consentd " CONSENTD_VERSION;
    report->policy = turn->policy->id;
    report->policy_hash = turn->policy->hash;
    report->policy_directory = turn->config->policy_directory;
    report->last_reload = turn->report->last_reload;
    report->started_at = turn->report->started_at;
    report->audit_entries = turn->state.audit_number;
    report->store_used = info.used;
    report->store_size = info.size;
    report->store_reserve = info.reserve;
    report->store_state = room_level_name (turn->room->level);
    report->store_operators = info.shares[STORE_OPERATORS];
    report->store_operators_taken = info.taken[STORE_OPERATORS];
    report->store_withdrawals = info.shares[STORE_WITHDRAWALS];
    report->store_withdrawals_taken = info.taken[STORE_WITHDRAWALS];
    report->store_refused = turn->room->refused;
    report->failed_commits = turn->failed_commits;
    report->turns = turn->report->turns + 1; /* this turn too, since its requests are counted */
    report->requests = turn->report->requests;
    report->messages_cut_off = turn->report->messages_cut_off;
    report->turned_away = turn->report->turned_away;
    report->dropped = turn->report->dropped;
    report->clock_stopped = turn->state.clock_stopped;
    report->kept_time = turn->now;
    report->wall_time = turn->wall;
    report->listen_requests = turn->config->requests;
    report->listen_events = turn->config->events;
    report->listen_operators = turn->config->operators;
    report_parties (turn, report);
    show_alarms (turn, report);
    return 0;
}

enum { LINE_LIMIT = 56 * 1024 };

/* Finds whether the subject's record is older than this generation, which the line gave it, or cannot be read. */
static int find_older (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t generation,
                       bool *is_older)
{
    struct subject_file file;
    if (generation == 0) /* the line changed no record */
        return 0;
    int rc = subject_file_open_by_id (turn, subject, &file);
    *is_older = rc == RECORD_DAMAGED || file.generation < generation;
    subject_file_close (&file);
    return rc == RECORD_DAMAGED ? 0 : rc;
}

/* One line as operators see it, with the details as JSON. */
static int show_line (struct turn *turn, const struct audit_record *record, bool raw, struct audit_line *line)
{
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
    memcpy (line->hash, record->hash, sizeof line->hash);
    struct codec_evidence shown = {evidence.request, evidence.reply, evidence.note, evidence.all_reasons,
                                   evidence.reason_count};
    line->details = rc == 0 ? codec_describe (turn->arena, &shown) : "";
    /* The line must fit in a message. If the details do not, the reader opens the stored line himself. */
    if (strlen (line->details) + (raw ? record->raw.size : 0) > LINE_LIMIT)
        line->details = "";
    return raw ? find_older (turn, head->object, evidence.generation, &line->record_is_older) : 0;
}

/* Stands for a line that is missing or cannot be read. It has no bytes and no hash. */
static struct audit_line damaged_line (uint64_t number, int why)
{
    return (struct audit_line){.number = number,
                               .party = "",
                               .action = "log",
                               .result = why == AUDIT_NOT_FOUND ? "missing" : "damaged",
                               .origin = audit_origin_name (AUDIT_DAEMON),
                               .user = "",
                               .details = ""};
}

/* The number before the first line that is not earlier than `since`. Lines are in the order of time, except where
   the time was reset. */
static int number_before (struct turn *turn, moment since, uint64_t *number)
{
    uint64_t low = 0, high = turn->state.audit_number; /* lines up to `low` are earlier; none after `high` is */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct audit_record record;
        int rc = audit_read (turn, middle + 1, &record);
        if (rc != 0 && rc != AUDIT_NOT_FOUND && rc != RECORD_DAMAGED)
            return rc;
        /* A line that cannot be read may have any time, so it counts as not earlier. */
        if (rc == 0 && record.head.time < since)
            low = middle + 1;
        else
            high = middle;
    }
    *number = low;
    return 0;
}

/* The number before the first line that was asked for. */
static int find_first (struct turn *turn, const struct request *request, uint64_t *number)
{
    uint64_t last = request->page.last, newest = turn->state.audit_number;
    *number = request->page.after.order;
    if (last > 0)
        *number = newest > last ? newest - last : 0;
    return request->page.since != 0 ? number_before (turn, request->page.since, number) : 0;
}

static bool is_wanted (const struct audit_record *record, const uint8_t *object)
{
    return object == NULL ||
           (record->head.has_object && memcmp (record->head.object, object, sizeof record->head.object) == 0);
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

int verb_audit_list (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    (void)caller;
    /* One request looks at no more lines, and answers with no more bytes, than this. */
    enum { LOOKED_AT = 4096, BYTES_LOOKED_AT = 8 << 20, PAGE_SIZE = 60 * 1024, LINE_OVERHEAD = 256 };
    const bool filtered = request->bsn[0] != 0;
    uint8_t object[VAULT_ID_SIZE];
    if (filtered)
        vault_subject_id (turn->vault, request->bsn, object);
    int rc = write_counted (turn);
    if (rc != 0)
        return rc;
    unsigned limit = request->page.limit;
    struct audit_line *lines = arena_array (turn->arena, limit, sizeof *lines);
    size_t count = 0, size = 0, bytes = 0;
    uint64_t number, newest = turn->state.audit_number;
    rc = find_first (turn, request, &number);
    if (rc != 0)
        return rc;
    for (unsigned looked = 0; number < newest && count < limit && looked < LOOKED_AT && bytes < BYTES_LOOKED_AT;
         looked++, number++) {
        struct audit_record record;
        rc = audit_read (turn, number + 1, &record);
        if (rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED) { /* shown as damaged; the next line is read */
            if (!filtered)
                lines[count++] = damaged_line (number + 1, rc);
            continue;
        }
        if (rc != 0)
            return rc;
        bytes += record.raw.size;
        if (!is_wanted (&record, filtered ? object : NULL))
            continue;
        rc = show_line (turn, &record, request->as.audit_list.raw && !filtered, &lines[count]);
        if (rc != 0)
            return rc;
        size += LINE_OVERHEAD + strlen (lines[count].details) + lines[count].raw.size;
        if (count > 0 && size > PAGE_SIZE)
            break; /* the next page begins with this line */
        count++;
    }
    handling->reply.body = REPLY_AUDIT_LIST;
    handling->reply.as.audit_list.lines = lines;
    handling->reply.as.audit_list.count = count;
    handling->reply.more = number < newest;
    handling->reply.next.order = number;
    handling->reply.as.audit_list.newest = newest;
    memcpy (handling->reply.as.audit_list.newest_hash, turn->state.audit_hash, VAULT_HASH_SIZE);
    return 0;
}
