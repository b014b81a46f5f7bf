"""What the sample documents say: invented people, firms and figures, each of a plain kind."""

INVOICE = """Norden Office Supply Ltd
9 Quay Road, Hull HU1 2BN, United Kingdom

INVOICE

Invoice number: 2026-0117
Invoice date: 12 March 2026
Due date: 11 April 2026

Bill to: Lindqvist Architects, 27 Castle Road, York

Item                      Quantity    Unit price      Amount
Printer paper A4, box           10          4.50       45.00
Desk, height adjustable          2        129.00      258.00
Desk lamp                        5          8.20       41.00

Subtotal                                              344.00
VAT 20%                                                68.80
Total due                                         GBP 412.80

Please pay within 30 days to account 12-34-56 00112233.
"""

CONTRACT_PAGES = (
    """CONSULTING AGREEMENT

This Agreement is made on 3 May 2026 between Kestrel Data GmbH, Berlin
(the "Client") and Marlow Consulting LLC, Boston (the "Contractor").

The parties agree as follows:

1. Services. The Contractor shall digitise the Client's paper archive and
deliver the text of every document in machine-readable form.

2. Term. This Agreement begins on 1 June 2026 and continues for a period of
two years, unless it is terminated earlier under section 6.

3. Fees. The Client shall pay the Contractor 4,000 euros each month, within
thirty days of receipt of the Contractor's statement.

4. Confidentiality. Each party shall keep confidential all information that
it receives from the other party under this Agreement.
""",
    """5. Liability. Neither party shall be liable to the other party for loss of
profit. The Contractor's liability is limited to the fees of one year.

6. Termination. Either party may terminate this Agreement by giving ninety
days' written notice to the other party.

7. Governing law. This Agreement is governed by the laws of Germany.

IN WITNESS WHEREOF the parties have executed this Agreement.

For Kestrel Data GmbH                For Marlow Consulting LLC

____________________                 ____________________
Dr. Jana Weiss, Director             Robert Hale, Partner
""",
)

LETTER = """Peter Ashford
8 Orchard Street
Bath BA1 2DE

14 March 2026

Mrs. Eleanor Frost
Rose Cottage, Lower Road
Wells BA5 3XY

Dear Mrs. Frost,

I was very glad to have your letter of last week and the
photographs of the garden. My sister and I were delighted
to hear that you are well again.

I am writing to let you know that we shall be in Wells in
the first week of June, and we hope very much to see you.
Would Tuesday afternoon be convenient for you?

Please give our best wishes to your husband.

Yours sincerely,

Peter Ashford
"""

REPORT = """ANNUAL REPORT ON WATER QUALITY 2025
River Authority of Northfield, January 2026

Summary

This report presents the results of 1,240 water samples taken at 31 stations
in 2025. Overall, water quality improved for the fourth year in a row: 87 per
cent of the samples were rated good, compared with 82 per cent in 2024.

Findings

Nitrate concentrations fell by 6 per cent. The largest decrease was measured
in the lower valley, where two new treatment plants went into operation.
Table 1 shows the results by district.

Table 1. Share of samples rated good
District            2024        2025
Upper valley         91%         93%
Lower valley         74%         85%
Coast                80%         83%

Conclusions

The measures taken since 2021 are effective. We recommend that the number of
stations in the coastal district be increased from six to nine.
"""

NOTICE_PAGES = (
    """THE TOWN LIBRARY OF NORTHFIELD

Report of the librarian, first half of 2026

Visits rose by 9 per cent to 48,200. The reading room
was open on 151 days. Loans of books fell slightly;
loans of films and music rose by a quarter.

The results by month are shown on the next page.
""",
    """Visits by month

January     7,410
February    7,230
March       8,120
April       8,660
May         8,590
June        8,190

We conclude that the longer opening hours are used,
and recommend that they be kept.
""",
)
