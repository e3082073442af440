/* Decisions of the past: what was asked and answered and, for those who may explain, all that was looked at; and
   the packs by which they were decided. */
#include <string.h>
#include "audit/log.h"
#include "audit/packs.h"
#include "audit/recorded.h"
#include "codec/codec_recorded.h"
#include "permission.h"
#include "registry/history.h"
#include "verbs.h"

enum { STATEMENTS_A_PAGE = 16 };

bool verb_may_explain (const struct caller *caller)
{
    return (caller->party->permissions & (PERMISSION_EXPLAIN | PERMISSION_ADMIN)) != 0;
}

bool verb_is_decision (const struct audit_head *head)
{
    return strcmp (head->action, "check") == 0 && head->has_object &&
           (strcmp (head->result, "permit") == 0 || strcmp (head->result, "partial") == 0 ||
            strcmp (head->result, "deny") == 0);
}

/* The line holds a decision that this caller may see. */
static bool is_shown (const struct caller *caller, const struct audit_head *head)
{
    return verb_is_decision (head) &&
           (verb_may_explain (caller) || strcmp (head->party, caller->party->text.id) == 0);
}

static int not_found (struct handling *handling)
{
    return handling_status (handling, STATUS_NOT_FOUND, "no such decision");
}

/* A page of what the subject had stated by that time. */
static int show_statements (struct turn *turn, const struct caller *caller, const struct request *request,
                            const struct audit_head *head, struct handling *handling)
{
    const struct subject_file *file = &handling->file;
    struct shown_decision *shown = &handling->reply.as.decision_show;
    size_t count = 0, size = 0, next = 0;
    struct statement *all = history_statements_at (turn, file, head, &count);
    struct subject subject;
    int rc = history_subject_at (turn, file, head->number, &subject);
    if (rc != 0)
        return rc;
    decide_prepare (turn->policy, &subject, all, count);
    struct decide_facts facts = {.policy = turn->policy,
                                 .subject = &subject,
                                 .statements = all,
                                 .statement_count = count,
                                 .now = head->time};
    while (next < count && all[next].order <= request->page.after.order)
        next++;
    struct shown_consent *page = arena_array (turn->arena, STATEMENTS_A_PAGE, sizeof *page);
    for (; next < count && shown->statement_count < STATEMENTS_A_PAGE; next++) {
        size += consent_size (&all[next]);
        if (shown->statement_count > 0 && size > CONSENT_SIZE_LIMIT)
            break;
        struct shown_consent *one = &page[shown->statement_count++];
        one->statement = &all[next];
        one->state = decide_state (&facts, next);
        one->in_full = true;
        vault_subject_ref (turn->vault, file->id, caller->party->text.id, one->subject_ref.bytes);
    }
    shown->statements = page;
    handling->reply.more = shown->more = next < count;
    handling->reply.next.statements = true;
    if (shown->statement_count > 0)
        handling->reply.next.order = page[shown->statement_count - 1].statement->order;
    return 0;
}

