"""The forms of the built-in categories."""

from orchestrator.forms.field import FormField

BUILT_IN = {
    "invoice": (
        FormField("vendor", hint="seller, sold by", required=True),
        FormField("customer", hint="bill to, sold to"),
        FormField("number", "identifier", "invoice number", required=True),
        FormField("date", "date", "invoice date", required=True),
        FormField("due_date", "date", "payable by"),
        FormField("net", "amount", "subtotal, before tax"),
        FormField("tax", "amount", "VAT, GST"),
        FormField("total", "amount", "grand total, amount due", required=True),
        FormField("currency", "currency"),
    ),
    "receipt": (
        FormField("vendor", hint="shop", required=True),
        FormField("number", "identifier", "receipt number, invoice number"),
        FormField("date", "date", required=True),
        FormField("net", "amount", "subtotal, before tax"),
        FormField("tax", "amount", "VAT, GST"),
        FormField("total", "amount", "grand total", required=True),
        FormField("currency", "currency"),
    ),
    "contract": (
        FormField("party", required=True),
        FormField("other_party"),
        FormField("date", "date", "effective date, dated", required=True),
        FormField("term", hint="how long it lasts"),
        FormField("governing_law", hint="governed by the laws of"),
    ),
    "letter": (
        FormField("sender", hint="from"),
        FormField("recipient", hint="to, attention"),
        FormField("date", "date"),
        FormField("subject", hint="subject, re"),
    ),
    "form": (
        FormField("title"),
        FormField("name", hint="name"),
        FormField("date", "date"),
    ),
}
OTHER = (FormField("title"), FormField("organisation"), FormField("date", "date"))
"""Of every other category."""
