import Demographics
import Testing

@Suite struct PartialDateTests {
    @Test(arguments: [
        ("1985-03-09", 19_850_309),
        ("1985-03", 19_850_300),
        ("1985", 19_850_000),
        ("19850309", 19_850_309),
        ("1985-13-08", 19_851_308),
        ("29-09-1982", 19_820_929),
        ("09/29/1982", 19_820_929),
        ("2/14/76", 19_760_214),
        ("6/3/36", 19_360_603),
        ("06.03.2001", 20_010_306),
        ("1990-0l-o5", 19_900_105),
        ("1990-01-05T00:00:00", 19_900_105),
        ("1990-01-05 10:22", 19_900_105),
        ("03/1985", 19_850_300),
        ("995-08-31", 831),
        ("", 0),
        ("unknown", 0),
        ("99999999999999999999999", 0),
        ("1990-01-0501", 0),
        ("3 Mar 1985", 19_850_303),
        ("03-MAR-85", 19_850_303),
        ("March 3, 1985", 19_850_303),
        ("1st of July 1985", 19_850_701),
        ("12Oct1985", 19_851_012),
        ("1985-jul-04", 19_850_704),
        ("Jul-85", 19_850_700),
        ("October 1985", 19_851_000),
        ("7 août 1985", 19_850_807),
        ("5 de março de 1985", 19_850_305),
        ("15 Agosti 1985 10:22", 19_850_815),
        ("circa 1850", 18_500_000),
        ("c. 1850", 18_500_000),
        ("abt 1850", 18_500_000),
        ("1850?", 18_500_000),
        ("l9l0-Ol-lI", 19_100_111),
        ("Mar", 0),
    ])
    func readsWhatSourcesWrite(text: String, packed: UInt32) {
        #expect(PartialDate(text).packed == packed)
    }

    @Test func knowsTheCalendar() {
        #expect(PartialDate("2000-02-29").isPlausible)
        #expect(!PartialDate("1900-02-29").isPlausible)
        #expect(!PartialDate("1985-13-08").isPlausible)
        #expect(PartialDate("1985").isPlausible)
        #expect(!PartialDate("1085-01-01").isPlausible)
        #expect(!PartialDate.unknown.isPlausible)
    }

    @Test func knowsDefaults() {
        #expect(PartialDate("1980-01-01").isDefault)
        #expect(PartialDate("1980-07-01").isDefault)
        #expect(!PartialDate("1980-01-02").isDefault)
        #expect(!PartialDate("1980").isDefault)
    }

    @Test func writesUnknownParts() {
        #expect(PartialDate("1985-03").description == "1985-03-??")
        #expect(PartialDate.unknown.description == "????-??-??")
    }
}
