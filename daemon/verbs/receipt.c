/* Receipts (A4): the lines of the log about one statement or one decision, with what anybody needs to verify them.

   A line is given with its own key, which opens all of the line. So the line is left closed where it holds
   something that the overview leaves out for the same reader (R6, M9), or a user whom the caller may not see. */
#include <string.h>
#include "audit/checkpoints.h"
#include "audit/recorded.h"
#include "audit/tree.h"
#include "codec/codec_recorded.h"
#include "config/config.h"
#include "overview.h"
#include "proving.h"

/* A receipt that is made. */
struct making {
    struct overview_page page; /* who reads it, and the labels */
    uint64_t numbers[RECEIPT_LINES];
    size_t count;
    struct receipt_line *lines;   /* of those numbers */
    struct cosigned_note proving; /* the checkpoint by which they are proved */
    struct handling *handling;
};

static int refuse (struct handling *handling, const char *message)
{
    return handling_status (handling, STATUS_NOT_FOUND, message);
}

/* --- Which lines -------------------------------------------------------------------------------------- */

/* That of the statement, and those of its newest withdrawals. 0: it was recorded before that was kept. */
static void find_lines (struct making *self, const struct statement *statement)
{
    size_t first = 0, all = statement->withdrawal_count;
    if (all > RECEIPT_LINES - 1)
        first = all - (RECEIPT_LINES - 1);
    if (statement->number == 0)
        return;
    self->numbers[self->count++] = statement->number;
    for (size_t i = first; i < all; i++)
        if (statement->withdrawals[i].number != 0)
            self->numbers[self->count++] = statement->withdrawals[i].number;
}

/* Finds the checkpoint with all of these lines. If there is none, the answer says so, and one is made soon. 0 or a
   failure. */
static int find_checkpoint (struct making *self, const struct request *request)
{
    struct turn *turn = self->page.turn;
    uint64_t newest = self->numbers[self->count - 1];
    if (turn->config->log_key == NULL)
        return refuse (self->handling, "no key is configured that signs the log: there are no receipts");
    int rc = proving_find (turn, &request->as.receipt.wish, newest, &self->proving);
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    if (rc == 0 && self->proving.size >= newest)
        return 0;
    if (newest > turn->state.checkpoint_size)
        checkpoints_want (turn);
    return handling_status (
        self->handling, STATUS_RETRY,
        "no checkpoint has this line yet, or not with these signatures: ask again in a moment");
}

/* --- Which of them are opened ------------------------------------------------------------------------- */

/* The statement as its own line has it, and as that of its withdrawal has it: what the reader may not see of it.
 */
static bool leaves_out_of (const struct overview_page *page, const struct statement *statement, uint64_t number)
{
    struct statement part = *statement;
    bool left_out = false;
    part.withdrawal_count = 0;
    if (number != statement->number) {
        part.signature_count = 0;
        part.correction_reason = "";
        for (size_t i = 0; i < statement->withdrawal_count; i++)
            if (statement->withdrawals[i].number == number) {
                part.withdrawals = &statement->withdrawals[i];
                part.withdrawal_count = 1;
            }
    }
    overview_see_statement (page, &part, &left_out);
    return left_out;
}

/* *leaves_out: the line of a check has something that the reader may not see. A line of an earlier form, whose
   answer is kept as it was sent, is not opened either. 0 or a failure, as recorded_open. */
static int judge_check (const struct overview_page *page, const struct audit_record *record, bool *leaves_out)
{
    struct evidence *evidence = arena_alloc (page->turn->arena, sizeof *evidence);
    struct shown_decision decision = {0};
    int rc = recorded_open (page->turn, record, evidence);
    if (rc != 0)
        return rc;
    rc = codec_read_recorded (&(struct recorded_check){evidence->request, evidence->reply}, page->turn->arena,
                              &decision);
    *leaves_out |= rc != 0 || !evidence->has_answer;
    if (rc == 0)
        overview_see_check (page, decision.asked, leaves_out);
    return 0;
}

/* The users of a party are its own, and of others those may see them who may explain. */
static bool may_see_user (const struct caller *caller, const struct audit_head *head)
{
    return verb_may_explain (caller) || strcmp (head->party, caller->party->text.id) == 0;
}

/* Gives the key of the line, if it may be opened. As audit_open. */
static int give_key (struct making *self, const struct statement *statement, const struct audit_record *record,
                     struct receipt_line *line)
{
    struct turn *turn = self->page.turn;
    struct vault_key own;
    bool is_closed = !may_see_user (self->page.caller, &record->head);
    int rc = 0;
    if (statement != NULL)
        is_closed |= leaves_out_of (&self->page, statement, record->head.number);
    else
        rc = judge_check (&self->page, record, &is_closed);
    if (rc != 0 || is_closed)
        return rc;
    rc = audit_own_key (turn, record, &own);
    if (rc == 0)
        line->key = (struct bytes){arena_memdup (turn->arena, own.bytes, sizeof own.bytes), sizeof own.bytes};
    vault_key_wipe (&own);
    return rc;
}

/* --- What is given ------------------------------------------------------------------------------------ */

