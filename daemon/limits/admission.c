#include "admission.h"
#include "allowance.h"
#include "parties/parties.h"

static void override (uint32_t *limit, uint32_t own)
{
    if (own > 0)
        *limit = own;
}

struct config_limits admission_limits (const struct config *config, const struct party_entry *party)
{
    struct config_limits limits = config->limits;
    const struct party_limits *own = &party->text.limits;
    override (&limits.requests_per_second, own->requests_per_second);
    override (&limits.requests_burst, own->requests_burst);
    override (&limits.log_per_second, own->log_per_second);
    override (&limits.log_burst, own->log_burst);
    override (&limits.connections, own->connections);
    if (own->subjects_per_hour > 0) {
        /* A party that deals with more subjects also meets more whom the registry does not know. */
        uint64_t unknown = (uint64_t)limits.unknown_per_hour * own->subjects_per_hour / limits.subjects_per_hour;
        limits.unknown_per_hour = unknown == 0 ? 1 : unknown > UINT32_MAX ? UINT32_MAX : (uint32_t)unknown;
        limits.subjects_per_hour = own->subjects_per_hour;
    }
    return limits;
}

static struct allowance_rates rates_of (const struct turn *turn, const struct party_entry *party)
{
    const struct config_limits limits = admission_limits (turn->config, party);
    return (struct allowance_rates){
        .requests_per_second = limits.requests_per_second,
        .requests_burst = limits.requests_burst,
        .log_per_second = (uint64_t)limits.log_per_second * 1024,
        .log_burst = (uint64_t)limits.log_burst * 1024,
    };
}

static bool is_limited (const struct turn *turn, enum channel channel)
{
    return turn->allowance != NULL && channel != CHANNEL_OPERATORS;
}

bool admission_judge (struct turn *turn, const struct caller *caller, size_t count, struct reply *reply)
{
    if (!is_limited (turn, caller->channel))
        return true;
    const struct allowance_rates rates = rates_of (turn, caller->party);
    uint32_t wait = allowance_admit (turn->allowance, caller->party->text.id, &rates, count);
    if (wait == 0)
        return true;
    reply->status = STATUS_UNAVAILABLE;
    reply->message = "this party asks more than it may at once: ask again after the time given";
    reply->retry_after = wait;
    return false;
}

bool admission_log_is_spent (struct turn *turn, const char *party, enum channel channel)
{
    const struct party_entry *entry = parties_find (turn->parties, party);
    if (entry == NULL || !is_limited (turn, channel))
        return false;
    const struct allowance_rates rates = rates_of (turn, entry);
    return allowance_is_spent (turn->allowance, party, &rates);
}
