/* The smallest policy pack that has one of everything, as {name of the file, its text}: what tests and fuzzers of
   the reader start from. It is right; a test changes one thing. */
#pragma once

enum { SMALL_PACK_FILES = 12 };

static const char *const small_pack[SMALL_PACK_FILES][2] = {
    {"ages.txt", "ages from 0\n sign subject\n source S\n"},
    {"categories.txt", "category naw\n nl N\n en E\n source S\n area A\n special no\n"
                       "category health\n nl N\n en E\n source S\n area none\n special health\n"
                       "group both\n members naw, health\n"},
    {"flows.txt", "flow A1\n nl N\n en E\n source S\n providers team\n recipients team, cak\n purpose help\n"
                  " categories both\n origin wmo\n admits consent\n statute wmo-2015 to cak\n"},
    {"notices.txt", "notice folder\n version 1\n language nl\n"},
    {"origins.txt", "origin wmo\n nl N\n en E\n source S\n"},
    {"pack.txt", "pack small\n version 1\n nl N\n en E\n source S\n"
                 "setting grounds\n value consent statute without-consent\n source S\n"
                 "setting consent-not-the-ground\n value warns\n source S\n"
                 "setting special-recipients\n value team\n source S\n"
                 "setting representatives\n value all\n source S\n"
                 "setting withdraws-from\n value 12\n source S\n"
                 "setting inform-within\n value 14 days\n source S\n"
                 "setting request-due-within\n value 4 weeks\n source S\n"
                 "setting request-extension\n value 2 months\n source S\n"
                 "setting objection-due-within\n value 6 weeks\n source S\n"},
    {"parties.txt", "kind team\n nl N\n en E\n source S\n secrecy official\n third-party no\n needs-agreement no\n"
                    "kind cak\n nl N\n en E\n source S\n secrecy none\n third-party yes\n needs-agreement yes\n"},
    {"purposes.txt", "purpose help\n nl N\n en E\n source S\n longest 12 months\n longest-source S\n serves plan\n"
                     "purpose plan\n nl N\n en E\n source S\n longest 3 months\n longest-source S\n"},
    {"representatives.txt", "representative voogd\n nl N\n en E\n source S\n counts yes\n"},
    {"retention.txt", "retention file\n held-by team\n law wmo\n period 15 years\n counts-from receipt\n source S\n"},
    {"statutes.txt", "statute wmo-2015\n nl N\n en E\n source S\n origins wmo\n carries-special none\n"
                     " breaks-secrecy no\n passes-restriction no\n informing-deferrable no\n"},
    {"urgent-reasons.txt",
     "reason danger\n nl N\n en E\n source S\n carries-special all\n passes-restriction yes\n"},
};
