/* consentctl letter obligation: tells the subject, or a representative, what was told to whom, and on which
 * ground. */
#include "letter_notice.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "bsn.h"
#include "letter_setting.h"
#include "letter_words.h"
#include "obligation/duty.h"
#include "pages.h"

static const struct {
    Consentd__Obligation kind;
    const char *form;
    bool is_for_representative;
} notices[] = {
    {CONSENTD__OBLIGATION__INFORM_SUBJECT, "informeren", false},
    {CONSENTD__OBLIGATION__INFORM_REPRESENTATIVE, "informeren-vertegenwoordiger", true},
    {CONSENTD__OBLIGATION__INFORM_YOUTH, "informeren-jongere", false},
    {CONSENTD__OBLIGATION__INFORM_OF_SOURCE, "informeren-herkomst", false},
};
enum { NOTICES = sizeof notices / sizeof *notices };

/* --- What is told ------------------------------------------------------------------------------------- */

static bool is_same_ground (const Consentd__ItemVerdict *a, const Consentd__ItemVerdict *b)
{
    return a->ground == b->ground && strcmp (a->statute, b->statute) == 0 &&
           strcmp (a->urgent_reason, b->urgent_reason) == 0;
}

static bool is_told (const Consentd__ItemVerdict *item)
{
    return item->verdict == CONSENTD__VERDICT__PERMIT;
}

static void name_ground (struct letter_setting *setting, struct letter_values *ground,
                         const Consentd__ItemVerdict *item)
{
    letter_set_flag (ground, "toestemming", item->ground == CONSENTD__GROUND__CONSENT);
    letter_set_flag (ground, "schriftelijk-verzoek", item->ground == CONSENTD__GROUND__WRITTEN_REQUEST);
    if (item->ground == CONSENTD__GROUND__STATUTE)
        letter_set (ground, "wet", letter_label (setting, LETTER_STATUTE, item->statute));
    if (item->ground == CONSENTD__GROUND__URGENT_REASONS)
        letter_set (ground, "dringende-reden", letter_label (setting, LETTER_URGENT_REASON, item->urgent_reason));
}

static void add_once (struct letter_setting *setting, struct letter_values *ground, const char *origin)
{
    const char *label = *origin ? letter_label (setting, LETTER_ORIGIN, origin) : "";
    const struct letter_field *field = letter_field_find (ground->fields, "herkomst", strlen ("herkomst"));
    const struct letter_value *list = letter_value_of (ground, field);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp (list->texts[i], label) == 0)
            return;
    if (*label)
        letter_add (ground, "herkomst", label);
}

/* Each ground once, with all that was told on it. */
static void fill_grounds (struct letter_setting *setting, struct letter_values *values,
                          const Consentd__CheckReply *reply)
{
    for (size_t i = 0; i < reply->n_items; i++) {
        const Consentd__ItemVerdict *first = reply->items[i];
        bool is_first = is_told (first);
        for (size_t j = 0; j < i; j++)
            is_first = is_first && !(is_told (reply->items[j]) && is_same_ground (reply->items[j], first));
        if (!is_first)
            continue;
        struct letter_values *ground = letter_add_group (values, "grond");
        name_ground (setting, ground, first);
        for (size_t j = i; j < reply->n_items; j++) {
            const Consentd__ItemVerdict *item = reply->items[j];
            if (!is_told (item) || !is_same_ground (item, first))
                continue;
            letter_add (ground, "gegevens", letter_label (setting, LETTER_CATEGORY, item->category));
            add_once (setting, ground, item->origin);
        }
    }
}

static bool is_against_will (const Consentd__CheckReply *reply)
{
    for (size_t i = 0; i < reply->n_items; i++)
        if (is_told (reply->items[i]) && reply->items[i]->against_will)
            return true;
    return false;
}

/* M9: somebody else asked for it too, and the letter does not say who. */
static bool leaves_out (const Consentd__CheckRequest *check)
{
    const Consentd__WrittenRequest *written = check->written_request;
    return written && (written->n_by > 1 || (written->n_by == 1 && strcmp (written->by[0], "subject") != 0));
}

