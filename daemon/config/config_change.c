#include "config_change.h"
#include <inttypes.h>
#include <string.h>
#include "permission.h"

enum kind { TEXT, NUMBER, NUMBER32 };

struct setting {
    const char *name;
    size_t at;
    enum kind kind;
    uint64_t unit; /* of a number: what the file's 1 is here */
    enum config_when when;
};

enum { TEXT_SHOWN = 200, SECOND = 1000, HOUR = 3600 * SECOND, DAY = 24 * HOUR, MEBIBYTE = 1 << 20 };

#define AT(member) offsetof (struct config, member)

/* All but roles and the names of copies, which are lists, and limits/turn, which has two answers. */
static const struct setting settings[] = {
    {"controller", AT (controller), TEXT, 0, CONFIG_AT_RELOAD},
    {"listen/requests", AT (requests), TEXT, 0, CONFIG_AT_START},
    {"listen/events", AT (events), TEXT, 0, CONFIG_AT_START},
    {"listen/operators", AT (operators), TEXT, 0, CONFIG_AT_START},
    {"keys/server", AT (server_key), TEXT, 0, CONFIG_AT_START},
    {"keys/server-next", AT (server_next), TEXT, 0, CONFIG_AT_RELOAD},
    {"keys/vault", AT (vault_key), TEXT, 0, CONFIG_AT_RELOAD},
    {"keys/vault-former", AT (vault_former), TEXT, 0, CONFIG_AT_RELOAD},
    {"keys/log", AT (log_key), TEXT, 0, CONFIG_AT_RELOAD},
    {"log/origin", AT (log_origin), TEXT, 0, CONFIG_AT_RELOAD},
    {"log/checkpoint-lines", AT (checkpoint_lines), NUMBER, 1, CONFIG_AT_RELOAD},
    {"log/checkpoint-seconds", AT (checkpoint_time), NUMBER, SECOND, CONFIG_AT_RELOAD},
    {"log/archive", AT (log_archive), TEXT, 0, CONFIG_AT_RELOAD},
    {"log/archive-after", AT (archive_after), NUMBER, DAY, CONFIG_AT_RELOAD},
    {"log/copy-lag", AT (copy_lag), NUMBER, SECOND, CONFIG_AT_RELOAD},
    {"events/keep", AT (events_keep), NUMBER, 1, CONFIG_AT_RELOAD},
    {"events/keep-days", AT (events_age), NUMBER, DAY, CONFIG_AT_RELOAD},
    {"events/overdue", AT (events_overdue), NUMBER, HOUR, CONFIG_AT_RELOAD},
    {"metrics/file", AT (metrics_file), TEXT, 0, CONFIG_AT_RELOAD},
    {"metrics/every", AT (metrics_every), NUMBER, SECOND, CONFIG_AT_RELOAD},
    {"store/directory", AT (store_directory), TEXT, 0, CONFIG_AT_START},
    {"store/size", AT (store_size), NUMBER, MEBIBYTE, CONFIG_AT_RELOAD},
    {"store/reserve", AT (store_reserve), NUMBER, MEBIBYTE, CONFIG_AT_RELOAD},
    {"store/operators", AT (store_operators), NUMBER, MEBIBYTE, CONFIG_AT_RELOAD},
    {"policy", AT (policy_directory), TEXT, 0, CONFIG_AT_RELOAD},
    {"parties", AT (parties_directory), TEXT, 0, CONFIG_AT_START},
    {"limits/requests-per-second", AT (limits.requests_per_second), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/requests-burst", AT (limits.requests_burst), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/log-per-second", AT (limits.log_per_second), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/log-burst", AT (limits.log_burst), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/connections", AT (limits.connections), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/subjects-per-hour", AT (limits.subjects_per_hour), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/unknown-per-hour", AT (limits.unknown_per_hour), NUMBER32, 1, CONFIG_AT_RELOAD},
    {"limits/cache", AT (cache_size), NUMBER, MEBIBYTE, CONFIG_AT_START},
    {"limits/clock-jump", AT (clock_jump), NUMBER, HOUR, CONFIG_AT_START},
    {"limits/absence", AT (absence), NUMBER, DAY, CONFIG_AT_START},
};

enum { SETTINGS = sizeof settings / sizeof *settings };
_Static_assert(SETTINGS + 2 + 2 * CONFIG_ROLES <= CONFIG_CHANGES, "all of them can differ");

static void *member (const struct config *self, const struct setting *setting)
{
    return (char *)(uintptr_t)self + setting->at;
}

