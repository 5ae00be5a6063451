# SPDX-License-Identifier: ISC
#
# Sample packaging, and the fragments for packages that need them.

fragments = distro/sysusers.d/qmail-remote.conf \
	distro/tmpfiles.d/qmail-remote.conf
noinst_DATA += $(fragments)
if INSTALL_SYSUSERS
sysusers_DATA = distro/sysusers.d/qmail-remote.conf
endif
if INSTALL_TMPFILES
tmpfiles_DATA = distro/tmpfiles.d/qmail-remote.conf
endif
# Examples, which nothing installs.
units = distro/systemd/qmail-remote-check.service \
	distro/systemd/qmail-remote-check.timer
noinst_DATA += $(units)
CLEANFILES += $(fragments) $(units)

distro/sysusers.d/qmail-remote.conf: distro/sysusers.d/qmail-remote.conf.in
distro/tmpfiles.d/qmail-remote.conf: distro/tmpfiles.d/qmail-remote.conf.in
distro/systemd/qmail-remote-check.service: \
	distro/systemd/qmail-remote-check.service.in
distro/systemd/qmail-remote-check.timer: \
	distro/systemd/qmail-remote-check.timer.in
$(fragments) $(units): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(substitute) $(srcdir)/$@.in >$@.tmp && mv -f $@.tmp $@

# The packages, from the tarball; README.packagers says what is needed.
check-packages: dist
	$(SHELL) $(srcdir)/distro/check-packages.sh $(distdir).tar.xz \
		$(PACKAGE_PARTS)
PACKAGE_PARTS = deb rpm install
.PHONY: check-packages

EXTRA_DIST += \
	distro/check-install.sh \
	distro/check-packages.sh \
	distro/debian \
	distro/fedora/macros.debian \
	distro/fedora/qmail-remote.spec \
	distro/fedora/rpmlint.toml \
	distro/systemd/qmail-remote-check.service.in \
	distro/systemd/qmail-remote-check.timer.in \
	distro/sysusers.d/qmail-remote.conf.in \
	distro/tmpfiles.d/qmail-remote.conf.in
