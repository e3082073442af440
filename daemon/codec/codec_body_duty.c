#include "arena.h"
#include "big_endian.h"
#include "codec_body.h"

enum { ENTRIES_A_PAGE = 100, ENTRIES_A_PAGE_DEFAULT = 50, NAME_SIZE = 8 + 1 };

/* Which one: only what is to be reported done has a name. */
static void read_name (struct syntax *syntax, uint64_t decision, Consentd__Obligation kind,
                       struct request *request)
{
    request->as.obligation.decision = decision;
    request->as.obligation.kind = (enum obligation)kind;
    if (decision == 0)
        syntax_fault (syntax, "decision", "This is the number of a decision.");
    if (kind < CONSENTD__OBLIGATION__INFORM_SUBJECT)
        syntax_fault (syntax, "kind", "This is an obligation to inform or to record.");
}

/* C15: what was done against the subject's will is reported with why, where that stands, and who was consulted. */
static void read_report (struct syntax *syntax, const Consentd__ObligationDoneRequest *wire,
                         struct request *request)
{
    const struct {
        const char *field, *text, **at;
        enum syntax_sort sort;
    } parts[] = {
        {"reason", wire->reason, &request->as.obligation.reason, SYNTAX_TEXT},
        {"file", wire->file, &request->as.obligation.file, SYNTAX_REFERENCE},
        {"manager_consulted", wire->manager_consulted, &request->as.obligation.manager, SYNTAX_REFERENCE}};
    bool reported = wire->kind == CONSENTD__OBLIGATION__RECORD_AGAINST_WILL;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        *parts[i].at = "";
        if (reported)
            *parts[i].at = syntax_required (syntax, parts[i].sort, parts[i].field, parts[i].text);
        else if (parts[i].text[0] != '\0')
            syntax_fault (syntax, parts[i].field, "This is reported of RECORD_AGAINST_WILL alone.");
    }
}

void codec_read_obligation_done (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__ObligationDoneRequest *wire = envelope->obligation_done;
    read_name (syntax, wire->decision, wire->kind, request);
    request->as.obligation.when = syntax_time (syntax, "done_at", wire->done_at);
    read_report (syntax, wire, request);
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", wire->user);
}

void codec_read_obligation_defer (struct syntax *syntax, const Consentd__Request *envelope,
                                  struct request *request)
{
    const Consentd__ObligationDeferRequest *wire = envelope->obligation_defer;
    read_name (syntax, wire->decision, wire->kind, request);
    request->as.obligation.when = syntax_time (syntax, "until", wire->until);
    request->as.obligation.reason = syntax_required (syntax, SYNTAX_TEXT, "reason", wire->reason);
    request->as.obligation.file = request->as.obligation.manager = "";
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", wire->user);
}

static unsigned read_limit (struct syntax *syntax, uint32_t limit)
{
    return syntax_number (syntax, "limit", limit > 0 ? limit : ENTRIES_A_PAGE_DEFAULT, 1, ENTRIES_A_PAGE);
}

void codec_read_obligation_list (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__ObligationListRequest *wire = envelope->obligation_list;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    request->as.obligation_list.limit = read_limit (syntax, wire->limit);
    if (wire->after.len == NAME_SIZE && wire->after.data[8] < OBLIGATIONS)
        request->as.obligation_list.after =
            (struct obligation_name){get_be64 (wire->after.data), (enum obligation)wire->after.data[8]};
    else if (wire->after.len > 0)
        syntax_fault (syntax, "after", "This is `next` of the page before.");
}

void codec_read_due_list (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__DueListRequest *wire = envelope->due_list;
    request->as.due_list.until = syntax_time (syntax, "until", wire->until);
    request->as.due_list.after = (struct bytes){wire->after.data, wire->after.len};
    request->as.due_list.limit = read_limit (syntax, wire->limit);
}
