#include "letter_show.h"

const char *letter_reader (const struct options *options)
{
    const char *reader = options_text (options, "for");
    return reader ? reader : "subject";
}

static int ask_consent (struct letter_setting *setting,
                        int (*write) (struct letter_setting *, const Consentd__Consent *))
{
    Consentd__ConsentShowRequest body;
    consentd__consent_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CONSENT_SHOW, consent_show, &body);
    Consentd__Reply *reply;
    int error = ask_id (setting->ctl, setting->options->arguments[0], &body.consent_id);
    if (!error)
        error = ask (setting->ctl, &request, CONSENTD__REPLY__BODY_CONSENT_SHOW, &reply);
    if (error)
        return error;
    const Consentd__Consent *one = reply->consent_show->consent;
    error = one && one->scope ? write (setting, one) : ctl_fail (EX_SOFTWARE, "the registry showed no consent");
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

int letter_show (struct ctl *ctl, const struct options *options,
                 int (*write) (struct letter_setting *setting, const Consentd__Consent *one))
{
    struct letter_setting setting;
    int error = letter_setting_open (&setting, ctl, options);
    if (!error)
        error = ask_consent (&setting, write);
    letter_setting_close (&setting);
    return error;
}
