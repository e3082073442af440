#include "policy_show.h"

#include <stdlib.h>
#include "call.h"
#include "codec/document.h"
#include "language.h"
#include "letter/letter_file.h"
#include "letter/letter_pdf.h"
#include "pack.h"
#include "policy_sheet.h"
#include "policy/policy_print.h"
#include "policy/policy_read.h"

const struct option policy_show_options[] = {
    {"html", NULL, "the same as --format html", 0},
    LETTER_FILE_OPTIONS,
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

/* A list of entries of `stride` bytes. Each begins with its struct policy_entry. */
struct entries {
    const void *list;
    size_t count, stride;
};

#define ENTRIES(list, count) ((struct entries){(list), (count), sizeof *(list)})

static const struct policy_entry *entry_at (const struct entries *entries, size_t index)
{
    return (const void *)((const char *)entries->list + index * entries->stride);
}

static json_t *set_json (const struct entries *entries, const code_set *set)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < entries->count; i++)
        if (code_set_has (set, (code)i))
            json_array_append_new (list, json_string (entry_at (entries, i)->code));
    return list;
}

static json_t *entry_json (const struct policy_entry *entry)
{
    return json_pack ("{s:s, s:o, s:o, s:o}", "code", entry->code, "label_nl", document_string (entry->label_nl),
                      "label_en", document_string (entry->label_en), "source", document_string (entry->source));
}

static json_t *list_json (struct entries entries)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < entries.count; i++)
        json_array_append_new (list, entry_json (entry_at (&entries, i)));
    return list;
}

static json_t *statutes_json (const struct policy *policy, const struct policy_flow *flow)
{
    struct entries kinds = ENTRIES (policy->kinds, policy->kind_count);
    json_t *list = json_array ();
    for (size_t i = 0; i < flow->statute_count; i++) {
        const struct policy_flow_statute *one = &flow->statutes[i];
        json_array_append_new (list,
                               json_pack ("{s:s, s:o, s:o}", "code", policy->statutes[one->statute].entry.code,
                                          "by", set_json (&kinds, &one->by), "to", set_json (&kinds, &one->to)));
    }
    return list;
}

static json_t *flow_json (const struct policy *policy, const struct policy_flow *flow)
{
    struct entries kinds = ENTRIES (policy->kinds, policy->kind_count);
    struct entries categories = ENTRIES (policy->categories, policy->category_count);
    json_t *object = entry_json (&flow->entry);
    json_object_set_new (object, "providers", set_json (&kinds, &flow->providers));
    json_object_set_new (object, "recipients", set_json (&kinds, &flow->recipients));
    json_object_set_new (object, "purpose", json_string (policy->purposes[flow->purpose].entry.code));
    json_object_set_new (object, "categories", set_json (&categories, &flow->categories));
    json_object_set_new (object, "statutes", statutes_json (policy, flow));
    json_object_set_new (object, "written_request", json_boolean (flow->written_request));
    json_object_set_new (object, "urgent_reasons", json_boolean (flow->urgent_reasons));
    json_object_set_new (object, "one_time", json_boolean (flow->one_time));
    json_object_set_new (object, "consent", json_boolean (!flow->no_consent));
    return object;
}

static json_t *policy_json (const struct policy *policy)
{
    char hash[65];
    consent_hex (policy->hash, sizeof policy->hash, hash);
    json_t *flows = json_array ();
    for (size_t i = 0; i < policy->flow_count; i++)
        json_array_append_new (flows, flow_json (policy, &policy->flows[i]));
    return json_pack ("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "policy", policy->id, "hash",
                      hash, "label_nl", document_string (policy->label_nl), "label_en",
                      document_string (policy->label_en), "source", document_string (policy->source), "kinds",
                      list_json (ENTRIES (policy->kinds, policy->kind_count)), "categories",
                      list_json (ENTRIES (policy->categories, policy->category_count)), "purposes",
                      list_json (ENTRIES (policy->purposes, policy->purpose_count)), "origins",
                      list_json (ENTRIES (policy->origins, policy->origin_count)), "statutes",
                      list_json (ENTRIES (policy->statutes, policy->statute_count)), "flows", flows);
}

/* --- On paper ------------------------------------------------------------------------------------------ */

static int write_sheet (const struct options *options, const struct policy *policy, enum language language,
                        bool as_pdf)
{
    char *page, *pdf;
    size_t size, pdf_size;
    FILE *out = open_memstream (&page, &size);
    if (!out)
        abort ();
    policy_sheet_write (policy, language, out);
    if (fclose (out) != 0)
        abort ();
    int error = as_pdf ? letter_pdf_make (page, size, &pdf, &pdf_size) : 0;
    if (!error)
        error = letter_file_write_text (options, as_pdf ? pdf : page, as_pdf ? pdf_size : size);
    if (!error && as_pdf)
        free (pdf);
    free (page);
    return error;
}

static int write_text (const struct options *options, const struct policy *policy, enum language language)
{
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    policy_print (policy, language == DUTCH, out);
    if (fclose (out) != 0)
        abort ();
    int error = letter_file_write_text (options, text, size);
    free (text);
    return error;
}

int policy_show_run (struct ctl *ctl, const struct options *options)
{
    struct policy *policy;
    enum language language;
    bool is_html = options_has (options, "html");
    int error = language_read (options, &language);
    if (!error && is_html && options_has (options, "format"))
        error = ctl_fail (EX_USAGE, "--html and --format say the same: give one of them");
    if (!error)
        error = letter_file_check (options);
    if (!error)
        error = pack_read_untried (options->arguments[0], &policy);
    if (error)
        return error;
    enum letter_file_form form = is_html ? FILE_HTML : letter_file_form_of (options);
    if (ctl->json)
        document_print (policy_json (policy));
    else if (form == FILE_TEXT)
        error = write_text (options, policy, language);
    else
        error = write_sheet (options, policy, language, form == FILE_PDF);
    policy_destroy (&policy);
    return error;
}
