"""Short texts of each usual kind of document. Invented: none is, or is made from, a document that docmill is measured on."""

SHOWN = {
    "report": (
        "Annual Report 2022\nSummary of findings. Sales rose 8% in the second quarter. Table 1 shows results by "
        "region. We conclude that demand will stay strong."
    ),
    "form": (
        "APPLICATION FORM\nPlease print. Name: ____ Date of birth: ____\nAddress: ____ Check one box: [ ] yes [ ] no\n"
        "Signature: ____  For office use only"
    ),
    "manual": (
        "USER GUIDE\nChapter 1. Getting started. To turn the device on, press and hold the power button. See page 12 "
        "for instructions on changing the battery."
    ),
    "legal": (
        "Section 4.2 of the Act is amended. The Court held that the regulation applies. 12 CFR Part 30. Final rule; "
        "effective date."
    ),
    "brochure": (
        "Discover the new Aero 3! Fast, light, beautiful. Features: 10-hour battery, two ports. See your dealer today!"
    ),
    "invoice": (
        "INVOICE No 2024-117\nBright Tools Ltd, 4 Mill Lane\nBill to: Harper & Sons\n3 x drill bit 12.50  37.50\n"
        "VAT 20% 7.50\nTotal due: 45.00 GBP, payable within 30 days"
    ),
    "receipt": (
        "CORNER CAFE\n12 Market St\nCashier: Anna  14:02\n1 Latte 3.20\n1 Bagel 2.50\nTOTAL 5.70\n"
        "CASH 10.00 CHANGE 4.30\nThank you, come again!"
    ),
    "contract": (
        "SERVICE AGREEMENT\nThis Agreement is made on 3 May 2021 by and between Alpha Corp and Beta LLC. The parties "
        "agree as follows: 1. Term. 2. Confidentiality. IN WITNESS WHEREOF the parties have signed."
    ),
    "letter": (
        "14 March 2020\nDear Mrs Green,\nThank you for your kind note of last week. I am writing to let you know that "
        "I shall visit in June.\nYours sincerely,\nTom Hill"
    ),
}
"""What the LLM is shown, in an order that SmolLM2 does well with; other kinds have their names alone."""

MORE = {
    "invoice": (
        "FACTURE N° 2023-45\nClient : 1182   Date : 02/03/2023\nPrestation de conseil 800,00\nTotal HT 800,00\nTVA 20 % "
        "160,00\nTotal TTC 960,00 EUR\nÀ régler avant le 15/03/2023",
        "Rechnung Nr. 5521\nRechnungsdatum 01.02.2022  Kundennummer 884\n2 Stück Monitor 199,00  398,00\n"
        "MwSt 19 % 75,62\nRechnungsbetrag 473,62 EUR\nBankverbindung IBAN",
        "Factuur 20210045\nFactuurdatum 4 mei 2021\nAantal Omschrijving Prijs\n1 Wasmachine 399,00\nBTW 21% 69,25\n"
        "Totaal te betalen 399,00",
        "STATEMENT OF ACCOUNT\nAccount number 556-12  Billing period May 1 - May 31\nPrevious balance 0.00\n"
        "Charges this month $84.20\nAmount due $84.20 by June 30",
    ),
    "receipt": (
        "CITY MARKET\nTel 555-0188\nReceipt no. 00412  09/02/2019 18:44\nMilk 2 x 1.10  2.20\nBread 1.80\nSubtotal 4.00\n"
        "Tax 0.24\nTotal 4.24\nCash 5.00\nChange 0.76\nGoods sold are not returnable",
        "Bäckerei Huber\nKassenbon\n2 Brezel 1,80\nSumme EUR 3,60\nBar 5,00\nRückgeld 1,40\nVielen Dank für Ihren Einkauf",
        "THE GRILL HOUSE\nTable 4  Server: Max\n2 Burger 24.00\nSubtotal 24.00\nTip 4.00\nTotal 28.00\n"
        "VISA ****1234 Approved",
    ),
    "contract": (
        "LEASE AGREEMENT\nbetween the Landlord and the Tenant named below. WHEREAS the parties wish to agree on the terms "
        "of the lease, NOW THEREFORE they agree: 1. Premises. 2. Rent. 3. Termination. 4. Governing law.",
        "KAUFVERTRAG\nzwischen der Firma A (Verkäufer) und der Firma B (Käufer). § 1 Gegenstand. § 2 Kaufpreis. "
        "§ 3 Kündigung. Unterschriften",
    ),
    "letter": (
        "MEMO\nTo: all colleagues\nFrom: Anna Hill\nSubject: new opening hours\nPlease note that from Monday we open at nine.",
        "Madame, Monsieur,\nSuite à notre entretien, veuillez trouver ci-joint les documents demandés. Je vous prie "
        "d'agréer mes salutations distinguées.",
        "Dear Sir,\nWe have received your enquiry of 4 June and thank you for your interest. Yours faithfully,",
    ),
    "report": (
        "What we found\nCosts rose in most of the offices that we visited. Recommendations: the board should review them. "
        "Figure 2: costs by year. Methodology.",
        "Laboratory report\nSample 14  Method: B  Findings: all values within the normal range. Assessment: no action needed.",
        "Consolidated balance sheet (in thousands)\n      2021  2020\nRevenue  1,204  1,110\nNet income  88  75",
    ),
    "form": (
        "Form 4711 (Rev. 2018)\n1 Name  2 Address  3 Identification number\nPart II Declaration. Under penalty of law I "
        "declare that the above is true. Sign here. For official use only. See instructions.",
        "Formulaire de demande\nNom :  Prénom :  Date de naissance :\nCochez la case. □ oui □ non\nSignature du demandeur",
        "طلب تسجيل\nالاسم:  العنوان:  تاريخ الميلاد:\nالتوقيع:",
    ),
    "manual": (
        "Contents\nIntroduction 1\nBefore you begin 3\nHow to set up the machine 5\nTroubleshooting 40\nStep 1. Read these "
        "instructions. Note: keep this guide.",
        "Press MENU, then select Settings. Example: enter a value and press OK. Warning: do not open the case.",
    ),
    "legal": (
        "IN THE COURT OF APPEAL\nJudgment. The appellant argues that article 5 was breached. For these reasons the appeal is "
        "dismissed.",
        "Official Journal. Regulation of the Council on the labelling of food. Article 1 Scope. Article 2 Definitions: "
        "(a) 'product' means ...",
        "人民法院 判决书\n原告 被告\n本院认为 依照 第五条 规定 判决如下",
    ),
    "brochure": (
        "NEW! The camera everyone talks about. Features: 20 lenses, easy to use, light as a feather. Only $995. Call us "
        "today for a demonstration.",
        "Visit our hotel by the sea: spa, pool, breakfast included. Book now and save 20%!",
    ),
}
"""More of each kind, and of its kinds in other languages, for the pre-classifier."""

NEAR = {kind: (SHOWN[kind], *MORE[kind]) for kind in SHOWN}
"""What the pre-classifier compares with."""
