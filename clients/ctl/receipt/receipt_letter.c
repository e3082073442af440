#include "receipt_letter.h"
#include <inttypes.h>
#include <string.h>
#include "letter/letter_document.h"
#include "letter/letter_file.h"
#include "letter/letter_show.h"
#include "letter/letter_words.h"

enum { LEAF_TEXT = 2 * MERKLE_HASH_SIZE + 1 };

#define CODES(list) ((struct letter_codes){scope->list, scope->n_##list})

static void fill_scope (struct letter_setting *setting, struct letter_values *values, const Consentd__Scope *scope)
{
    letter_add_organisations (setting, values, "verstrekkers", CODES (providers));
    letter_add_organisations (setting, values, "ontvangers", CODES (recipients));
    letter_add_labels (setting, values, "gegevens", LETTER_CATEGORY, CODES (categories));
    letter_set (values, "doel", letter_label (setting, LETTER_PURPOSE, scope->purpose));
}

static void fill_statement (struct letter_setting *setting, struct letter_values *values,
                            const struct receipt_seen *line)
{
    letter_set_flag (values, line->kind == RECEIPT_GRANT ? "toestemming" : "weigering", true);
    if (!line->is_open)
        return;
    struct receipt_statement statement = receipt_statement_of (line);
    fill_scope (setting, values, statement.scope);
    if (statement.grant != NULL)
        letter_set (values, "tot-en-met", letter_last_day (setting->ctl->arena, statement.grant->valid_until));
}

static void fill_items (struct letter_setting *setting, struct letter_values *values,
                        const struct receipt_seen *line)
{
    const Consentd__CheckRequest *check = line->request->check;
    for (size_t i = 0; i < check->n_items; i++)
        letter_add (values, line->evidence->answer.items[i].ground != 0 ? "gegevens" : "gegevens-niet",
                    letter_label (setting, LETTER_CATEGORY, check->items[i]->category));
    letter_add (values, "verstrekkers", letter_organisation (setting, check->provider));
    letter_add (values, "ontvangers", letter_organisation (setting, check->recipient));
    letter_set (values, "doel", letter_label (setting, LETTER_PURPOSE, check->purpose));
}

static void fill_decision (struct letter_setting *setting, struct letter_values *values,
                           const struct receipt_seen *line)
{
    bool is_denied = strcmp (line->head.result, "deny") == 0;
    const char *flag = is_denied                                    ? "mocht-niet"
                       : strcmp (line->head.result, "partial") == 0 ? "mocht-deels"
                                                                    : "mocht";
    letter_set_flag (values, flag, true);
    if (!line->is_open)
        return;
    letter_set_flag (values, "gedeeld", !is_denied && line->request->check->mode == CONSENTD__MODE__DISCLOSE);
    fill_items (setting, values, line);
}

/* "Budget; Zorgaanbieder Horizon": what of the consent a withdrawal names. */
static const char *part_of (struct letter_setting *setting, const Consentd__RevokeRequest *revoke)
{
    struct arena *arena = setting->ctl->arena;
    const char *made = "", *between = "";
    for (size_t i = 0; i < revoke->n_categories; i++, between = "; ")
        made = arena_printf (arena, "%s%s%s", made, between,
                             letter_label (setting, LETTER_CATEGORY, revoke->categories[i]));
    for (size_t i = 0; i < revoke->n_providers; i++, between = "; ")
        made = arena_printf (arena, "%s%s%s", made, between, letter_organisation (setting, revoke->providers[i]));
    for (size_t i = 0; i < revoke->n_recipients; i++, between = "; ")
        made = arena_printf (arena, "%s%s%s", made, between, letter_organisation (setting, revoke->recipients[i]));
    return made;
}

/* "helemaal, op 28 november 2026 om 14.30 uur", "een deel, op ...: Budget"; of a closed line it is not told how
   much. */
static const char *withdrawn (struct letter_setting *setting, const struct receipt_seen *line)
{
    struct arena *arena = setting->ctl->arena;
    const char *when = letter_moment (arena, line->head.time);
    if (!line->is_open)
        return when;
    return receipt_is_part (line->request->revoke)
               ? arena_printf (arena, "een deel, op %s: %s", when, part_of (setting, line->request->revoke))
               : arena_printf (arena, "helemaal, op %s", when);
}

/* In groups, so that it is read aloud, and a line can end between them. */
static const char *in_groups (struct arena *arena, const struct merkle_hash *leaf)
{
    enum { IN_A_GROUP = 4 };
    const char *made = "";
    char group[2 * IN_A_GROUP + 1];
    for (size_t i = 0; i < sizeof leaf->bytes; i += IN_A_GROUP) {
        consent_hex (leaf->bytes + i, IN_A_GROUP, group);
        made = arena_printf (arena, "%s%s%s", made, i > 0 ? " " : "", group);
    }
    return made;
}

/* What the lines say: that of the statement or decision, and those of its withdrawals. */
static void fill_lines (struct letter_setting *setting, struct letter_values *values,
                        const struct receipt_lines *lines)
{
    const struct receipt_seen *first = &lines->line[0];
    bool is_closed = false;
    if (first->kind == RECEIPT_DECISION)
        fill_decision (setting, values, first);
    else
        fill_statement (setting, values, first);
    letter_set (values, "vastgelegd-op", letter_moment (setting->ctl->arena, first->head.time));
    letter_set (values, "vastgelegd-door", letter_organisation (setting, first->head.party));
    for (size_t i = 0; i < lines->count; i++) {
        is_closed |= !lines->line[i].is_open;
        if (i > 0)
            letter_add (values, "ingetrokken-op", withdrawn (setting, &lines->line[i]));
    }
    letter_set_flag (values, "gesloten", is_closed);
}

static void fill_proof (struct letter_setting *setting, struct letter_values *values,
                        const struct receipt_made *made)
{
    struct arena *arena = setting->ctl->arena;
    const struct receipt_seen *newest = receipt_newest (&made->judged.lines);
    struct letter_document qr = letter_document_start (arena);
    char leaf[LEAF_TEXT];
    consent_hex (newest->leaf.bytes, sizeof newest->leaf.bytes, leaf);
    letter_add_qr (&qr,
                   arena_printf (arena,
                                 "Bewijs %s van %s. SHA-256 van de regel: %s. Controleren: consentctl receipt "
                                 "verify BESTAND --code %s",
                                 made->code, made->judged.checkpoint.origin, leaf, made->code));
    letter_set (values, "code", made->code);
    letter_set (values, "regel", arena_printf (arena, "%" PRIu64, newest->head.number));
    letter_set (values, "register", made->judged.checkpoint.origin);
    letter_set (values, "vingerafdruk", in_groups (arena, &newest->leaf));
    letter_set_part (values, "qr", &qr);
}

int receipt_letter (struct letter_setting *setting, const struct receipt_made *made, const char *file,
                    json_t **letter_p)
{
    const struct letter_form *form = letter_form_find ("bewijs");
    struct letter_values *values;
    struct letter_document document;
    int error = letter_begin (setting, form, made->code, letter_reader (setting->options), &values);
    if (error)
        return error;
    fill_lines (setting, values, &made->judged.lines);
    fill_proof (setting, values, made);
    error = letter_fill (setting, form, values, &document);
    if (!error)
        error = letter_file_write_as (&document, file);
    if (!error)
        *letter_p = letter_json (form, file, &document);
    return error;
}
