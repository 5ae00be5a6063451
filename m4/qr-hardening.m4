# SPDX-License-Identifier: ISC

# QR_ADD_FLAG(VARIABLE, FLAG, PROGRAM)
# Appends FLAG to VARIABLE when the compiler and linker take it silently.
AC_DEFUN([QR_ADD_FLAG], [
  AS_VAR_PUSHDEF([qr_cv], [qr_cv_flag_$2])
  AC_CACHE_CHECK([whether $CC accepts $2], [qr_cv], [
    qr_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -Werror $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
      [AS_VAR_SET([qr_cv], [yes])], [AS_VAR_SET([qr_cv], [no])])
    CFLAGS=$qr_save_CFLAGS
  ])
  AS_VAR_IF([qr_cv], [yes], [$1="$$1 $2"])
  AS_VAR_POPDEF([qr_cv])
])

# QR_HARDENING
# A builder who sets CFLAGS has a policy of his own (dpkg-buildflags, rpm's
# optflags): it is left alone.  Otherwise ours is added.  Must stand before
# AC_PROG_CC gives CFLAGS its default; QR_HARDENING_FLAGS does the rest.
AC_DEFUN([QR_HARDENING], [
  AS_IF([test "${CFLAGS+set}" = set], [qr_builder_cflags=yes],
    [qr_builder_cflags=no])
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--enable-hardening],
      [add PIE, RELRO, stack protector and fortify (default: only when
       CFLAGS is not set)])],
    [AS_CASE([$enableval], [yes|no], [qr_hardening=$enableval],
      [AC_MSG_ERROR([--enable-hardening takes yes or no, not '$enableval'])])],
    [AS_IF([test $qr_builder_cflags = yes], [qr_hardening=no],
      [qr_hardening=yes])])
])
AC_DEFUN([QR_HARDENING_FLAGS], [
  HARDENING_CFLAGS=
  HARDENING_LDFLAGS=
  PIE_LDFLAGS=
  AS_IF([test $qr_hardening = yes], [
    QR_ADD_FLAG([HARDENING_CFLAGS], [-fPIE])
    QR_ADD_FLAG([HARDENING_CFLAGS], [-fstack-protector-strong])
    QR_ADD_FLAG([HARDENING_CFLAGS], [-fstack-clash-protection])
    QR_ADD_FLAG([HARDENING_CFLAGS], [-fcf-protection])
    QR_ADD_FLAG([PIE_LDFLAGS], [-pie])
    QR_ADD_FLAG([HARDENING_LDFLAGS], [-Wl,-z,relro])
    QR_ADD_FLAG([HARDENING_LDFLAGS], [-Wl,-z,now])
    AC_CACHE_CHECK([whether _FORTIFY_SOURCE can be set], [qr_cv_fortify], [
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#if defined _FORTIFY_SOURCE || !defined __OPTIMIZE__ || \
    defined __SANITIZE_ADDRESS__
#error no
#endif
        ]], [])], [qr_cv_fortify=yes], [qr_cv_fortify=no])])
    AS_IF([test $qr_cv_fortify = yes],
      [HARDENING_CFLAGS="$HARDENING_CFLAGS -D_FORTIFY_SOURCE=2"])
  ])
  AC_SUBST([HARDENING_CFLAGS])
  AC_SUBST([HARDENING_LDFLAGS])
  AC_SUBST([PIE_LDFLAGS])
])

# QR_STATIC_IO
# How qmail-remote-io is linked: with the C library in it, if that is asked for.
AC_DEFUN([QR_STATIC_IO], [
  AC_ARG_ENABLE([static-io],
    [AS_HELP_STRING([--enable-static-io],
      [link qmail-remote-io statically, which makes deliveries faster and has
       it rebuilt for each mend of the C library])],
    [AS_CASE([$enableval], [yes|no], [],
      [AC_MSG_ERROR([--enable-static-io takes yes or no, not '$enableval'])])],
    [enable_static_io=no])
  qr_static_io='linked as the others are'
  IO_LDFLAGS=$PIE_LDFLAGS
  AS_IF([test $enable_static_io-$USE_NLS = yes-yes],
    [AC_MSG_ERROR([--enable-static-io needs --disable-nls: a C library that is
       linked statically translates where no locale is set])])
  AS_IF([test $enable_static_io = yes], [
    qr_static_io='linked statically'
    IO_LDFLAGS=
    QR_ADD_FLAG([IO_LDFLAGS], [-static-pie])
    AS_IF([test -z "$IO_LDFLAGS"], [QR_ADD_FLAG([IO_LDFLAGS], [-static])])
    AS_IF([test -z "$IO_LDFLAGS"],
      [AC_MSG_ERROR([--enable-static-io was asked for, but there is no C
         library to link with statically])])
  ])
  AC_SUBST([IO_LDFLAGS])
])

# QR_MODULE
# What the module of the relay is compiled with, and what dlopen needs.
AC_DEFUN([QR_MODULE], [
  PIC_CFLAGS=
  QR_ADD_FLAG([PIC_CFLAGS], [-fPIC])
  QR_ADD_FLAG([PIC_CFLAGS], [-fvisibility=hidden])
  AC_SUBST([PIC_CFLAGS])
  AC_CACHE_CHECK([whether $CC makes a shared object], [qr_cv_shared], [
    qr_save_CFLAGS=$CFLAGS
    qr_save_LIBS=$LIBS
    CFLAGS="$PIC_CFLAGS $CFLAGS"
    # After LDFLAGS, which may have -pie: the last of the two counts.
    LIBS="-shared $LIBS"
    AC_LINK_IFELSE([AC_LANG_SOURCE([
        extern int qr_other;
        int qr_object(void);
        int qr_object(void) { return qr_other; }])],
      [qr_cv_shared=yes], [qr_cv_shared=no])
    CFLAGS=$qr_save_CFLAGS
    LIBS=$qr_save_LIBS
  ])
  AS_IF([test $qr_cv_shared = no],
    [AC_MSG_ERROR([the TLS relay is a shared object, which $CC cannot make
     with CFLAGS='$CFLAGS' LDFLAGS='$LDFLAGS'; see config.log])])
  DL_LIBS=
  AC_CHECK_FUNC([dlopen], [], [AC_CHECK_LIB([dl], [dlopen], [DL_LIBS=-ldl],
    [AC_MSG_ERROR([dlopen is missing])])])
  AC_SUBST([DL_LIBS])
])

# QR_WARNINGS
AC_DEFUN([QR_WARNINGS], [
  AC_ARG_ENABLE([gcc-warnings],
    [AS_HELP_STRING([--enable-gcc-warnings@<:@=error@:>@],
      [show many compiler warnings, or fail on them (for developers)])],
    [AS_CASE([$enableval], [yes|no|error], [qr_warnings=$enableval],
      [AC_MSG_ERROR([--enable-gcc-warnings takes yes, no or error])])],
    [qr_warnings=no])
  WARNING_CFLAGS=
  AS_IF([test $qr_warnings != no], [
    for qr_flag in -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
        -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
        -Wwrite-strings -Wpointer-arith -Wundef -Wno-format-nonliteral; do
      WARNING_CFLAGS="$WARNING_CFLAGS $qr_flag"
    done
    AS_IF([test $qr_warnings = error],
      [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
  ])
  AC_SUBST([WARNING_CFLAGS])
])
