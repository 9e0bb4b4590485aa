# Checks of configure.ac: libraries by Debian package name, sanitizers, hardening, warnings.

# DIALOGD_LIBRARY(VARIABLE, MODULES, DEBIAN-PACKAGE)
# Collects the flags of every library in LIBRARIES_CFLAGS (as system headers) and LIBRARIES_LIBS.
AC_DEFUN([DIALOGD_LIBRARY], [
  PKG_CHECK_MODULES([$1], [$2], [], [
    AC_MSG_ERROR([$2 not found. On Debian: apt install $3])])
  LIBRARIES_CFLAGS="$LIBRARIES_CFLAGS `AS_ECHO(["$$1_CFLAGS"]) | sed 's/-I/-isystem /g'`"
  LIBRARIES_LIBS="$LIBRARIES_LIBS $$1_LIBS"
  AC_SUBST([LIBRARIES_CFLAGS])
  AC_SUBST([LIBRARIES_LIBS])
])

# Snowball's library has no pkg-config file.
AC_DEFUN([DIALOGD_LIBSTEMMER], [
  AC_CHECK_HEADER([libstemmer.h], [], [
    AC_MSG_ERROR([libstemmer.h not found. On Debian: apt install libstemmer-dev])])
  LIBRARIES_LIBS="$LIBRARIES_LIBS -lstemmer -ldl -lm"
])

AC_DEFUN([DIALOGD_C17], [
  CFLAGS="$CFLAGS -std=gnu17"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#if __STDC_VERSION__ < 201710L
#error C17 needed
#endif]], [])], [], [AC_MSG_ERROR([a C17 compiler is needed. On Debian: apt install gcc])])
])

# --enable-sanitize=address|thread
AC_DEFUN([DIALOGD_SANITIZE], [
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize=KIND], [build with ASan and UBSan (address) or TSan (thread)])],
    [], [enable_sanitize=no])
  AS_CASE([$enable_sanitize],
    [no], [],
    [address], [SANITIZE_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"],
    [thread], [SANITIZE_FLAGS="-fsanitize=thread -fno-omit-frame-pointer"],
    [AC_MSG_ERROR([--enable-sanitize takes address or thread, not $enable_sanitize])])
  AC_SUBST([SANITIZE_FLAGS])
  AM_CONDITIONAL([SANITIZE], [test "$enable_sanitize" != no])
  AM_CONDITIONAL([SANITIZE_THREAD], [test "$enable_sanitize" = thread])
])

# One flag at a time, kept if the compiler knows it.
AC_DEFUN([DIALOGD_FLAG], [
  AC_MSG_CHECKING([whether $CC takes $2])
  dialogd_saved="$CFLAGS"
  CFLAGS="$CFLAGS -Werror $2"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); $1="$$1 $2"],
    [AC_MSG_RESULT([no])])
  CFLAGS="$dialogd_saved"
])

AC_DEFUN([DIALOGD_HARDENING], [
  HARDENING_CFLAGS=
  HARDENING_LDFLAGS="-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code"
  m4_foreach_w([flag], [-fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
      -ftrivial-auto-var-init=zero -fno-strict-overflow -fno-common],
    [DIALOGD_FLAG([HARDENING_CFLAGS], flag)])
  AS_IF([test "$enable_sanitize" = no],
    [HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])
  AC_SUBST([HARDENING_CFLAGS])
  AC_SUBST([HARDENING_LDFLAGS])
])

AC_DEFUN([DIALOGD_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [warnings are errors, as in CI])], [], [enable_werror=no])
  WARNING_CFLAGS=
  m4_foreach_w([flag], [-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
      -Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wswitch-enum -Wcast-qual -Wwrite-strings],
    [DIALOGD_FLAG([WARNING_CFLAGS], flag)])
  AS_IF([test "$enable_werror" = yes], [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
  AC_SUBST([WARNING_CFLAGS])
])