static uint64_t number_of (const struct config *self, const struct setting *setting)
{
    if (setting->kind == NUMBER32)
        return *(const uint32_t *)member (self, setting);
    return *(const uint64_t *)member (self, setting);
}

/* All of them together fit in one answer. */
static const char *cut (const char *text, struct arena *arena)
{
    size_t size = strlen (text);
    if (size <= TEXT_SHOWN)
        return arena_strdup (arena, text);
    for (size = TEXT_SHOWN; size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80; size--) /* whole characters */
        continue;
    return arena_printf (arena, "%.*s ...", (int)size, text);
}

static const char *value_of (const struct config *self, const struct setting *setting, struct arena *arena)
{
    if (setting->kind == TEXT) {
        const char *text = *(char *const *)member (self, setting);
        return text != NULL ? text : "";
    }
    return arena_printf (arena, "%" PRIu64, number_of (self, setting) / setting->unit);
}

static const char *permissions_of (const struct role *role, struct arena *arena)
{
    const char *list = "";
    for (unsigned i = 0; role != NULL && i < PERMISSION_COUNT; i++)
        if ((role->permissions & 1U << i) != 0)
            list = arena_printf (arena, "%s%s%s", list, *list != 0 ? " " : "", permission_name (i));
    return list;
}

static const char *copies_of (const struct config *self, struct arena *arena)
{
    const char *list = "";
    for (size_t i = 0; i < self->log_copy_count; i++)
        list = arena_printf (arena, "%s%s%s", list, i > 0 ? " " : "", self->log_copies[i]);
    return list;
}

/* --- The comparison ------------------------------------------------------------------------------------ */

struct comparison {
    const struct config *in_force, *fresh;
    struct arena *arena;
    struct config_change *changes;
    size_t count;
};

static void add (struct comparison *self, struct config_change change)
{
    if (strcmp (change.before, change.after) == 0)
        return;
    change.before = cut (change.before, self->arena);
    change.after = cut (change.after, self->arena);
    self->changes[self->count++] = change;
}

static void compare_settings (struct comparison *self)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings[i];
        bool shrinks = setting->at == AT (store_size) && self->fresh->store_size < self->in_force->store_size;
        add (self, (struct config_change){.setting = setting->name,
                                          .before = value_of (self->in_force, setting, self->arena),
                                          .after = value_of (self->fresh, setting, self->arena),
                                          .when = shrinks ? CONFIG_NEVER : setting->when});
    }
    add (self, (struct config_change){.setting = "log/copies",
                                      .before = copies_of (self->in_force, self->arena),
                                      .after = copies_of (self->fresh, self->arena)});
}

static void compare_role (struct comparison *self, const char *name)
{
    add (self, (struct config_change){.setting = arena_printf (self->arena, "roles/%s", name),
                                      .before = permissions_of (config_role (self->in_force, name), self->arena),
                                      .after = permissions_of (config_role (self->fresh, name), self->arena)});
}

static void compare_roles (struct comparison *self)
{
    for (size_t i = 0; i < self->in_force->role_count; i++)
        compare_role (self, self->in_force->roles[i].name);
    for (size_t i = 0; i < self->fresh->role_count; i++)
        if (config_role (self->in_force, self->fresh->roles[i].name) == NULL)
            compare_role (self, self->fresh->roles[i].name);
}

size_t config_compare (const struct config *in_force, const struct config *fresh, struct arena *arena,
                       struct config_change *changes)
{
    struct comparison self = {in_force, fresh, arena, changes, 0};
    compare_settings (&self);
    compare_roles (&self);
    unsigned before = in_force->turn_limit, after = fresh->turn_limit;
    add (&self, (struct config_change){.setting = "limits/turn",
                                       .before = arena_printf (arena, "%u", before),
                                       .after = arena_printf (arena, "%u", after),
                                       .when = after > before ? CONFIG_AT_START : CONFIG_AT_RELOAD});
    return self.count;
}

void config_keep_started (struct config *in_force, struct config *fresh)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings[i];
        if (setting->when != CONFIG_AT_START)
            continue;
        char *text;
        if (setting->kind == TEXT) { /* what is released with the one in force is what was read in vain */
            text = *(char **)member (fresh, setting);
            *(char **)member (fresh, setting) = *(char **)member (in_force, setting);
            *(char **)member (in_force, setting) = text;
        } else
            *(uint64_t *)member (fresh, setting) = number_of (in_force, setting);
    }
    if (fresh->turn_limit > in_force->turn_limit)
        fresh->turn_limit = in_force->turn_limit; /* the start made room for so many */
    if (fresh->store_size < in_force->store_size)
        fresh->store_size = in_force->store_size;
}
