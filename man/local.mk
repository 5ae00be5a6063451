# SPDX-License-Identifier: ISC
#
# Manual pages, with the paths of this build in them.

man_pages = $(man_MANS) man/qmail-remote.8
# qmail-remote.8 takes the place of stock's, as the program does: install.mk.
man_MANS = man/qmail-remote-check.8 man/qmail-remote-control.5 man/qmail-remote-io.8 \
	man/qmail-remote-probe.8 \
	man/qmail-remote-reports.5 man/qmail-remote-tcpto.8
noinst_DATA += man/qmail-remote.8
EXTRA_DIST += man/qmail-remote-check.8.in man/qmail-remote-control.5.in man/qmail-remote-io.8.in \
	man/qmail-remote-probe.8.in \
	man/qmail-remote-reports.5.in man/qmail-remote-tcpto.8.in man/qmail-remote.8.in
# Which qmail-remote-probe(8) refers to.
EXTRA_DIST += doc/qmail-remote-probe.schema.json
CLEANFILES += $(man_pages)

# Also for the fragments of distro/.
substitute = $(SED) -e 's|@QMAILHOME[@]|$(qmailhome)|g' \
	-e 's|@QMAILRUN[@]|$(qmailrun)|g' \
	-e 's|@QMAILBINDIR[@]|$(qmailbindir)|g' \
	-e 's|@PKGLIBEXECDIR[@]|$(pkglibexecdir)|g' \
	-e 's|@QMAILR_USER[@]|$(qmailr_user)|g' \
	-e 's|@QMAIL_GROUP[@]|$(qmail_group)|g' \
	-e 's|@SYSTEM_TRUST[@]|$(system_trust)|g' \
	-e 's|@DEFAULT_TRUSTANCHORS_TEXT[@]|$(default_trustanchors_text)|g' \
	-e 's|@PACKAGE_BUGREPORT[@]|$(PACKAGE_BUGREPORT)|g'

man/qmail-remote-check.8: man/qmail-remote-check.8.in
man/qmail-remote-control.5: man/qmail-remote-control.5.in
man/qmail-remote-io.8: man/qmail-remote-io.8.in
man/qmail-remote-probe.8: man/qmail-remote-probe.8.in
man/qmail-remote-reports.5: man/qmail-remote-reports.5.in
man/qmail-remote-tcpto.8: man/qmail-remote-tcpto.8.in
man/qmail-remote.8: man/qmail-remote.8.in
$(man_pages): Makefile
	$(AM_V_GEN)$(MKDIR_P) man && \
	$(substitute) $(srcdir)/$@.in >$@.tmp && mv -f $@.tmp $@

lint-man: $(man_pages)
	mandoc -T lint -W warning $(man_pages)
	@for page in $(man_pages); do \
		complaints=`groff -mdoc -Tutf8 -ww -Wbreak -z $$page 2>&1`; \
		test -z "$$complaints" || { echo "$$complaints"; exit 1; }; \
	done
.PHONY: lint-man
