# SPDX-License-Identifier: ISC
#
# Deliveries to which faults come.  "make check" runs a sample of the cases,
# "make check-fault" all of them; tests/README.md has the figures.

fault_tests = tests/fault/fault-cut tests/fault/fault-calls \
	tests/fault/fault-memory
tests += $(fault_tests)

fault_rig = tests/fault/pool.c tests/fault/pool.h \
	tests/fault/rig.c tests/fault/rig.h tests/fault/fault.h
fault_calls = $(fault_rig) tests/fault/calls.c tests/fault/calls.h

tests_fault_fault_cut_SOURCES = tests/fault/fault-cut.c \
	tests/fault/cutter.c tests/fault/cutter.h $(fault_rig)
tests_fault_fault_calls_SOURCES = tests/fault/fault-calls.c $(fault_calls)
tests_fault_fault_memory_SOURCES = tests/fault/fault-memory.c $(fault_calls)

# The library that is preloaded.  Where none can be made, and with
# sanitizers, which have a malloc of their own, these tests do nothing.
fault_shim = tests/fault/shim.so
$(fault_shim): tests/fault/shim.c tests/fault/fault.h
	-$(AM_V_CCLD)case "$(CFLAGS)" in *-fsanitize*) ;; *) \
		$(CC) $(DEFS) $(DEFAULT_INCLUDES) $(CPPFLAGS) $(CFLAGS) \
			-U_FORTIFY_SOURCE -U_FILE_OFFSET_BITS -fPIC -shared \
			-o $@ $(srcdir)/tests/fault/shim.c ;; \
	esac
EXTRA_tests_fault_fault_calls_DEPENDENCIES = $(fault_shim)
EXTRA_tests_fault_fault_memory_DEPENDENCIES = $(fault_shim)
EXTRA_DIST += tests/README.md tests/fault/shim.c
CLEANFILES += $(fault_shim)

check-fault: $(fault_tests) $(test_programs)
	@for test in $(fault_tests); do \
		LC_ALL=C FAULT_FULL=yes $$test || exit 1; \
	done
.PHONY: check-fault
