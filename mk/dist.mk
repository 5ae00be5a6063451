# SPDX-License-Identifier: ISC
#
# The tarball.  Two clones of one commit make the same bytes: everything in
# it is as old as the commit.

AM_DISTCHECK_CONFIGURE_FLAGS = --with-qmail=$$dc_install_base/var/qmail
AM_DISTCHECK_DVI_TARGET =

EXTRA_DIST += .clang-format HACKING LICENSES/ISC.txt README.md \
	README.packagers SECURITY bootstrap po/Rules-serial

# In a tarball all files have that age already.  No backquotes: automake 1.19
# puts am__tar into some.
dist_time = epoch=$$(cd "$(srcdir)" && test -e .git && \
	git log -1 --format=@%ct 2>/dev/null) || \
	epoch=$(abs_srcdir)/configure.ac
am__tar = $(dist_time); \
	TAR_OPTIONS="--sort=name --owner=0 --group=0 --numeric-owner \
	--mode=u+rw,go=u,go-w,a-s --mtime=$$epoch" \
	$${TAR-tar} --format=ustar -chf - "$$tardir"

dist-hook: dist-changelog dist-pot
dist-changelog:
	@if test -e "$(srcdir)/.git"; then \
		rm -f "$(distdir)/ChangeLog"; \
		{ printf 'SPDX-License-Identifier%s\n\n' ': ISC'; \
		cd "$(srcdir)" && git -c log.showSignature=false log \
			--date=format-local:%Y-%m-%d \
			--format='%ad  %aN  <%aE>%n%n%w(76,8,8)%s%n%+b'; } \
			>"$(distdir)/ChangeLog"; \
	fi
dist-pot:
	@$(dist_time); \
	case $$epoch in \
	@*)	date=`date -u -d "$$epoch" '+%Y-%m-%d %H:%M+0000'`; \
		pot="$(distdir)/po/$(PACKAGE).pot"; \
		sed "s/^\"POT-Creation-Date: .*/\"POT-Creation-Date: $$date\\\\n\"/" \
			"$$pot" >"$$pot.tmp" && mv -f "$$pot.tmp" "$$pot";; \
	esac

# Every file of git is in the tarball, but for what only git needs.
dist-content-check: distdir
	@(cd "$(srcdir)" && git ls-files) | grep -v '^\.\(ci\|git\|reuse\)' | \
	while read file; do \
		test -e "$(distdir)/$$file" || { \
			echo "not in the tarball: $$file"; exit 1; }; \
	done
	$(am__remove_distdir)

# What has to be true before a release is announced.
release-check:
	cd "$(srcdir)" && test -z "`git status --porcelain`" || \
		{ echo "there are changes that are not committed"; exit 1; }
	cd "$(srcdir)" && git tag --points-at HEAD | \
		grep -Fqx "v$(VERSION)" || \
		{ echo "HEAD is not tagged v$(VERSION)"; exit 1; }
	test "`sed -n 's/^\* //p' $(srcdir)/NEWS | sed 1q`" = \
		"$(PACKAGE) $(VERSION)" || \
		{ echo "NEWS does not begin with $(VERSION)"; exit 1; }
	$(MAKE) $(AM_MAKEFLAGS) dist-content-check
	$(MAKE) $(AM_MAKEFLAGS) dist-twice
	$(MAKE) $(AM_MAKEFLAGS) distcheck

# From two clones, by two builds.
dist-twice:
	rm -rf dist-twice && mkdir dist-twice
	for clone in one another; do \
		git clone -q "$(abs_srcdir)" "dist-twice/$$clone" && \
		(cd "dist-twice/$$clone" && autoreconf -fi && \
		./configure && $(MAKE) $(AM_MAKEFLAGS) dist) \
			>"dist-twice/$$clone.log" 2>&1 || \
		{ cat "dist-twice/$$clone.log"; exit 1; }; \
	done
	cmp dist-twice/one/$(distdir).tar.xz \
		dist-twice/another/$(distdir).tar.xz
	chmod -R u+w dist-twice && rm -rf dist-twice

.PHONY: dist-changelog dist-pot dist-content-check dist-twice release-check
