#include "desk/system_mail_text.h"

#include <string.h>

typedef struct {
    const char *purpose;
    const char *language;
    const char *subject;
    const char *text; // {name} and {link} are put in
} Words;

static const Words words[] = {
    {"invitation", "en", "Your invitation to dialogd",
     "Hello {name},\n\nyou have been invited to answer messages in dialogd. Choose your password "
     "here:\n\n{link}\n\nThe link works once, for seven days. If you expected no invitation, you "
     "need not do anything.\n"},
    {"invitation", "fi", "Kutsu dialogd-palveluun",
     "Hei {name},\n\nsinut on kutsuttu vastaamaan viesteihin dialogd-palvelussa. Valitse "
     "salasanasi täällä:\n\n{link}\n\nLinkki toimii kerran, seitsemän päivän ajan. Jos et "
     "odottanut "
     "kutsua, sinun ei tarvitse tehdä mitään.\n"},
    {"invitation", "sv", "Din inbjudan till dialogd",
     "Hej {name},\n\ndu har bjudits in att svara på meddelanden i dialogd. Välj ditt lösenord "
     "här:\n\n{link}\n\nLänken fungerar en gång, i sju dagar. Om du inte väntade dig någon "
     "inbjudan "
     "behöver du inte göra något.\n"},
    {"reset", "en", "A new password for dialogd",
     "Hello {name},\n\nsomebody asked for a new password for your account in dialogd. Choose it "
     "here:\n\n{link}\n\nThe link works once, for 30 minutes. If it was not you, you need not do "
     "anything: your password stays as it is.\n"},
    {"reset", "fi", "Uusi salasana dialogd-palveluun",
     "Hei {name},\n\njoku pyysi uutta salasanaa dialogd-tilillesi. Valitse se "
     "täällä:\n\n{link}\n\nLinkki toimii kerran, 30 minuutin ajan. Jos se et ollut sinä, sinun ei "
     "tarvitse tehdä mitään: salasanasi pysyy ennallaan.\n"},
    {"reset", "sv", "Ett nytt lösenord till dialogd",
     "Hej {name},\n\nnågon bad om ett nytt lösenord till ditt konto i dialogd. Välj det "
     "här:\n\n{link}\n\nLänken fungerar en gång, i 30 minuter. Om det inte var du behöver du inte "
     "göra något: ditt lösenord förblir som det är.\n"},
    {"password_changed", "en", "Your password for dialogd was changed",
     "Hello {name},\n\nthe password of your account in dialogd has just been changed, and every "
     "other session of yours has ended. If it was not you, tell your administrator at once.\n"},
    {"password_changed", "fi", "Salasanasi dialogd-palvelussa vaihdettiin",
     "Hei {name},\n\ndialogd-tilisi salasana on juuri vaihdettu, ja kaikki muut istuntosi on "
     "päätetty. Jos se et ollut sinä, kerro siitä heti ylläpitäjälle.\n"},
    {"password_changed", "sv", "Ditt lösenord till dialogd har ändrats",
     "Hej {name},\n\nlösenordet till ditt konto i dialogd har just ändrats, och alla dina andra "
     "sessioner har avslutats. Om det inte var du, säg genast till din administratör.\n"},
};

static const Words *find_words(const char *purpose, const char *language) {
    for (gsize at = 0; at < G_N_ELEMENTS(words); at++)
        if (strcmp(words[at].purpose, purpose) == 0 && strcmp(words[at].language, language) == 0)
            return &words[at];
    return NULL;
}

// In one pass, so that a name cannot bring a {link} of its own.
static char *fill(const char *text, const char *name, const char *link) {
    GString *out = g_string_new(NULL);
    while (*text != '\0') {
        if (g_str_has_prefix(text, "{name}")) {
            g_string_append(out, name);
            text += strlen("{name}");
        } else if (g_str_has_prefix(text, "{link}")) {
            g_string_append(out, link);
            text += strlen("{link}");
        } else {
            g_string_append_c(out, *text++);
        }
    }
    return g_string_free(out, FALSE);
}

gboolean system_mail_text(const char *purpose, const char *language, const char *name,
                          const char *link, char **subject, char **text) {
    const Words *found = find_words(purpose, language);
    if (found == NULL)
        found = find_words(purpose, "en");
    if (found == NULL)
        return FALSE;
    *subject = g_strdup(found->subject);
    *text = fill(found->text, name, link != NULL ? link : "");
    return TRUE;
}

gboolean system_mail_speaks(const char *language) {
    return find_words("invitation", language) != NULL;
}
