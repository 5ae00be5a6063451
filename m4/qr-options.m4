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
