#include "letter_input.h"

#include <string.h>
#include "letter_document.h"
#include "letter_html.h"

static const char style[] =
    "  fieldset { border: 0; margin: 0 0 1rem; padding: 0 }\n"
    "  .choice label, .choice div { display: block; margin: .35rem 0; padding-left: 1.9rem; text-indent: -1.9rem "
    "}\n"
    "  .choice input { width: 1.15rem; height: 1.15rem; margin: 0 .75rem 0 0; vertical-align: -.2rem }\n"
    "  .blank { display: block; margin: 0 0 .9rem }\n"
    "  .blank span { display: block; color: #555; margin: 0 0 .2rem }\n"
    "  .blank input, .blank textarea { width: 100%; max-width: 28rem; padding: .35rem .5rem; font: inherit;\n"
    "    color: inherit; background: #fff; border: 1px solid #767676; border-radius: 2px }\n"
    "  .blank textarea, .blank .free { max-width: none; min-height: 5.5rem }\n"
    "  .short { display: inline-block; min-width: 10.5rem; margin-right: 1rem } .short span { white-space: nowrap "
    "}\n"
    "  .short input { max-width: 12rem }\n"
    "  a.place { display: block; width: 100%; max-width: 28rem; height: 1.9rem; border: 1px solid #767676;\n"
    "    color: inherit; text-decoration: none }\n"
    "  a.place.free { height: 6rem }\n"
    "  a.box { display: inline-block; width: 1.05rem; height: 1.05rem; margin-right: .85rem; text-indent: 0;\n"
    "    vertical-align: -.2rem; border: 1px solid #767676 }\n"
    "  .sign b { display: block; max-width: 28rem; height: 3.6rem; border: 1px solid #767676 }\n"
    "  .save { margin: 2rem 0 } .save[hidden] { display: none }\n"
    "  .save button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: 3px; background: #154273;\n"
    "    color: #fff }\n"
    "  @media print { .save { display: none } .choice label, .choice div, .few, .blank { break-inside: avoid }\n"
    "    .blank + .choice { break-before: avoid } }\n";

enum { FEW = 8 /* rows of a choice that stays on one page */ };

/* The end of its name in HTML: how it counts. */
static const char *const kinds[] = {
    [LETTER_ONE] = "one",   [LETTER_MANY] = "many",     [LETTER_YES] = "yes",
    [LETTER_LINE] = "line", [LETTER_NUMBER] = "number", [LETTER_DAY] = "day",
    [LETTER_FREE] = "free", [LETTER_FIXED] = "fixed",   [LETTER_SIGN] = "sign",
};

static void put_attribute (FILE *out, const char *name, const char *value)
{
    fprintf (out, " %s=\"", name);
    letter_html_put (out, value);
    fputc ('"', out);
}

static bool is_chosen (const struct letter_block *block, const struct letter_row *row)
{
    return *block->value && strcmp (row->cells[0], block->value) == 0;
}

/* One of several is a round button. What can stand alone must be able to be taken back: a box. */
static void put_button (const struct letter_block *block, const struct letter_row *row, FILE *out)
{
    bool is_round = block->input == LETTER_ONE && block->first->next;
    fprintf (out, "<label><input type=\"%s\" data-kind=\"%s\"", is_round ? "radio" : "checkbox",
             kinds[block->input]);
    put_attribute (out, "name", block->name);
    put_attribute (out, "value", row->cells[0]);
    fputs (is_chosen (block, row) ? " checked>" : ">", out);
    letter_html_put (out, row->cells[1]);
    fputs ("</label>\n", out);
}

static void put_box (const struct letter_block *block, const struct letter_row *row, FILE *out)
{
    fputs ("<div><a class=\"box\" href=\"" LETTER_PLACE, out);
    letter_html_put (out, block->name);
    fputc (':', out);
    letter_html_put (out, row->cells[0]);
    fputs ("\"></a>", out);
    letter_html_put (out, row->cells[1]);
    fputs ("</div>\n", out);
}

static void write_choice (const struct letter_block *block, bool is_on_screen, FILE *out)
{
    size_t rows = 0;
    for (const struct letter_row *row = block->first; row; row = row->next)
        rows++;
    fprintf (out, "<fieldset class=\"choice%s\"", rows <= FEW ? " few" : "");
    put_attribute (out, "aria-label", block->text);
    if (block->needed && is_on_screen)
        put_attribute (out, "data-needed", block->text);
    fputs (">\n", out);
    for (const struct letter_row *row = block->first; row; row = row->next)
        (is_on_screen ? put_button : put_box) (block, row, out);
    fputs ("</fieldset>\n", out);
}

static void put_field (const struct letter_block *block, FILE *out)
{
    bool is_free = block->input == LETTER_FREE, is_fixed = block->input == LETTER_FIXED;
    const char *type = block->input == LETTER_DAY ? "date" : block->input == LETTER_NUMBER ? "number" : "text";
    if (is_free)
        fputs ("<textarea rows=\"4\"", out);
    else
        fprintf (out, "<input type=\"%s\"", type);
    fprintf (out, " class=\"%s\" data-kind=\"%s\"", kinds[block->input], kinds[block->input]);
    put_attribute (out, "name", block->name);
    if (block->needed)
        put_attribute (out, "data-needed", block->text);
    if (!is_free && *block->value)
        put_attribute (out, "value", block->value);
    fputs (is_fixed ? " readonly>" : ">", out);
    if (is_free) {
        letter_html_put (out, block->value);
        fputs ("</textarea>", out);
    }
}

static void write_blank (const struct letter_block *block, bool is_on_screen, FILE *out)
{
    const char *element = is_on_screen ? "label" : "div";
    bool is_signature = block->input == LETTER_SIGN;
    bool is_short = block->input == LETTER_DAY || block->input == LETTER_NUMBER; /* several stand in a row */
    fprintf (out, "<%s class=\"blank%s\"><span>", element, is_signature ? " sign" : is_short ? " short" : "");
    letter_html_put (out, block->text);
    fputs (block->input == LETTER_DAY && !is_on_screen ? " (dd-mm-jjjj)</span>" : "</span>", out);
    if (is_signature) {
        fputs ("<b></b>", out);
    } else if (is_on_screen) {
        put_field (block, out);
    } else {
        fprintf (out, "<a class=\"place %s\" href=\"" LETTER_PLACE, kinds[block->input]);
        letter_html_put (out, block->name);
        fputs ("\"></a>", out);
    }
    fprintf (out, "</%s>\n", element);
}

void letter_input_write (const struct letter_block *block, bool is_on_screen, FILE *out)
{
    (block->kind == LETTER_CHOICE ? write_choice : write_blank) (block, is_on_screen, out);
}

const char *letter_input_style (const struct letter_document *document)
{
    for (const struct letter_block *block = document->first; block; block = block->next)
        if (block->kind == LETTER_CHOICE || block->kind == LETTER_BLANK)
            return style;
    return "";
}
