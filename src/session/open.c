/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/open.h"

#include "session/passes.h"

bool open_session(
    const struct plan *plan, struct opening *opening, struct failure *failure)
{
	struct passes passes;

	passes_start(&passes, plan, opening);
	while (!passes.decided && passes_next(&passes) != NULL)
		continue;
	passes_end(&passes);
	*failure = passes.failure;
	return passes.chosen != NULL;
}
