/* SPDX-License-Identifier: ISC */
/*
 * What the preloaded library and the tests have in common: a page of shared
 * memory, the file that the environment's FAULT_PAGE names.  The test writes
 * there which call is to fail; the library counts the calls of each process.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* By their names in the C library. */
#define FAULT_CALLS(X)                                                         \
	X(open)                                                                \
	X(close)                                                               \
	X(read)                                                                \
	X(write)                                                               \
	X(pread)                                                               \
	X(pwrite)                                                              \
	X(recv)                                                                \
	X(recvfrom)                                                            \
	X(send) X(sendto) X(sendmsg) X(poll) X(fcntl) X(dup) X(dup2) X(lseek)  \
	    X(socket) X(connect) X(bind) X(getsockopt) X(setsockopt)           \
		X(getsockname) X(socketpair) X(vfork) X(execv) X(flock)        \
		    X(fstat) X(stat) X(rename) X(unlink) X(fsync) X(ftruncate) \
			X(mmap) X(memfd_create) X(tmpfile) X(chdir)            \
			    X(getifaddrs) X(getrandom) X(getrlimit)            \
				X(setrlimit) X(prctl) X(close_range) X(fopen)  \
				    X(malloc) X(calloc) X(realloc)

#define FAULT_ENUM(name) FAULT_##name,

enum fault_call { FAULT_CALLS(FAULT_ENUM) FAULT_CALL_COUNT };

/* Processes of a delivery. */
enum fault_role { FAULT_REMOTE, FAULT_IO, FAULT_RELAY, FAULT_ROLE_COUNT };

enum { FAULT_SHORT = -1 }; /* in place of an errno: one byte, or none ready */

struct fault_page {
	uint32_t role, call;
	uint32_t nth;	/* from 1; 0: none fails */
	int32_t error;	/* an errno or FAULT_SHORT */
	uint32_t hits;	/* 1 once the call has failed */
	int32_t target; /* the descriptor it was about, or -1 */
	uint32_t counts[FAULT_ROLE_COUNT][FAULT_CALL_COUNT];
};

/* Nothing fails or is counted meanwhile; of the library. */
void fault_pause(bool pause);

#endif
