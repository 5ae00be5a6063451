# SPDX-License-Identifier: ISC
#
# Completion of the tools' arguments in bash, a file for each of them.

completions = completion/qmail-remote-check completion/qmail-remote-probe \
	completion/qmail-remote-tcpto
if INSTALL_COMPLETION
bashcompletion_DATA = $(completions)
endif
EXTRA_DIST += $(completions)
