/* Requests for consent (G1). A party asks; the social team sees which requests wait, and may say that the subject
   has not decided yet. The statements that grant or refuse a request are in consent.c. */
#include <string.h>
#include "permission.h"
#include "rules/grant.h"
#include "answer.h"
#include "verbs.h"

static int recorded (struct turn *turn, const struct caller *caller, const struct subject_file *file,
                     const struct consent_request *request, struct handling *handling)
{
    struct id *id = &handling->reply.as.consent_recorded.consent_id;
    handling->reply.body = REPLY_CONSENT_RECORDED;
    memcpy (id->bytes, request->asked.id, sizeof id->bytes);
    vault_subject_ref (turn->vault, file->id, caller->party->text.id,
                       handling->reply.as.consent_recorded.subject_ref.bytes);
    return 0;
}

/* True if the rules admit the request. They judge a copy, so that what the request leaves open stays open for the
   answer. */
static bool is_admitted (struct turn *turn, struct statement asked, struct handling *handling)
{
    struct grant_facts facts = {turn->policy, &handling->file.subject, {parties_lookup, turn->parties}, turn->now};
    struct grant_outcome *judged = arena_alloc (turn->arena, sizeof *judged);
    grant_judge_request (&facts, &asked, turn->arena, judged);
    if (judged->invalid_field != NULL)
        return handling_invalid (handling, arena_printf (turn->arena, "ask.%s", judged->invalid_field),
                                 judged->invalid_message) != 0;
    if (judged->refusal_count > 0) {
        handling->reply.refusals = judged->refusals;
        handling->reply.refusal_count = judged->refusal_count;
        return handling_status (handling, STATUS_REJECTED,
                                "the rules do not admit this request; nothing was recorded") != 0;
    }
    if (judged->has_warning) {
        handling->reply.refusals = &judged->warning;
        handling->reply.refusal_count = 1;
    }
    return true;
}

/* As in C1, a party that is neither provider nor recipient has nothing to ask. A request that names nobody in
   particular is judged by G2. */
static bool may_ask (const struct caller *caller, const struct statement *asked)
{
    return grant_is_blanket (asked) || statement_names_party (asked, caller->party->text.id) ||
           (caller->party->permissions & PERMISSION_CHECK_FOR_OTHERS) != 0;
}

/* G1: a party that may request asks. The request is recorded apart from the statements, where no decision
   looks. */
