#include "party_table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "record/guard.h"
#include "history.h"
#include "party_change.h"

static const struct bytes taken_up_name = {"parties", 7}; /* in STORE_META: the files were taken up */

static struct parties_basis basis_of (const struct turn *turn)
{
    return (struct parties_basis){turn->config, turn->policy};
}

/* Writes a line of the log, and the record of the party that counts from that line on. */
static int keep (struct turn *turn, const struct party_author *author, const struct party_text *party,
                 const char *result, const char *note)
{
    struct audit_head head = {
        .time = turn->now, .party = author->party, .action = "party", .result = result, .origin = author->origin};
    struct evidence evidence = {.user = author->user, .note = note};
    int rc = audit_append (turn, &head, NULL, &evidence);
    return rc == 0 ? history_keep_party (turn, party, turn->state.audit_number) : rc;
}

int party_table_change (struct turn *turn, const struct party_author *author, const struct party_text *changed,
                        size_t count)
{
    struct parties_basis basis = basis_of (turn);
    struct parties *fresh = parties_with (turn->parties, &basis, changed, count);
    int rc = 0;
    turn->state.revision++;
    for (size_t i = 0; i < count && rc == 0; i++) {
        const struct party_entry *was = parties_find (turn->parties, changed[i].id);
        const struct party_text *before = was != NULL ? &was->text : NULL;
        const struct party_text *after = &parties_find (fresh, changed[i].id)->text;
        enum party_change change = party_change_of (before, after);
        const char *note =
            arena_printf (turn->arena, "%s: %s", after->id, party_change_tell (before, after, turn->arena));
        if (change != PARTY_SAME)
            rc = keep (turn, author, after, party_change_name (change), note);
    }
    turn->parties = fresh;
    return rc;
}

/* Opening */

/* The parties found so far, in the turn's arena. */
struct found {
    struct party_text *parties;
    size_t count, room;
};

static struct party_text *make_room (struct turn *turn, struct found *self)
{
    enum { FIRST_ROOM = 64 };
    if (self->count == self->room) {
        size_t room = self->room > 0 ? 2 * self->room : FIRST_ROOM;
        struct party_text *grown = arena_array (turn->arena, room, sizeof *grown);
        if (self->count > 0)
            memcpy (grown, self->parties, self->count * sizeof *grown);
        self->parties = grown;
        self->room = room;
    }
    return &self->parties[self->count++];
}

/* Adds the party. If its record cannot be read, it is kept with empty kind and role: it is permitted nothing. */
static int take_newest (struct turn *turn, struct bytes key, struct bytes value, struct found *self)
{
    struct party_text party;
    int rc = history_read_party (turn, key, value, &party);
    if (rc == 0)
        rc = guard_check (turn, STORE_PARTY_SINCE, key);
    if (rc == RECORD_DAMAGED && party.id != NULL) {
        party = (struct party_text){.id = party.id, .kind = "", .role = "", .active = true};
        rc = 0;
    }
    if (rc == 0)
        *make_room (turn, self) = party;
    return rc;
}

static bool is_of_same_party (struct bytes a, struct bytes b)
{
    enum { NUMBER = 8 };
    return a.size == b.size && a.size > NUMBER && memcmp (a.data, b.data, a.size - NUMBER) == 0;
}

/* Reads the newest record of each party: the last of the records whose key begins with its id. Of the others only
   the key is read. */
static int load (struct turn *turn, struct found *self)
{
    struct store_scan *scan = NULL;
    struct bytes key, value, last_key = {NULL, 0}, last = {NULL, 0};
    int rc = store_scan_open (turn->txn, STORE_PARTY_SINCE, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (last_key.size > 0 && !is_of_same_party (last_key, key))
            rc = take_newest (turn, last_key, last, self);
        last_key = key;
        last = value;
    }
    if (rc == STORE_NOT_FOUND)
        rc = last_key.size > 0 ? take_newest (turn, last_key, last, self) : 0;
    store_scan_close (&scan);
    return rc;
}

int party_table_read_files (const struct parties_basis *basis, struct arena *arena, struct party_list *list,
                            struct settings_error *error)
{
    *list = (struct party_list){0};
    if (basis->config->parties_directory == NULL)
        return 0;
    int rc = party_file_read_all (basis->config->parties_directory, arena, list, error);
    if (rc != 0)
        return rc;
    struct parties *table = parties_new (basis, list->parties, list->count);
    size_t index = 0;
    const struct party_entry *unfit = parties_next_unfit (table, &index);
    for (size_t i = 0; i < list->count && unfit != NULL && rc == 0; i++)
        if (strcmp (list->parties[i].id, unfit->text.id) == 0)
            rc = party_file_fault (list->files[i], &list->parties[i], &unfit->unfit, error);
    parties_destroy (&table);
    return rc;
}

