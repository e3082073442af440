#include "import_order.h"
#include <stdio.h>

/* Instead of when somebody signed: that was passed over. */
static const int64_t PASSED_OVER = INT64_MAX;

static const uint8_t *own_mark (const struct import_statement *said, const struct import_line *line)
{
    return line->is_refusal ? said->no : said->yes;
}

int import_order_judge (struct import_seen *seen, const struct import_statement *said, struct import_line *line,
                        bool *finished)
{
    int64_t other = 0, opposite = 0, same = 0;
    int r = import_seen_find (seen, said->said, &other);
    if (r == 0)
        r = import_seen_find (seen, line->is_refusal ? said->yes : said->no, &opposite);
    *finished = other != 0 || (opposite > said->signed_at && opposite != PASSED_OVER);
    if (other) {
        line->outcome = IMPORT_DUPLICATE;
        line->same_as = (uint64_t)other;
    } else if (*finished) {
        import_line_bad (
            line, "ondertekening",
            "is eerder getekend dan het tegendeel over dezelfde persoon, dat hoger in dit bestand staat: "
            "wat het laatst is gezegd, moet het laatst staan");
    }
    if (r || *finished)
        return r;
    r = import_seen_find (seen, own_mark (said, line), &same);
    if (r == 0 && said->signed_at > same)
        r = import_seen_put (seen, own_mark (said, line), said->signed_at);
    return r ? r : import_seen_put (seen, said->said, (int64_t)line->number);
}

int import_order_pass_over (struct import_seen *seen, const struct import_statement *said,
                            struct import_line *line)
{
    line->outcome = IMPORT_UNAVAILABLE;
    snprintf (
        line->message, sizeof line->message,
        "wat het register van deze persoon heeft, kan nu niet worden gelezen: dezelfde opdracht probeert het "
        "opnieuw");
    return import_seen_put (seen, own_mark (said, line), PASSED_OVER);
}

int import_order_has_passed_over (struct import_seen *seen, const struct import_statement *said, bool *has)
{
    int64_t yes = 0, no = 0;
    int r = import_seen_find (seen, said->yes, &yes);
    if (r == 0)
        r = import_seen_find (seen, said->no, &no);
    *has = r == 0 && (yes == PASSED_OVER || no == PASSED_OVER);
    return r;
}
