#include "letter_html.h"

#include <string.h>
#include "letter_document.h"
#include "letter_input.h"
#include "letter_qr.h"

/* The one style of letters, overviews and registers. Narrow: a row of a table becomes a card, in which each cell
   has its heading before it. */
static const char style[] =
    "  @page { size: A4; margin: 22mm 22mm 20mm;\n"
    "    @bottom-right { content: counter(page) \" van \" counter(pages); font: 9pt sans-serif; color: #555 } }\n"
    "  * { box-sizing: border-box }\n"
    "  html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }\n"
    "  body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 44rem; color: #1a1a1a; background: #fff;\n"
    "    font: 1.0625rem/1.55 \"Liberation Sans\", Arial, Helvetica, \"DejaVu Sans\", sans-serif;\n"
    "    overflow-wrap: anywhere }\n"
    "  h1 { font-size: 1.5rem; line-height: 1.25; margin: 2rem 0 1rem }\n"
    "  h2 { font-size: 1.2rem; line-height: 1.3; margin: 1.75rem 0 .5rem }\n"
    "  h3 { font-size: 1.0625rem; margin: 1.5rem 0 .4rem }\n"
    "  p, ul, table { margin: 0 0 1rem }\n"
    "  p + ul { margin-top: -.6rem }\n"
    "  ul { padding-left: 1.25rem }\n"
    "  li { margin: .2rem 0 }\n"
    "  .qr { display: block; margin: 0 0 1rem; break-inside: avoid }\n"
    "  table { width: 100%; border-collapse: collapse }\n"
    "  th, td { text-align: left; vertical-align: top; font-weight: normal; overflow-wrap: break-word }\n"
    "  th { color: #555 }\n"
    "  .facts th { width: 13.5rem; padding: .1rem 1.5rem .1rem 0; overflow-wrap: normal; hyphens: auto }\n"
    "  .facts td { padding: .1rem 0 }\n"
    "  .rows { font-size: .9375rem; line-height: 1.4 }\n"
    "  .rows th, .rows td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #ccc }\n"
    "  @media screen and (max-width: 40rem) {\n"
    "    table, tbody, tr, .facts th, td { display: block; width: 100% } thead { display: none }\n"
    "    .facts th { padding: .4rem 0 0 } .facts td { padding: 0 }\n"
    "    .rows tr { border-top: 2px solid #767676; padding: .5rem 0 }\n"
    "    .rows td { border: 0; padding: .15rem 0 }\n"
    "    .rows td::before { content: attr(data-name) \": \"; color: #555 }\n"
    "    td.empty { display: none }\n"
    "  }\n"
    "  @media print {\n"
    "    body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.45 }\n"
    "    h1 { font-size: 15pt } h2 { font-size: 12pt } h3 { font-size: 10.5pt } .rows { font-size: 9pt }\n"
    "    h1, h2, h3, h3 + p { break-after: avoid } li, tr, .lines { break-inside: avoid }\n"
    "    .whole { break-inside: avoid }\n"
    "    p { orphans: 3; widows: 3 } thead { display: table-header-group }\n"
    "  }\n";

void letter_html_put (FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs ("&amp;", out);
            break;
        case '<':
            fputs ("&lt;", out);
            break;
        case '>':
            fputs ("&gt;", out);
            break;
        case '"':
            fputs ("&quot;", out);
            break;
        case '\'':
            fputs ("&#39;", out);
            break;
        default:
            fputc (*text, out);
        }
}

static void put_element (FILE *out, const char *name, const char *text)
{
    fprintf (out, "<%s>", name);
    letter_html_put (out, text);
    fprintf (out, "</%s>\n", name);
}

static void write_lines (const struct letter_block *block, FILE *out)
{
    fputs ("<p class=\"lines\">", out);
    for (const struct letter_row *row = block->first; row; row = row->next) {
        letter_html_put (out, row->cells[0]);
        fputs (row->next ? "<br>\n" : "</p>\n", out);
    }
}

static void write_list (const struct letter_block *block, FILE *out)
{
    fputs ("<ul>\n", out);
    for (const struct letter_row *row = block->first; row; row = row->next)
        put_element (out, "li", row->cells[0]);
    fputs ("</ul>\n", out);
}

