/* Consents and refusals: recorded (G1-G10, G12) and shown. */
#include <stdio.h>
#include <string.h>
#include "permission.h"
#include "registry/id_begins.h"
#include "record/record.h"
#include "rules/own_part.h"
#include "events/tell.h"
#include "answer.h"
#include "consent_heard.h"
#include "correction.h"
#include "verbs.h"

enum {
    PARTIES_NAMED = 32, /* providers, or recipients, of one statement: more is not specific, nor bounded work */
    ANSWER_ADDS = 256,  /* bytes: what an answer tells of a consent and its record does not hold, and some more */
};

/* G10: lists the earlier consents that the new one replaces from its valid_from on. `earlier` holds the statements
   as they were. */
static void list_superseded (struct turn *turn, const struct subject_file *file, const struct statement *earlier,
                             struct handling *handling)
{
    size_t before = file->statement_count - 1;
    const struct statement *made = &file->statements[before];
    moment from = made->valid_from > turn->now ? made->valid_from : turn->now;
    struct id *ids = arena_array (turn->arena, before, sizeof *ids);
    size_t count = 0;
    for (size_t i = 0; i < before; i++)
        if (from < earlier[i].superseded_from && from >= file->statements[i].superseded_from)
            memcpy (ids[count++].bytes, file->statements[i].id, sizeof ids->bytes);
    handling->reply.as.consent_recorded.superseded = ids;
    handling->reply.as.consent_recorded.superseded_count = count;
}

static int invalid (struct turn *turn, struct handling *handling, const char *verb, const char *field,
                    const char *message)
{
    return handling_invalid (handling, arena_printf (turn->arena, "%s.%s", verb, field), message);
}

/* A statement that is being recorded, and what it answers. */
struct recording {
    const char *verb; /* the names of fields begin with it */
    struct statement *statement;
    bool answers;
    struct consent_request answered; /* G1: the request that it answers, if it answers one */
    struct correction correction;    /* KB 14: if the statement is one */
};

/* Judges a statement. The answer stays OK if nothing speaks against it. 0 or a failure. */
static int judge (struct turn *turn, const struct request *request, struct recording *made,
                  struct handling *handling)
{
    struct grant_facts facts = {turn->policy, &handling->file.subject, {parties_lookup, turn->parties}, turn->now};
    struct grant_outcome *judged = arena_alloc (turn->arena, sizeof *judged);
    if (made->answers) {
        int rc = answer_keep_secrecy (turn, &handling->file, request->as.statement.answers, made->statement);
        if (rc != 0)
            return rc;
    }
    grant_judge (&facts, made->statement, turn->arena, judged);
    if (judged->invalid_field != NULL)
        return invalid (turn, handling, made->verb, judged->invalid_field, judged->invalid_message);
    if (made->answers && !grant_is_blanket (made->statement)) {
        int rc = answer_judge (turn, request->as.statement.answers, made->statement, handling, &made->answered);
        if (rc != 0 || handling->reply.status != STATUS_OK)
            return rc;
    }
    if (judged->refusal_count > 0) {
        handling->reply.refusals = judged->refusals;
        handling->reply.refusal_count = judged->refusal_count;
        return handling_status (handling, STATUS_REJECTED,
                                "the rules do not admit this statement; nothing was recorded");
    }
    if (judged->has_warning) {
        handling->reply.refusals = &judged->warning;
        handling->reply.refusal_count = 1;
    }
    return 0;
}

/* V5: each party that the statement names hears of it, whoever asked. */
static int tell_recorded (struct turn *turn, const struct subject_file *file, const struct statement *statement)
{
    struct tell_items items;
    tell_find_items (turn, statement, NULL, &items);
    return tell_consent (turn, subject_file_about (file),
                         statement->refusal ? EVENT_CONSENT_REFUSED : EVENT_CONSENT_GRANTED, &items, NULL);
}

