#include "erasing.h"
#include <string.h>
#include "audit/log.h"
#include "consent_request.h"
#include "history.h"
#include "obligation.h"
#include "rights_request.h"
#include "subject_cache.h"

/* Without a default, so that the compiler asks for an answer for a table that is new. */
enum erased_by erasing_of (enum store_table table)
{
    switch (table) {
    case STORE_SUBJECT:
    case STORE_CONSENT:
    case STORE_SUBJECT_BEFORE:
    case STORE_REQUEST_WAITING:
    case STORE_REQUEST_BY_SUBJECT:
    case STORE_REQUEST_BY_PARTY:
    case STORE_RIGHTS:
    case STORE_UNKNOWN:
    case STORE_EARLIER_STATEMENTS: /* the upgrade has left none */
    case STORE_EARLIER_RECEIVED:
        return ERASED_BY_TURN;
    case STORE_OBLIGATION:
    case STORE_AGENDA:
        return ERASED_BUT_TOLD;
    case STORE_REQUEST:
        return ERASED_BY_SWEEP;
    case STORE_EVENT:
    case STORE_AUDIT:
    case STORE_LINES_ABOUT: /* it has the pseudonym's first bytes, and numbers of lines */
        return ERASED_BY_KEY;
    case STORE_EXTRACT:
    case STORE_EXTRACT_LINE:
        return ERASED_LATER;
    case STORE_GENERATION:
        return ERASED_TO_A_MARK;
    case STORE_META:
    case STORE_CURSOR:
    case STORE_CONSUMER:
    case STORE_PARTY_SINCE:
    case STORE_COUNTED:
    case STORE_GUARD:
    case STORE_ANSWERED:
    case STORE_SINCE:
    case STORE_HEARD:
    case STORE_TREE:
    case STORE_COSIGNATURES:
    case STORE_PACK:
    case STORE_TABLES:
        return ERASED_NONE;
    }
    return ERASED_NONE;
}

/* Mostly the key begins with it; of tables that lead to the subject it stands in the value. */
const uint8_t *erasing_whose (enum store_table table, struct bytes key, struct bytes value)
{
    bool is_in_value = true;
    size_t at = 0;
    switch (table) {
    case STORE_CONSENT:
    case STORE_AGENDA:
    case STORE_REQUEST:
        break;
    case STORE_REQUEST_WAITING:
    case STORE_REQUEST_BY_PARTY:
        at = 8; /* behind the last moment */
        break;
    default:
        is_in_value = false;
    }
    const struct bytes *within = is_in_value ? &value : &key;
    if (erasing_of (table) == ERASED_BUT_TOLD && obligation_outlives_subject (table, key))
        return NULL;
    return within->size >= at + VAULT_ID_SIZE ? (const uint8_t *)within->data + at : NULL;
}

int erasing_log (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const char *note)
{
    struct evidence evidence = {.note = note};
    struct audit_head head = {
        .time = turn->now,
        .party = "",
        .action = "erase",
        .result = "ok",
        .origin = AUDIT_DAEMON,
        .has_object = true,
    };
    memcpy (head.object, subject, sizeof head.object);
    return audit_append (turn, &head, NULL, &evidence);
}

/* The subject may object to what was decided on it (KB 15). So what is known after it, until the request goes too,
   is by what it is judged who exercises the subject's rights, and nothing else. */
static int keep_request (struct turn *turn, const struct subject_file *before,
                         const struct rights_request *request)
{
    struct subject_file file;
    int rc = subject_file_open_by_id (turn, before->id, &file);
    if (rc == 0) {
        subject_file_ensure (turn, &file);
        record_take_facts (&file.subject, &before->subject,
                           FACTS_BIRTH | FACTS_DEATH | FACTS_REPRESENTATIVES | FACTS_CAPABILITIES);
        rc = rights_request_keep (turn, &file, request);
    }
    if (rc == 0)
        rc = subject_file_settle (turn, &file);
    subject_file_close (&file);
    return rc;
}

/* `kept` NULL: no request stays. */
static int take_out (struct turn *turn, const struct subject_file *file, const struct rights_request *kept)
{
    int rc = obligation_take_out (turn, file);
    if (rc == 0)
        rc = rights_request_take_out (turn, file);
    if (rc == 0)
        rc = consent_request_take_out (turn, file);
    if (rc == 0)
        rc = history_take_out (turn, file);
    if (rc == 0)
        rc = subject_file_take_out (turn, file, audit_promise_line (turn));
    if (rc == 0 && kept != NULL)
        rc = keep_request (turn, file, kept);
    turn->state.revision++;
    return rc == 0 ? erasing_log (turn, file->id, NULL) : rc;
}

int erasing_take_out (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t kept)
{
    struct subject_file file;
    struct rights_request request;
    int rc = subject_file_open_by_id (turn, subject, &file);
    if (rc == 0 && !file.known && !file.has_lines)
        rc = SUBJECT_FILE_NOT_FOUND;
    int found = rc == 0 && kept != 0 ? rights_request_read (turn, &file, kept, &request) : RIGHTS_NOT_FOUND;
    if (found != 0 && found != RIGHTS_NOT_FOUND)
        rc = found;
    if (rc == 0)
        rc = take_out (turn, &file, found == 0 ? &request : NULL);
    subject_file_close (&file);
    subject_cache_sweep (turn->cache);
    return rc;
}
