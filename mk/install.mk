# SPDX-License-Identifier: ISC
#
# What "make install" does besides copying to the usual places.  It must work
# staged and without rights.

# The internal programs are found by paths that are compiled in: whatever
# --program-prefix says, they keep their names.
internal = src/qmail-remote-io src/qmail-remote-relay $(modules) $(sts_program)
program_name = `echo qmail-remote | sed '$(transform)'`
# COMMANDS for each of the tools, whose name is $$name.
for_each_tool = for tool in $(tools); do \
	name=`echo $$tool | sed -e 's,.*/,,' -e '$(transform)'`

# Whoever installs, others run it: also under a umask of 077 it can be reached.
# po/ is left out, as gettext's Makefile does not know blanks in directories;
# the catalogues are ours to install.
install: all
	umask 022 && $(MAKE) $(AM_MAKEFLAGS) SUBDIRS=. install-recursive
uninstall:
	$(MAKE) $(AM_MAKEFLAGS) SUBDIRS=. uninstall-recursive

# COMMANDS for each language that was configured, as $$language.
catalogue = $(DESTDIR)$(localedir)/$$language/LC_MESSAGES/$(PACKAGE).mo
for_each_catalogue = for file in `sed -n 's/^CATALOGS = *//p' po/Makefile`; do \
	language=`basename $$file .gmo`
install-catalogues:
	@test $(USE_NLS) = yes || exit 0; umask 022; \
	$(for_each_catalogue); \
		directory=`dirname "$(catalogue)"`; \
		$(MKDIR_P) "$$directory" || exit 1; \
		from="po/$$file"; \
		test -r "$$from" || from="$(srcdir)/po/$$file"; \
		echo " $(INSTALL_DATA) $$from '$(catalogue)'"; \
		$(INSTALL_DATA) "$$from" "$(catalogue)" || exit 1; \
	done

# replace COMMAND FILE DIRECTORY NAME: qmail may run each of them at any time,
# and bounces the mail if it cannot: a file gets its name when it is complete, by
# a rename.
replace_file = replace() { \
		new="$$3/.$$4.new"; \
		echo " $$1 $$2 '$$3/$$4'"; \
		$$1 "$$2" "$$new" && mv -f "$$new" "$$3/$$4" || \
			{ rm -f "$$new"; exit 1; }; \
	}

# Stock's program, or its manual page: what is under that name and is not ours.
# keep FILE KEPT: FILE is about to be replaced, and gets another name as well.
# What was kept before, and is something else, is older.
# put_back FILE KEPT: FILE goes if it is ours, and what was kept takes its place.
stock_files = exists() { test -e "$$1" || test -L "$$1"; }; \
	is_ours() { grep -F -q "$(PACKAGE_BUGREPORT)" "$$1" 2>/dev/null; }; \
	keep() { \
		if ! exists "$$1" || is_ours "$$1" || cmp -s "$$1" "$$2"; then \
			return; \
		fi; \
		if exists "$$2"; then mv -f "$$2" "$$2.old" || exit 1; fi; \
		echo "$$1 is kept as $$2"; \
		ln -P "$$1" "$$2" 2>/dev/null || cp -pP "$$1" "$$2" || exit 1; \
	}; \
	put_back() { \
		if exists "$$1" && ! is_ours "$$1"; then \
			! cmp -s "$$1" "$$2" || rm -f "$$2"; \
		elif exists "$$2"; then \
			echo "$$1 is what it was"; \
			mv -f "$$2" "$$1"; \
		else \
			rm -f "$$1"; \
		fi; \
	}
program_file = $(DESTDIR)$(qmailbindir)/$(program_name)
page_file = $(DESTDIR)$(man8dir)/$(program_name)
stock = .stock

