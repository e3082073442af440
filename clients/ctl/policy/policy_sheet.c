#include "policy_sheet.h"

#include "letter/letter_html.h"
#include "policy_matrix.h"

/* The smallest letter is 5 points: it is read on paper from nearby, as the regulation's own table. On a screen all
   of it is half as large again. */
static const char style[] =
    "  @page { size: A4 landscape; margin: 7mm }\n"
    "  * { box-sizing: border-box }\n"
    "  body { margin: 0; color: #1a1a1a; background: #fff; line-height: 1.2;\n"
    "    font-family: \"Liberation Sans\", Arial, Helvetica, \"DejaVu Sans\", sans-serif;\n"
    "    -webkit-print-color-adjust: exact; print-color-adjust: exact }\n"
    "  @media screen { body { zoom: 1.6; padding: 5mm; min-width: 293mm } }\n"
    "  h1 { font-size: 2em; line-height: 1.1; margin: 0 0 .5mm } h2 { font-size: 1.15em; margin: 0 0 .5mm }\n"
    "  p { margin: 0 0 1.2mm } .about { color: #555 }\n"
    "  .matrix { width: 283mm; border-collapse: collapse; table-layout: fixed }\n"
    "  .matrix th, .matrix td { border: .15mm solid #bbb; padding: .35mm .5mm; text-align: left;\n"
    "    font-weight: normal; vertical-align: middle; overflow-wrap: break-word }\n"
    "  .matrix thead th { vertical-align: bottom }\n"
    "  .matrix th.sort { height: 49mm; padding: 0; position: relative }\n"
    "  .sort span { position: absolute; left: .2mm; bottom: .6mm; display: block; width: 48mm; height: 1.3em;\n"
    "    font-size: .93em; transform-origin: 0 100%; transform: rotate(-90deg) translateY(100%);\n"
    "    white-space: nowrap }\n"
    "  .matrix td.c { text-align: center; padding: 0; font-weight: bold; font-size: .88em; white-space: nowrap }\n"
    "  .special { background: #fbe3df } td.special { background: #fef6f4 }\n"
    "  .T { background: #e3ecf7 } .TW, .W { background: #d9efdc } .Tw, .w { background: #eef7df }\n"
    "  .A { background: #f3ecd8 } .some { background: #f7d4cd }\n"
    "  .code { font-weight: bold }\n"
    "  .foot { display: table; table-layout: fixed; width: 283mm; margin: 1.5mm 0 }\n"
    "  .foot > div { display: table-cell; padding-right: 4mm; vertical-align: top } .foot p { margin: 0 0 .4mm }\n"
    "  .key { display: inline-block; width: 3.6mm; text-align: center; font-weight: bold;\n"
    "    border: .15mm solid #bbb }\n";

/* The words around the pack's own. */
enum word {
    WORD_FLOW,
    WORD_FROM,
    WORD_TO,
    WORD_PURPOSE,
    WORD_BESIDES,
    WORD_LEGEND,
    WORD_CONSENT,
    WORD_STATUTE,
    WORD_LIMITED,
    WORD_ONLY_STATUTE,
    WORD_OTHERWISE,
    WORD_SOME,
    WORD_EMPTY,
    WORD_SPECIAL,
    WORD_NOBODY,
    WORD_STATUTES,
    WORD_ALL_ORIGINS,
    WORD_ORIGINS,
    WORD_AGES,
    WORD_NOT_CAPABLE,
    WORD_SUBJECT,
    WORD_REPRESENTATIVES,
    WORD_AND,
    WORD_ANY_ONE,
    WORD_ALL_OF_THEM,
    WORD_REQUEST,
    WORD_URGENT,
    WORD_ONE_TIME,
    WORD_UNDER,
    WORD_UNTIL,
    WORD_BY,
    WORD_FOR,
    WORDS
};

