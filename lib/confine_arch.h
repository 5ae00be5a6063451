/* SPDX-License-Identifier: ISC */
/*
 * The architecture by whose numbers this program makes its system calls, as
 * CONFINE_ARCH in the terms of a seccomp filter.  Where it is not known there
 * is no filter.
 */
#ifndef CONFINE_ARCH_H
#define CONFINE_ARCH_H

#include <linux/audit.h>

#if defined __x86_64__
#define CONFINE_ARCH AUDIT_ARCH_X86_64
#elif defined __i386__
#define CONFINE_ARCH AUDIT_ARCH_I386
#elif defined __aarch64__
#define CONFINE_ARCH AUDIT_ARCH_AARCH64
#elif defined __arm__ && defined __ARMEB__
#define CONFINE_ARCH AUDIT_ARCH_ARMEB
#elif defined __arm__
#define CONFINE_ARCH AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define CONFINE_ARCH AUDIT_ARCH_RISCV64
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define CONFINE_ARCH AUDIT_ARCH_PPC64LE
#elif defined __powerpc64__
#define CONFINE_ARCH AUDIT_ARCH_PPC64
#elif defined __powerpc__
#define CONFINE_ARCH AUDIT_ARCH_PPC
#elif defined __s390x__
#define CONFINE_ARCH AUDIT_ARCH_S390X
#elif defined __mips64 && defined __MIPSEL__ && _MIPS_SIM == _ABI64
#define CONFINE_ARCH AUDIT_ARCH_MIPSEL64
#elif defined __loongarch64
#define CONFINE_ARCH AUDIT_ARCH_LOONGARCH64
#endif

#endif
