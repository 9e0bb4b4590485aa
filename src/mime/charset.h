// Bytes in some declared charset -> valid UTF-8, whatever the declaration is worth. Used by the
// mail decoder only. Converters are kept open per thread, so that a sandboxed process needs no
// files after charset_open_all.
#pragma once

#include <glib.h>

// charset may be NULL, unknown or a lie: bytes that are no text in it become U+FFFD; without a
// usable charset, UTF-8 where it is valid, else windows-1252. ASCII supersets stand for their
// subsets (iso-8859-1 is read as windows-1252, gb2312 as gb18030). UTF-7 is never decoded. NULs are
// dropped.
char *charset_to_utf8(const char *charset, const char *bytes,
                      gsize length) G_GNUC_WARN_UNUSED_RESULT;

// Whether the name is one that charset_to_utf8 knows.
gboolean charset_is_known(const char *charset);

// Whether it is the 8-bit charset of a script or region, in which headers are then written too;
// not UTF-8, Western European, DOS or Macintosh ones.
gboolean charset_is_regional(const char *charset);

// Opens every converter on this thread.
void charset_open_all(void);