/* Adds the statement to the file. If it answers a request, it takes the id of the request. */
static int add (struct turn *turn, struct recording *made, struct handling *handling)
{
    struct statement *statement = made->statement;
    if (made->answers)
        memcpy (statement->id, made->answered.asked.id, sizeof statement->id);
    else
        vault_random (statement->id, sizeof statement->id);
    int rc = subject_file_add (turn, &handling->file, statement);
    if (rc == SUBJECT_FILE_FULL) {
        handling->reply.refusal_count = 0;
        return invalid (turn, handling, made->verb, "bsn",
                        "the registry holds as many statements of one subject as it can");
    }
    if (rc != 0)
        return rc;
    turn->state.revision++;
    if (made->answers)
        rc = answer_record (turn, &handling->file, statement, &made->answered);
    if (rc == 0 && statement->is_correction)
        rc = correction_record (turn, &made->correction, handling);
    return rc == 0 ? tell_recorded (turn, &handling->file, statement) : rc;
}

static void reply_recorded (struct turn *turn, const struct caller *caller, const struct statement *statement,
                            const struct statement *earlier, struct handling *handling)
{
    const struct subject_file *file = &handling->file;
    handling->reply.body = REPLY_CONSENT_RECORDED;
    memcpy (handling->reply.as.consent_recorded.consent_id.bytes, statement->id, sizeof statement->id);
    vault_subject_ref (turn->vault, file->id, caller->party->text.id,
                       handling->reply.as.consent_recorded.subject_ref.bytes);
    if (!statement->refusal)
        list_superseded (turn, file, earlier, handling);
    struct id *rested = arena_memdup (turn->arena, statement->id, sizeof *rested);
    handling->rested_on = rested;
    handling->rested_count = 1;
}

/* Judges a statement and records it if nothing speaks against it. */
static int record (struct turn *turn, const struct caller *caller, const struct request *request, const char *verb,
                   struct handling *handling)
{
    struct statement *statement = arena_memdup (turn->arena, &request->as.statement.statement, sizeof *statement);
    if (statement->scope.providers.count > PARTIES_NAMED)
        return invalid (turn, handling, verb, "scope.providers", "more than 32 parties");
    if (statement->scope.recipients.count > PARTIES_NAMED)
        return invalid (turn, handling, verb, "scope.recipients", "more than 32 parties");
    statement->recorded_at = turn->now;
    statement->recorded_by = caller->party->text.id;
    statement->user = request->user;
    if (statement->refusal) {
        statement->valid_from = turn->now;
        statement->valid_until = MOMENT_NEVER;
    }

    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    struct recording made = {.verb = verb,
                             .statement = statement,
                             .answers = request->as.statement.has_answers,
                             .correction = {.request = request, .statement = statement}};
    const struct statement *earlier = handling->file.statements;
    if (statement->is_correction)
        rc = correction_open (turn, caller, &made.correction, handling);
    if (rc == 0 && handling->reply.status == STATUS_OK)
        rc = judge (turn, request, &made, handling);
    if (rc == 0 && handling->reply.status == STATUS_OK)
        rc = add (turn, &made, handling);
    if (rc == 0 && handling->reply.status == STATUS_OK)
        reply_recorded (turn, caller, statement, earlier, handling);
    return rc;
}

int verb_grant (struct turn *turn, const struct caller *caller, const struct request *request,
                struct handling *handling)
{
    return record (turn, caller, request, "grant", handling);
}

int verb_refuse (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct handling *handling)
{
    return record (turn, caller, request, "refuse", handling);
}

bool verb_sees_whole (const struct caller *caller)
{
    return (caller->party->permissions & (PERMISSION_GRANT | PERMISSION_EXPLAIN | PERMISSION_ADMIN)) != 0;
}

/* Shows who asked for the consent, if the caller asked for it or sees it whole. */
static int show_asked (struct turn *turn, const struct caller *caller, const struct subject_file *file,
                       const uint8_t id[16], struct shown_consent *shown)
{
    struct consent_request request;
    int rc = consent_request_read (turn, file, id, &request);
    if (rc != 0)
        return rc == CONSENT_REQUEST_NOT_FOUND ? 0 : rc;
    if (!shown->in_full && strcmp (request.asked.recorded_by, caller->party->text.id) != 0)
        return 0;
    shown->asked_by = request.asked.recorded_by;
    shown->asked_at = request.asked.recorded_at;
    return 0;
}

