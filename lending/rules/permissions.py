"""The permissions that rules name: who goes on against a block (lending/roles.py says who has which)."""

OVERRIDE_LIMITS = "override_limits"
OVERRIDE_HOLDS = "override_holds"
OVERRIDE_NOT_FOR_LOAN = "override_not_for_loan"
SET_DUE_DATE = "set_due_date"
