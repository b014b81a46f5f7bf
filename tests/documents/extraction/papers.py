"""Invented documents, as text, that no rule was written for."""

from collections.abc import Sequence

from orchestrator.findings import Fields, PageText
from orchestrator.forms import FormField, form_of
from worker.extraction.sheets import sheets_of
from worker.extraction.whole import Asker, extract_fields

GERMAN = """Müller & Söhne GmbH
Industriestr. 12, 70565 Stuttgart

Herrn Peter Schmidt
Gartenweg 5
10115 Berlin

Rechnung
Rechnungs-Nr.: RE-2024-00123
Datum: 03.04.2024
Leistungszeitraum: 01.03.2024 - 31.03.2024

Pos  Bezeichnung  Menge  Einzelpreis  Gesamt
1  Beratung  10  95,00  950,00
2  Anfahrt  2  45,50  91,00

Nettobetrag  1.041,00 EUR
zzgl. 19% MwSt.  197,79 EUR
Rechnungsbetrag  1.238,79 EUR
Zahlbar bis 17.04.2024
USt-IdNr. DE123456789  IBAN DE89 3704 0044 0532 0130 00
"""
FRENCH = """SARL Dupont Frères
12 rue des Lilas, 69003 Lyon
Facture N° F2023-0456
Date de facture : 15/03/2023
Date d'échéance : 14/04/2023
Client : Société Martin
Câble réseau  20  3,50 €  70,00 €
Installation  1  1 200,00 €  1 200,00 €
Total HT  1 270,00 €
TVA 20 %  254,00 €
Total TTC  1 524,00 €
"""
JAPANESE = """請求書
請求書番号: INV-2024-0042
発行日: 2024年5月1日
株式会社山田商事
小計 ¥100,000
消費税 (10%) ¥10,000
合計 ¥110,000
支払期限: 2024年5月31日
"""
CHINESE = """发票
发票号码: 12345678
开票日期: 2023年12月05日
北京某某科技有限公司
金额 1000.00
税额 130.00
价税合计 ¥1130.00
"""
SPANISH = """FACTURA
Tecnología Ibérica S.L.
Nº de factura: A-2022/117
Fecha: 5 de junio de 2022
Base imponible: 2.500,00 €
IVA 21%: 525,00 €
Total a pagar: 3.025,00 €
Vencimiento: 05/07/2022
"""
AMERICAN = """ACME Corporation
INVOICE #10045
Issued: Jan 5, 2024    Payment due by 2/4/2024
Bill To
Globex Inc.
Description  Hours  Rate  Amount
Consulting  12  $150.00  $1,800.00
Hosting  1  $99.00  $99.00
Discount  -$100.00
Subtotal  $1,799.00
Sales tax (8.25%)  $148.42
Amount due  $1,947.42
PO Number: 4500012345
"""
TILL = """WALMART
Save money. Live better.
BREAD  007225003712  2.88
GV CHNK CHKN  007874206784  1.98
SUBTOTAL  4.86
TAX 1  7.000 %  0.20
TOTAL  5.06
CASH TEND  10.00
CHANGE DUE  4.94
04/27/19  12:59:46
"""


async def by_rank(category: str, *pages: str, language: str = "", form: Sequence[FormField] = ()) -> Fields:
    """The fields of a document of those pages, without a model."""
    sheets = sheets_of("\f".join(pages), [PageText(index, page, "ocr") for index, page in enumerate(pages)])
    return await extract_fields(category, form or form_of(category, {}), sheets, language, Asker("rank"))


def values_of(fields: Fields) -> dict[str, str]:
    """What was found, by field."""
    return {name: field.value for name, field in fields.fields.items() if field.value is not None}