int verb_ask (struct turn *turn, const struct caller *caller, const struct request *request,
              struct handling *handling)
{
    struct consent_request made = {.bsn = request->bsn, .asked = request->as.statement.statement};
    made.asked.recorded_at = turn->now;
    made.asked.recorded_by = caller->party->text.id;
    made.asked.user = request->user;
    if (!may_ask (caller, &made.asked))
        return handling_status (handling, STATUS_FORBIDDEN, "this party is neither provider nor recipient");
    int rc = subject_file_open (turn, made.bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (!is_admitted (turn, made.asked, handling))
        return 0;
    rc = consent_request_add (turn, &handling->file, &made);
    if (rc == CONSENT_REQUEST_FULL) {
        handling->reply.refusal_count = 0;
        return handling_invalid (handling, "ask.bsn", "as many requests wait for an answer as may");
    }
    if (rc != 0)
        return rc;
    turn->state.revision++;
    return recorded (turn, caller, &handling->file, &made, handling);
}

int verb_defer (struct turn *turn, const struct caller *caller, const struct request *request,
                struct handling *handling)
{
    struct consent_request deferred;
    int rc = consent_request_open (turn, request->as.defer.consent_id, &handling->file, &deferred);
    if (rc == CONSENT_REQUEST_NOT_FOUND)
        return handling_status (handling, STATUS_NOT_FOUND, "no such request for consent");
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (verb_names_own_bsn (turn, request, handling))
        return 0;
    if (!consent_request_is_waiting (&deferred, turn->now))
        return handling_invalid (handling, "defer.consent_id", "was answered already, or is past its time");
    deferred.deferred_at = turn->now;
    deferred.deferred_reason = request->as.defer.reason;
    deferred.deferred_by = caller->party->text.id;
    deferred.deferred_user = request->user;
    turn->state.revision++;
    rc = consent_request_rewrite (turn, &handling->file, &deferred);
    if (rc == 0)
        rc = answer_tell (turn, &handling->file, &deferred, ANSWER_DEFERRED, NULL);
    return rc == 0 ? recorded (turn, caller, &handling->file, &deferred, handling) : rc;
}

/* Reads a waiting request. If its record is damaged, only its id and moment are shown: otherwise the page would
   fail, and nobody would see the requests behind it. */
static int read_waiting (struct turn *turn, const struct caller *caller, const struct waiting_request *place,
                         struct shown_waiting *shown)
{
    struct subject_file file = {.known = true};
    struct consent_request *request = arena_alloc (turn->arena, sizeof *request);
    memcpy (file.id, place->subject, sizeof file.id);
    memcpy (shown->consent_id.bytes, place->id, sizeof place->id);
    shown->asked_at = place->asked_at;
    int rc = subject_key_read (turn, place->subject, &file.key);
    if (rc == 0)
        rc = consent_request_read (turn, &file, place->id, request);
    subject_file_close (&file);
    if (rc == SUBJECT_FILE_NOT_FOUND || rc == CONSENT_REQUEST_NOT_FOUND || rc == RECORD_DAMAGED)
        return 0;
    if (rc != 0)
        return rc;
    shown->request = request;
    shown->has_ref = true;
    vault_subject_ref (turn->vault, place->subject, caller->party->text.id, shown->subject_ref.bytes);
    return 0;
}

/* The answer took it off the list, and an older page has put it back. */
static bool is_answered (const struct shown_waiting *shown)
{
    return shown->request != NULL && shown->request->answer != ANSWER_NONE;
}

static size_t size_of (const struct shown_waiting *shown)
{
    return shown->request != NULL
               ? consent_size (&shown->request->asked) + strlen (shown->request->deferred_reason)
               : 64;
}

/* Makes a page of the requests at these places. If the page is full, its last place belongs to
   the next one. */
static int show_waiting (struct turn *turn, const struct caller *caller, const struct waiting_page *page,
                         struct handling *handling)
{
    size_t limit = page->limit - 1;
    struct shown_waiting *shown = arena_array (turn->arena, limit, sizeof *shown);
    size_t done = 0, made = 0, size = 0;
    int rc = 0;
    for (; rc == 0 && done < page->count && done < limit; done++) {
        /* Its time is past, so nobody can grant it any more. */
        if (page->found[done].valid_until <= turn->now && !turn->state.clock_stopped) {
            rc = consent_request_drop (turn, &page->found[done]);
            continue;
        }
        rc = read_waiting (turn, caller, &page->found[done], &shown[made]);
        if (rc == 0 && is_answered (&shown[made])) {
            rc = consent_request_drop (turn, &page->found[done]);
            continue;
        }
        size += size_of (&shown[made]);
        if (rc != 0 || (made > 0 && size > CONSENT_SIZE_LIMIT))
            break;
        made++;
    }
    handling->reply.body = REPLY_WAITING_LIST;
    handling->reply.as.waiting_list.requests = shown;
    handling->reply.as.waiting_list.count = made;
    handling->reply.more = done < page->count;
    if (handling->reply.more && done > 0) {
        uint8_t *next = arena_alloc (turn->arena, WAITING_CURSOR_SIZE);
        consent_request_cursor (&page->found[done - 1], next);
        handling->reply.next.bytes = (struct bytes){next, WAITING_CURSOR_SIZE};
    }
    return rc;
}

int verb_waiting_list (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct handling *handling)
{
    const uint8_t *subject = NULL;
    struct waiting_page page = {
        .after = request->page.after.bytes.data,
        .limit = request->page.limit + 1, /* one more, to see whether there is a next page */
    };
    int rc = 0;
    if (request->bsn[0] != 0) {
        rc = subject_file_open (turn, request->bsn, &handling->file);
        handling->has_file = rc == 0;
        subject = handling->file.id;
    }
    page.found = arena_array (turn->arena, page.limit, sizeof *page.found);
    if (rc == 0)
        rc = consent_request_list_waiting (turn, subject, &page);
    return rc == 0 ? show_waiting (turn, caller, &page, handling) : rc;
}