static int find_party (struct turn *turn, const char *id, uint64_t number, const struct party_text **found)
{
    struct party_text *party = arena_alloc (turn->arena, sizeof *party);
    int rc = history_party_at (turn, id, number, party);
    *found = rc == 0 ? party : NULL;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* What the subject was and had stated then was erased since (R7): of such a decision the line alone was kept. */
static bool rests_on_erased (const struct audit_head *head, const struct handling *handling)
{
    return head->number < handling->file.since;
}

/* The facts as they were at the decision. Texts that people wrote are not shown: nobody needs them to decide
   again. */
static int show_facts (struct turn *turn, const struct caller *caller, const struct audit_head *head,
                       const struct evidence *evidence, struct handling *handling)
{
    struct shown_decision *shown = &handling->reply.as.decision_show;
    struct subject *subject = arena_alloc (turn->arena, sizeof *subject);
    int rc = history_subject_at (turn, &handling->file, head->number, subject);
    if (rc == 0 && shown->asked == NULL)
        rc = RECORD_DAMAGED;
    if (rc == 0)
        rc = find_party (turn, shown->asked->as.check.provider, head->number, &shown->provider);
    if (rc == 0)
        rc = find_party (turn, shown->asked->as.check.recipient, head->number, &shown->recipient);
    if (!subject->known)
        *subject = (struct subject){.known = false};
    shown->has_subject = !rests_on_erased (head, handling);
    shown->subject = (struct shown_subject){.subject = subject, .has_ref = subject->known};
    shown->policy_hash = evidence->policy_hash;
    shown->all_reasons = evidence->all_reasons;
    shown->reason_count = evidence->reason_count;
    vault_subject_ref (turn->vault, handling->file.id, caller->party->text.id, shown->subject.subject_ref.bytes);
    return rc;
}

/* --- A run ---------------------------------------------------------------------------------------------- */

/* Of the log that one request of a run looks at. A line that cannot be read has no bytes, and costs all the same.
 */
enum { RUN_BYTES = 1 << 20, RUN_LINE = 256 };

/* The last line that a run looks at: none that is written while it goes on. */
static uint64_t run_end (const struct turn *turn, const struct handling *handling)
{
    return handling->continues != 0 ? handling->continues : turn->state.audit_number;
}

/* The run goes on behind this line. */
static void go_on_behind (const struct turn *turn, struct handling *handling, uint64_t line)
{
    struct shown_decision *shown = &handling->reply.as.decision_show;
    shown->behind = line;
    shown->newest = run_end (turn, handling);
    shown->goes_on = line < shown->newest;
    handling->reply.more = shown->goes_on;
    handling->reply.next = (struct listing_place){.line = line};
}

/* Looks for the next decision. *number 0: it is not among the lines that one request looks at. */
static int find_next (struct turn *turn, const struct request *request, struct handling *handling,
                      uint64_t *number)
{
    struct shown_decision *shown = &handling->reply.as.decision_show;
    uint64_t line = request->page.after.line, end = run_end (turn, handling);
    moment since = request->as.decision_show.since;
    int rc = line == 0 && since != 0 ? audit_find_before (turn, since, &line) : 0;
    size_t bytes = 0;
    for (*number = 0; rc == 0 && *number == 0 && line < end && bytes < RUN_BYTES;) {
        struct audit_record record = {0};
        rc = audit_read (turn, ++line, &record);
        bytes += RUN_LINE + record.raw.size;
        if (audit_is_unreadable (rc)) {
            shown->unreadable++;
            rc = 0;
        } else if (rc == 0 && verb_is_decision (&record.head)) {
            *number = line;
        }
    }
    go_on_behind (turn, handling, line);
    return rc;
}

/* --- One decision --------------------------------------------------------------------------------------- */

/* Shows what was asked and answered, and to who may explain the facts. */
static int show_decision (struct turn *turn, const struct caller *caller, const struct audit_record *record,
                          const struct evidence *evidence, struct handling *handling)
{
    struct shown_decision *shown = &handling->reply.as.decision_show;
    shown->number = record->head.number;
    shown->time = record->head.time;
    shown->asked_by = record->head.party;
    codec_read_recorded (&(struct recorded_check){evidence->request, evidence->reply}, turn->arena, shown);
    return verb_may_explain (caller) ? show_facts (turn, caller, &record->head, evidence, handling) : 0;
}

/* The subject was erased since, or its record is damaged. A run tells it of one decision of many, and goes on. */
static int cannot_be_read (const struct request *request, uint64_t number, struct handling *handling)
{
    if (!request->as.decision_show.run)
        return handling_status (handling, STATUS_NOT_FOUND,
                                "the subject was erased: this decision cannot be read");
    handling->reply.as.decision_show.number = number;
    return 0;
}

/* Whether the statements of the decision can be asked for next. */
static void tell_statements (const struct request *request, const struct audit_head *head,
                             struct handling *handling)
{
    if (rests_on_erased (head, handling))
        return;
    handling->reply.more = true;
    handling->reply.next =
        (struct listing_place){.statements = true, .line = request->as.decision_show.run ? head->number : 0};
    handling->reply.as.decision_show.goes_on = request->as.decision_show.run;
}

static int show_page_of_statements (struct turn *turn, const struct caller *caller, const struct request *request,
                                    const struct audit_head *head, struct handling *handling)
{
    struct shown_decision *shown = &handling->reply.as.decision_show;
    shown->number = head->number;
    shown->time = head->time;
    shown->asked_by = head->party;
    if (request->as.decision_show.run)
        go_on_behind (turn, handling, head->number);
    uint64_t line = handling->reply.next.line;
    bool goes_on = shown->goes_on;
    int rc = show_statements (turn, caller, request, head, handling);
    handling->reply.next.line = line;
    if (shown->more || !request->as.decision_show.run)
        return rc;
    handling->reply.next = (struct listing_place){.line = line};
    handling->reply.more = goes_on;
    return rc;
}

/* Shows decision `number`, or the statements that it was made on. */
static int show (struct turn *turn, const struct caller *caller, const struct request *request, uint64_t number,
                 struct handling *handling)
{
    struct audit_record record;
    struct evidence evidence;
    const bool statements = request->page.after.statements;
    int rc = audit_find (turn, number, &record);
    if (rc == AUDIT_NOT_FOUND || (rc == 0 && !is_shown (caller, &record.head)))
        return not_found (handling);
    if (rc == 0)
        rc = recorded_open (turn, &record, &evidence);
    if (rc == AUDIT_NOT_FOUND)
        return cannot_be_read (request, number, handling);
    if (rc != 0)
        return rc;
    if (statements && !verb_may_explain (caller))
        return handling_lacks (handling, turn, caller, PERMISSION_EXPLAIN);
    rc = subject_file_open_by_id (turn, record.head.object, &handling->file);
    if (rc == RECORD_DAMAGED && request->as.decision_show.run)
        return cannot_be_read (request, number, handling);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (verb_names_own_bsn (turn, request, handling))
        return 0;
    handling->reply.body = REPLY_DECISION_SHOW;
    if (statements)
        return show_page_of_statements (turn, caller, request, &record.head, handling);
    rc = show_decision (turn, caller, &record, &evidence, handling);
    if (rc == 0 && verb_may_explain (caller))
        tell_statements (request, &record.head, handling);
    return rc;
}

int verb_decision_show (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    uint64_t number = request->as.decision_show.number;
    handling->reply.as.decision_show = (struct shown_decision){.asked_by = ""};
    if (!request->as.decision_show.run)
        return show (turn, caller, request, number, handling);
    if ((caller->party->permissions & PERMISSION_ADMIN) == 0) /* it goes through the log, as audit_list does */
        return handling_lacks (handling, turn, caller, PERMISSION_ADMIN);
    number = request->page.after.line; /* whose statements they are */
    handling->is_about_many = true;
    int rc = request->page.after.statements ? 0 : find_next (turn, request, handling, &number);
    if (rc == 0 && number != 0)
        rc = show (turn, caller, request, number, handling);
    if (rc == 0 && handling->reply.status == STATUS_OK)
        handling->reply.body = REPLY_DECISION_SHOW;
    handling->has_file = false;
    return rc;
}

int verb_policy_pack (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    (void)caller;
    struct bytes part;
    bool more;
    if (request->as.policy_pack.policy_hash.size != PACKS_HASH)
        return handling_invalid (handling, "policy_pack.policy_hash", "the hash of a pack is 32 bytes");
    int rc =
        packs_find (turn, request->as.policy_pack.policy_hash.data, request->as.policy_pack.part, &part, &more);
    if (rc == STORE_NOT_FOUND)
        return handling_status (handling, STATUS_NOT_FOUND,
                                "the registry keeps no such pack, or not this part of it");
    if (rc != 0)
        return rc;
    handling->reply.body = REPLY_POLICY_PACK;
    handling->reply.as.policy_pack.part =
        (struct bytes){arena_memdup (turn->arena, part.data, part.size), part.size};
    handling->reply.as.policy_pack.more = more;
    return 0;
}
