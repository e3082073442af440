/* consentctl audit verify */
#include <inttypes.h>
#include "audit_fsck.h"
#include "audit_list.h"
#include "chain.h"
#include "chain_kept.h"
#include "ctl.h"
#include "codec/document.h"
#include "log_pages.h"
#include "log_trust.h"
#include "merkle/note.h"
#include "text/progress.h"

enum { PAGE = 100 };

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
    {"audit list", NULL, "who asked and changed what, and what came of it", audit_list_details, audit_list_options,
     audit_list_run},
    {"audit verify", "[DIR]", "recompute the chain of hashes from the first entry on",
     "Exit code 1, and the number of the first bad entry, if the chain is broken, if the entries are not those\n"
     "that were signed (audit checkpoint), or if the record that an entry changed is older than it. The newest\n"
     "hash, kept elsewhere, proves later that nothing before it was changed.\n"
     "With DIR, an export or a copy, of that alone, without the registry: as `audit fsck`, and the chain too.",
     verify_options, run_verify},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
