# SPDX-License-Identifier: ISC
tests += \
	tests/unit/test-certs \
	tests/unit/test-dns \
	tests/unit/test-peer
