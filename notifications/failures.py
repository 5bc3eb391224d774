"""Whether it helps to try a mail again that could not be sent."""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from anymail.exceptions import AnymailRecipientsRefused

PERMANENT = range(500, 600)
"""Source: RFC 5321, 4.2.1: the same mail is not to be sent again."""


def is_final(error: Exception) -> bool:
    """Whether the server has refused this very mail for good. When it refuses us, by our password or our address, all
    mails can go again once that is mended."""
    match error:
        case SMTPRecipientsRefused():
            return all(code in PERMANENT for code, _reason in error.recipients.values())
        case SMTPSenderRefused() | SMTPDataError():
            return error.smtp_code in PERMANENT
        case _:
            return isinstance(error, AnymailRecipientsRefused)
