/* consentctl audit list | verify */
#include <inttypes.h>
#include <string.h>
#include "audit_fsck.h"
#include "audit_summary.h"
#include "bsn.h"
#include "chain.h"
#include "chain_kept.h"
#include "ctl.h"
#include "codec/document.h"
#include "log_pages.h"
#include "log_trust.h"
#include "merkle/note.h"
#include "moments.h"
#include "table.h"
#include "text/progress.h"

enum { PAGE = 100, LIMIT = 50 };

static const struct option list_options[] = {
    {"after", "N", "entries after this number (else the newest)", 0},
    {"since", "WHEN", "entries from this day, or moment, on", 0},
    {"limit", "N", "at most so many; 50 unless given", 0},
    {"subject", NULL, "only entries about one subject, from the first on; its BSN is asked", 0},
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

/* --- List ---------------------------------------------------------------------------------------------- */

/* The entries that were collected so far, page by page. */
struct lines {
    struct ctl *ctl;
    struct table table;
    json_t *entries; /* NULL: a table */
    unsigned long left;
    uint64_t last; /* number of the last entry collected */
    bool more;     /* there may be entries after it */
};

static void add_entry (struct lines *self, const Consentd__AuditEntry *entry)
{
    char when[MOMENT_TEXT];
    if (self->entries) {
        json_array_append_new (self->entries, log_entry_document (entry));
        return;
    }
    table_add (&self->table,
               (const char *[]){table_number (self->ctl->arena, entry->number), moment_print (entry->time, when),
                                *entry->party ? entry->party : "(daemon)", entry->user, entry->action,
                                entry->result, ask_hex (self->ctl, &entry->object),
                                audit_summary (self->ctl->arena, entry->details)});
}

static int list_pages (struct lines *self, Consentd__AuditListRequest *body)
{
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, body);
    struct pages pages = pages_start (self->ctl, &request, &log_paging);
    while (pages.more && self->left > 0) {
        Consentd__Reply *reply;
        body->limit = self->left < PAGE ? (uint32_t)self->left : PAGE;
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        const Consentd__AuditListReply *page = reply->audit_list;
        for (size_t i = 0; i < page->n_entries && self->left > 0; i++, self->left--) {
            add_entry (self, page->entries[i]);
            self->last = page->entries[i]->number;
        }
        consentd__reply__free_unpacked (reply, NULL);
    }
    self->more = pages.more && self->left == 0;
    return 0;
}

/* `on`: the list began at some place, and can go on. Else it was the newest lines. */
static void print_listing (const struct lines *self, bool on)
{
    if (!self->table.first) {
        puts ("No lines.");
        return;
    }
    table_print (&self->table, stdout);
    if (on && self->more)
        printf ("\nThere may be more: --after %" PRIu64 ".\n", self->last);
}

static bool is_about_subject (const struct options *options)
{
    return options_has (options, "subject") || options_has (options, "bsn-file");
}

/* Reads where to begin: after a line, at a moment, or with the newest lines. */
static int read_beginning (const struct options *options, unsigned long limit, Consentd__AuditListRequest *body)
{
    const char *since = options_text (options, "since");
    unsigned long after = 0;
    moment when = 0;
    int error = options_number (options, "after", 0, UINT64_MAX - 1, &after);
    if (error)
        return error;
    if (since && options_has (options, "after"))
        return ctl_fail (EX_USAGE, "--after and --since exclude each other");
    if (since && (!moment_parse (since, &when) || when < 1))
        return ctl_fail (EX_USAGE, "--since: %s", moment_fault (since));
    body->after = after;
    body->since = when;
    if (!is_about_subject (options) && !since && !options_has (options, "after"))
        body->last = limit;
    return 0;
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    static const char *const headings[] = {">NUMBER", "TIME",   "PARTY",    "USER",
                                           "ACTION",  "RESULT", "#SUBJECT", "-ABOUT"};
    Consentd__AuditListRequest body;
    consentd__audit_list_request__init (&body);
    struct lines lines = {.ctl = ctl, .left = LIMIT, .table = table_start (ctl->arena, headings, 8)};
    int error = options_number (options, "limit", 1, 10000, &lines.left);
    if (!error)
        error = read_beginning (options, lines.left, &body);
    if (!error && is_about_subject (options))
        error = bsn_ask (ctl, options, &body.bsn);
    if (error)
        return error;
    bool begins_somewhere = body.last == 0;
    lines.entries = ctl->json ? json_array () : NULL;
    error = list_pages (&lines, &body);
    if (error)
        json_decref (lines.entries);
    else if (ctl->json)
        document_print (json_pack ("{s:o}", "entries", lines.entries));
    else
        print_listing (&lines, begins_somewhere);
    return error;
}

