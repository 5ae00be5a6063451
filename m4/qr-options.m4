# SPDX-License-Identifier: ISC

# QR_WITH_DIR(OPTION, VARIABLE, DEFAULT, HELP)
# --with-OPTION=DIR, an absolute directory; without a value it is DEFAULT.
# A relative path would install into the build tree and pass unnoticed.
AC_DEFUN([QR_WITH_DIR], [
  AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=DIR], [$4])],
    [$2=$withval], [$2=yes])
  AS_CASE([$$2],
    [yes], [$2=$3],
    [no|''], [AC_MSG_ERROR([--with-$1 needs a directory])],
    [/*], [],
    [AC_MSG_ERROR([--with-$1 needs an absolute directory, not '$$2'])])
  AC_SUBST([$2])
])

# QR_WITH_NAME(OPTION, VARIABLE, DEFAULT, HELP)
# --with-OPTION=NAME, the name of a user or group.  It is never looked up:
# the machine that builds need not know it.
AC_DEFUN([QR_WITH_NAME], [
  AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=NAME], [$4])],
    [$2=$withval], [$2=$3])
  AS_CASE([$$2], [yes|no|''|*[[!a-zA-Z0-9_.-]]*],
    [AC_MSG_ERROR([--with-$1 needs a name, not '$$2'])])
  AC_SUBST([$2])
])

# QR_TINYCDB
# CDB_CFLAGS and CDB_LIBS; the version, after a blank, if it can be known.  Not
# every tinycdb comes with a file for pkg-config.
AC_DEFUN([QR_TINYCDB], [
  qr_tinycdb_version=
  PKG_CHECK_EXISTS([libcdb], [
    PKG_CHECK_MODULES([CDB], [libcdb >= 0.77])
    qr_tinycdb_version=" `$PKG_CONFIG --modversion libcdb`"
  ], [
    AC_CHECK_HEADER([cdb.h], [],
      [AC_MSG_ERROR([cdb.h of tinycdb is missing (Debian: libcdb-dev, Fedora: tinycdb-devel)])])
    AC_CHECK_LIB([cdb], [cdb_findinit], [CDB_LIBS=-lcdb],
      [AC_MSG_ERROR([libcdb of tinycdb is missing (Debian: libcdb-dev, Fedora: tinycdb-devel)])])
    AC_SUBST([CDB_CFLAGS])
    AC_SUBST([CDB_LIBS])
  ])
])

# QR_WITH_LIBRARY(MODULE, PREFIX, VERSION, PURPOSE)
# --with-MODULE and --without-MODULE: a library that pkg-config knows, used if
# it is there; asked for and missing it is an error.  Gives PREFIX_CFLAGS,
# PREFIX_LIBS, and HAVE_PREFIX to automake and to C; adds to qr_libraries, and
# to qr_without.
AC_DEFUN([QR_WITH_LIBRARY], [
  AC_ARG_WITH([$1], [AS_HELP_STRING([--without-$1], [do without $1 ($4)])],
    [AS_CASE([$withval], [yes|no], [],
      [AC_MSG_ERROR([--with-$1 takes yes or no, not '$withval'])])],
    [with_$1=auto])
  qr_have=no
  AS_IF([test $with_$1 != no], [
    PKG_CHECK_MODULES([$2], [$1 >= $3], [qr_have=yes], [
      AS_IF([test $with_$1 = yes],
        [AC_MSG_ERROR([--with-$1 was asked for, but there is no $1 $3])])
    ])
  ])
  AS_IF([test $qr_have = yes], [
    AC_DEFINE([HAVE_$2], [1], [Define to 1 to use $1: $4.])
    qr_libraries="$qr_libraries, $1 `$PKG_CONFIG --modversion $1`"
  ], [qr_without="$qr_without${qr_without:+, }$1"])
  AM_CONDITIONAL([HAVE_$2], [test $qr_have = yes])
])

# QR_FEATURE(CONDITION, WITH, WITHOUT)
# Adds WITH to QR_FEATURES or WITHOUT to qr_without.
AC_DEFUN([QR_FEATURE], [
  AS_IF([$1], [QR_FEATURES="$QR_FEATURES, $2"],
    [qr_without="$qr_without${qr_without:+, }$3"])
])
