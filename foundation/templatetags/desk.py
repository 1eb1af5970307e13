"""Figures of the desk, in templates."""

from django import template

from foundation.desk.figures import bounded

register = template.Library()
register.filter(bounded)