# qmail-remote, which needs the others, is the last.
install-exec-local: $(internal) $(tools) src/qmail-remote
	@umask 022; $(MKDIR_P) "$(DESTDIR)$(pkglibexecdir)" \
		"$(DESTDIR)$(qmailbindir)" || exit 1; \
	$(replace_file); $(stock_files); \
	command="$(INSTALL_PROGRAM_ENV) $(INSTALL_PROGRAM)"; \
	for file in $(internal); do \
		replace "$$command" $$file "$(DESTDIR)$(pkglibexecdir)" \
			$${file##*/}; \
	done; \
	$(for_each_tool); \
		replace "$$command" $$tool "$(DESTDIR)$(qmailbindir)" "$$name"; \
	done; \
	keep "$(program_file)" "$(program_file)$(stock)"; \
	replace "$$command" src/qmail-remote "$(DESTDIR)$(qmailbindir)" \
		"$(program_name)"

install-page: man/qmail-remote.8
	@umask 022; $(MKDIR_P) "$(DESTDIR)$(man8dir)" || exit 1; \
	$(replace_file); $(stock_files); \
	keep "$(page_file).8" "$(page_file)$(stock).8"; \
	replace "$(INSTALL_DATA)" man/qmail-remote.8 "$(DESTDIR)$(man8dir)" \
		"$(program_name).8"

# The run directory: it makes directories, never files.
run_directory = $(qmailrun)/qmail-remote

installdirs-local:
	@umask 022; $(MKDIR_P) "$(DESTDIR)$(pkglibexecdir)" \
		"$(DESTDIR)$(qmailbindir)"
	@test -d "$(DESTDIR)$(qmailrun)" || { \
		echo " $(INSTALL) -d -m 755 '$(DESTDIR)$(qmailrun)'"; \
		$(INSTALL) -d -m 755 "$(DESTDIR)$(qmailrun)"; }
	@test -d "$(DESTDIR)$(run_directory)" || { \
		echo " $(INSTALL) -d -m 700 '$(DESTDIR)$(run_directory)'"; \
		$(INSTALL) -d -m 700 "$(DESTDIR)$(run_directory)"; }

# A staged or unprivileged installation leaves owners to whoever unpacks it.
install-data-local: installdirs-local install-page install-catalogues
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

# Stock's program, if it is back under that name, stays.  It comes back before
# the internal programs go.
uninstall-local:
	@$(stock_files); \
	put_back "$(program_file)" "$(program_file)$(stock)"; \
	put_back "$(page_file).8" "$(page_file)$(stock).8"
	@$(for_each_catalogue); rm -f "$(catalogue)"; done
	@$(for_each_tool); rm -f "$(DESTDIR)$(qmailbindir)/$$name"; done
	@for file in $(internal); do \
		rm -f "$(DESTDIR)$(pkglibexecdir)/$${file##*/}"; \
	done

# Once the files are gone: only what is empty and ours.  What deliveries have
# left stays.
uninstall-hook:
	-@rmdir "$(DESTDIR)$(pkglibexecdir)" "$(DESTDIR)$(run_directory)" \
		2>/dev/null || :
	-@test "$(qmailrun)" != "$(qmailhome)/run" || \
		rmdir "$(DESTDIR)$(qmailrun)" 2>/dev/null || :

installcheck-local: tests/dnsd tests/rspawn tests/smtpd
	HOME_DIRECTORY="$(qmailhome)" \
	RUN_DIRECTORY="$(run_directory)" \
	QMAIL_REMOTE="$(DESTDIR)$(qmailbindir)/$(program_name)" \
	QMAIL_REMOTE_IO="$(DESTDIR)$(pkglibexecdir)/qmail-remote-io" \
	QMAILR_USER="$(qmailr_user)" VERSION="$(VERSION)" \
	DESTDIR="$(DESTDIR)" \
		$(SHELL) $(srcdir)/tests/installcheck.sh

# The tests of deliveries again, with what is installed, by root in namespaces:
# those that need nothing but routes.
installed_tests = tests/e2e/deliver-addresses tests/e2e/deliver-body \
	tests/e2e/deliver-breaks tests/e2e/deliver-doubt \
	tests/e2e/deliver-english tests/e2e/deliver-extensions \
	tests/e2e/deliver-pace tests/e2e/deliver-pipelining \
	tests/e2e/deliver-recipients tests/e2e/deliver-reports \
	tests/e2e/deliver-stages tests/e2e/deliver-tcpto
if HAVE_GSASL
installed_tests += tests/e2e/auth-relays
endif
check-installed:
	@test "$(qmailrun)" = "$(qmailhome)/run" || { \
		QR_TEST_INSTALLED_RUN="$(run_directory)"; \
		export QR_TEST_INSTALLED_RUN; \
	}; \
	QR_TEST_INSTALLED_HOME="$(qmailhome)" \
	QMAIL_REMOTE="$(qmailbindir)/$(program_name)" \
	QR_TEST_IO="$(pkglibexecdir)/qmail-remote-io" \
		$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$(installed_tests)"

.PHONY: check-installed install-catalogues install-owner install-page