/* --- Verify --------------------------------------------------------------------------------------------- */

static void show_progress (const struct chain *self)
{
    progress_show ("%" PRIu64 " of %" PRIu64 " entries", self->entries, self->target);
}

/* Asks what was signed of the log: asked first, all of it is followed. Size 0: nothing was. */
static int ask_signed (struct ctl *ctl, struct checkpoint *checkpoint)
{
    Consentd__LogCheckpointRequest body;
    consentd__log_checkpoint_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_CHECKPOINT, log_checkpoint, &body);
    Consentd__Reply *reply;
    struct note note;
    const char *fault = "is not a signed note";
    int error = ask_if_there (ctl, &request, CONSENTD__REPLY__BODY_LOG_CHECKPOINT, &reply);
    if (error || reply == NULL)
        return error;
    const ProtobufCBinaryData *raw = &reply->log_checkpoint->checkpoint;
    bool is_read = note_read (&note, (struct bytes){raw->data, raw->len}) == NOTE_OK &&
                   checkpoint_read (checkpoint, note.text, &fault);
    consentd__reply__free_unpacked (reply, NULL);
    return is_read ? 0 : ctl_fail (CTL_NO, "the registry's checkpoint %s", fault);
}

static int follow_log (struct ctl *ctl, struct chain *self)
{
    Consentd__AuditListRequest body;
    consentd__audit_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, &body);
    struct pages pages = pages_start (ctl, &request, &log_paging);
    body.limit = PAGE;
    body.raw = true;
    do {
        Consentd__Reply *reply;
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        chain_follow (self, reply->audit_list);
        body.after = self->entries; /* asks again for what the chain did not follow */
        show_progress (self);
        consentd__reply__free_unpacked (reply, NULL);
    } while (!chain_is_done (self));
    return 0;
}

static void print_chain (struct ctl *ctl, const struct chain *self)
{
    char hash[2 * VAULT_HASH_SIZE + 1];
    consent_hex (self->hash, VAULT_HASH_SIZE, hash);
    if (ctl->json)
        document_print (json_pack ("{s:I, s:b, s:s, s:I, s:I}", "entries", (json_int_t)self->entries, "whole",
                                   !self->broken, "newest_hash", hash, "first_bad",
                                   (json_int_t)(self->broken ? self->first_bad : 0), "bad",
                                   (json_int_t)self->bad));
    else if (!self->broken)
        printf ("%" PRIu64 " entries, chain whole, newest hash %s\n", self->entries, hash);
}

static int run_verify (struct ctl *ctl, const struct options *options)
{
    struct chain chain = {0};
    if (options->argument_count > 0)
        return audit_fsck_with_chain (ctl, options);
    if (options_has (options, "log-key") || options_has (options, "witness") || options_has (options, "kept"))
        return ctl_fail (EX_USAGE, "--log-key, --witness and --kept are for a log in DIR");
    int error = ask_signed (ctl, &chain.signed_of);
    if (!error)
        error = follow_log (ctl, &chain);
    progress_end ();
    if (error)
        return error;
    print_chain (ctl, &chain);
    if (chain.broken)
        return ctl_fail (CTL_NO,
                         "the audit log is broken at entry %" PRIu64 ": %s; of %" PRIu64 " entries %" PRIu64
                         " are wrong",
                         chain.first_bad, chain.broken, chain.entries, chain.bad);
    return 0;
}

static const struct option verify_options[] = {
    LOG_KEY_OPTION, WITNESS_OPTIONS, CHAIN_KEPT_OPTION, {NULL, NULL, NULL, 0}};

const struct command audit_commands[] = {
    {"audit list", NULL, "who asked and changed what, and what came of it", NULL, list_options, run_list},
    {"audit verify", "[DIR]", "recompute the chain of hashes from the first entry on",
     "Exit code 1, and the number of the first bad entry, if the chain is broken, if the entries are not those\n"
     "that were signed (audit checkpoint), or if the record that an entry changed is older than it. The newest\n"
     "hash, kept elsewhere, proves later that nothing before it was changed.\n"
     "With DIR, an export or a copy, of that alone, without the registry: as `audit fsck`, and the chain too.",
     verify_options, run_verify},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
