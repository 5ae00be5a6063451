# SPDX-License-Identifier: ISC
#
# What "make install" does besides copying to the usual places.  It must work
# staged and without rights.

# The internal programs are found by paths that are compiled in: whatever
# --program-prefix says, they keep their names.
internal = src/qmail-remote-io $(modules)
program_name = `echo qmail-remote | sed '$(transform)'`

# qmail may run each of them at any time, and bounces the mail if it cannot:
# a file gets its name when it is complete, by a rename, and qmail-remote, which
# needs the others, is the last.
install-exec-local: $(internal) src/qmail-remote
	@$(MKDIR_P) "$(DESTDIR)$(pkglibexecdir)" "$(DESTDIR)$(qmailbindir)"
	@replace() { \
		new="$$2/.$$3.new"; \
		echo " $(INSTALL_PROGRAM_ENV) $(INSTALL_PROGRAM) $$1 '$$2/$$3'"; \
		$(INSTALL_PROGRAM_ENV) $(INSTALL_PROGRAM) "$$1" "$$new" && \
			mv -f "$$new" "$$2/$$3" || \
			{ rm -f "$$new"; exit 1; }; \
	}; \
	for file in $(internal); do \
		replace $$file "$(DESTDIR)$(pkglibexecdir)" $${file##*/}; \
	done; \
	replace src/qmail-remote "$(DESTDIR)$(qmailbindir)" "$(program_name)"

# The run directory: it makes directories, never files.
run_directory = $(qmailrun)/qmail-remote

installdirs-local:
	@$(MKDIR_P) "$(DESTDIR)$(pkglibexecdir)" "$(DESTDIR)$(qmailbindir)"
	@test -d "$(DESTDIR)$(qmailrun)" || { \
		echo " $(INSTALL) -d -m 755 '$(DESTDIR)$(qmailrun)'"; \
		$(INSTALL) -d -m 755 "$(DESTDIR)$(qmailrun)"; }
	@test -d "$(DESTDIR)$(run_directory)" || { \
		echo " $(INSTALL) -d -m 700 '$(DESTDIR)$(run_directory)'"; \
		$(INSTALL) -d -m 700 "$(DESTDIR)$(run_directory)"; }

# A staged or unprivileged installation leaves owners to whoever unpacks it.
install-data-local: installdirs-local
	@if test -n "$(DESTDIR)" || test "`id -u`" -ne 0; then \
		:; \
	elif id -u "$(qmailr_user)" >/dev/null 2>&1 && \
		chown "$(qmailr_user):$(qmail_group)" "$(run_directory)"; \
	then \
		:; \
	else \
		echo "$(run_directory) has to belong to" \
			"$(qmailr_user):$(qmail_group):" \
			"run \"make install-owner\" when they exist"; \
	fi

# The same on request, and then it must succeed.
install-owner:
	@test -z "$(DESTDIR)" || \
		{ echo "install-owner does not work with DESTDIR" >&2; exit 1; }
	chown "$(qmailr_user):$(qmail_group)" "$(run_directory)"
	chmod 700 "$(run_directory)"

# Stock's program, if it is back under that name, stays.
uninstall-local:
	@for file in $(internal); do \
		rm -f "$(DESTDIR)$(pkglibexecdir)/$${file##*/}"; \
	done
	@program="$(DESTDIR)$(qmailbindir)/$(program_name)"; \
	! grep -q qmail-remote-io "$$program" 2>/dev/null || \
		rm -f "$$program"

# Once the files are gone: only what is empty and ours.  What deliveries have
# left stays.
uninstall-hook:
	-@rmdir "$(DESTDIR)$(pkglibexecdir)" "$(DESTDIR)$(run_directory)" \
		2>/dev/null || :
	-@test "$(qmailrun)" != "$(qmailhome)/run" || \
		rmdir "$(DESTDIR)$(qmailrun)" 2>/dev/null || :

installcheck-local: tests/rspawn tests/smtpd
	HOME_DIRECTORY="$(qmailhome)" \
	RUN_DIRECTORY="$(run_directory)" \
	QMAIL_REMOTE="$(DESTDIR)$(qmailbindir)/$(program_name)" \
	QMAIL_REMOTE_IO="$(DESTDIR)$(pkglibexecdir)/qmail-remote-io" \
	QMAILR_USER="$(qmailr_user)" VERSION="$(VERSION)" \
	DESTDIR="$(DESTDIR)" \
		$(SHELL) $(srcdir)/tests/installcheck.sh

.PHONY: install-owner