static const char *const words[LANGUAGES][WORDS] = {
    [ENGLISH] = {"Flow",
                 "From",
                 "To",
                 "For",
                 "Besides",
                 "What a cell says",
                 "with the subject's consent",
                 "with consent, or by a statute (which are under \"Besides\")",
                 "a small w: by the statute, but by or to some of these parties only",
                 "by a statute only: for other people the subject cannot consent",
                 "neither: only by what stands under \"Besides\"",
                 "red cell: special data, not to all of these recipients",
                 "empty: to nobody, whatever the subject agrees to",
                 "red heading: special data (bijzondere persoonsgegevens)",
                 "Known, but in no flow, and so told to nobody:",
                 "Statutes",
                 "data from any law",
                 "data from",
                 "Who signs a consent",
                 "not capable",
                 "the subject",
                 "the representatives",
                 "and",
                 "any one representative suffices",
                 "all representatives sign",
                 "written request",
                 "urgent reasons",
                 "one-time consents only",
                 "from",
                 "to",
                 "by",
                 "to"},
    [DUTCH] = {"Rij",
               "Van",
               "Naar",
               "Waarvoor",
               "Daarnaast",
               "Wat een vakje zegt",
               "met toestemming van de inwoner",
               "met toestemming, of op een wet (welke staat onder \"Daarnaast\")",
               "kleine w: op een wet, maar alleen door of aan een deel van deze partijen",
               "alleen op een wet: over anderen kan de inwoner niet beslissen",
               "geen van beide: alleen zoals onder \"Daarnaast\" staat",
               "rood vakje: bijzondere gegevens, niet aan al deze ontvangers",
               "leeg: aan niemand, ook niet als de inwoner het goed vindt",
               "rode kop: bijzondere persoonsgegevens",
               "Bekend, maar in geen rij, en dus aan niemand verteld:",
               "Wetten",
               "gegevens uit elke wet",
               "gegevens uit",
               "Wie tekent een toestemming",
               "niet wilsbekwaam",
               "de inwoner",
               "de vertegenwoordigers",
               "en",
               "één vertegenwoordiger is genoeg",
               "alle vertegenwoordigers tekenen",
               "schriftelijk verzoek",
               "dringende redenen",
               "alleen eenmalige toestemmingen",
               "vanaf",
               "tot",
               "door",
               "aan"},
};

struct sheet {
    const struct policy *policy;
    enum language language;
    FILE *out;
};

static const char *word (const struct sheet *self, enum word which)
{
    return words[self->language][which];
}

static const char *label (const struct sheet *self, const struct policy_entry *entry)
{
    return self->language == DUTCH ? entry->label_nl : entry->label_en;
}

static void put (const struct sheet *self, const char *text)
{
    letter_html_put (self->out, text);
}

/* The labels of the kinds of a set, or their codes, which are shorter. */
static void put_kinds (const struct sheet *self, const code_set *set)
{
    const char *before = "";
    for (size_t i = 0; i < self->policy->kind_count; i++)
        if (code_set_has (set, (code)i)) {
            put (self, before);
            put (self, self->policy->kinds[i].entry.code);
            before = ", ";
        }
}

/* --- The matrix ---------------------------------------------------------------------------------------- */

enum { CODE_WIDTH = 34, KINDS_WIDTH = 34, PURPOSE_WIDTH = 18, BESIDES_WIDTH = 34 }; /* mm */

static size_t count_columns (const struct policy *policy)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->category_count; i++)
        count += policy_matrix_has (policy, (code)i);
    return count;
}

static void put_heading (const struct sheet *self, enum word which, int width)
{
    fprintf (self->out, "<th scope=\"col\" style=\"width: %dmm\">", width);
    put (self, word (self, which));
    fputs ("</th>", self->out);
}

static void put_headings (const struct sheet *self)
{
    fputs ("<thead><tr>", self->out);
    put_heading (self, WORD_FLOW, CODE_WIDTH);
    put_heading (self, WORD_FROM, KINDS_WIDTH);
    put_heading (self, WORD_TO, KINDS_WIDTH);
    put_heading (self, WORD_PURPOSE, PURPOSE_WIDTH);
    for (size_t i = 0; i < self->policy->category_count; i++) {
        const struct policy_category *category = &self->policy->categories[i];
        if (!policy_matrix_has (self->policy, (code)i))
            continue;
        fprintf (self->out, "<th scope=\"col\" class=\"sort%s\" title=\"",
                 category->special == SPECIAL_NO ? "" : " special");
        put (self, category->entry.code);
        fputs ("\"><span>", self->out);
        put (self, label (self, &category->entry));
        fputs ("</span></th>", self->out);
    }
    put_heading (self, WORD_BESIDES, BESIDES_WIDTH);
    fputs ("</tr></thead>\n", self->out);
}

