"""The FAQ's desk in admin."""

from faq.admin.desks import DeskAdmin
from faq.admin.entries import EntryAdmin

__all__ = ["DeskAdmin", "EntryAdmin"]
