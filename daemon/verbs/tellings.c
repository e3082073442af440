#include "tellings.h"

struct tellings tellings_of (struct turn *turn, moment at, const struct evidence *evidence,
                             const struct text_set *informed)
{
    if (evidence->telling_count > 0)
        return (struct tellings){evidence->tellings, evidence->telling_count, at};
    struct telling *all = arena_array (turn->arena, informed->count, sizeof *all);
    for (size_t i = 0; i < informed->count; i++)
        all[i] = (struct telling){.party = informed->item[i]};
    return (struct tellings){all, informed->count, at};
}

int tellings_show (struct hearings *hearings, const struct tellings *told, size_t room, struct turn *turn,
                   struct shown_tellings *shown)
{
    struct overview_telling *all = arena_array (turn->arena, told->count, sizeof *all);
    *shown = (struct shown_tellings){all, told->count, 0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < told->count; i++) {
        struct tellings one = {&told->telling[i], 1, told->at};
        struct heard_by by = {.count = 0};
        rc = hearings_sum (hearings, one.telling, &all[i]);
        if (rc == 0 && room > 0)
            rc = hearings_list (hearings, &one, room - shown->systems, &by);
        all[i].consumers = by.item;
        all[i].consumer_count = by.count;
        all[i].consumers_left_out = by.unheard_left_out + by.heard_left_out;
        shown->systems += by.count;
    }
    return rc;
}