static void fill (struct letter_setting *setting, struct letter_values *values,
                  const Consentd__DecisionShowReply *shown)
{
    const Consentd__CheckRequest *check = shown->check;
    letter_set (values, "verstrekker", letter_organisation (setting, check->provider));
    letter_set (values, "ontvanger", letter_organisation (setting, check->recipient));
    letter_set (values, "doel", letter_label (setting, LETTER_PURPOSE, check->purpose));
    letter_set (values, "verstrekt-op", letter_day (setting->ctl->arena, shown->time));
    letter_set (values, "zaak", check->case_ref);
    letter_set_flag (values, "tegen-uw-wil", is_against_will (shown->reply));
    letter_set_flag (values, "weggelaten", leaves_out (check));
    fill_grounds (setting, values, shown->reply);
}

/* --- The command --------------------------------------------------------------------------------------- */

static bool is_duty (Consentd__Duty *const *duties, size_t count, uint64_t decision, Consentd__Obligation kind)
{
    for (size_t i = 0; i < count; i++)
        if (duties[i]->kind == kind && duties[i]->decision == decision)
            return true;
    return false;
}

/* The answer to a check tells whoever asked of his own duties. That of the recipient is in the list of the
 * subject's. */
static int find_in_list (struct letter_setting *setting, uint64_t decision, Consentd__Obligation kind,
                         bool *is_there)
{
    static const struct paging paging = {CONSENTD__REPLY__BODY_OBLIGATION_LIST, NULL, NULL};
    Consentd__ObligationListRequest body;
    consentd__obligation_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (OBLIGATION_LIST, obligation_list, &body);
    Consentd__Reply *all;
    int error = bsn_ask (setting->ctl, setting->options, &body.bsn);
    if (!error)
        error = pages_all (setting->ctl, &request, &paging, &all);
    if (error)
        return error;
    *is_there = is_duty (all->obligation_list->duties, all->obligation_list->n_duties, decision, kind);
    consentd__reply__free_unpacked (all, NULL);
    return 0;
}

static int check_duty (struct letter_setting *setting, const Consentd__DecisionShowReply *shown, size_t notice)
{
    Consentd__Obligation kind = notices[notice].kind;
    bool is_there = shown->check && shown->reply &&
                    is_duty (shown->reply->duties, shown->reply->n_duties, shown->number, kind);
    int error = is_there || kind != CONSENTD__OBLIGATION__INFORM_OF_SOURCE
                    ? 0
                    : find_in_list (setting, shown->number, kind, &is_there);
    if (error || is_there)
        return error;
    return ctl_fail (EX_DATAERR, "decision %" PRIu64 " brought no duty to %s", shown->number, duty_words (kind));
}

static int write_letter (struct letter_setting *setting, const Consentd__DecisionShowReply *shown, size_t notice)
{
    const struct letter_form *form = letter_form_find (notices[notice].form);
    const char *reader = notices[notice].is_for_representative ? "" : "subject";
    const char *reference = arena_printf (setting->ctl->arena, "%" PRIu64, shown->number);
    struct letter_values *values;
    int error = check_duty (setting, shown, notice);
    if (!error)
        error = letter_begin (setting, form, reference, reader, &values);
    if (error)
        return error;
    fill (setting, values, shown);
    return letter_finish (setting, form, values);
}

static int ask_decision (struct letter_setting *setting, uint64_t decision, size_t notice)
{
    Consentd__DecisionShowRequest body;
    consentd__decision_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (DECISION_SHOW, decision_show, &body);
    Consentd__Reply *reply;
    body.number = decision;
    int error = ask (setting->ctl, &request, CONSENTD__REPLY__BODY_DECISION_SHOW, &reply);
    if (error)
        return error;
    error = write_letter (setting, reply->decision_show, notice);
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

int run_letter_notice (struct ctl *ctl, const struct options *options)
{
    const char *text = options->arguments[0];
    char *end;
    Consentd__Obligation kind;
    size_t notice = 0;
    errno = 0;
    uint64_t decision = strtoull (text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno)
        return ctl_fail (EX_USAGE, "the decision is a number");
    bool is_kind = duty_parse_kind (options->arguments[1], &kind);
    while (is_kind && notice < NOTICES && notices[notice].kind != kind)
        notice++;
    if (!is_kind || notice == NOTICES)
        return ctl_fail (EX_USAGE, "a letter tells of inform-subject, inform-representative, inform-youth or "
                                   "inform-of-source");
    struct letter_setting setting;
    int error = letter_setting_open (&setting, ctl, options);
    if (!error)
        error = ask_decision (&setting, decision, notice);
    letter_setting_close (&setting);
    return error;
}