/* The facts take less than half a page of A4, so they can stay on one. */
static bool is_short (const struct letter_block *block)
{
    enum { HALF_A_PAGE = 22, CHARACTERS = 60 }; /* lines, and of a line */
    size_t lines = 0;
    for (const struct letter_row *row = block->first; row; row = row->next)
        lines += 1 + strlen (row->cells[1]) / CHARACTERS;
    return lines <= HALF_A_PAGE;
}

/* WeasyPrint knows no grid, so names stand beside their values as a table. */
static void write_facts (const struct letter_block *block, FILE *out)
{
    fprintf (out, "<table class=\"facts%s\">\n", is_short (block) ? " whole" : "");
    for (const struct letter_row *row = block->first; row; row = row->next) {
        fputs ("<tr><th scope=\"row\">", out);
        letter_html_put (out, row->cells[0]);
        fputs ("</th><td>", out);
        letter_html_put (out, row->cells[1]);
        fputs ("</td></tr>\n", out);
    }
    fputs ("</table>\n", out);
}

static void write_cell (FILE *out, const char *heading, const char *text)
{
    fprintf (out, "<td%s data-name=\"", *text ? "" : " class=\"empty\"");
    letter_html_put (out, heading);
    fputs ("\">", out);
    letter_html_put (out, text);
    fputs ("</td>", out);
}

static void write_table (const struct letter_block *block, FILE *out)
{
    const char *const *headings = block->first->cells;
    fputs ("<table class=\"rows\">\n<thead><tr>", out);
    for (size_t i = 0; i < block->columns; i++) {
        fputs ("<th scope=\"col\">", out);
        letter_html_put (out, headings[i]);
        fputs ("</th>", out);
    }
    fputs ("</tr></thead>\n<tbody>\n", out);
    for (const struct letter_row *row = block->first->next; row; row = row->next) {
        fputs ("<tr>", out);
        for (size_t i = 0; i < block->columns; i++)
            write_cell (out, headings[i], row->cells[i]);
        fputs ("</tr>\n", out);
    }
    fputs ("</tbody>\n</table>\n", out);
}

static void write_block (const struct letter_block *block, bool is_on_screen, FILE *out)
{
    static const char *const headings[LETTER_LEVELS] = {"h1", "h2", "h3"};
    switch (block->kind) {
    case LETTER_HEADING:
        put_element (out, headings[block->level - 1], block->text);
        break;
    case LETTER_PARAGRAPH:
        put_element (out, "p", block->text);
        break;
    case LETTER_LINES:
        write_lines (block, out);
        break;
    case LETTER_LIST:
        write_list (block, out);
        break;
    case LETTER_FACTS:
        write_facts (block, out);
        break;
    case LETTER_TABLE:
        write_table (block, out);
        break;
    case LETTER_QR:
        letter_qr_write (block->text, out);
        break;
    case LETTER_CHOICE:
    case LETTER_BLANK:
        letter_input_write (block, is_on_screen, out);
        break;
    }
}

/* Without a script nothing can be done with the page but read it, and print it. */
static void write_head (const struct letter_document *document, const struct letter_script *script, FILE *out)
{
    fputs ("<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'",
           out);
    if (script)
        fprintf (out, "; script-src '%s'; base-uri 'none'; form-action 'none'", script->hash);
    fputs ("\">\n<meta name=\"referrer\" content=\"no-referrer\">\n", out);
    put_element (out, "title", document->title);
    fprintf (out, "<style>\n%s%s</style>\n</head>\n<body>\n", style, letter_input_style (document));
}

void letter_html_write_form (const struct letter_document *document, const struct letter_script *script, FILE *out)
{
    write_head (document, script, out);
    if (script)
        fputs ("<form autocomplete=\"off\">\n", out);
    for (const struct letter_block *block = document->first; block; block = block->next)
        if (letter_block_is_shown (block))
            write_block (block, script != NULL, out);
    if (script)
        fprintf (out, "</form>\n<script>%s</script>\n", script->text);
    fputs ("</body>\n</html>\n", out);
}

void letter_html_write (const struct letter_document *document, FILE *out)
{
    letter_html_write_form (document, NULL, out);
}
