#include "claim.h"

#include "ctl.h"
#include "moments.h"
#include "triage_file.h"

static int read_written_request (struct ctl *ctl, const struct options *options, Consentd__CheckRequest *check)
{
    Consentd__WrittenRequest *claim = check->written_request = arena_alloc (ctl->arena, sizeof *claim);
    Consentd__Evidence *evidence = arena_alloc (ctl->arena, sizeof *evidence);
    consentd__written_request__init (claim);
    consentd__evidence__init (evidence);
    claim->by = options_list (options, "written-request-by", ctl->arena, &claim->n_by);
    const char *when = options_text (options, "written-request-at");
    moment at = 0;
    if (!when)
        return ctl_fail (EX_USAGE, "--written-request-at: required with --written-request-by");
    if (!moment_parse (when, &at))
        return ctl_fail (EX_USAGE, "--written-request-at: %s", moment_fault (when));
    claim->given_at = at;
    return evidence_read (ctl, options, evidence, &claim->evidence);
}

static int read_urgent_reasons (struct ctl *ctl, const struct options *options, Consentd__CheckRequest *check)
{
    Consentd__UrgentReasons *claim = check->urgent_reasons = arena_alloc (ctl->arena, sizeof *claim);
    const char *file = options_text (options, "triage");
    consentd__urgent_reasons__init (claim);
    claim->reason = options_field (options, "urgent-reason");
    claim->triage = arena_alloc (ctl->arena, sizeof *claim->triage);
    consentd__triage__init (claim->triage);
    return file ? triage_file_read (ctl, file, claim->triage) : 0;
}

int claim_read (struct ctl *ctl, const struct options *options, Consentd__CheckRequest *check)
{
    bool written = options_has (options, "written-request-by"), urgent = options_has (options, "urgent-reason");
    bool evidence = options_has (options, "evidence-reference") || options_has (options, "evidence-file") ||
                    options_has (options, "evidence-sha256");
    if (written && urgent)
        return ctl_fail (EX_USAGE, "--written-request-by and --urgent-reason exclude each other");
    if (evidence && !written)
        return ctl_fail (EX_USAGE, "evidence comes with --written-request-by");
    if (options_has (options, "written-request-at") && !written)
        return ctl_fail (EX_USAGE, "--written-request-at comes with --written-request-by");
    if (options_has (options, "triage") && !urgent)
        return ctl_fail (EX_USAGE, "--triage comes with --urgent-reason");
    if ((written || urgent) && options_has (options, "batch"))
        return ctl_fail (EX_USAGE, "what is claimed is about one subject: not with --batch");
    if (written)
        return read_written_request (ctl, options, check);
    return urgent ? read_urgent_reasons (ctl, options, check) : 0;
}
