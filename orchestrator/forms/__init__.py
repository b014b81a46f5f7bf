"""Forms: which fields a category of documents has. Declared in code (`@form`), or in settings (`DOCMILL_FIELDS`)."""

from typing import Annotated

from orchestrator.forms.catalogue import declared as declared
from orchestrator.forms.catalogue import form as form
from orchestrator.forms.catalogue import form_of as form_of
from orchestrator.forms.catalogue import load_forms as load_forms
from orchestrator.forms.field import KINDS as KINDS
from orchestrator.forms.field import FormField as FormField
from orchestrator.forms.field import Kind as Kind

Identifier = Annotated[str, Kind("identifier")]
"""A number or code by which something is known: it has a digit, and is returned as printed."""
Currency = Annotated[str, Kind("currency")]
"""A currency, returned as its ISO 4217 code."""
Iban = Annotated[str, Kind("iban")]
"""An account number whose check digits are right."""
