/* SPDX-License-Identifier: ISC */
/* A build without libgsasl: a password makes mail wait, a token does not. */
#include "config.h"

#include "session/auth.h"

#include <string.h>

#include <check.h>

#include "session/auth-scene.h"
#include "suite.h"

START_TEST(password)
{
	struct scene scene;

	auth_scene_init(&scene, false);
	ck_assert(!auth_prepare(&scene.task, &scene.failure));
	ck_assert_str_eq(scene.failure.text,
	    "Unable to authenticate by a password: qmail-remote was built "
	    "without libgsasl. (#4.3.0)\n");
	auth_scene_run(&scene, PEER_MECHANISMS);
	ck_assert_int_eq(scene.result, AUTH_REFUSED);
	ck_assert_ptr_null(scene.mechanism);
	auth_scene_end(&scene);
}
END_TEST

START_TEST(token)
{
	struct scene scene;

	auth_scene_init(&scene, true);
	ck_assert(auth_prepare(&scene.task, &scene.failure));
	auth_scene_run(&scene, PEER_MECHANISMS);
	ck_assert_int_eq(scene.result, AUTH_DONE);
	ck_assert_str_eq(scene.mechanism, "OAUTHBEARER");
	auth_scene_end(&scene);
}
END_TEST

LOOPBACK_SUITE("auth-without")
{
	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, password);
	tcase_add_test(tcase, token);
}