/* How a cell is marked, which is also its class in the style. */
static const char *mark_of (const struct matrix_cell *cell)
{
    static const char *const marks[2][3] = {{"A", "w", "W"}, {"T", "Tw", "TW"}};
    return marks[cell->consent][cell->statute];
}

static void put_cell (const struct sheet *self, const struct policy_flow *flow, code category)
{
    struct matrix_cell cell = policy_matrix_cell (self->policy, flow, category);
    const char *empty = self->policy->categories[category].special == SPECIAL_NO ? "" : " special";
    fprintf (self->out, "<td class=\"c%s%s%s\">%s</td>", cell.carried ? " " : empty,
             cell.carried ? mark_of (&cell) : "", cell.to_some ? " some" : "",
             cell.carried ? mark_of (&cell) : "");
}

static void put_statutes (const struct sheet *self, const struct policy_flow *flow, const char **before)
{
    for (size_t i = 0; i < flow->statute_count; i++) {
        const struct policy_flow_statute *one = &flow->statutes[i];
        put (self, *before);
        *before = "; ";
        put (self, self->policy->statutes[one->statute].entry.code);
        if (!code_set_is_empty (&one->by)) {
            fprintf (self->out, " %s ", word (self, WORD_BY));
            put_kinds (self, &one->by);
        }
        if (!code_set_is_empty (&one->to)) {
            fprintf (self->out, " %s ", word (self, WORD_FOR));
            put_kinds (self, &one->to);
        }
    }
}

static void put_besides (const struct sheet *self, const struct policy_flow *flow)
{
    const char *before = "";
    const struct {
        bool is;
        enum word which;
    } others[] = {{flow->written_request, WORD_REQUEST},
                  {flow->urgent_reasons, WORD_URGENT},
                  {flow->one_time, WORD_ONE_TIME}};
    fputs ("<td>", self->out);
    put_statutes (self, flow, &before);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].is) {
            put (self, before);
            put (self, word (self, others[i].which));
            before = "; ";
        }
    fputs ("</td>", self->out);
}

static void put_row (const struct sheet *self, const struct policy_flow *flow)
{
    fputs ("<tr><th scope=\"row\"><span class=\"code\">", self->out);
    put (self, flow->entry.code);
    fputs ("</span> ", self->out);
    put (self, label (self, &flow->entry));
    fputs ("</th><td>", self->out);
    put_kinds (self, &flow->providers);
    fputs ("</td><td>", self->out);
    put_kinds (self, &flow->recipients);
    fputs ("</td><td>", self->out);
    put (self, self->policy->purposes[flow->purpose].entry.code);
    fputs ("</td>", self->out);
    for (size_t i = 0; i < self->policy->category_count; i++)
        if (policy_matrix_has (self->policy, (code)i))
            put_cell (self, flow, (code)i);
    put_besides (self, flow);
    fputs ("</tr>\n", self->out);
}

/* --- Below it ------------------------------------------------------------------------------------------ */

static void put_key (const struct sheet *self, const char *mark, const char *sort, enum word which)
{
    fprintf (self->out, "<p><span class=\"key %s\">%s</span> ", sort, mark);
    put (self, word (self, which));
    fputs ("</p>\n", self->out);
}

static void put_legend (const struct sheet *self)
{
    fprintf (self->out, "<div><h2>%s</h2>\n", word (self, WORD_LEGEND));
    put_key (self, "T", "T", WORD_CONSENT);
    put_key (self, "TW", "TW", WORD_STATUTE);
    put_key (self, "Tw", "Tw", WORD_LIMITED);
    put_key (self, "W", "W", WORD_ONLY_STATUTE);
    put_key (self, "A", "A", WORD_OTHERWISE);
    put_key (self, "&nbsp;", "special", WORD_SPECIAL);
    put_key (self, "&nbsp;", "some", WORD_SOME);
    put_key (self, "&nbsp;", "", WORD_EMPTY);
    fputs ("</div>\n", self->out);
}

