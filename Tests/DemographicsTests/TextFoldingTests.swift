import Demographics
import Testing

@Suite struct TextFoldingTests {
    @Test(arguments: [
        ("O'Brien", ["obrien"]),
        ("Müller-Lüdenscheid", ["muller", "ludenscheid"]),
        ("  Stoke-on-Trent ", ["stoke", "on", "trent"]),
        ("Nguyễn Thị Ánh", ["nguyen", "thi", "anh"]),
        ("Æthelred Weiß", ["aethelred", "weiss"]),
        ("e\u{301}lan", ["elan"]),
        ("D’Souza", ["dsouza"]),
        ("Łukasz\u{00A0}Żak", ["lukasz", "zak"]),
        ("4000 nw skycrest pkwy", ["4000", "nw", "skycrest", "pkwy"]),
        ("---", []),
        ("", []),
    ])
    func foldsToPlainWords(text: String, words: [String]) {
        #expect(TextFolding.words(of: text).map(\.description) == words)
    }

    @Test func romanisesOtherScripts() {
        #expect(TextFolding.words(of: "አበበ ቢቂላ").map(\.description) == ["abebe", "bikila"])
        #expect(TextFolding.words(of: "محمد").map(\.description) == ["mhmd"])
    }

    @Test func stopsAtTheWordLimit() {
        let text = String(repeating: "name ", count: 10_000)
        #expect(TextFolding.words(of: text).count == TextFolding.wordLimit)
    }

    @Test func joinsWithoutGaps() {
        #expect(TextFolding.joined("96 84 82 64 9").description == "968482649")
    }
}
