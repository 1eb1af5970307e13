"""The desk of those who publish: procedures, and what their body offers."""

from procedures.admin.offerings import OfferingAdmin
from procedures.admin.procedures import OperationAdmin, ProcedureAdmin

__all__ = ["OfferingAdmin", "OperationAdmin", "ProcedureAdmin"]
