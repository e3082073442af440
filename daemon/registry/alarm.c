#include "alarm.h"
#include <stdio.h>
#include <string.h>
#include "audit/log.h"
#include "events/outbox.h"
#include "parties/parties.h"
#include "permission.h"
#include "say.h"

const char *alarm_name (enum alarm_kind kind)
{
    static const char *const names[] = {
        [ALARM_MANY_SUBJECTS] = "many-subjects",
        [ALARM_MANY_UNKNOWN] = "many-unknown-subjects",
        [ALARM_STORE_80] = "store-80",
        [ALARM_STORE_95] = "store-95",
        [ALARM_STORE_FULL] = "store-full",
        [ALARM_STORE_DAMAGED] = "store-damaged",
        [ALARM_LOG_FORKED] = "log-forked",
        [ALARM_ARCHIVE_DAMAGED] = "archive-damaged",
        [ALARM_LOG_COPY_BEHIND] = "log-copy-behind",
        [ALARM_EVENTS_WAITING] = "events-waiting",
        [ALARM_EVENTS_DROPPED] = "events-dropped",
        [ALARM_WITHDRAWAL_UNHEARD] = "withdrawal-unheard",
    };
    return names[kind];
}

/* V8: what the subject was promised the social team must know of too. */
static bool hears (const struct party_entry *entry, enum alarm_kind kind)
{
    uint32_t who = PERMISSION_ADMIN | (kind == ALARM_WITHDRAWAL_UNHEARD ? PERMISSION_GRANT : 0);
    return entry->party.active && (entry->permissions & PERMISSION_EVENTS) != 0 && (entry->permissions & who) != 0;
}

int alarm_raise (struct turn *turn, enum alarm_kind kind, const char *party, const char *consumer,
                 const char *note)
{
    struct audit_head head = {.time = turn->now, .party = party, .action = "alarm", .result = alarm_name (kind)};
    struct evidence evidence = {.note = note};
    int rc = audit_append (turn, &head, NULL, &evidence);
    for (size_t i = 0; i < parties_count (turn->parties) && rc == 0; i++) {
        const struct party_entry *operator= parties_at (turn->parties, i);
        struct event event = {.kind = EVENT_REGISTRY_ALARM,
                              .time = turn->now,
                              .revision = turn->state.revision,
                              .purpose = "",
                              .alarm = alarm_name (kind),
                              .party = party,
                              .consumer = consumer};
        if (hears (operator, kind))
            rc = outbox_add (turn, operator->text.id, NULL, &event);
    }
    return rc;
}

static enum say_level level_of (enum alarm_kind kind)
{
    bool stops = kind == ALARM_STORE_FULL || kind == ALARM_STORE_DAMAGED || kind == ALARM_LOG_FORKED;
    return stops ? SAY_CRITICAL : SAY_WARNING;
}

void alarm_keep (struct daemon_report *report, enum alarm_kind kind, const char *party, const char *consumer,
                 moment at)
{
    struct alarm *made = report->alarms;
    memmove (report->alarms + 1, report->alarms, (ALARMS_KEPT - 1) * sizeof *report->alarms);
    *made = (struct alarm){.kind = kind, .at = at};
    snprintf (made->party, sizeof made->party, "%s", party);
    snprintf (made->consumer, sizeof made->consumer, "%s", consumer);
    report->alarm_count += report->alarm_count < ALARMS_KEPT;
    report->alarms_raised[kind]++;
    say_of_party (level_of (kind), "alarm", party, "alarm: %s%s%s%s%s", alarm_name (kind),
                  *party != '\0' ? ": party " : "", party, *consumer != '\0' ? ", consumer " : "", consumer);
}