/* A party that an earlier instance knew has no file any more. It stays known, and is not active. */
static int retire (struct turn *turn, const struct party_author *author, struct party_text *known)
{
    known->active = false;
    return keep (turn, author, known, party_change_name (PARTY_REMOVED), known->id);
}

static int take_up (struct turn *turn, struct party_text *known, size_t known_count, const struct party_list *list)
{
    const struct party_author nobody = {"", "", AUDIT_DAEMON};
    struct parties_basis basis = basis_of (turn);
    struct party_text *all = arena_array (turn->arena, known_count + list->count, sizeof *all);
    memcpy (all, list->parties, list->count * sizeof *all);
    size_t count = list->count;
    uint8_t when[8];
    put_be64 (when, (uint64_t)turn->now);
    int rc = guard_put (turn, STORE_META, taken_up_name, (struct bytes){when, sizeof when});
    for (size_t i = 0; i < list->count && rc == 0; i++)
        rc = keep (turn, &nobody, &list->parties[i], "taken-up", list->parties[i].id);
    for (size_t i = 0; i < known_count && rc == 0; i++) {
        size_t at = 0;
        while (at < list->count && strcmp (list->parties[at].id, known[i].id) != 0)
            at++;
        if (at == list->count) {
            rc = retire (turn, &nobody, &known[i]);
            all[count++] = known[i];
        }
    }
    turn->parties = parties_new (&basis, all, count);
    return rc;
}

int party_table_open (struct turn *turn, size_t *taken_up, struct settings_error *error)
{
    struct parties_basis basis = basis_of (turn);
    struct found known = {.count = 0};
    struct party_list list;
    struct bytes value;
    *taken_up = 0;
    int rc = load (turn, &known);
    if (rc == 0)
        rc = store_get (turn->txn, STORE_META, taken_up_name, &value);
    if (rc == 0)
        turn->parties = parties_new (&basis, known.parties, known.count);
    if (rc != STORE_NOT_FOUND)
        return rc;
    if (party_table_read_files (&basis, turn->arena, &list, error) != 0)
        return PARTY_TABLE_INVALID;
    *taken_up = list.count;
    return take_up (turn, known.parties, known.count, &list);
}

int party_table_bring_operator (struct turn *turn, const char *path, struct settings_error *error)
{
    const struct party_author nobody = {"", "", AUDIT_DAEMON};
    struct parties_basis basis = basis_of (turn);
    struct party_text party;
    if (party_file_read (path, turn->arena, &party, error) != 0)
        return PARTY_TABLE_INVALID;
    if (strcmp (party.kind, "operator") != 0 || !party.active) {
        snprintf (error->text, sizeof error->text, "%s: is not of an operator who is active", path);
        return PARTY_TABLE_INVALID;
    }
    struct parties *trial = parties_with (turn->parties, &basis, &party, 1);
    const struct party_entry *entry = parties_find (trial, party.id);
    int rc = entry->unfit.message != NULL ? party_file_fault (path, &party, &entry->unfit, error) : 0;
    parties_take_back (&trial, turn->parties);
    return rc != 0 ? PARTY_TABLE_INVALID : party_table_change (turn, &nobody, &party, 1);
}

int party_table_log_unfit (struct turn *turn)
{
    size_t index = 0;
    const struct party_entry *entry;
    while ((entry = parties_next_unfit (turn->parties, &index)) != NULL) {
        struct audit_head head = {
            .time = turn->now, .party = "", .action = "party", .result = "unfit", .origin = AUDIT_DAEMON};
        struct evidence evidence = {.note =
                                        arena_printf (turn->arena, "%s: %s", entry->text.id, entry->unfit.name)};
        int rc = audit_append (turn, &head, NULL, &evidence);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int party_table_judge (const struct parties *parties, const struct in_force *in_force, struct parties **judged_p,
                       struct settings_error *error)
{
    const struct parties_basis basis = {in_force->config, in_force->policy};
    size_t index = 0, used = 0, unfit = 0;
    const struct party_entry *entry;
    *judged_p = parties_judged (parties, &basis);
    while ((entry = parties_next_unfit (*judged_p, &index)) != NULL && used < sizeof error->text) {
        used += (size_t)snprintf (error->text + used, sizeof error->text - used, "%s%s (%s)",
                                  unfit == 0 ? "parties that do not fit, change or remove them first: " : ", ",
                                  entry->text.id, entry->unfit.name);
        unfit++;
    }
    if (unfit > 0)
        parties_destroy (judged_p);
    return unfit > 0 ? PARTY_TABLE_INVALID : 0;
}
