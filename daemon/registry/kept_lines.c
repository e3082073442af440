#include "kept_lines.h"
#include <string.h>
#include "audit/extract.h"
#include "audit/lines_about.h"
#include "codec/codec_recorded.h"
#include "record/subject_key.h"

enum { LINES_WRITTEN = 512 }; /* lines about the subject, in one turn */

void kept_lines_clear (struct kept_lines *self)
{
    kept_walk_clear (&self->walk);
    *self = (struct kept_lines){.is_counted = false};
}

/* --- Until when a line is kept ------------------------------------------------------------------------ */

static bool is_action (const struct audit_head *head, const char *action)
{
    return head->subject_key && strcmp (head->action, action) == 0 && strcmp (head->result, "ok") == 0;
}

/* A line that recorded a consent, or a withdrawal of it. */
static int until_of_consent (struct turn *turn, const struct kept_lines *self, const struct audit_record *line,
                             moment *until)
{
    struct evidence evidence;
    int rc = audit_open (turn, line, &evidence);
    if (rc == 0 && evidence.rested_count == 1)
        *until = kept_walk_until_of_consent (&self->walk, turn->policy, evidence.rested_on[0].bytes);
    return rc;
}

/* A line of the request on which the subject is erased. */
static int until_of_request (struct turn *turn, const struct kept_lines *self, uint64_t request,
                             const struct audit_record *line, moment *until)
{
    struct evidence evidence;
    int rc = audit_open (turn, line, &evidence);
    if (rc == 0 &&
        (line->head.number == request || codec_read_request_number (evidence.request, turn->arena) == request))
        *until = self->longest;
    return rc;
}

static bool is_about_request (const struct audit_head *head)
{
    return is_action (head, "rights-open") || is_action (head, "rights-extend") ||
           is_action (head, "rights-hear") || is_action (head, "rights-decide");
}

/* *until 0: nothing asks that the line is kept. */
static int find_until (struct turn *turn, const struct kept_lines *self, const struct erasure_mark *mark,
                       const struct audit_record *line, moment *until)
{
    struct disclosed one;
    *until = 0;
    if (is_action (&line->head, "grant") || is_action (&line->head, "revoke"))
        return until_of_consent (turn, self, line, until);
    if (is_about_request (&line->head))
        return mark->request != 0 ? until_of_request (turn, self, mark->request, line, until) : 0;
    int rc = disclosed_read (turn, line, &one);
    if (rc == 0 && one.is_one)
        *until = kept_walk_until_of (&self->walk, turn->policy, &one);
    return rc;
}

/* --- Writing ------------------------------------------------------------------------------------------ */

static int keep (struct turn *turn, const struct erasure_mark *mark, const struct audit_record *line, moment until)
{
    struct extract extract = {.until = until};
    struct vault_key key, own;
    memcpy (extract.subject, mark->subject, VAULT_ID_SIZE);
    int rc = subject_key_read_any (turn, mark->subject, &key);
    if (rc == 0)
        rc = record_own_key (&key, line->sealed, &own);
    if (rc == 0)
        rc = extract_put (turn, &extract, line->head.number, &own);
    vault_key_wipe (&key);
    vault_key_wipe (&own);
    return rc;
}

/* A line that cannot be read cannot be kept either. */
static int write_line (struct turn *turn, struct kept_lines *self, const struct erasure_mark *mark,
                       const struct audit_record *line)
{
    struct arena_mark before = arena_mark (turn->arena);
    moment until;
    int rc = find_until (turn, self, mark, line, &until);
    if (rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED)
        rc = 0;
    if (rc == 0 && until > turn->now) {
        rc = keep (turn, mark, line, until);
        self->kept++;
    } else if (rc == 0)
        rc = extract_drop (turn, mark->subject, line->head.number);
    arena_release (turn->arena, before);
    return rc;
}

/* A line that a file of the archive has may have to be kept, and that file may be put back. Until then nothing is
   destroyed, and the walk begins anew. */
static int wait_for_archive (struct kept_lines *self)
{
    kept_lines_clear (self);
    return ARCHIVE_DAMAGED;
}

static int count (struct turn *turn, struct kept_lines *self, const uint8_t subject[VAULT_ID_SIZE])
{
    struct generation generation;
    self->is_counted = false;
    int rc = kept_walk_on (turn, &self->walk, subject);
    if (rc == 0 && self->walk.archive_is_damaged)
        rc = wait_for_archive (self);
    if (rc == 0)
        rc = subject_read_generation (turn, subject, &generation);
    if (rc != 0)
        return rc;
    self->is_counted = true;
    self->longest = kept_walk_longest (&self->walk, turn->policy);
    self->number = generation.since;
    self->kept = 0;
    return 0;
}

static int write_on (struct turn *turn, struct kept_lines *self, const struct erasure_mark *mark)
{
    struct lines_about search = {.number = self->number, .until = turn->state.audit_number, .left = LINES_A_PAGE};
    int rc = 0;
    memcpy (search.object, mark->subject, sizeof search.object);
    for (int written = 0; rc == 0; written++) {
        struct audit_record line;
        rc = written == LINES_WRITTEN ? AUDIT_LATER : lines_about_next (turn, &search, &line);
        if (rc == 0 && line.head.number > self->walk.number) { /* it came after the count */
            self->is_counted = false;
            return KEEPING_LATER;
        }
        if (rc == 0)
            rc = write_line (turn, self, mark, &line);
        self->number = search.number;
    }
    if (search.archive_is_damaged)
        return wait_for_archive (self);
    return rc == AUDIT_NOT_FOUND ? 0 : rc == AUDIT_LATER ? KEEPING_LATER : rc;
}

int kept_lines_write (struct turn *turn, struct kept_lines *self, const struct erasure_mark *mark)
{
    int rc = 0;
    if (!self->is_counted || !kept_walk_is_of (&self->walk, turn, mark->subject))
        rc = count (turn, self, mark->subject);
    return rc == 0 ? write_on (turn, self, mark) : rc;
}
