#include "report_period.h"

int report_period_read (const struct options *options, moment now, struct report_period *period)
{
    const char *from = options_text (options, "from"), *to = options_text (options, "to");
    *period = (struct report_period){0, MOMENT_NEVER};
    if (from && (!moment_parse (from, &period->from) || period->from < 1))
        return ctl_fail (EX_USAGE, "--from: %s", moment_fault (from));
    if (to && (!moment_parse_end (to, &period->until) || period->until < 1))
        return ctl_fail (EX_USAGE, "--to: %s", moment_fault (to));
    if (period->from > now)
        return ctl_fail (EX_USAGE, "--from: the period has not begun");
    if (period->until <= period->from)
        return ctl_fail (EX_USAGE, "the period ends before it begins");
    return 0;
}

int report_period_of_year (unsigned long year, moment now, struct report_period *period)
{
    struct day first = {(int16_t)year, 1, 1}, next = {(int16_t)(year + 1), 1, 1};
    *period = (struct report_period){calendar_start (first), calendar_start (next)};
    return period->from > now ? ctl_fail (EX_USAGE, "--year: the year has not begun") : 0;
}
