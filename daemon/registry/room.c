#include "room.h"
#include "alarm.h"
#include "audit/counted.h"
#include "say.h"

enum { HYSTERESIS = 2, MEBIBYTE = 1 << 20, REFUSED_FOR_MS = 60000, ROOM_FOR_ALARM = 65536 };

/* A level begins at this percentage of the room outside the reserve. ROOM_FULL begins when a request found no
   room. */
static const struct {
    const char *name;
    unsigned begins;
    enum alarm_kind alarm;
} levels[] = {
    [ROOM_AMPLE] = {"ample", 0, 0},
    [ROOM_80] = {"80 %", 80, ALARM_STORE_80},
    [ROOM_95] = {"95 %", 95, ALARM_STORE_95},
    [ROOM_FULL] = {"full", 100, ALARM_STORE_FULL},
};

const char *room_level_name (enum room_level level)
{
    return levels[level].name;
}

static unsigned percent_used (const struct store_info *info)
{
    return info->general == 0 ? 100 : (unsigned)(info->used * 100 / info->general);
}

/* A request may find no room while little is in use: a process that copies the store holds its old pages. */
enum room_level room_level_now (const struct room *self, moment now)
{
    unsigned percent = percent_used (&self->info);
    bool is_full = self->refused_at != 0 &&
                   (percent + HYSTERESIS > levels[ROOM_FULL].begins || now - self->refused_at < REFUSED_FOR_MS);
    if (is_full)
        return ROOM_FULL;
    enum room_level level = self->level == ROOM_FULL ? ROOM_95 : self->level;
    while (level > ROOM_AMPLE && percent + HYSTERESIS <= levels[level].begins)
        level--;
    while (level < ROOM_95 && percent >= levels[level + 1].begins)
        level++;
    return level;
}

int room_log (struct turn *turn, const struct room *self, enum room_level now, uint64_t refused)
{
    bool is_over = self->level == ROOM_FULL && now != ROOM_FULL;
    if (now < self->level && !is_over)
        return 0; /* that there is more room again matters only to those who were refused */
    struct evidence evidence = {
        .note = is_over ? arena_printf (turn->arena, "%llu refused", (unsigned long long)refused)
                        : arena_printf (turn->arena, "%llu of %llu MiB",
                                        (unsigned long long)(self->info.used / MEBIBYTE),
                                        (unsigned long long)(self->info.general / MEBIBYTE))};
    struct audit_head head = {.time = turn->now,
                              .party = "",
                              .action = "store",
                              .result = is_over ? "room" : levels[now].name,
                              .origin = AUDIT_DAEMON};
    store_use_share (turn->txn, STORE_OWN);
    int rc = counted_log (turn, &head, NULL, &evidence);
    bool is_told = now > self->level && store_has_room (turn->txn, STORE_OWN, ROOM_FOR_ALARM);
    return rc == 0 && is_told ? alarm_raise (turn, levels[now].alarm, "", "", evidence.note) : rc;
}

void room_tell (struct room *self, enum room_level now, uint64_t refused)
{
    unsigned long long used = self->info.used / MEBIBYTE, general = self->info.general / MEBIBYTE;
    if (now == ROOM_FULL && self->level != ROOM_FULL)
        say (SAY_CRITICAL, "store-full",
             "the store is full (%llu of %llu MiB outside the reserve): only withdrawals, restrictions "
             "and what operators need are recorded; enlarge store/size and reload",
             used, general);
    else if (self->level == ROOM_FULL && now != ROOM_FULL)
        say (SAY_NOTICE, "store-room", "the store has room again: %llu requests were refused while it was full",
             (unsigned long long)refused);
    else if (now > self->level)
        say (SAY_WARNING, "store-fills",
             "the store is more than %s full (%llu of %llu MiB): enlarge store/size and reload", levels[now].name,
             used, general);
    self->level = now;
    if (now != ROOM_FULL)
        self->refused_at = 0;
}
