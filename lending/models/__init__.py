"""Who borrows, what is lent, and by which policy."""

from lending.models.circulation import Hold, HoldStatus, Loan, LoanClosed, Movement, MovementKind, Transit
from lending.models.notices import Notice, NoticeKind, NoticePolicy, NoticeStatus, PushSubscription, Way
from lending.models.people import Card, CardStatus, Household, Patron, Registration, StaffRole, User
from lending.models.policy import CirculationPolicy, Closure, OpeningHours, WalkIn
from lending.models.safety import AuditEntry, Consent, Passkey, RecoveryCode, SecondFactor, SignInFailure
from lending.models.stocktake import StockTake, StockTakeScan

__all__ = [
    "AuditEntry",
    "Card",
    "CardStatus",
    "CirculationPolicy",
    "Closure",
    "Consent",
    "Hold",
    "HoldStatus",
    "Household",
    "Loan",
    "LoanClosed",
    "Movement",
    "MovementKind",
    "Notice",
    "NoticeKind",
    "NoticePolicy",
    "NoticeStatus",
    "OpeningHours",
    "Patron",
    "PushSubscription",
    "Passkey",
    "RecoveryCode",
    "Registration",
    "SecondFactor",
    "SignInFailure",
    "StaffRole",
    "StockTake",
    "StockTakeScan",
    "Transit",
    "User",
    "WalkIn",
    "Way",
]
