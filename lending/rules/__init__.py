"""The circulation rules: each is one function whose docstring is the sentence in the handbook.

A rule looks at frozen facts and answers a Block or None; `Rules.blocks_of` collects every reason at once.
Pure: the facts are fetched by the verbs, the policy's numbers come with them.
"""

from lending.rules.check_out import CHECK_OUT, CheckOutFacts
from lending.rules.holds import HOLD, HoldFacts
from lending.rules.permissions import OVERRIDE_HOLDS, OVERRIDE_LIMITS, OVERRIDE_NOT_FOR_LOAN, SET_DUE_DATE
from lending.rules.renewal import DUE_DATE, LOAN_CLOSED, RENEW, DueDateFacts, RenewFacts

__all__ = [
    "CHECK_OUT", "DUE_DATE", "HOLD", "LOAN_CLOSED", "OVERRIDE_HOLDS", "OVERRIDE_LIMITS", "OVERRIDE_NOT_FOR_LOAN",
    "RENEW", "SET_DUE_DATE", "CheckOutFacts", "DueDateFacts", "HoldFacts", "RenewFacts",
]  # fmt: skip
