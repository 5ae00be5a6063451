/* SPDX-License-Identifier: ISC */
/*
 * Deliveries with every letter that there is, each in a scene of its own, and
 * the catalogues beside them.
 */
#ifndef LANGUAGES_H
#define LANGUAGES_H

#include <stddef.h>

#include "scene.h"

enum { LANGUAGES_ROWS = 19 };

/*
 * Plays a row, from 0, in the environment's locale of these variables, NULL for
 * none at the end, with the catalogues there; or without any, for NULL.
 */
void languages_play(struct scene *scene, int row, const struct home *catalogues,
    const char *const locale[2]);

#endif
