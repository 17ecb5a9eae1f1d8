"""E-mail by SMTP: text and simple HTML."""

from email.utils import formatdate, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from lending.channels import Failed, Message, Recipient, Sent


class Email:
    """Hands over to the mail server of EMAIL_URL. The Message-ID is the message's own, also when sent again."""

    def send(self, message: Message, to: Recipient) -> Sent | Failed:
        """Sent once the server has accepted it; 5xx answers about this address are permanent."""
        if not to.email:
            return Failed("no_address", permanent=True)
        if not parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
            return Failed("no_sender")  # EMAIL_FROM is set one day, and it is tried again
        mail = EmailMultiAlternatives(
            message.subject, message.text, to=[to.email], headers=headers(message), connection=get_connection()
        )
        mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        except SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return Failed(f"smtp_{code}", permanent=code >= 500)
        except SMTPResponseException as error:
            # A sender or a sign-in that the server refuses is our own mistake: it is mended, and tried again.
            return Failed(f"smtp_{error.smtp_code}")
        except ValueError:  # also of a header with a line break, and of letters that no address has
            return Failed("bad_address", permanent=True)
        except SMTPException:
            return Failed("smtp")
        except OSError:
            return Failed("no_connection")
        return Sent()


def headers(message: Message) -> dict[str, str]:
    """What marks a message of ours: RFC 5322 Message-ID, RFC 3834 Auto-Submitted, RFC 3282 Content-Language."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return {
        "Message-ID": f"<{message.id}@{domain}>",
        "Date": formatdate(),
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
