/* SPDX-License-Identifier: ISC */
/*
 * Each call of the C library with which the programs and their libraries
 * reach the system fails once, in each way that matters.
 */
#include "config.h"

#include <errno.h>

#include "calls.h"

#ifdef HAVE_GSASL
#include "mechanisms.h"
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct rig_kind kinds[] = {
    {.name = "clear",
	.script = {.capabilities = "PIPELINING\nSIZE"},
	.input = DELIVER_PIPE},
    {.name = "tls",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "0\n"},
    {.name = "verified",
	.script = {.capabilities = "STARTTLS"},
	.dns = true,
	.strictness = "2\n",
	.private = true},
    {.name = "TLS 1.2",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "2\n",
	.private = true,
	.priority = "NORMAL:-VERS-TLS1.3"},
    {.name = "preferred",
	.script = {.capabilities = "STARTTLS\nPIPELINING"},
	.dns = true,
	.strictness = "1\n"},
#ifdef HAVE_GSASL
    {.name = "authenticated",
	.script = {.capabilities = "STARTTLS",
	    .capabilities_tls = "PIPELINING\nAUTH " MECHANISMS_BEST,
	    .account = {.user = RIG_USER,
		.secret = RIG_SECRET,
		.required = true}},
	.dns = true,
	.strictness = "2\n",
	.private = true},
#endif
    RIG_LEVELS,
    RIG_TOOLS,
#ifdef HAVE_JANSSON
    RIG_TOOLS_JSON,
#endif
};

static const struct calls_row rows[] = {
    {FAULT_open, {EINTR, ENOMEM, EMFILE, ENFILE, EACCES, EIO, EROFS}},
    {FAULT_close, {EINTR, EIO, ENOSPC}},
    {FAULT_read, {EINTR, EAGAIN, EIO, ECONNRESET, FAULT_SHORT}},
    {FAULT_write, {EINTR, EAGAIN, EIO, ENOSPC, EPIPE, ECONNRESET, FAULT_SHORT}},
    {FAULT_pread, {EINTR, EAGAIN, EIO, ESTALE, FAULT_SHORT}},
    {FAULT_pwrite, {EINTR, ENOSPC, EIO, FAULT_SHORT}},
    {FAULT_recv, {EINTR, EAGAIN, ENOMEM, ECONNRESET, ETIMEDOUT, FAULT_SHORT}},
    {FAULT_recvfrom, {EINTR, EAGAIN, ENOMEM, ECONNREFUSED, FAULT_SHORT}},
    {FAULT_send,
	{EINTR, EAGAIN, ENOBUFS, EPIPE, ECONNRESET, ENETUNREACH, FAULT_SHORT}},
    {FAULT_sendto, {EINTR, EAGAIN, ENOBUFS, EPERM, ECONNREFUSED, ENETUNREACH}},
    {FAULT_sendmsg, {EINTR, EAGAIN, ENOBUFS, EPIPE, ECONNRESET, ETIMEDOUT}},
    {FAULT_poll, {EINTR, EINVAL, ENOMEM, FAULT_SHORT}},
    {FAULT_fcntl, {EINTR, EMFILE, EBADF}},
    {FAULT_dup, {EMFILE, EBADF}},
    {FAULT_dup2, {EINTR, EMFILE, EBUSY}},
    {FAULT_lseek, {ESPIPE, EOVERFLOW}},
    {FAULT_socket, {EMFILE, ENFILE, ENOBUFS, EAFNOSUPPORT, EACCES}},
    {FAULT_connect, {EINTR, EAGAIN, EADDRNOTAVAIL, ENETUNREACH, EHOSTUNREACH,
			ETIMEDOUT, ECONNREFUSED}},
    {FAULT_bind, {EADDRINUSE, ENOMEM}},
    {FAULT_getsockopt, {ENOBUFS, ENOMEM}},
    {FAULT_setsockopt, {ENOBUFS, ENOPROTOOPT}},
    {FAULT_getsockname, {ENOBUFS}},
    {FAULT_socketpair, {EMFILE, ENFILE, ENOBUFS}},
    {FAULT_vfork, {EAGAIN, ENOMEM}},
    {FAULT_execv, {ENOENT, ENOMEM, EACCES, E2BIG, ETXTBSY}},
    {FAULT_flock, {EINTR, EWOULDBLOCK, ENOLCK, EIO}},
    {FAULT_fstat, {EIO, ENOMEM}},
    {FAULT_stat, {EIO, ENOMEM, EACCES}},
    {FAULT_rename, {EIO, ENOSPC, EACCES}},
    {FAULT_unlink, {EIO, EACCES}},
    {FAULT_fsync, {EINTR, EIO, ENOSPC}},
    {FAULT_ftruncate, {EINTR, EIO, ENOSPC}},
    {FAULT_mmap, {ENOMEM, EAGAIN, ENODEV}},
    {FAULT_memfd_create, {EMFILE, ENOMEM, ENOSYS}},
    {FAULT_tmpfile, {EMFILE, ENOSPC, EACCES}},
    {FAULT_chdir, {EACCES, EIO, ENOENT}},
    {FAULT_getifaddrs, {ENOMEM, EMFILE, ENOBUFS}},
    {FAULT_getrandom, {EINTR, EAGAIN, ENOSYS}},
    {FAULT_getrlimit, {EPERM}},
    {FAULT_setrlimit, {EPERM}},
    {FAULT_prctl, {EINVAL}},
    {FAULT_close_range, {ENOSYS, ENOMEM}},
    {FAULT_fopen, {EMFILE, ENOMEM, EACCES, EIO}},
};

int main(void)
{
	return calls_main(&(struct calls_matrix){.name = "fault-calls",
	    .rows = rows,
	    .row_count = COUNT(rows),
	    .kinds = kinds,
	    .kind_count = COUNT(kinds),
	    .sample = 30});
}
