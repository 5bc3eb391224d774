"""The inbox and the outbox: what people are told, and the mail that tells it. Knows nothing of contracts."""

from notifications.models.duty import Duty
from notifications.models.email import Email
from notifications.models.job import Job
from notifications.models.notification import Notification
from notifications.models.preference import Preference, QuietHours

__all__ = ["Duty", "Email", "Job", "Notification", "Preference", "QuietHours"]
