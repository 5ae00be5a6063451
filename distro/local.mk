# SPDX-License-Identifier: ISC
#
# Sample packaging, and the fragments for packages that need them.

fragments = distro/sysusers.d/qmail-remote.conf \
	distro/tmpfiles.d/qmail-remote.conf
noinst_DATA = $(fragments)
if INSTALL_SYSUSERS
sysusers_DATA = distro/sysusers.d/qmail-remote.conf
endif
if INSTALL_TMPFILES
tmpfiles_DATA = distro/tmpfiles.d/qmail-remote.conf
endif
CLEANFILES += $(fragments)

distro/sysusers.d/qmail-remote.conf: distro/sysusers.d/qmail-remote.conf.in
distro/tmpfiles.d/qmail-remote.conf: distro/tmpfiles.d/qmail-remote.conf.in
$(fragments): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(substitute) $(srcdir)/$@.in >$@.tmp && mv -f $@.tmp $@

EXTRA_DIST += \
	distro/debian \
	distro/fedora/qmail-remote.spec \
	distro/sysusers.d/qmail-remote.conf.in \
	distro/tmpfiles.d/qmail-remote.conf.in