static void put_statute_list (const struct sheet *self)
{
    const struct policy *policy = self->policy;
    fprintf (self->out, "<div style=\"width: 44%%\"><h2>%s</h2>\n", word (self, WORD_STATUTES));
    for (size_t i = 0; i < policy->statute_count; i++) {
        const struct policy_statute *statute = &policy->statutes[i];
        const char *before = " ";
        fputs ("<p><span class=\"code\">", self->out);
        put (self, statute->entry.code);
        fputs ("</span> ", self->out);
        put (self, label (self, &statute->entry));
        fprintf (self->out, " (%s", word (self, statute->all_origins ? WORD_ALL_ORIGINS : WORD_ORIGINS));
        for (size_t j = 0; j < policy->origin_count && !statute->all_origins; j++)
            if (code_set_has (&statute->origins, (code)j)) {
                fprintf (self->out, "%s%s", before, policy->origins[j].entry.code);
                before = ", ";
            }
        fputs (")</p>\n", self->out);
    }
    fputs ("</div>\n", self->out);
}

static void put_ages (const struct sheet *self)
{
    const struct policy *policy = self->policy;
    fprintf (self->out, "<div><h2>%s</h2>\n", word (self, WORD_AGES));
    for (size_t i = 0; i < policy->age_count; i++) {
        const struct policy_age_band *band = &policy->ages[i];
        if (i + 1 < policy->age_count)
            fprintf (self->out, "<p><span class=\"code\">%u %s %u</span> ", band->from, word (self, WORD_UNTIL),
                     policy->ages[i + 1].from);
        else
            fprintf (self->out, "<p><span class=\"code\">%s %u</span> ", word (self, WORD_UNDER), band->from);
        fprintf (self->out, "%s%s%s%s%s</p>\n", band->subject ? word (self, WORD_SUBJECT) : "",
                 band->subject && band->representatives ? " " : "",
                 band->subject && band->representatives ? word (self, WORD_AND) : "",
                 band->subject && band->representatives ? " " : "",
                 band->representatives ? word (self, WORD_REPRESENTATIVES) : "");
    }
    fprintf (self->out, "<p><span class=\"code\">%s</span> %s</p>\n<p>%s</p></div>\n",
             word (self, WORD_NOT_CAPABLE), word (self, WORD_REPRESENTATIVES),
             word (self, policy->any_representative ? WORD_ANY_ONE : WORD_ALL_OF_THEM));
}

static void put_untold (const struct sheet *self)
{
    const char *before = " ";
    if (count_columns (self->policy) == self->policy->category_count)
        return;
    fprintf (self->out, "<p class=\"about\">%s", word (self, WORD_NOBODY));
    for (size_t i = 0; i < self->policy->category_count; i++)
        if (!policy_matrix_has (self->policy, (code)i)) {
            put (self, before);
            put (self, label (self, &self->policy->categories[i].entry));
            before = ", ";
        }
    fputs (".</p>\n", self->out);
}

/* In points. */
static const char *letter_size (const struct policy *policy)
{
    return policy->flow_count <= 14 ? "5.4" : policy->flow_count <= 22 ? "4.9" : "4.2";
}

static void put_head (const struct sheet *self)
{
    const struct policy *policy = self->policy;
    const char *title = self->language == DUTCH ? policy->label_nl : policy->label_en;
    fprintf (self->out,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
             "'unsafe-inline'\">\n<title>",
             self->language == DUTCH ? "nl" : "en");
    put (self, title);
    fprintf (self->out, "</title>\n<style>\n%s</style>\n</head>\n<body style=\"font-size: %spt\">\n<h1>", style,
             letter_size (policy));
    put (self, title);
    fputs ("</h1>\n<p class=\"about\">", self->out);
    put (self, policy->id);
    fputs (", hash ", self->out);
    for (size_t i = 0; i < sizeof policy->hash; i++)
        fprintf (self->out, "%02x", policy->hash[i]);
    fputs ("</p>\n", self->out);
}

void policy_sheet_write (const struct policy *policy, enum language language, FILE *out)
{
    const struct sheet self = {policy, language, out};
    put_head (&self);
    fputs ("<table class=\"matrix\">\n", out);
    put_headings (&self);
    fputs ("<tbody>\n", out);
    for (size_t i = 0; i < policy->flow_count; i++)
        put_row (&self, &policy->flows[i]);
    fputs ("</tbody>\n</table>\n<div class=\"foot\">\n", out);
    put_legend (&self);
    put_statute_list (&self);
    put_ages (&self);
    fputs ("</div>\n", out);
    put_untold (&self);
    fputs ("</body>\n</html>\n", out);
}
