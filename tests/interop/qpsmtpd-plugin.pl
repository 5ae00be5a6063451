# SPDX-License-Identifier: ISC
#
# A plugin of qpsmtpd: "refused" is refused, and "grey" is temporarily refused
# the first time.

sub hook_rcpt {
    my ($self, $transaction, $recipient) = @_;
    my $user = $recipient->user;

    return (DENY, 'no such mailbox') if $user eq 'refused';
    return (DENYSOFT, 'greylisted')
      if $user eq 'grey' and mkdir '/tmp/seen';
    return OK;
}