static int show (struct turn *turn, const struct caller *caller, const struct subject_file *file, size_t index,
                 struct shown_consent *shown)
{
    struct decide_facts facts = subject_file_facts (turn, file);
    const char *party = caller->party->text.id;
    shown->statement = &file->statements[index];
    shown->in_full = verb_sees_whole (caller);
    shown->state = decide_state_for (&facts, index, shown->in_full ? NULL : party);
    if (!shown->in_full) {
        struct statement *part = arena_alloc (turn->arena, sizeof *part);
        *part = own_part_of (shown->statement, party, turn->arena);
        shown->statement = part;
    }
    vault_subject_ref (turn->vault, file->id, caller->party->text.id, shown->subject_ref.bytes);
    return show_asked (turn, caller, file, shown->statement->id, shown);
}

/* Shows a request that has no statement yet, to the party that asked and to those who see consents whole. */
static int show_request (struct turn *turn, const struct caller *caller, const uint8_t id[16],
                         struct handling *handling)
{
    struct consent_request *request = arena_alloc (turn->arena, sizeof *request);
    int rc = consent_request_open (turn, id, &handling->file, request);
    if (rc == CONSENT_REQUEST_NOT_FOUND)
        return handling_status (handling, STATUS_NOT_FOUND, "no such consent");
    if (rc != 0)
        return rc;
    handling->has_file = true;
    struct statement *asked = &request->asked;
    if (!verb_sees_whole (caller) && strcmp (asked->recorded_by, caller->party->text.id) != 0)
        return handling_status (handling, STATUS_NOT_FOUND, "no such consent");
    struct shown_consent *shown = &handling->reply.as.consent_show;
    handling->reply.body = REPLY_CONSENT_SHOW;
    *shown = (struct shown_consent){
        .statement = asked,
        .state = consent_request_state (request, turn->now),
        .in_full = verb_sees_whole (caller),
        .asked_by = asked->recorded_by,
        .asked_at = asked->recorded_at,
    };
    asked->recorded_by = ""; /* no statement of the subject is recorded yet */
    asked->recorded_at = 0;
    vault_subject_ref (turn->vault, handling->file.id, caller->party->text.id, shown->subject_ref.bytes);
    return 0;
}

/* For the party that asked for the consent and is not named in it: what the event of the answer told, without
   withdrawals. */
static void show_as_answered (struct turn *turn, const struct subject_file *file, size_t index,
                              struct shown_consent *shown)
{
    struct statement *answered = arena_memdup (turn->arena, &file->statements[index], sizeof *answered);
    answered->withdrawal_count = 0;
    shown->statement = answered;
}

/* Shows the consent, refusal or request with this id. */
static int show_one (struct turn *turn, const struct caller *caller, const uint8_t id[16],
                     struct handling *handling)
{
    size_t index = 0;
    int rc = subject_file_open_by_consent (turn, id, &handling->file, &index);
    if (rc == SUBJECT_FILE_NOT_FOUND)
        return show_request (turn, caller, id, handling);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    struct shown_consent *shown = arena_alloc (turn->arena, sizeof *shown);
    rc = show (turn, caller, &handling->file, index, shown);
    if (rc != 0)
        return rc;
    if (!shown->in_full && shown->statement->scope.providers.count == 0) {
        if (shown->asked_by == NULL)
            return handling_status (handling, STATUS_NOT_FOUND, "no such consent");
        show_as_answered (turn, &handling->file, index, shown);
    }
    handling->reply.body = REPLY_CONSENT_SHOW;
    handling->reply.as.consent_show = *shown;
    return 0;
}

/* Leaves of the ids those that this caller may see. */
static int keep_visible (struct turn *turn, const struct caller *caller, struct id_search *search)
{
    size_t kept = 0;
    for (size_t i = 0; i < search->count; i++) {
        struct handling tried = {.reply.status = STATUS_OK};
        int rc = show_one (turn, caller, search->found[i].bytes, &tried);
        if (tried.has_file)
            subject_file_close (&tried.file);
        if (rc != 0)
            return rc;
        if (tried.reply.status == STATUS_OK)
            search->found[kept++] = search->found[i];
    }
    search->count = kept;
    return 0;
}

