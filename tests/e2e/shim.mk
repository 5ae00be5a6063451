# SPDX-License-Identifier: ISC
#
# The library that deliver-memory preloads.  Where none can be made, that
# test does nothing.

fail_malloc = tests/e2e/fail-malloc.so
$(fail_malloc): tests/support/fail-malloc.c
	-$(AM_V_CCLD)$(CC) $(DEFS) $(DEFAULT_INCLUDES) $(CPPFLAGS) $(CFLAGS) \
		-fPIC -shared -o $@ $(srcdir)/tests/support/fail-malloc.c

EXTRA_tests_e2e_deliver_memory_DEPENDENCIES = $(fail_malloc)
EXTRA_DIST += tests/support/fail-malloc.c
CLEANFILES += $(fail_malloc)