static int add_line (struct making *self, const struct statement *statement, struct receipt_line *line)
{
    struct turn *turn = self->page.turn;
    struct audit_record record;
    struct tree_proof proof;
    int rc = audit_find (turn, line->number, &record);
    if (rc == 0)
        rc = tree_prove_line (turn, line->number, self->proving.size, &proof);
    if (rc != 0)
        return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
    size_t size = proof.count * sizeof *proof.hash;
    line->line = record.raw;
    line->proof = (struct bytes){arena_memdup (turn->arena, proof.hash, size), size};
    return give_key (self, statement, &record, line);
}

/* The lines that were found, with what they need. `statement` NULL: they are of a decision. */
static int give (struct making *self, const struct statement *statement)
{
    struct turn *turn = self->page.turn;
    struct shown_receipt *shown = &self->handling->reply.as.receipt;
    int rc = 0;
    self->lines = arena_array (turn->arena, self->count, sizeof *self->lines);
    for (size_t i = 0; rc == 0 && i < self->count; i++) {
        self->lines[i].number = self->numbers[i];
        rc = add_line (self, statement, &self->lines[i]);
    }
    if (rc == AUDIT_NOT_FOUND)
        return refuse (self->handling, "the subject was erased: there is no receipt of it any more");
    if (rc != 0)
        return rc;
    shown->checkpoint = self->proving.note;
    shown->lines = self->lines;
    shown->line_count = self->count;
    shown->labels = self->page.labels;
    shown->label_count = self->page.label_count;
    shown->controller = turn->config->controller;
    self->handling->reply.body = REPLY_RECEIPT;
    return 0;
}

static int of_consent (struct making *self, const struct request *request)
{
    struct turn *turn = self->page.turn;
    struct handling *handling = self->handling;
    size_t index = 0;
    int rc = subject_file_open_by_consent (turn, request->as.receipt.consent_id, &handling->file, &index);
    if (rc == SUBJECT_FILE_NOT_FOUND)
        return refuse (handling, "no such consent or refusal");
    if (rc != 0)
        return rc;
    handling->has_file = true;
    const struct statement *statement = &handling->file.statements[index];
    if (verb_names_own_bsn (turn, request, handling) ||
        !overview_reader_is_right (turn, request->as.receipt.reader, "receipt.reader", handling))
        return 0;
    find_lines (self, statement);
    if (self->count == 0)
        return refuse (handling, "this was recorded before its line was kept: there is no receipt of it");
    rc = find_checkpoint (self, request);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    overview_label_scope (&self->page, &statement->scope);
    overview_label (&self->page, LABEL_PARTY, statement->recorded_by);
    return give (self, statement);
}

/* What the codes of a decision mean. */
static int label_decision (struct overview_page *page, uint64_t number)
{
    struct audit_record record;
    struct evidence *evidence = arena_alloc (page->turn->arena, sizeof *evidence);
    struct shown_decision decision = {0};
    int rc = audit_find (page->turn, number, &record);
    if (rc == 0)
        rc = recorded_open (page->turn, &record, evidence);
    if (rc != 0 || codec_read_recorded (&(struct recorded_check){evidence->request, evidence->reply},
                                        page->turn->arena, &decision) != 0)
        return rc;
    overview_label_check (page, &decision.asked->as.check);
    overview_label (page, LABEL_PARTY, record.head.party);
    for (size_t i = 0; evidence->has_answer && i < evidence->answer.item_count; i++) {
        overview_label (page, LABEL_STATUTE, evidence->answer.items[i].statute);
        overview_label (page, LABEL_URGENT_REASON, evidence->answer.items[i].urgent_reason);
    }
    return 0;
}

static int of_decision (struct making *self, const struct request *request)
{
    struct turn *turn = self->page.turn;
    struct handling *handling = self->handling;
    struct audit_record record;
    int rc = audit_find (turn, request->as.receipt.decision, &record);
    if (rc == AUDIT_NOT_FOUND ||
        (rc == 0 && (!verb_is_decision (&record.head) || !verb_may_explain (self->page.caller))))
        return refuse (handling, "no such decision");
    if (rc == 0)
        rc = subject_file_open_by_id (turn, record.head.object, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (verb_names_own_bsn (turn, request, handling) ||
        !overview_reader_is_right (turn, request->as.receipt.reader, "receipt.reader", handling))
        return 0;
    if (record.head.number < handling->file.since)
        return refuse (handling, "the subject was erased: there is no receipt of it any more");
    self->numbers[self->count++] = record.head.number;
    rc = find_checkpoint (self, request);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    rc = label_decision (&self->page, record.head.number);
    return rc == 0 || rc == AUDIT_NOT_FOUND ? give (self, NULL) : rc;
}

int verb_receipt (struct turn *turn, const struct caller *caller, const struct request *request,
                  struct handling *handling)
{
    const char *reader = request->as.receipt.reader;
    if (!proving_judge_wish (turn, "receipt", &request->as.receipt.wish, handling))
        return 0;
    struct making making = {
        .page = {.turn = turn,
                 .caller = caller,
                 .file = &handling->file,
                 .reader = reader[0] != 0 ? reader : "subject",
                 .labels = arena_array (turn->arena, OVERVIEW_LABELS, sizeof (struct overview_label))},
        .handling = handling,
    };
    return request->as.receipt.has_consent ? of_consent (&making, request) : of_decision (&making, request);
}