/* Names those that begin alike: somebody who typed too little sees which he meant. */
static int fail_ambiguous (struct turn *turn, const struct id *ids, size_t count, struct handling *handling)
{
    const char *names = "";
    for (size_t i = 0; i < count; i++) {
        char digits[2 * sizeof ids->bytes + 1];
        for (size_t byte = 0; byte < sizeof ids->bytes; byte++)
            snprintf (digits + 2 * byte, 3, "%02x", ids[i].bytes[byte]);
        names = arena_printf (turn->arena, "%s%s%s", names, i > 0 ? ", " : "", digits);
    }
    return handling_invalid (handling, "consent_show.begins",
                             arena_printf (turn->arena, "More than one begins so: %s.", names));
}

/* Finds the one that is meant. Where there is none the answer says so. */
static int find_meant (struct turn *turn, const struct caller *caller, const struct request *request,
                       const uint8_t **id, struct handling *handling)
{
    enum { BEGIN_ALIKE = 8 }; /* so many are not looked at: ids are as good as random */
    if (request->as.consent_show.has_id) {
        *id = request->as.consent_show.consent_id;
        return 0;
    }
    struct id *found = arena_array (turn->arena, BEGIN_ALIKE, sizeof *found);
    struct id_search search = {request->as.consent_show.begins, found, BEGIN_ALIKE, 0};
    int rc = id_begins_find (turn, &search);
    if (rc == 0 && search.count == BEGIN_ALIKE)
        return handling_invalid (handling, "consent_show.begins", "Too many begin so: more digits are needed.");
    if (rc == 0 && search.count > 1)
        rc = keep_visible (turn, caller, &search);
    if (rc != 0)
        return rc;
    *id = found[0].bytes;
    return search.count == 1  ? 0
           : search.count > 1 ? fail_ambiguous (turn, found, search.count, handling)
                              : handling_status (handling, STATUS_NOT_FOUND, "no such consent");
}

int verb_consent_show (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct handling *handling)
{
    const uint8_t *id = NULL;
    struct shown_consent *shown = &handling->reply.as.consent_show;
    int rc = find_meant (turn, caller, request, &id, handling);
    if (rc == 0 && handling->reply.status == STATUS_OK)
        rc = show_one (turn, caller, id, handling);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    if (!verb_names_own_bsn (turn, request, handling))
        return shown->in_full ? consent_heard_show (turn, shown) : 0;
    handling->reply.body = REPLY_NONE;
    return 0;
}

size_t consent_size (const struct statement *statement)
{
    return ANSWER_ADDS + record_statement_size (statement);
}

size_t consent_withdrawal_size (const struct withdrawal *one)
{
    return ANSWER_ADDS + record_withdrawal_size (one);
}

int verb_consent_list (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct handling *handling)
{
    struct subject_file *file = &handling->file;
    int rc = subject_file_open (turn, request->bsn, file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    size_t first = 0, limit = request->page.limit;
    const uint8_t *after = request->page.after.bytes.data; /* an id */
    if (after != NULL) {
        while (first < file->statement_count && memcmp (file->statements[first].id, after, 16) != 0)
            first++;
        if (first++ == file->statement_count)
            return handling_invalid (handling, "consent_list.after", "no consent of this subject");
    }
    struct shown_consent *consents = arena_array (turn->arena, limit, sizeof *consents);
    size_t count = 0, size = 0;
    while (rc == 0 && first < file->statement_count && count < limit &&
           (count == 0 || size + consent_size (&file->statements[first]) < CONSENT_SIZE_LIMIT)) {
        size += consent_size (&file->statements[first]);
        rc = show (turn, caller, file, first++, &consents[count++]);
    }
    handling->reply.body = REPLY_CONSENT_LIST;
    handling->reply.as.consent_list.consents = consents;
    handling->reply.as.consent_list.count = count;
    handling->reply.more = first < file->statement_count;
    if (count > 0)
        handling->reply.next.bytes = (struct bytes){consents[count - 1].statement->id, sizeof (struct id)};
    return rc;
}
