"""Forms as data: published once, asked page by page, filed as JSON.

A form document (see `document.meta_schema`) is checked by `check_document` when it is
published and compiled by `compile_document` when it is used. What was typed (`raw`)
may be stored in a draft as it is; `FormSpec.evaluate` turns it into the `answers` that
are filed, or into sentences that say what to mend. HTML and API go the same way.
"""

from applications.formspec.compiler import compile_document
from applications.formspec.document import (
    DocumentInvalid,
    document_sha256,
    meta_schema,
)
from applications.formspec.fields import FIELD_TYPES, build_item
from applications.formspec.fields.address import LOOK_UP
from applications.formspec.fields.base import AnswerField, Column, Field
from applications.formspec.fields.person_name import full_name
from applications.formspec.gate import check_document
from applications.formspec.pages import Page
from applications.formspec.reading import FieldError, may_wait
from applications.formspec.sections import Row, Section
from applications.formspec.spec import Evaluation, FormSpec

__all__ = [
    "FIELD_TYPES",
    "LOOK_UP",
    "AnswerField",
    "Column",
    "DocumentInvalid",
    "Evaluation",
    "Field",
    "FieldError",
    "FormSpec",
    "Page",
    "Row",
    "Section",
    "build_item",
    "check_document",
    "compile_document",
    "document_sha256",
    "full_name",
    "may_wait",
    "meta_schema",
]
